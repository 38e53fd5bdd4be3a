"""Telegram's limits: by the pace alone, on a clock that pausing moves, and as Telegram counts what arrives."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path

import pytest

from bot.channels.telegram.pace import COUNTED, Pace, Rates
from bot.mind import MindKeeper
from tests.web_kit import settings

from .clock import ManualClock
from .fake import FakeTelegram
from .kit import Running, at_work
from .timing import Time
from .town import Town

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


class Waits:
    """Pauses on the clock of the fake. It moves only when every chat that is being answered waits for it to."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self._until: list[float] = []

    async def pause(self, seconds: float) -> None:
        until = self.clock.now() + seconds
        self._until.append(until)
        while self.clock.now() < until:
            await self.clock.wait(asyncio.Event(), until - self.clock.now())
        self._until.remove(until)

    async def out(self, xiaoan: Running) -> None:
        """Let the time pass until all is answered."""
        async with asyncio.timeout(60):
            while xiaoan.channel.arrivals.backlog or xiaoan.fake.updates.waiting:
                if self._until and len(self._until) == len(xiaoan.channel.arrivals._running):
                    self.clock.advance(min(self._until) - self.clock.now())
                await asyncio.sleep(0.001)


def _crowded(times: list[float], most: int, seconds: float) -> bool:
    """Whether there are more than `most` in any `seconds`."""
    return any(later - earlier < seconds - 1e-3 for earlier, later in zip(times, times[most:], strict=False))


async def test_telegram_counts_no_more_than_it_allows(
    fake: FakeTelegram, clock: ManualClock, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    waits, group = Waits(clock), town.group("注安交流")
    people = [town.person(f"甲{number}") for number in range(40)]
    for person in people:
        person.say("你好")
    for _ in range(3):
        people[0].say("延续注册提前多久办")
    for person in people[:22]:
        person.say("小安，延续注册提前多久办", group.chat)
    limits = settings(messages_per_minute="10000")
    async with at_work(fake, keeper, tmp_path, config=limits, pause=waits.pause, clock=clock.now) as xiaoan:
        await waits.out(xiaoan)
    counted = [call for call in fake.calls if call.method in COUNTED]
    went: dict[int, list[float]] = defaultdict(list)
    for call in counted:
        went[call.params["chat_id"]].append(call.at)
    assert (len(went), len(went[people[0].id]), len(went[group.chat.id])) == (41, 4, 22)
    assert not _crowded([call.at for call in counted], 30, 1)
    assert not any(_crowded(times, 1, 1) for times in went.values())
    assert not _crowded(went[group.chat.id], 20, 60)
