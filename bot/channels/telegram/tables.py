"""What the Telegram channel keeps: where a person is reached, what answers what, links, how a group wants it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.arrivals import Write
from bot.channels.telegram import CHANNEL
from bot.store import Store

_ANSWERS_KEPT = timedelta(days=2)
_LINKS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person's private chat: the messages that hold the dialogue's open question."""

    live: tuple[int, ...] = ()


class Tables:
    """Reads at once; writes are given back, to be done together with others."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._salt = store.secret(CHANNEL)

    def conversation(self, user: int) -> str:
        """The id of a person's conversation: a digest that nobody without this database can make."""
        return "tg-" + hashlib.sha256(f"{self._salt}:{user}".encode()).hexdigest()

    def person(self, conversation: str) -> Known:
        """What is known of a person."""
        rows = self._store.read("select live from telegram_people where conversation = ?", [conversation])
        return Known(tuple(json.loads(rows[0]["live"]))) if rows else Known()

    def answer_to(self, chat: int, question: int) -> int:
        """The message that answers a message; 0 where there is none."""
        rows = self._store.read("select answer from telegram_answers where chat = ? and question = ?", [chat, question])
        return int(rows[0]["answer"]) if rows else 0

    def mode(self, chat: int) -> str:
        """What the group's admins chose; empty where they did not."""
        rows = self._store.read("select mode from telegram_groups where chat = ?", [chat])
        return str(rows[0]["mode"]) if rows else ""

    def groups(self) -> list[int]:
        """The groups 小安 has been added to."""
        return [int(row["chat"]) for row in self._store.read("select chat from telegram_groups order by at")]

    def link(self, token: str) -> str:
        """The link a short token stands for; empty where it has gone."""
        rows = self._store.read("select link from telegram_links where token = ?", [token])
        return str(rows[0]["link"]) if rows else ""

    # writes

    def put_person(self, conversation: str, chat: int, live: Sequence[int]) -> Write:
        """Where the person is reached, and which messages are live now."""
        return lambda c: c.execute(
            "insert into telegram_people (conversation, chat, live) values (?, ?, ?)"
            " on conflict (conversation) do update set chat = excluded.chat, live = excluded.live",
            [conversation, chat, json.dumps(list(live))],
        )

    def meet(self, conversation: str, chat: int) -> Write:
        """Where the person is reached, if it is not known."""
        return lambda c: c.execute(
            "insert or ignore into telegram_people (conversation, chat, live) values (?, ?, '[]')",
            [conversation, chat],
        )

    def put_answer(self, chat: int, question: int, answer: int, conversation: str) -> Write:
        """Which message answers which."""
        return lambda c: c.execute(
            "insert or replace into telegram_answers (chat, question, answer, conversation, at) values (?, ?, ?, ?, ?)",
            [chat, question, answer, conversation, self._stamp()],
        )

    def drop_answer(self, chat: int, question: int) -> Write:
        """The answer has been taken back."""
        return lambda c: c.execute("delete from telegram_answers where chat = ? and question = ?", [chat, question])

    def put_mode(self, chat: int, mode: str) -> Write:
        """How a group wants it; empty for the setting."""
        return lambda c: c.execute(
            "insert into telegram_groups (chat, mode, at) values (?, ?, ?)"
            " on conflict (chat) do update set mode = case when excluded.mode = '' then mode else excluded.mode end",
            [chat, mode, self._stamp()],
        )

    def drop_group(self, chat: int) -> Write:
        """小安 has been put out; the setting goes with it."""
        return lambda c: c.execute("delete from telegram_groups where chat = ?", [chat])

    def move_group(self, old: int, new: int) -> Write:
        """A group has become a supergroup under another number; its messages are numbered anew."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("update or replace telegram_groups set chat = ? where chat = ?", [new, old])
            connection.execute("delete from telegram_answers where chat = ?", [old])

        return write

    def put_link(self, link: str) -> tuple[str, Write]:
        """A short token for a long link. The same link has the same token."""
        token = hashlib.sha256(f"{self._salt}:{link}".encode()).hexdigest()[:24]
        return token, lambda c: c.execute(
            "insert or ignore into telegram_links (token, link, at) values (?, ?, ?)", [token, link, self._stamp()]
        )

    def prune(self, connection: sqlite3.Connection) -> None:
        """Drop what is too old to be of use."""
        for table, kept in (("telegram_answers", _ANSWERS_KEPT), ("telegram_links", _LINKS_KEPT)):
            before = (self._clock() - kept).isoformat()
            connection.execute(f"delete from {table} where at < ?", [before])  # noqa: S608

    def _stamp(self) -> str:
        return self._clock().isoformat()
