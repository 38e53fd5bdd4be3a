"""What goes wrong on purpose: 429, 403, 5xx, silence, a connection cut before or after the work was done."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from .errors import ApiError, ConnectionCut, GarbledAnswer, too_many


@dataclass(slots=True)
class Fault:
    """Strikes the next `times` calls of a method ("*": of any). `after`: the work is done, only the answer is lost."""

    method: str
    failure: Exception | None  # None: no answer ever
    times: int = 1
    after: bool = False


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._coming.append(fault)

    def clear(self) -> None:
        self._coming.clear()

    def too_many(self, method: str, retry_after: int = 3, times: int = 1) -> None:
        """429 with retry_after."""
        self.add(Fault(method, too_many(retry_after), times))

    def refuse(self, method: str, code: int, description: str, times: int = 1) -> None:
        """Any ok=false answer, e.g. 403 "Forbidden: bot was blocked by the user" or 500 "Internal Server Error"."""
        self.add(Fault(method, ApiError(code, description), times))

    def gateway(self, method: str, status: int = 502, times: int = 1) -> None:
        """5xx from a proxy: a page, no JSON."""
        self.add(Fault(method, GarbledAnswer(status), times))

    def hang(self, method: str, times: int = 1) -> None:
        """No answer until the caller gives up."""
        self.add(Fault(method, None, times))

    def cut(self, method: str, times: int = 1, *, after: bool = False) -> None:
        """The connection breaks; with `after` the message was sent all the same."""
        self.add(Fault(method, ConnectionCut(method), times, after))

    def take(self, method: str) -> Fault | None:
        """The fault that strikes this call, used up by one."""
        found = next((f for f in self._coming if f.method in ("*", method)), None)
        if found is not None:
            found.times -= 1
            if found.times <= 0:
                self._coming.remove(found)
        return found


async def strike(fault: Fault) -> None:
    """Let it happen."""
    if fault.failure is None:
        await asyncio.Event().wait()
        return
    raise fault.failure
