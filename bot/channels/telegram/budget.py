"""So many answers a minute for each person, so that one can't slow the others; and not more warnings than help."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import inf

from bot.limits import Keyed, Window

_MINUTE, _HOUR = 60.0, 3600.0
_WARNINGS = 5
"""Warnings a minute in one group: the rest of what may be said there stays for answers."""


@dataclass(slots=True)
class _Seen:
    window: Window
    told_at: float = -inf


class Budget:
    """Who goes beyond it is told once a minute, and waited out. What is not answered costs nothing. A key is a person,
    or one of several things that a person does."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: Keyed[Hashable, _Seen] = Keyed(lambda _: _Seen(Window(most, _MINUTE)))

    def wait(self, key: Hashable) -> float:
        """Seconds until the next one is answered; 0: it is."""
        now = self._clock()
        return self._seen[key].window.free_at(now) - now

    def spend(self, key: Hashable) -> None:
        """One is answered."""
        self._seen[key].window.add(self._clock())

    def tell(self, key: Hashable) -> bool:
        """Whether to say that it is used up."""
        seen, now = self._seen[key], self._clock()
        tell = now - seen.told_at >= _MINUTE
        seen.told_at = now if tell else seen.told_at
        return tell


class Warnings:
    """Who is warned of a number: once an hour each person in a group, and not more than a few a minute in all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._groups: Keyed[int, Window] = Keyed(lambda _: Window(_WARNINGS, _MINUTE))
        self._people: Keyed[tuple[int, int], Window] = Keyed(lambda _: Window(1, _HOUR))

    def may(self, chat: int, person: int) -> bool:
        """Whether to warn; then it is counted."""
        now, windows = self._clock(), (self._groups[chat], self._people[chat, person])
        if any(window.free_at(now) > now for window in windows):
            return False
        for window in windows:
            window.add(now)
        return True
