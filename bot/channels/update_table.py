"""The table of a messenger's updates: what has come, what was decided on it, how much of that went out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.store import Store

Json = dict[str, Any]
Write = Callable[[sqlite3.Connection], object]

KEPT = timedelta(days=3)
"""How long the number of a done update is kept against repeats. Longer than a messenger repeats (Telegram: a day),
shorter than it takes to give numbers out anew (Telegram: after a week without updates). What could not be answered
in that time is of no use any more either."""
_SELECT = "select id, payload, outgoing, sent from updates where channel = ?"


@dataclass(frozen=True, slots=True, order=True)
class Received:
    """An update as it came. `outgoing` is what was decided to send before a crash, `sent` how much of it went out."""

    id: int
    update: Json = field(compare=False)
    outgoing: tuple[Json, ...] | None = field(default=None, compare=False)
    sent: int = field(default=0, compare=False)
    again: bool = field(default=False, compare=False)  # taken up after a restart, or tried once more


class UpdateTable:
    """The updates of one channel. A done one leaves its number only, for some days."""

    def __init__(self, store: Store, channel: str, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._channel = channel
        self._clock = clock

    async def add(self, updates: Sequence[tuple[Json, str, Json]]) -> list[Json]:
        """Write updates down, each with whose it is and as much of it as may be kept; those that are no repeats.

        Raises:
            sqlite3.Error, StoreError: none of them was.
        """
        rows = [(update, conversation, _text(shown)) for update, conversation, shown in updates]
        return await self._store.write(lambda connection: self._insert(connection, rows))

    def undone(self) -> list[Received]:
        """What an earlier process left."""
        rows = self._store.read(f"{_SELECT} and done is null order by id", [self._channel])
        return [_received(row) for row in rows]

    def again(self, one: Received) -> Received:
        """An update as far as it has come, so that trying again does not decide again."""
        rows = self._store.read(f"{_SELECT} and id = ?", [self._channel, one.id])
        outgoing, sent = (rows[0]["outgoing"], rows[0]["sent"]) if rows else (None, one.sent)
        return Received(one.id, one.update, _outgoing(outgoing), sent, again=True)

    async def done(self, number: int, along: Write | None = None) -> None:
        """An update needs nothing more; `along` is written together with that, unless it has been forgotten."""
        await self._store.write(self._done(number, along))

    async def prune(self) -> None:
        """Drop the numbers of what was done days ago, and what nobody could answer in as many days."""
        before = (self._clock() - KEPT).isoformat()
        sql = "delete from updates where channel = ? and coalesce(done, received) < ?"
        await self._store.write(lambda c: c.execute(sql, [self._channel, before]), long=True)

    def keep(self, connection: sqlite3.Connection, number: int, outgoing: Iterable[Json]) -> bool:
        """Inside a write: remember what is to be sent, so that a crash repeats the sending and not the deciding.
        False, and nothing remembered, where the person has had everything forgotten meanwhile."""
        kept = connection.execute(
            "update updates set outgoing = ? where channel = ? and id = ? and done is null",
            [_text(outgoing), self._channel, number],
        )
        return kept.rowcount > 0

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
            if self.keep(connection, number, raw):
                along(connection)

        await self._store.write(write)

    async def sent(self, number: int, count: int) -> None:
        """Remember how many of the outgoing messages have gone out."""
        sql = "update updates set sent = ? where channel = ? and id = ?"
        await self._store.write(lambda c: c.execute(sql, [count, self._channel, number]))

    # inside

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

    def _done(self, number: int, along: Write | None = None) -> Write:
        def write(connection: sqlite3.Connection) -> None:
            marked = connection.execute(
                "update updates set payload = '', outgoing = '', conversation = '', done = ?"
                " where channel = ? and id = ? and done is null",
                [self._stamp(), self._channel, number],
            )
            if along and marked.rowcount:
                along(connection)

        return write

    def _stamp(self) -> str:
        return self._clock().isoformat()


def _text(value: Json | Iterable[Json]) -> str:
    plain = value if isinstance(value, dict) else list(value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _outgoing(text: str | None) -> tuple[Json, ...] | None:
    return tuple(json.loads(text)) if text else None


def _received(row: sqlite3.Row) -> Received:
    payload = json.loads(row["payload"]) if row["payload"] else {}
    return Received(row["id"], payload, _outgoing(row["outgoing"]), row["sent"], again=True)
