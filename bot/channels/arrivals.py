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
Pause = Callable[[float], Awaitable[object]]

KEPT = timedelta(days=3)
"""How long the number of a done update is kept against repeats. Longer than a messenger repeats (Telegram: a day),
shorter than it takes to give numbers out anew (Telegram: after a week without updates). What could not be answered
in that time is of no use any more either."""
PASSING = (sqlite3.OperationalError, StoreError)
"""The database can't be used just now: locked, full, out of reach."""
_TRIES = 3
_LONGEST_PAUSE = 60.0
_SELECT = "select id, payload, outgoing, sent from updates where channel = ?"


@dataclass(frozen=True, slots=True, order=True)
class Received:
    """An update as it came. `outgoing` is what was decided to send before a crash, `sent` how much of it went out."""

    id: int
    update: Json = field(compare=False)
    outgoing: tuple[Json, ...] | None = field(default=None, compare=False)
    sent: int = field(default=0, compare=False)
    again: bool = field(default=False, compare=False)  # taken up after a restart, or tried once more


class Later(Exception):
    """The update can't be answered now, and trying again at once is no use: it stays for the next start."""


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
        self._store = store
        self._channel = channel
        self._handling = handling
        self._clock = clock
        self._pause = pause
        self._waiting: dict[str, list[Received]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    @property
    def backlog(self) -> int:
        """How many updates wait or are being answered."""
        return sum(map(len, self._waiting.values())) + len(self._running)

    async def take(self, updates: Sequence[Json]) -> None:
        """When this returns the updates are on disk; repeats are left out.

        Raises:
            sqlite3.Error, StoreError: they are not, and must not be acknowledged.
        """
        rows = [row for row in map(self._prepared, updates) if row]
        fresh = await self._store.write(lambda connection: self._insert(connection, rows))
        self._queue(Received(int(update["update_id"]), update) for update in fresh)

    def recover(self) -> int:
        """Take up what an earlier process left undone; how many that were."""
        rows = self._store.read(f"{_SELECT} and done is null order by id", [self._channel])
        self._queue(_received(row) for row in rows)
        return len(rows)

    async def prune(self) -> None:
        """Drop the numbers of what was done days ago, and what nobody could answer in as many days."""
        before = (self._clock() - KEPT).isoformat()
        sql = "delete from updates where channel = ? and coalesce(done, received) < ?"
        await self._store.write(lambda c: c.execute(sql, [self._channel, before]))

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

    # for handlers

    def keep(self, connection: sqlite3.Connection, number: int, outgoing: Iterable[Json]) -> None:
        """Inside a write: remember what is to be sent, so that a crash repeats the sending and not the deciding."""
        connection.execute(
            "update updates set outgoing = ? where channel = ? and id = ?", [_text(outgoing), self._channel, number]
        )

    def forget(self, connection: sqlite3.Connection, number: int, conversation: str, outgoing: Iterable[Json]) -> None:
        """Inside a write: of the updates of a conversation up to this one nothing stays but their numbers and what is
        to be said to this one. What came after it was said anew, and will be answered."""
        mine = [self._channel, conversation]
        connection.execute(
            "update updates set payload = '', outgoing = '', conversation = '', done = coalesce(done, ?)"
            " where channel = ? and conversation = ? and id < ?",
            [self._stamp(), *mine, number],
        )
        connection.execute(
            "update updates set payload = '', outgoing = ? where channel = ? and id = ?",
            [_text(outgoing), self._channel, number],
        )
        connection.execute("update updates set conversation = '' where channel = ? and conversation = ?", mine)

    async def decided(self, number: int, outgoing: Iterable[Json], along: Write) -> None:
        """The same as a write of its own, with what else is to be written."""
        raw = list(outgoing)

        def write(connection: sqlite3.Connection) -> None:
            self.keep(connection, number, raw)
            along(connection)

        await self._store.write(write)

    async def sent(self, number: int, count: int) -> None:
        """Remember how many of the outgoing messages have gone out."""
        sql = "update updates set sent = ? where channel = ? and id = ?"
        await self._store.write(lambda c: c.execute(sql, [count, self._channel, number]))

    # inside

    def _prepared(self, update: Json) -> tuple[Json, str, str] | None:
        """An update as it is to lie on disk; None for what no messenger sends, which must not hold up the others."""
        try:
            self._handling.lane(update)
            conversation, shown = self._handling.kept(update)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            _report(error)
            return None
        return update, conversation, _text(shown)

    def _insert(self, connection: sqlite3.Connection, rows: Sequence[tuple[Json, str, str]]) -> list[Json]:
        at, fresh = self._stamp(), []
        for update, conversation, text in rows:
            added = connection.execute(
                "insert or ignore into updates (channel, id, conversation, payload, received) values (?, ?, ?, ?, ?)",
                [self._channel, int(update["update_id"]), conversation, text, at],
            )
            if added.rowcount:
                fresh.append(update)
        return fresh

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
                await self._answer(heappop(queue))
        finally:
            del self._running[lane], self._waiting[lane]

    async def _answer(self, one: Received) -> None:
        try:
            along = await self._answered(one)
        except Later:
            return
        await self._mark(one.id, along)

    async def _answered(self, one: Received) -> Write | None:
        """The answer; a mistake of ours is tried again a few times and then told, so that it stops nobody."""
        tries, delay = 0, 1.0
        while True:
            try:
                return await self._handling.answer(one)
            except Later:
                raise
            except PASSING as error:
                delay = await self._wait(error, delay)
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
        delay = 1.0
        while True:
            try:
                await self._store.write(self._done(number, along))
            except PASSING as error:
                delay = await self._wait(error, delay)
            except Exception as error:
                _report(error)
                if along is None:
                    return
                along = None
            else:
                return

    async def _wait(self, error: Exception, delay: float) -> float:
        log.error("数据库暂时不能用，%.0f 秒后再试：%s", delay, error)
        await self._pause(delay)
        return min(delay * 2, _LONGEST_PAUSE)

    def _read(self, one: Received) -> Received:
        """An update as far as it has come, so that trying again does not decide again."""
        try:
            rows = self._store.read(f"{_SELECT} and id = ?", [self._channel, one.id])
        except sqlite3.Error:
            return one
        outgoing, sent = (rows[0]["outgoing"], rows[0]["sent"]) if rows else (None, one.sent)
        return Received(one.id, one.update, _outgoing(outgoing), sent, again=True)

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


async def ended(*tasks: asyncio.Task[None], patience: float = 0.5) -> None:
    """Cancel tasks and wait for their end. One cancel is not always enough, since `wait_for` of Python 3.11 may swallow
    it; but a second one would break into what a task does at its end, so it comes only after `patience` seconds."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=patience)


def _report(error: Exception) -> None:
    """Where it went wrong, never what was said."""
    lines = "".join(traceback.format_tb(error.__traceback__))
    log.error("处理消息时出错：%s\n%s", type(error).__name__, lines)


def _text(value: Json | Iterable[Json]) -> str:
    plain = value if isinstance(value, dict) else list(value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _outgoing(text: str | None) -> tuple[Json, ...] | None:
    return tuple(json.loads(text)) if text else None


def _received(row: sqlite3.Row) -> Received:
    payload = json.loads(row["payload"]) if row["payload"] else {}
    return Received(row["id"], payload, _outgoing(row["outgoing"]), row["sent"], again=True)
