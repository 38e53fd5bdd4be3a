"""At most so many in a minute, for each key."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_MOST_KEYS = 20_000


class Allowance:
    """At most so many in any minute, for each key."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._seen: dict[str, deque[float]] = {}

    def wait(self, key: str) -> int:
        """0 and counted, or the seconds until one more is allowed."""
        now = self._clock()
        if len(self._seen) > _MOST_KEYS:
            self._seen = {k: times for k, times in self._seen.items() if times and times[-1] > now - 60}
        times = self._seen.setdefault(key, deque())
        while times and times[0] <= now - 60:
            times.popleft()
        if len(times) >= self._most:
            return int(60 - (now - times[0])) + 1
        times.append(now)
        return 0
