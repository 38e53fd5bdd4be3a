"""So many answers a minute for each person, so that one can't slow the others."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

_MINUTE = 60.0
_MOST_PEOPLE = 20_000


@dataclass(slots=True)
class _Seen:
    times: deque[float] = field(default_factory=deque)
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
        while seen and seen.times and seen.times[0] <= now - _MINUTE:
            seen.times.popleft()
        return seen.times[0] + _MINUTE - now if seen and len(seen.times) >= self._most else 0.0

    def spend(self, person: int) -> None:
        """One is answered."""
        if len(self._people) >= self._tidy_at:
            self._tidy()
        seen = self._people.setdefault(person, _Seen())
        seen.times.append(self._clock())
        seen.told = False

    def tell(self, person: int) -> bool:
        """Whether to say that it is used up: the first time it is."""
        seen = self._people.setdefault(person, _Seen())
        tell, seen.told = not seen.told, True
        return tell

    def _tidy(self) -> None:
        """Forget who was quiet for a minute; not at each call, where that is nobody."""
        old = self._clock() - _MINUTE
        self._people = {p: s for p, s in self._people.items() if s.times and s.times[-1] > old}
        self._tidy_at = max(_MOST_PEOPLE, 2 * len(self._people))
