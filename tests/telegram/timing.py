"""A clock for tests that pausing moves."""

from __future__ import annotations


class Time:
    """A clock that pausing moves."""

    def __init__(self) -> None:
        self.now = 0.0

    async def pause(self, seconds: float) -> None:
        self.now += seconds

    def clock(self) -> float:
        return self.now
