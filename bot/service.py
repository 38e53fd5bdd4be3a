"""Load, decide, save: one turn of a conversation, for every channel."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from weakref import WeakValueDictionary

from bot import links
from bot import state as states
from bot.assistant import Assistant
from bot.clock import ZONE, Clock, now
from bot.guide import Guide
from bot.mind import MindKeeper
from bot.render import as_json
from bot.reply import Card, Message, Reply
from bot.state import State
from bot.store import Store
from bot.turn import Turn
from flows.engine import nodes_of

Along = Callable[[sqlite3.Connection, Reply], None]
"""What a channel writes in the same transaction as the turn, so that a crash leaves both or neither."""
_DATED = ("turns", "feedback", "unanswered")
_NO_TURN_YET = 2**62
"""Above the id of every turn."""
_MOST_PLANS = 8
"""Plans whose ticks are remembered."""


@dataclass(frozen=True, slots=True)
class Said:
    """A turn of the past, to be shown again: what was said (scrubbed) and the reply as plain JSON values."""

    id: int
    at: str
    said: str
    reply: Mapping[str, Any]


class Service:
    """Conversations over the store. One turn of a conversation at a time; different ones side by side."""

    def __init__(self, store: Store, keeper: MindKeeper, clock: Clock = now, today: date | None = None) -> None:
        """`today` fixes the day that deadlines are counted from; without it the clock tells."""
        self.store = store
        self._today = today
        self.keeper = keeper
        self.stopped: set[str] = set()  # channels that could not go on; each puts in its own name
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # gone when nobody waits
        self._listeners: dict[str, set[asyncio.Event]] = {}

    def today(self) -> date:
        """The day in China."""
        return self._today or self._clock().astimezone(ZONE).date()

    async def say(self, conversation: str, channel: str, message: Message, along: Along | None = None) -> Reply:
        """One turn; when it returns, the turn is on disk.

        Raises:
            StoreError, sqlite3.Error: it could not be saved; nothing of it was.
        """
        return await self._turn(
            conversation, channel, along, lambda state: self._assistant().reply(state, message, self.today())
        )

    async def say_again(
        self, conversation: str, channel: str, text: str, node: str, along: Along | None = None
    ) -> Reply:
        """One turn with a message that was changed after it had been heard, as the answer to `node` or (empty) to no
        question of a dialogue. It runs no command, and answers no other question.

        Raises:
            StoreError, sqlite3.Error: it could not be saved; nothing of it was.
        """
        return await self._turn(
            conversation, channel, along, lambda state: self._assistant().again(state, text, node, self.today())
        )

    def _assistant(self) -> Assistant:
        return Assistant(self.keeper.mind)

    async def _turn(
        self, conversation: str, channel: str, along: Along | None, answered: Callable[[State], Turn]
    ) -> Reply:
        async with self._turn_of(conversation):
            turn = answered(self.state(conversation))
            await self.store.write(lambda connection: self._save(connection, conversation, channel, turn, along))
        self._tell(conversation)
        return turn.reply

    @contextlib.contextmanager
    def listening(self, conversation: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever this process has saved a turn of a conversation, or forgotten it."""
        heard = asyncio.Event()
        self._listeners.setdefault(conversation, set()).add(heard)
        try:
            yield heard
        finally:
            self._listeners[conversation].discard(heard)
            if not self._listeners[conversation]:
                del self._listeners[conversation]

    def _tell(self, conversation: str) -> None:
        for heard in self._listeners.get(conversation, ()):
            heard.set()

    def _turn_of(self, conversation: str) -> asyncio.Lock:
        """Held while a state is read, changed and written back."""
        return self._locks.setdefault(conversation, asyncio.Lock())

    async def open_link(
        self, conversation: str, channel: str, token: str, along: Along | None = None, *, override: bool = False
    ) -> Reply | None:
        """Open the dialogue of a link with what it already knows; None where the link can't be read.

        What the person has answered stands, unless `override`: then they have been told that the link counts.

        Raises:
            StoreError, sqlite3.Error: it could not be saved.
        """
        link = links.read(token)
        if link is None:
            return None
        return await self.open_with(conversation, channel, link.flow, link.answers, along, replacing=override)

    async def open_with(
        self,
        conversation: str,
        channel: str,
        flow: str,
        answers: Mapping[str, str],
        along: Along | None = None,
        *,
        replacing: bool = False,
    ) -> Reply | None:
        """Open a dialogue with answers from elsewhere: those that fit it, and no other in place of an answer given
        before unless `replacing`. None where there is no such dialogue."""
        if flow not in self.keeper.mind.flows:
            return None
        new = self._fitting(flow, answers)

        def opened(state: State) -> Turn:
            merged = {**state.answers, **new} if replacing else {**new, **state.answers}
            return self._assistant().reply(replace(state, answers=merged), Message(choose=f"f.{flow}"), self.today())

        return await self._turn(conversation, channel, along, opened)

    def differing(self, conversation: str, flow: str, answers: Mapping[str, str]) -> dict[str, str]:
        """Answers from elsewhere that contradict those given before, in words: question -> answer."""
        if flow not in self.keeper.mind.flows:
            return {}
        nodes, known = nodes_of(self.keeper.mind.flows[flow]), self.state(conversation).answers
        return {
            nodes[name].label or nodes[name].ask: self.keeper.mind.words.value(nodes[name], value)
            for name, value in self._fitting(flow, answers).items()
            if known.get(name, value) != value
        }

    def _fitting(self, flow: str, answers: Mapping[str, str]) -> dict[str, str]:
        mind = self.keeper.mind
        return links.known(links.Link(flow, answers), mind.flows[flow], mind.regions, self.today())

    def asked(self, conversation: str) -> str:
        """The question of the dialogue that is open now; empty where there is none."""
        state, mind = self.state(conversation), self.keeper.mind
        node = Guide(mind, state, self.today()).position.node if state.flow in mind.flows else None
        return node.id if node else ""

    def state(self, conversation: str) -> State:
        """What the conversation has established."""
        rows = self.store.read("select state from conversations where id = ?", [conversation])
        state = states.load(rows[0]["state"]) if rows else State()
        gone = state.flow and state.flow not in self.keeper.mind.flows
        return replace(state, flow="", editing="") if gone else state

    def resumed(self, conversation: str) -> Reply | None:
        """What an open dialogue asks now, for a channel that begins anew; nothing is saved."""
        return self.going_on(conversation) if self.state(conversation).flow else None

    def going_on(self, conversation: str) -> Reply:
        """What «继续» would bring now; nothing is saved."""
        return self._assistant().reply(self.state(conversation), Message(choose="resume"), self.today()).reply

    def card(self, conversation: str) -> Card | None:
        """The plan as far as the answers settle it today."""
        return self._assistant().card(self.state(conversation), self.today())

    async def tick(self, conversation: str, key: str, material: str, done: bool) -> None:
        """Remember that a material of a plan is ready, or not; of a conversation forgotten meanwhile nothing.

        Raises:
            StoreError, sqlite3.Error: it could not be saved.
        """
        async with self._turn_of(conversation):
            state = self.state(conversation)
            ticked = [name for name in state.ticks.get(key, ()) if name != material] + ([material] if done else [])
            others = {plan: names for plan, names in state.ticks.items() if plan != key}
            kept = dict(list(others.items())[1 - _MOST_PLANS :])
            changed = replace(state, ticks={**kept, key: tuple(ticked)})
            sql = "update conversations set state = ?, updated = ? where id = ?"
            values = [states.dump(changed), self._stamp(), conversation]
            await self.store.write(lambda connection: connection.execute(sql, values))

    def turns(self, conversation: str, before: int = _NO_TURN_YET, most: int = -1) -> list[Said]:
        """What was said before a turn, oldest first; at `most` so many of the newest."""
        rows = self.store.read(
            "select id, at, said, reply from turns where conversation = ? and id < ? order by id desc limit ?",
            [conversation, before, most],
        )
        return [_said(row) for row in reversed(rows)]

    def turns_after(self, conversation: str, after: int, most: int) -> list[Said]:
        """What was said after a turn, oldest first; at `most` so many, and one can go on from the last."""
        rows = self.store.read(
            "select id, at, said, reply from turns where conversation = ? and id > ? order by id limit ?",
            [conversation, after, most],
        )
        return [_said(row) for row in rows]

    def newest(self, conversation: str) -> int:
        """The id of the last turn; 0 where there is none."""
        return int(self.store.read("select max(id) from turns where conversation = ?", [conversation])[0][0] or 0)

    def said(self, conversation: str, before: int = _NO_TURN_YET) -> int:
        """How many turns there are before one."""
        sql = "select count(*) from turns where conversation = ? and id < ?"
        return int(self.store.read(sql, [conversation, before])[0][0])

    def marks(self, conversation: str) -> dict[str, bool]:
        """The entries marked 有用 (True) or 没用 (False)."""
        rows = self.store.read("select entry, useful from feedback where conversation = ?", [conversation])
        return {row["entry"]: bool(row["useful"]) for row in rows}

    async def forget(self, conversation: str, along: Callable[[sqlite3.Connection], None] | None = None) -> None:
        """Everything about a conversation goes; from the disk too. `along` is done before that.

        Raises:
            StoreError, sqlite3.Error: nothing has gone.
        """

        def delete(connection: sqlite3.Connection) -> None:
            if along:
                along(connection)
            for table in _personal(connection):
                connection.execute(f"delete from {table} where conversation = ?", [conversation])  # noqa: S608
            connection.execute("delete from conversations where id = ?", [conversation])

        async with self._turn_of(conversation):  # a turn under way would write back what it has read
            await self.store.write(delete)
        self._tell(conversation)
        await self.store.empty_log()

    async def prune(self, days: int) -> int:
        """Conversations without a word for so many days go with all that belongs to them; how many those were.

        Of those still in use, what is older goes too: the answers that make the plan are not among it.

        Raises:
            StoreError, sqlite3.Error: nothing has gone.
        """
        limit = (self._clock() - timedelta(days=days)).isoformat(timespec="seconds")

        def delete(connection: sqlite3.Connection) -> int:
            old = "select id from conversations where updated < ?"
            for table in _personal(connection):
                connection.execute(f"delete from {table} where conversation in ({old})", [limit])  # noqa: S608
            for table in _DATED:
                connection.execute(f"delete from {table} where at < ?", [limit])  # noqa: S608
            return connection.execute("delete from conversations where updated < ?", [limit]).rowcount

        return await self.store.write(delete, long=True)

    def health(self) -> dict[str, object]:
        """Whether knowledge, store and channels are sound, for /healthz."""
        keeper = self.keeper
        return {
            "store": self.store.sound(),
            "knowledge": not keeper.problems,
            "channels": not self.stopped,
            "problems": list(keeper.problems),
            "entries": len(keeper.mind.knowledge.entries),
            "version": keeper.version,
        }

    def _stamp(self) -> str:
        return self._clock().isoformat(timespec="seconds")

    def _save(
        self, connection: sqlite3.Connection, conversation: str, channel: str, turn: Turn, along: Along | None
    ) -> None:
        at = self._stamp()
        _put_state(connection, conversation, channel, turn.state, at)
        connection.execute(
            "insert into turns (conversation, at, said, reply) values (?, ?, ?, ?)",
            [conversation, at, turn.said, as_json(turn.reply)],
        )
        if turn.feedback:
            entry, useful = turn.feedback
            connection.execute(
                "insert or replace into feedback (conversation, entry, useful, question, at) values (?, ?, ?, ?, ?)",
                [conversation, entry, int(useful), turn.said, at],
            )
        if turn.unanswered:
            connection.execute(
                "insert into unanswered (conversation, question, nearest, wants_person, at) values (?, ?, ?, ?, ?)",
                [conversation, turn.unanswered, turn.nearest, int(turn.wants_person), at],
            )
        if along:
            along(connection, turn.reply)


def _said(row: sqlite3.Row) -> Said:
    return Said(row["id"], row["at"], row["said"], json.loads(row["reply"]))


def _personal(connection: sqlite3.Connection) -> list[str]:
    """The tables beside `conversations` that hold something about a person: those with a column `conversation`."""
    sql = (
        "select tables.name from sqlite_schema tables, pragma_table_info(tables.name) columns"
        " where tables.type = 'table' and columns.name = 'conversation'"
    )
    return [row[0] for row in connection.execute(sql)]


def _put_state(connection: sqlite3.Connection, conversation: str, channel: str, state: State, at: str) -> None:
    connection.execute(
        "insert into conversations (id, channel, state, created, updated) values (?, ?, ?, ?, ?)"
        " on conflict (id) do update set state = excluded.state, updated = excluded.updated",
        [conversation, channel, states.dump(state), at, at],
    )
