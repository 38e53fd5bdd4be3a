"""Durable updates of a messenger: on disk before they are acknowledged, in order within a chat, chats side by side."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import traceback
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from bot.store import Store, StoreError

log = logging.getLogger(__name__)
Json = dict[str, Any]
Write = Callable[[sqlite3.Connection], object]

KEPT = timedelta(days=3)
"""How long the number of a done update is kept against repeats. Longer than a messenger repeats (Telegram: a day),
shorter than it takes to give numbers out anew (Telegram: after a week without updates)."""
_TRIES = 3
_SELECT = "select id, payload, outgoing, sent from updates where channel = ?"


@dataclass(frozen=True, slots=True, order=True)
class Received:
    """An update as it came. `outgoing` is what was decided to send before a crash, `sent` how much of it went out."""

    id: int
    update: Json = field(compare=False)
    outgoing: tuple[Json, ...] | None = field(default=None, compare=False)
    sent: int = field(default=0, compare=False)
    again: bool = field(default=False, compare=False)  # taken up after a restart


class Later(Exception):
    """The update can't be answered now, and trying again at once is no use: it stays for the next start."""


Handle = Callable[[Received], Awaitable[Write | None]]
"""Answers an update; what it gives is written together with the mark that the update is done."""


class Arrivals:
    """The updates of one channel. From `take` to the end of its handling none is lost, whatever ends the process."""

    def __init__(
        self,
        store: Store,
        channel: str,
        handle: Handle,
        lane: Callable[[Json], str],
        clock: Callable[[], datetime],
    ) -> None:
        """`lane` names what must be kept in order: the chat of an update."""
        self._store = store
        self._channel = channel
        self._handle = handle
        self._lane = lane
        self._clock = clock
        self._waiting: dict[str, list[Received]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    @property
    def backlog(self) -> int:
        """How many updates wait or are being answered."""
        return sum(map(len, self._waiting.values())) + len(self._running)

    async def take(self, updates: Sequence[Json]) -> None:
        """When this returns the updates are on disk; repeats are left out."""
        fresh = await self._store.write(lambda connection: self._insert(connection, updates))
        self._queue(Received(int(update["update_id"]), update) for update in fresh)

    def recover(self) -> int:
        """Take up what an earlier process left undone; how many that were."""
        rows = self._store.read(f"{_SELECT} and done is null order by id", [self._channel])
        self._queue(_received(row) for row in rows)
        return len(rows)

    async def prune(self) -> None:
        """Drop the numbers of what was done days ago."""
        before = (self._clock() - KEPT).isoformat()
        await self._store.write(
            lambda c: c.execute("delete from updates where channel = ? and done < ?", [self._channel, before])
        )

    async def stop(self, seconds: float) -> None:
        """Let what is being answered finish; the rest stays for the next start."""
        for queue in self._waiting.values():
            queue.clear()
        running = list(self._running.values())
        if running:
            await asyncio.wait(running, timeout=seconds)
        for task in running:
            await ended(task)

    async def idle(self) -> None:
        """Wait until everything taken so far is answered."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    # for handlers

    def keep(self, connection: sqlite3.Connection, number: int, conversation: str, outgoing: Iterable[Json]) -> None:
        """Inside a write: remember what is to be sent, so that a crash repeats the sending and not the deciding."""
        text = json.dumps(list(outgoing), ensure_ascii=False)
        connection.execute(
            "update updates set outgoing = ?, conversation = ? where channel = ? and id = ?",
            [text, conversation, self._channel, number],
        )

    def keep_only(self, connection: sqlite3.Connection, number: int, outgoing: Iterable[Json]) -> None:
        """Inside a write that has forgotten the person: the update is as good as new, without its content."""
        connection.execute(
            "insert or replace into updates (channel, id, payload, outgoing, received) values (?, ?, '{}', ?, ?)",
            [self._channel, number, json.dumps(list(outgoing), ensure_ascii=False), self._stamp()],
        )

    async def sent(self, number: int, count: int) -> None:
        """Remember how many of the outgoing messages have gone out."""
        await self._store.write(
            lambda c: c.execute(
                "update updates set sent = ? where channel = ? and id = ?", [count, self._channel, number]
            )
        )

    # inside

    def _insert(self, connection: sqlite3.Connection, updates: Sequence[Json]) -> list[Json]:
        at, fresh = self._stamp(), []
        for update in updates:
            text = json.dumps(update, ensure_ascii=False, separators=(",", ":"))
            added = connection.execute(
                "insert or ignore into updates (channel, id, payload, received) values (?, ?, ?, ?)",
                [self._channel, int(update["update_id"]), text, at],
            )
            if added.rowcount:
                fresh.append(update)
        return fresh

    def _queue(self, received: Iterable[Received]) -> None:
        for one in received:
            lane = self._lane(one.update)
            heappush(self._waiting.setdefault(lane, []), one)
            if lane not in self._running:
                self._running[lane] = asyncio.create_task(self._work(lane))

    async def _work(self, lane: str) -> None:
        queue = self._waiting[lane]
        try:
            while queue:
                await self._answer(heappop(queue))
        finally:
            del self._running[lane], self._waiting[lane]

    async def _answer(self, one: Received) -> None:
        """Handle and mark done. What can't be handled is dropped after some tries, so that it stops nobody."""
        for _ in range(_TRIES):
            try:
                along = await self._handle(one)
                await self._store.write(self._done(one.id, along))
            except (sqlite3.Error, StoreError) as error:
                log.error("数据库写入失败，这条消息留待下次启动再处理：%s", error)
                return
            except Later:
                return
            except Exception as error:  # never what was said, only where it went wrong
                lines = "".join(traceback.format_tb(error.__traceback__))
                log.error("处理消息时出错：%s\n%s", type(error).__name__, lines)
                one = self._read(one)
            else:
                return
        await self._store.write(self._done(one.id))

    def _read(self, one: Received) -> Received:
        """An update as far as it has come, so that trying again does not decide again."""
        rows = self._store.read(f"{_SELECT} and id = ?", [self._channel, one.id])
        return _received(rows[0]) if rows else one

    def _done(self, number: int, along: Write | None = None) -> Write:
        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "update updates set payload = '', outgoing = '', conversation = '', done = ?"
                " where channel = ? and id = ?",
                [self._stamp(), self._channel, number],
            )
            if along:
                along(connection)

        return write

    def _stamp(self) -> str:
        return self._clock().isoformat()


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end. One cancel is not always enough: `wait_for` of Python 3.11 may swallow it."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.5)


def _received(row: sqlite3.Row) -> Received:
    outgoing = tuple(json.loads(row["outgoing"])) if row["outgoing"] else None
    return Received(row["id"], json.loads(row["payload"]), outgoing, row["sent"], again=True)
