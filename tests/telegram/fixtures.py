"""Fixtures for every test that needs Telegram; a conftest takes them with `from tests.telegram.fixtures import …`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.mind import MindKeeper

from .clock import ManualClock
from .fake import FakeTelegram
from .kit import Running, at_work
from .server import Address, serving
from .town import Town


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> ManualClock:
    """Time stands still until clock.advance(seconds)."""
    return ManualClock()


@pytest.fixture
def fake(clock: ManualClock) -> FakeTelegram:
    """A Telegram of its own for each test."""
    return FakeTelegram(clock=clock)


@pytest.fixture
def town(fake: FakeTelegram) -> Town:
    """People, groups and channels."""
    return Town(fake)


@pytest.fixture
async def telegram(fake: FakeTelegram, anyio_backend: str) -> AsyncIterator[Address]:
    """The same fake over HTTP; mark the test with pytest.mark.anyio."""
    async with serving(fake) as address:
        yield address


@pytest.fixture
async def xiaoan(fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Running]:
    """小安 polling the fake, without waiting for its limits."""
    async with at_work(fake, keeper, tmp_path) as running:
        yield running
    assert fake.violations == []
