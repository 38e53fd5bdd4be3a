"""At most so many in any stretch of time: for one thing, and for each of many keys."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

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


class Keyed(Generic[K, V]):
    """A value for each key, made when it is first asked for; the key not asked for longest makes room."""

    def __init__(self, make: Callable[[K], V], most: int = MOST_KEYS) -> None:
        self._make = make
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()

    def __getitem__(self, key: K) -> V:
        if key not in self._values:
            self._values[key] = self._make(key)
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)
        return self._values[key]

    def __len__(self) -> int:
        return len(self._values)


class Allowance:
    """At most so many in any minute, for each key."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic, keys: int = MOST_KEYS) -> None:
        self._clock = clock
        self._windows: Keyed[str, Window] = Keyed(lambda _: Window(most, 60.0), keys)

    def wait(self, key: str) -> int:
        """0 and counted, or the seconds until one more is allowed."""
        now, window = self._clock(), self._windows[key]
        free = window.free_at(now)
        if free > now:
            return int(free - now) + 1
        window.add(now)
        return 0
