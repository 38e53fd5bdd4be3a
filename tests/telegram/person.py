"""The person's side: say, edit, tap, start with a payload, ask inline, comment, delete, block."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from . import limits
from .formatting import detect, read_text, utf16
from .methods import replying
from .methods_bot import membership
from .state import Ask, Chat, Json, Stored, Tap

if TYPE_CHECKING:
    from .fake import FakeTelegram
    from .rooms import Post

_FILE = {"file_id": "AgACfake", "file_unique_id": "Afake"}
CONTENT: dict[str, Json] = {  # what a person may send instead of words
    "photo": {"photo": [_FILE | {"width": 90, "height": 67}, _FILE | {"width": 800, "height": 600}]},
    "voice": {"voice": _FILE | {"duration": 4, "mime_type": "audio/ogg"}},
    "document": {"document": _FILE | {"file_name": "证明.pdf", "mime_type": "application/pdf"}},
    "location": {"location": {"latitude": 39.9, "longitude": 116.4}},
    "contact": {"contact": {"phone_number": "13800000000", "first_name": "某人"}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "game": {"game": {"title": "小游戏", "description": "玩一下", "photo": [_FILE | {"width": 90, "height": 67}]}},
    "sticker": {
        "sticker": _FILE | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    },
}


class NotPossible(Exception):
    """A client of Telegram would not let a person do this."""


def words(text: str) -> Json:
    """What a person's client makes of the typed text."""
    if not text.strip():
        raise NotPossible("an empty message can't be sent")
    if utf16(text) > 4096:
        raise NotPossible("a client splits a text of more than 4096 characters; say it in parts")
    entities = detect(text.strip())
    return {"text": text.strip()} | ({"entities": entities} if entities else {})


