"""What the tests of the page share: a store, and somebody who visits it without a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.mind import MindKeeper
from bot.store import Store
from tests.web_kit import Visitor, visitor


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "x.db")
    yield opened
    opened.close()


@pytest.fixture
def someone(keeper: MindKeeper, store: Store, loop: asyncio.Runner) -> Visitor:
    return visitor(keeper, store, loop)
