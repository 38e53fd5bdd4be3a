"""So many answers a minute for each person, so that one can't slow the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.limits import Keyed, Window

_MINUTE = 60.0


@dataclass(slots=True)
class _Seen:
    window: Window
    told: bool = False


class Budget:
    """Who goes beyond it is told once, then waited out. What is not answered costs nothing."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._people: Keyed[int, _Seen] = Keyed(lambda _: _Seen(Window(most, _MINUTE)))

    def wait(self, person: int) -> float:
        """Seconds until the next one is answered; 0: it is."""
        now = self._clock()
        return self._people[person].window.free_at(now) - now

    def spend(self, person: int) -> None:
        """One is answered."""
        seen = self._people[person]
        seen.window.add(self._clock())
        seen.told = False

    def tell(self, person: int) -> bool:
        """Whether to say that it is used up: the first time it is."""
        seen = self._people[person]
        tell, seen.told = not seen.told, True
        return tell
