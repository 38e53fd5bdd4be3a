"""So many answers a minute for each person, so that one can't slow the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.limits import Window

_MINUTE = 60.0
_MOST_PEOPLE = 20_000


@dataclass(slots=True)
class _Seen:
    window: Window
    told: bool = False


class Budget:
    """Who goes beyond it is told once, then waited out. What is not answered costs nothing."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._people: dict[int, _Seen] = {}
        self._tidy_at = _MOST_PEOPLE

    def wait(self, person: int) -> float:
        """Seconds until the next one is answered; 0: it is."""
        seen, now = self._people.get(person), self._clock()
        return seen.window.free_at(now) - now if seen else 0.0

    def spend(self, person: int) -> None:
        """One is answered."""
        if len(self._people) >= self._tidy_at:
            self._tidy()
        seen = self._seen(person)
        seen.window.add(self._clock())
        seen.told = False

    def tell(self, person: int) -> bool:
        """Whether to say that it is used up: the first time it is."""
        seen = self._seen(person)
        tell, seen.told = not seen.told, True
        return tell

    def _seen(self, person: int) -> _Seen:
        return self._people.setdefault(person, _Seen(Window(self._most, _MINUTE)))

    def _tidy(self) -> None:
        """Forget who was quiet for a minute; not at each call, where that is nobody."""
        old = self._clock() - _MINUTE
        self._people = {p: s for p, s in self._people.items() if s.window.times and s.window.times[-1] > old}
        self._tidy_at = max(_MOST_PEOPLE, 2 * len(self._people))
