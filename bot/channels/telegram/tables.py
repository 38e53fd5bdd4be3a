"""What the Telegram channel keeps: where a person is reached, what answers what, links, how a group wants it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.channels.telegram import CHANNEL
from bot.channels.telegram.incoming import Message
from bot.channels.update_table import Write
from bot.store import Store, read_only

_ANSWERS_KEPT = timedelta(days=2)
_LINKS_KEPT = timedelta(days=30)
_DIGITS = 4
"""Of a digest: of 65,000 texts one has the same."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person's private chat: the messages that hold the dialogue's open question."""

    live: tuple[int, ...] = ()
    met: bool = False  # it is known where the person is reached


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that answers another one (0: none), the question of the dialogue that that one answered, and what
    that one said (a digest)."""

    message: int = 0
    node: str = ""
    digest: str = ""


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
        return Known(tuple(json.loads(rows[0]["live"])), met=True) if rows else Known()

    def answer_to(self, chat: int, question: int) -> Answered:
        """What answers a message."""
        sql = "select answer, node, digest from telegram_answers where chat = ? and question = ?"
        rows = self._store.read(sql, [chat, question])
        return Answered(int(rows[0]["answer"]), rows[0]["node"], rows[0]["digest"]) if rows else Answered()

    def unchanged(self, message: Message, earlier: Answered) -> bool:
        """Whether an edited message is to be left alone: it says what was answered, or it is so old that what was
        answered to it is not known any more. Telegram tells of edits that change nothing a bot can see."""
        if earlier.message:
            return earlier.digest == self._digest(message.text)
        return message.age > _ANSWERS_KEPT.total_seconds()

    def _digest(self, text: str) -> str:
        """Enough to see that a text is the same, and too little to find out a number that stood in it."""
        return hashlib.sha256(f"{self._salt}:{text}".encode()).hexdigest()[:_DIGITS]

    def mode(self, chat: int) -> str:
        """What the group's admins chose; empty where they did not."""
        rows = self._store.read("select mode from telegram_groups where chat = ?", [chat])
        return str(rows[0]["mode"]) if rows else ""

    def link(self, token: str) -> tuple[str, str]:
        """The link a short token stands for, and the conversation it belongs to; empty where it has gone."""
        rows = self._store.read("select link, conversation from telegram_links where token = ?", [token])
        return (str(rows[0]["link"]), str(rows[0]["conversation"])) if rows else ("", "")

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

    def put_answer(self, question: Message, answer: int, conversation: str, node: str = "") -> Write:
        """Which message answers which; and which question of the dialogue it was about."""
        return lambda c: c.execute(
            "insert or replace into telegram_answers (chat, question, answer, conversation, node, digest, at)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            [question.chat.id, question.id, answer, conversation, node, self._digest(question.text), self._stamp()],
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

    def put_link(self, link: str, conversation: str) -> tuple[str, Write]:
        """A short token for a link that is of use to one person only. The same link has the same token."""
        token = hashlib.sha256(f"{self._salt}:{conversation}:{link}".encode()).hexdigest()[:24]
        return token, lambda c: c.execute(
            "insert or replace into telegram_links (token, link, conversation, at) values (?, ?, ?, ?)",
            [token, link, conversation, self._stamp()],
        )

    def prune(self, connection: sqlite3.Connection) -> None:
        """Drop what is too old to be of use."""
        for table, kept in (("telegram_answers", _ANSWERS_KEPT), ("telegram_links", _LINKS_KEPT)):
            before = (self._clock() - kept).isoformat()
            connection.execute(f"delete from {table} where at < ?", [before])  # noqa: S608

    def _stamp(self) -> str:
        return self._clock().isoformat()


def groups_in(path: Path) -> list[int]:
    """The groups in a database that may be in use: it is only read, whatever its version."""
    try:
        with read_only(path) as connection:
            return [int(row[0]) for row in connection.execute("select chat from telegram_groups order by at")]
    except sqlite3.Error:
        return []
