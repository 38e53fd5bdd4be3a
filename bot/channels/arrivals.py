"""Durable updates of a messenger: on disk before they are acknowledged, in order within a chat, chats side by side."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import traceback
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from heapq import heappop, heappush

from bot.channels.update_table import Json, Received, UpdateTable, Write
from bot.store import Store, StoreError

log = logging.getLogger(__name__)
Pause = Callable[[float], Awaitable[object]]

PASSING = (sqlite3.OperationalError, StoreError)
"""The database can't be used just now: locked, full, out of reach."""
_DATABASE = "数据库暂时不能用（{error}）"
_TRIES = 3
_LONGEST_PAUSE = 60.0
_MOST_OF_A_LANE = 20
"""So many of the updates that wait in one chat count as load."""


class Later(Exception):
    """The messenger does not let this update be answered now; the message says why. It is tried again, and what else
    waits in its lane keeps its place."""


@dataclass(frozen=True, slots=True)
class Handling:
    """What a channel does with its updates."""

    answer: Callable[[Received], Awaitable[Write | None]]
    """What it gives is written together with the mark that the update is done."""
    failed: Callable[[Received], Awaitable[None]]
    """Tells the person that there will be no answer."""
    lane: Callable[[Json], str]
    """What must be kept in order: the chat of an update."""
    kept: Callable[[Json], tuple[str, Json]]
    """Whose an update is (a conversation), and as much of it as may lie on disk."""
    edits: Callable[[Json], int] = lambda _: 0
    """Which message of its lane an update changes (0: none). Of several that wait only the newest is answered."""


class Arrivals:
    """The updates of one channel. From `take` on each is answered, or its person told that it can't be; a process that
    ends in between leaves it to the next."""

    def __init__(
        self,
        store: Store,
        channel: str,
        handling: Handling,
        clock: Callable[[], datetime],
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.table = UpdateTable(store, channel, clock)
        self._handling = handling
        self._pause = pause
        self._waiting: dict[str, list[Received]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    @property
    def backlog(self) -> int:
        """How many updates wait or are being answered."""
        return sum(map(len, self._waiting.values())) + len(self._running)

    @property
    def load(self) -> int:
        """The backlog as far as it tells how busy all is: a chat that can't be written to for a while may have any
        number waiting, and is no reason to let the others wait."""
        return sum(min(len(queue), _MOST_OF_A_LANE) + 1 for queue in self._waiting.values())

    async def take(self, updates: Sequence[Json]) -> None:
        """When this returns the updates are on disk; repeats are left out.

        Raises:
            sqlite3.Error, StoreError: they are not, and must not be acknowledged.
        """
        rows = []
        for update in updates:
            if row := self._prepared(update):
                rows.append(row)
            await asyncio.sleep(0)  # of a long message there is much to be taken out; nobody else waits for all of them
        fresh = await self.table.add(rows)
        self._queue(Received(int(update["update_id"]), update) for update in fresh)

    def recover(self) -> int:
        """Take up what an earlier process left undone; how many that were."""
        left = self.table.undone()
        self._queue(left)
        return len(left)

    async def sent(self, number: int, count: int) -> None:
        """So many messages of an answer have gone out. Waits until that is on disk: else they would go out again."""
        await self._written(partial(self.table.sent, number, count))

    async def stop(self, seconds: float) -> None:
        """Let what is being answered finish; the rest stays for the next start."""
        for queue in self._waiting.values():
            queue.clear()
        running = list(self._running.values())
        if running:
            await asyncio.wait(running, timeout=seconds)
        await ended(*running)

    async def idle(self) -> None:
        """Wait until everything taken so far is answered."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    # inside

    def _prepared(self, update: Json) -> tuple[Json, str, Json] | None:
        """An update as it is to lie on disk; None for what no messenger sends, which must not hold up the others.
        Nor may a mistake of ours: where it can't be told what may be kept, nothing is but the number."""
        try:
            update = _whole(update)
            self._handling.lane(update)
        except Exception as error:
            _report(error)
            return None
        try:
            return update, *self._handling.kept(update)
        except Exception as error:
            _report(error)
            return update, "", {}

    def _queue(self, received: Iterable[Received]) -> None:
        for one in received:
            lane = self._handling.lane(one.update)
            heappush(self._waiting.setdefault(lane, []), one)
            if lane not in self._running:
                self._running[lane] = asyncio.create_task(self._work(lane))

    async def _work(self, lane: str) -> None:
        queue = self._waiting[lane]
        try:
            while queue:
                one = heappop(queue)
                await (self._mark(one.id, None) if self._outdone(one, queue) else self._answer(one))
        finally:
            del self._running[lane], self._waiting[lane]

    def _outdone(self, one: Received, queue: Iterable[Received]) -> bool:
        """Whether an update of which nothing is decided yet changes what one behind it changes again."""
        message = self._handling.edits(one.update) if one.outgoing is None else 0
        return bool(message) and any(self._handling.edits(other.update) == message for other in queue)

    async def _answer(self, one: Received) -> None:
        await self._mark(one.id, await self._answered(one))

    async def _answered(self, one: Received) -> Write | None:
        """The answer; a mistake of ours is tried again a few times and then told, so that it stops nobody."""
        tries, delay = 0, 1.0
        while True:
            try:
                return await self._handling.answer(one)
            except Later as error:
                delay = await self._wait(str(error), delay)
            except PASSING as error:
                delay = await self._wait(_DATABASE.format(error=error), delay)
            except Exception as error:
                _report(error)
                tries += 1
                if tries == _TRIES:
                    await self._told(one)
                    return None
                await self._pause(tries)
            one = self._read(one)

    async def _told(self, one: Received) -> None:
        try:
            await self._handling.failed(one)
        except Exception as error:
            _report(error)

    async def _mark(self, number: int, along: Write | None) -> None:
        """Done; until that is on disk the lane waits, for the next update may look at what is written along."""
        try:
            await self._written(partial(self.table.done, number, along))
        except Exception as error:
            _report(error)
            if along:
                await self._mark(number, None)

    async def _written(self, write: Callable[[], Awaitable[None]]) -> None:
        """Again and again, while the database can't be used."""
        delay = 1.0
        while True:
            try:
                return await write()
            except PASSING as error:
                delay = await self._wait(_DATABASE.format(error=error), delay)

    async def _wait(self, why: str, delay: float) -> float:
        log.error("%s，%.0f 秒后再试", why, delay)
        await self._pause(delay)
        return min(delay * 2, _LONGEST_PAUSE)

    def _read(self, one: Received) -> Received:
        try:
            return self.table.again(one)
        except sqlite3.Error:
            return one


async def ended(*tasks: asyncio.Task[None], patience: float = 0.5) -> None:
    """Cancel tasks and wait for their end. One cancel is not always enough, since `wait_for` of Python 3.11 may swallow
    it; but a second one would break into what a task does at its end, so it comes only after `patience` seconds."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=patience)


def _whole(update: Json) -> Json:
    """The update without halves of characters: with one in it, neither it nor what came along could be written."""
    whole: Json = json.loads(json.dumps(update, ensure_ascii=False).encode(errors="ignore"))
    return whole


def _report(error: Exception) -> None:
    """Where it went wrong, never what was said."""
    lines = "".join(traceback.format_tb(error.__traceback__))
    log.error("处理消息时出错：%s\n%s", type(error).__name__, lines)
