"""Time the tests can move, so that 150 seconds or 24 hours pass at once."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the fake reads the time and waits."""

    def now(self) -> float: ...

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Until the event is set (True) or the seconds are over (False)."""
        ...


class SystemClock:
    """Real time, for the stand-alone server."""

    def now(self) -> float:
        return time.time()

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)
        return event.is_set()


class ManualClock:
    """Stands still until `advance`; whoever waits on it is woken by the move."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)) -> None:
        self._now = start.timestamp()
        self._sleepers: dict[asyncio.Future[bool], float] = {}
        self._joined = asyncio.Event()

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds
        for sleeper, until in list(self._sleepers.items()):
            if until <= self._now and not sleeper.done():
                sleeper.set_result(False)

    @property
    def waits(self) -> list[float]:
        """How many seconds each waiter still has to go."""
        return sorted(until - self._now for until in self._sleepers.values())

    async def awaited(self) -> list[float]:
        """Let the others run until somebody waits for this clock to move; gives `waits`."""
        while not self.waits or self.waits[0] <= 0:
            self._joined.clear()
            await self._joined.wait()
        return self.waits

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        if seconds <= 0 or event.is_set():
            return event.is_set()
        sleeper: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._sleepers[sleeper] = self._now + seconds
        self._joined.set()
        rung: asyncio.Future[bool] = asyncio.ensure_future(_ring(event))
        try:
            await asyncio.wait({sleeper, rung}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            rung.cancel()
            self._sleepers.pop(sleeper, None)
        return event.is_set()


async def _ring(event: asyncio.Event) -> bool:
    await event.wait()
    return True
