"""Telegram's limits, kept on a clock that pausing moves."""

from __future__ import annotations

import pytest

from bot.channels.telegram.pace import Pace, Rates

from .timing import Time

pytestmark = pytest.mark.anyio


async def went(rates: Rates, chats: list[int]) -> list[tuple[float, int]]:
    """When each message went, one after the other."""
    time = Time()
    pace = Pace(rates, time.pause, time.clock)
    found = []
    for chat in chats:
        await pace.turn(chat)
        found.append((time.now, chat))
    return found


async def test_no_more_than_thirty_a_second_in_all() -> None:
    times = [at for at, _ in await went(Rates(), list(range(1, 101)))]
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[30:], strict=False))


async def test_one_a_second_in_a_chat() -> None:
    assert [at for at, _ in await went(Rates(), [7] * 5)] == [0, 1, 2, 3, 4]


async def test_twenty_a_minute_in_a_group() -> None:
    times = [at for at, _ in await went(Rates(), [-7] * 41)]
    assert (times[19], times[20], times[40]) == (19, 60, 120)
