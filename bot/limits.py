"""At most so many in any stretch of time: for one thing, and for each of many keys."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_KEYS = 20_000
"""Keys that are remembered; the one not seen for longest makes room, so that a flood of keys costs no more each."""


@dataclass(slots=True)
class Window:
    """At most `most` in any `seconds`."""

    most: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def free_at(self, now: float) -> float:
        """When the next one may go."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return now if len(self.times) < self.most else self.times[-self.most] + self.seconds

    def add(self, at: float) -> None:
        """One goes at this time."""
        self.times.append(at)


class Allowance:
    """At most so many in any minute, for each key."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic, keys: int = MOST_KEYS) -> None:
        self._most = most
        self._clock = clock
        self._keys = keys
        self._windows: OrderedDict[str, Window] = OrderedDict()

    def wait(self, key: str) -> int:
        """0 and counted, or the seconds until one more is allowed."""
        now, window = self._clock(), self._window(key)
        free = window.free_at(now)
        if free > now:
            return int(free - now) + 1
        window.add(now)
        return 0

    def _window(self, key: str) -> Window:
        window = self._windows.setdefault(key, Window(self._most, 60.0))
        self._windows.move_to_end(key)
        if len(self._windows) > self._keys:
            self._windows.popitem(last=False)
        return window