class Person:
    """Someone with a Telegram account and a private chat with the bot."""

    def __init__(self, fake: FakeTelegram, user: Json) -> None:
        self._fake = fake
        self.user = user
        self.chat = Chat(user["id"], "private", person=user, seen=False)
        fake.world.users[user["id"]] = user
        fake.world.chats[user["id"]] = self.chat

    @property
    def id(self) -> int:
        return int(self.user["id"])

    def _write(self, chat: Chat | None, content: Json, reply_to: Stored | None = None) -> Stored:
        where = chat or (reply_to.chat if reply_to else self.chat)
        if where is self.chat:
            if self.chat.blocked:
                raise NotPossible("unblock the bot first")
            self.chat.seen = True
        elif where.members.setdefault(self.id, "member") in ("left", "kicked") or where.moved_to is not None:
            raise NotPossible("not a member of this chat, or it moved to a supergroup")
        head: Json = {"from": self.user, "date": self._fake.now()}
        message = self._fake.world.store(where, head | (replying(reply_to) if reply_to else {}) | content)
        self._fake.hear(message)
        return message

    def say(
        self,
        text: str,
        chat: Chat | None = None,
        *,
        reply_to: Stored | None = None,
        quote: str = "",
        topic: int | None = None,
    ) -> Stored:
        """Write in the private chat (in a topic of it, where the bot has them), or in a group."""
        if topic is None:
            quoted = {"quote": {"text": quote, "position": 0, "is_manual": True}} if quote else {}
            return self._write(chat, words(text) | quoted, reply_to)
        self.chat.topics.add(topic)
        return self._write(chat, words(text) | {"message_thread_id": topic, "is_topic_message": True}, reply_to)

    def send(self, kind: str, chat: Chat | None = None, *, caption: str = "", album: str = "") -> Stored:
        """Send something other than words: a key of CONTENT; several with the same `album` as one."""
        told: Json = {"caption": caption} if caption else {}
        told |= {"media_group_id": album} if album else {}
        return self._write(chat, copy.deepcopy(CONTENT[kind]) | told)

    def forward(self, text: str, chat: Chat | None = None) -> Stored:
        """Pass on what somebody else once wrote elsewhere."""
        origin = {"type": "hidden_user", "sender_user_name": "某人", "date": self._fake.now()}
        return self._write(chat, {"forward_origin": origin} | words(text))

    def start(self, payload: str = "") -> Stored:
        """Open the bot through a link t.me/bot?start=payload, or press Start."""
        if payload and not limits.START_PARAMETER.fullmatch(payload):
            raise NotPossible(f"the link would not work: {limits.LIMITS['start_parameter'].sentence}")
        if self.chat.blocked:
            self.unblock()
        return self.say(f"/start {payload}".strip())

    def comment(self, post: Post, text: str, *, reply_to: Stored | None = None) -> Stored:
        """Write under a channel post."""
        return self.say(text, post.group.chat, reply_to=reply_to or post.forwarded)

    def edit(self, message: Stored, text: str) -> None:
        """Change one's own message."""
        if message.deleted or message.body.get("from", {}).get("id") != self.id:
            raise NotPossible("only one's own message can be edited")
        message.body.pop("entities", None)
        message.body |= words(text) | {"edit_date": self._fake.now()}
        self._fake.hear(message, "edited_message")

    def uncaption(self, message: Stored) -> None:
        """Take the words from under a picture."""
        message.body.pop("caption")
        message.body |= {"edit_date": self._fake.now()}
        self._fake.hear(message, "edited_message")

    def move(self, message: Stored, latitude: float) -> None:
        """The next position of a live location: the bot sees an edited message without words."""
        message.body |= {"location": message.body["location"] | {"latitude": latitude}, "edit_date": self._fake.now()}
        self._fake.hear(message, "edited_message")

    def delete(self, message: Stored) -> None:
        """Delete a message for everyone; the bot is not told."""
        message.deleted = True

    def tap(self, message: Stored, label: str | None = None, *, data: str | None = None, stale: bool = False) -> Tap:
        """Press a button, named by its label or data. `stale`: from a screen where the button still stood."""
        if not stale:
            data = str(_button(message, label, data)["callback_data"])
        made = Tap(f"4{self._fake.world.next_id():017d}", self._fake.clock.now(), message)
        self._fake.world.taps[made.id] = made
        query: Json = {"id": made.id, "from": self.user, "data": data}
        query["chat_instance"] = str(7_000_000_000_000_000 + abs(message.chat.id))
        if message.inline_id:
            query["inline_message_id"] = message.inline_id
        else:
            query["message"] = _shown(message)
        self._fake.emit("callback_query", query, f"callback{message.chat.id}-{self.id}")
        return made

    def ask_inline(self, query: str, *, chat_type: str = "sender") -> Ask:
        """Type @bot and some words in the input field."""
        limits.demand(utf16(query) <= 256, "inline_query")
        ask = Ask(f"5{self._fake.world.next_id():017d}", self._fake.clock.now(), self.user, query)
        self._fake.world.asks[ask.id] = ask
        payload = {"id": ask.id, "from": self.user, "query": query, "offset": "", "chat_type": chat_type}
        self._fake.emit("inline_query", payload, f"inline{self.id}")
        return ask

    def choose(self, ask: Ask, result_id: str, chat: Chat | None = None) -> Stored:
        """Send one of the results into a chat."""
        result = next(r for r in ask.results if r["id"] == result_id)
        content = result["input_message_content"]
        text, entities = read_text(content["message_text"], content.get("parse_mode"))
        body: dict[str, Any] = {"text": text, "via_bot": dict(self._fake.world.bot)}
        body |= {"entities": entities} if entities else {}
        chosen: Json = {"result_id": result_id, "from": self.user, "query": ask.query}
        if result.get("reply_markup"):
            body["reply_markup"] = result["reply_markup"]
            chosen["inline_message_id"] = f"inline-{self._fake.world.next_id()}"
        message = self._write(chat, body)
        if "inline_message_id" in chosen:
            message.inline_id = chosen["inline_message_id"]
            self._fake.world.inline_messages[chosen["inline_message_id"]] = message
        self._fake.emit("chosen_inline_result", chosen, f"inline{self.id}")
        return message

    def block(self) -> None:
        """Stop the bot: it may no longer write."""
        self._turn(blocked=True)

    def unblock(self) -> None:
        """Restart the bot."""
        self._turn(blocked=False)

    def _turn(self, *, blocked: bool) -> None:
        self.chat.blocked = blocked
        self.chat.seen = True
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        change = {"chat": self.chat.brief(), "from": self.user, "date": self._fake.now()}
        bot = self._fake.world.bot
        change |= {"old_chat_member": membership(bot, before), "new_chat_member": membership(bot, after)}
        self._fake.emit("my_chat_member", change, f"chat{self.chat.id}")


def _button(message: Stored, label: str | None, data: str | None) -> Json:
    """The button a person means; what can't be seen can't be pressed."""
    if message.deleted:
        raise NotPossible("the message is gone; with stale=True the tap was under way before")
    buttons = [b for b in message.buttons if "callback_data" in b]
    fits = [b for b in buttons if label in (None, b["text"]) and data in (None, b["callback_data"])]
    if not fits:
        raise NotPossible(f"no such button among {[(b['text'], b['callback_data']) for b in buttons]}")
    return fits[0]


def _shown(message: Stored) -> Json:
    """The message with the button, or the stub that stands for a deleted one."""
    if message.deleted:
        return {"chat": message.chat.brief(), "message_id": message.id, "date": 0}
    return message.body
