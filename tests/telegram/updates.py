"""The queue of updates: what waits for the bot, how getUpdates confirms it, and how order and number can go wrong."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .clock import Clock
from .errors import ApiError, conflict
from .limits import UPDATE_LIFE
from .state import Json

# "Specify an empty list to receive all update types except chat_member, message_reaction, and message_reaction_count"
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
ANOTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(slots=True)
class Waiting:
    """An update not yet confirmed. Updates of one lane keep their order, lanes may overtake each other.

    `stray`: made to arrive twice or out of order, so it is given once whatever the offset says."""

    update: Json
    until: float
    lane: str
    stray: bool = False

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


@dataclass(slots=True)
class _Poll:
    """One open long poll."""

    rung: asyncio.Event = field(default_factory=asyncio.Event)
    refusal: ApiError | None = None


class UpdateQueue:
    """Everything the bot has still to take, oldest first."""

    def __init__(self, clock: Clock, first_id: int = 871_000_001) -> None:
        self._clock = clock
        self._next_id = first_id
        self._held: list[Waiting] | None = None
        self._poll: _Poll | None = None
        self.waiting: list[Waiting] = []
        self.history: list[Json] = []
        self.allowed: tuple[str, ...] = ()
        self.on_arrival: Callable[[], None] = lambda: None

    def wants(self, kind: str) -> bool:
        """Did the bot ask for this kind of update?"""
        return kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST

    def add(self, kind: str, payload: Json, lane: str) -> Json:
        """Queue a new update under the next number."""
        update: Json = {"update_id": self._next_id, kind: copy.deepcopy(payload)}
        self._next_id += 1
        self.history.append(update)
        self._queue(Waiting(update, self._clock.now() + UPDATE_LIFE, lane))
        return update

    def _queue(self, item: Waiting) -> None:
        if self._held is not None:
            self._held.append(item)
            return
        self.waiting.append(item)
        self.ring()

    def ring(self) -> None:
        """Wake whoever waits for updates."""
        if self._poll is not None:
            self._poll.rung.set()
        self.on_arrival()

    def again(self, update_id: int) -> None:
        """The same update once more, as after a lost confirmation."""
        update = next(u for u in self.history if u["update_id"] == update_id)
        self._queue(Waiting(update, self._clock.now() + UPDATE_LIFE, f"again-{update_id}", stray=True))

    @contextmanager
    def shuffled(self, order: Callable[[list[Waiting]], Iterable[Waiting]] = reversed) -> Iterator[None]:
        """Updates made inside arrive afterwards in another order, each in a lane of its own."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            for item in order(held):
                self._queue(Waiting(item.update, item.until, f"stray-{item.id}", stray=True))

    def jump(self, next_id: int) -> None:
        """After a quiet week the next number is random."""
        self._next_id = next_id

    def drop_all(self) -> None:
        self.waiting.clear()

    def expire(self) -> None:
        """What nobody took for 24 hours is lost."""
        self.waiting = [item for item in self.waiting if item.until > self._clock.now()]

    def remove(self, item: Waiting) -> None:
        """Taken by the webhook."""
        self.waiting = [other for other in self.waiting if other is not item]

    def _confirm(self, offset: int) -> None:
        self.expire()
        if offset < 0:
            self.waiting = self.waiting[offset:]
        else:
            self.waiting = [item for item in self.waiting if item.id >= offset or item.stray]

    def interrupt(self, refusal: ApiError) -> None:
        """End the open poll, if any, with an error."""
        if self._poll is not None:
            self._poll.refusal = refusal
            self._poll.rung.set()

    async def take(self, offset: int, limit: int, seconds: int) -> list[Json]:
        """getUpdates: confirm what lies before the offset, then wait for something to give."""
        self.interrupt(conflict(ANOTHER_POLLER))
        self._confirm(offset)
        mine = self._poll = _Poll()
        try:
            if not self.waiting and seconds > 0:
                await self._clock.wait(mine.rung, seconds)
        finally:
            if self._poll is mine:
                self._poll = None
        if mine.refusal is not None:
            raise mine.refusal
        self.expire()
        given = self.waiting[:limit]
        for item in given:
            item.stray = False
        return [copy.deepcopy(item.update) for item in given]
