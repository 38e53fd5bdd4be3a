"""What the fake world consists of: users, chats, messages with their ids, open queries, uploaded files."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import ApiError, bad_request, forbidden

Json = dict[str, Any]
CHANNEL_FORWARDER = 777000  # "Telegram", which puts channel posts into the discussion group
ANONYMOUS_ADMIN = 1087968824  # GroupAnonymousBot, who stands for a group that speaks as itself


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    content: bytes
    mime: str = "application/octet-stream"


@dataclass(slots=True)
class Chat:
    """A chat as the bot may see it. `members` says who is what; `seen` that the bot may know the chat at all."""

    id: int
    type: str
    title: str = ""
    username: str | None = None
    person: Json | None = None
    members: dict[int, str] = field(default_factory=dict)
    linked: int | None = None
    moved_to: int | None = None
    privacy: bool = False
    seen: bool = True
    blocked: bool = False
    topics: set[int] = field(default_factory=set)

    def brief(self) -> Json:
        """The Chat object inside messages."""
        found: Json = {"id": self.id, "type": self.type}
        if self.person is not None:
            names = ("first_name", "last_name", "username")
            return found | {key: self.person[key] for key in names if key in self.person}
        return found | {"title": self.title} | ({"username": self.username} if self.username else {})

    @property
    def spoken(self) -> str:
        """How the server's refusals call this kind of chat."""
        return f"{self.type} chat"


@dataclass(slots=True)
class Stored:
    """A message that exists. `body` is what the Bot API shows; tests read the properties."""

    chat: Chat
    body: Json
    by_bot: bool = False
    deleted: bool = False
    inline_id: str | None = None

    @property
    def id(self) -> int:
        return int(self.body["message_id"])

    @property
    def text(self) -> str:
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def buttons(self) -> list[Json]:
        """Every inline button, row by row."""
        rows = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [str(button["text"]) for button in self.buttons]

    @property
    def thread(self) -> int | None:
        return self.body.get("message_thread_id")


@dataclass(slots=True)
class Tap:
    """A pressed button. `answer` stays None until the bot answers; then it is what the person sees."""

    id: str
    made: float
    message: Stored
    answer: Json | None = None


@dataclass(slots=True)
class Ask:
    """An inline query and, once the bot answers, its results."""

    id: str
    made: float
    person: Json
    query: str
    answer: Json | None = None

    @property
    def results(self) -> list[Json]:
        return list(self.answer["results"]) if self.answer else []


@dataclass(slots=True)
class World:
    """Everything there is, seen from above."""

    bot: Json
    users: dict[int, Json] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    messages: dict[tuple[int, int], Stored] = field(default_factory=dict)
    inline_messages: dict[str, Stored] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    asks: dict[str, Ask] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    _counters: dict[int, itertools.count[int]] = field(default_factory=dict)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def next_id(self) -> int:
        """A fresh number, never used before in this world."""
        return next(self._ids)

    def message_id(self, chat: Chat) -> int:
        """Supergroups and channels count alone; private chats and small groups share the bot's counter."""
        key = chat.id if chat.type in ("supergroup", "channel") else 0
        return next(self._counters.setdefault(key, itertools.count(1)))

    def store(self, chat: Chat, body: Mapping[str, Any], *, by_bot: bool = False) -> Stored:
        """Put a message into a chat and give it its number."""
        numbered = {"message_id": self.message_id(chat), "chat": chat.brief()} | dict(body)
        message = Stored(chat, numbered, by_bot)
        self.messages[chat.id, message.id] = message
        return message

    def find(self, chat: Chat, message_id: object) -> Stored | None:
        """A message that has not been deleted."""
        found = self.messages.get((chat.id, message_id)) if isinstance(message_id, int) else None
        return None if found is None or found.deleted else found

    def chat(self, chat_id: object) -> Chat:
        """The chat a request names, by id or @username."""
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            named = (c for c in self.chats.values() if c.username and c.type != "private")
            found = next((c for c in named if c.username.lower() == chat_id[1:].lower()), None)  # type: ignore[union-attr]
        else:
            found = self.chats.get(int(chat_id)) if str(chat_id).lstrip("-").isdigit() else None  # type: ignore[call-overload]
        if chat_id in (None, ""):
            raise bad_request("chat_id is empty")
        if found is None or not found.seen:
            raise bad_request("chat not found")
        return found

    def writable(self, chat_id: object) -> Chat:
        """The chat, if the bot may write there."""
        chat = self.chat(chat_id)
        if chat.moved_to is not None:
            moved = {"migrate_to_chat_id": chat.moved_to}
            raise bad_request("group chat was upgraded to a supergroup chat", moved)
        if chat.type == "private":
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
            return chat
        refusal = self._shut_out(chat)
        if refusal is not None:
            raise refusal
        return chat

    def _shut_out(self, chat: Chat) -> ApiError | None:
        status = chat.members.get(self.bot["id"], "left")
        if status == "kicked":
            return forbidden(f"bot was kicked from the {chat.spoken}")
        if status == "left":
            return forbidden(f"bot is not a member of the {chat.spoken}")
        if chat.type == "channel" and status != "administrator":
            return bad_request("need administrator rights in the channel chat")
        return None
