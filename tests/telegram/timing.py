"""A clock for tests that pausing moves, and a pause that never ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Time:
    """A clock that pausing moves."""

    def __init__(self) -> None:
        self.now = 0.0

    async def pause(self, seconds: float) -> None:
        self.now += seconds

    def clock(self) -> float:
        return self.now


def standstill() -> tuple[asyncio.Event, asyncio.Event, Callable[[float], Awaitable[None]]]:
    """A pause: what tells that it has begun, what ends it."""
    begun, gate = asyncio.Event(), asyncio.Event()

    async def pause(seconds: float) -> None:
        begun.set()
        await gate.wait()

    return begun, gate, pause
