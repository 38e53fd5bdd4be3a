"""What is read of an update, as plain values. Nothing else of it is looked at, and nothing else is written to disk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import inf

from bot.channels.telegram import wording as wt
from bot.channels.update_table import Json
from knowledge.field import TITLE
from knowledge.redaction import plain_digits

KINDS = (
    *("photo", "voice", "document", "location", "contact", "sticker", "video", "audio", "animation", "video_note"),
    *("dice", "poll", "story", "venue", "live_photo", "game", "checklist", "paid_media", "invoice", "giveaway"),
    "rich_message",
)
"""What a message says without words."""
_ASK_ON = re.compile(r"\?start=e_([\w-]+)$")
_ADDRESS = re.compile(r"https?://\S+|(?<![\w.\-])[\w.\-]+@[\w.\-]*gov\.cn")
_GAP = r"[\s\-–—‐‑._·,、/]{0,3}"
_MOBILE = re.compile(rf"(?<!\d)(?:0{{0,2}}86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)")
_COMMAND = re.compile(r"[/／](\w*)(?:@([A-Za-z0-9_]+))?[^\w\-]*(.*)", re.DOTALL)
"""A payload of a link may begin with a dash."""
_MESSAGES = ("message", "edited_message")


@dataclass(frozen=True, slots=True)
class Chat:
    """Where something was said."""

    id: int
    type: str
    at_home: bool = False  # its name tells that the talk there is of our field

    @property
    def private(self) -> bool:
        """A person's chat with the bot."""
        return self.type == "private"

    @property
    def group(self) -> bool:
        """A group of either kind."""
        return self.type in ("group", "supergroup")


@dataclass(frozen=True, slots=True)
class Message:
    """Something said, or said otherwise (`edited`)."""

    id: int
    chat: Chat
    user: int = 0  # 0: nobody
    is_bot: bool = False
    speaks_as: int = 0  # the chat in whose name it is said
    topic: int = 0  # of a private chat with topics; in a group the message that is answered tells it
    text: str = ""  # or what stands under a picture
    edited: bool = False
    age: float = 0.0  # seconds from when it was said to when it was last edited; without end where Telegram tells none
    through_bot: bool = False
    passed_on: bool = False  # somebody forwarded it: these are not the person's own words
    automatic: bool = False  # the copy of a channel's post in its discussion group
    moved_to: int = 0  # the group has become a supergroup under this number
    moved_from: int = 0  # the same, told in the supergroup
    content: bool = False  # it says something without words (a photo, not «X joined»)
    album: str = ""  # the same for all pictures sent as one
    subject: str = ""  # the entry that an answer of ours is about, from the button under it
    contact: bool = False  # somebody's card: a name and a number
    to_other: bool = False  # it names a person without @, or replies to what was said in another chat
    mobile: bool = False  # there is a mobile telephone's number in it
    reply_to: Message | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    """A button pressed under a message of ours. `rows` are its buttons as they stand."""

    id: str
    user: int
    chat: Chat
    message: int
    data: str
    rows: list[list[Json]]
    topic: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """Words after @bot, in any chat."""

    id: str
    user: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What 小安 is in a chat: before, and now."""

    chat: Chat
    user: int
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Command:
    """A message that begins with a slash: `name` in small letters, `to` the bot it names, `rest` what follows."""

    name: str
    to: str
    rest: str

    def meant_for(self, username: str) -> bool:
        """Whether it names this bot, or none."""
        return self.to.lower() in ("", username.lower())


Incoming = Message | Tap | Ask | Change


def lane(update: Json) -> str:
    """What must be kept in order: a chat, or a person's inline queries."""
    query = update.get("callback_query") or {}
    for found in (*map(update.get, (*_MESSAGES, "my_chat_member")), query.get("message")):
        if found:
            return str(found["chat"]["id"])
    return f"i{user_of(update)}"


def edited(update: Json) -> int:
    """The message that an update tells a change of; 0 where it tells none."""
    return int(update.get("edited_message", {}).get("message_id", 0))


def user_of(update: Json) -> int:
    """Who is behind an update; 0 where nobody is."""
    for kind in (*_MESSAGES, "callback_query", "inline_query", "my_chat_member"):
        if kind in update:
            return int(update[kind].get("from", {}).get("id", 0))
    return 0


def read(update: Json) -> Incoming | None:
    """An update, if it is of a kind that concerns us."""
    for kind in _MESSAGES:
        if kind in update:
            return _message(update[kind], edited=kind == "edited_message")
    if query := update.get("callback_query"):
        return _tap(query)
    if ask := update.get("inline_query"):
        return Ask(ask["id"], ask["from"]["id"], ask["query"].strip())
    if change := update.get("my_chat_member"):
        before, now = change["old_chat_member"]["status"], change["new_chat_member"]["status"]
        return Change(_chat(change["chat"]), change["from"]["id"], before, now)
    return None


def command_in(text: str) -> Command | None:
    """The command that a text is; its name ends where no letter, digit or _ follows. None where it begins with no
    slash."""
    found = _COMMAND.match(text)
    return Command(found[1].lower(), found[2] or "", found[3].strip()) if found else None


def _chat(raw: Json) -> Chat:
    return Chat(raw["id"], raw["type"], "at_home" in raw or bool(TITLE.search(raw.get("title", ""))))


def _message(raw: Json, *, edited: bool = False) -> Message:
    sender = raw.get("from") or {}
    return Message(
        id=raw["message_id"],
        chat=_chat(raw["chat"]),
        user=sender.get("id", 0),
        is_bot=sender.get("is_bot", False),
        speaks_as=(raw.get("sender_chat") or {}).get("id", 0),
        topic=_topic(raw),
        text=_words(raw),
        edited=edited,
        age=_age(raw) if edited else 0.0,
        through_bot="via_bot" in raw,
        passed_on="forward_origin" in raw,
        automatic="is_automatic_forward" in raw,
        moved_to=raw.get("migrate_to_chat_id", 0),
        moved_from=raw.get("migrate_from_chat_id", 0),
        content=any(kind in raw for kind in KINDS),
        album=raw.get("media_group_id", ""),
        subject=_subject(raw),
        contact="contact" in raw,
        to_other=_to_other(raw),
        mobile=_has_mobile(raw),
        reply_to=_replied(raw),
    )


def _replied(raw: Json) -> Message | None:
    """What it replies to; where a part of that is quoted, as if no more had been said."""
    if "reply_to_message" not in raw:
        return None
    whole = _message(raw["reply_to_message"])
    return replace(whole, text=raw["quote"]["text"]) if "quote" in raw else whole


def _topic(raw: Json) -> int:
    return int(raw.get("message_thread_id", 0)) if raw["chat"]["type"] == "private" else 0


def _words(raw: Json) -> str:
    return str(raw.get("text") or raw.get("caption") or "").strip()


def _to_other(raw: Json) -> bool:
    entities = (*raw.get("entities", ()), *raw.get("caption_entities", ()))
    named = any(entity["type"] == "text_mention" for entity in entities)
    return named or "to_other" in raw or "external_reply" in raw


def _has_mobile(raw: Json) -> bool:
    """Also where the number itself has been taken out before it was kept."""
    plain = unicodedata.normalize("NFKC", plain_digits(without_addresses(_words(raw))))
    return "mobile" in raw or bool(_MOBILE.search(plain))


def without_addresses(text: str) -> str:
    """A text without links and addresses of offices: numbers in them are nobody's."""
    return _ADDRESS.sub(" ", text)


def _age(raw: Json) -> float:
    return float(raw["edit_date"] - raw["date"]) if "edit_date" in raw else inf


def _subject(raw: Json) -> str:
    """The entry that the first button under a message leads to, if it is the one under our answers."""
    rows = (raw.get("reply_markup") or {}).get("inline_keyboard") or [[{}]]
    found = _ASK_ON.search(rows[0][0].get("url", "")) if rows[0] and rows[0][0].get("text") == wt.ASK_ON else None
    return found[1] if found else ""


def _tap(raw: Json) -> Tap:
    user, under = raw["from"]["id"], raw.get("message")
    rows = under.get("reply_markup", {}).get("inline_keyboard", []) if under else []
    chat = _chat(under["chat"]) if under else Chat(user, "private")
    message, topic = (under["message_id"], _topic(under)) if under else (0, 0)
    return Tap(raw["id"], user, chat, message, raw.get("data", ""), rows, topic)


# on disk


def slim(update: Json, clean: Callable[[str], str]) -> Json:
    """The update with only what is read of it; `clean` takes out of a text what tells who somebody is."""
    found: Json = {"update_id": update["update_id"]}
    for kind in _MESSAGES:
        if kind in update:
            found[kind] = _slim_message(update[kind], clean)
    if query := update.get("callback_query"):
        found["callback_query"] = _some(query, ("id", "data")) | _who(query)
        if under := query.get("message"):
            place = _some(under, ("message_id", "message_thread_id", "reply_markup"))
            found["callback_query"]["message"] = place | {"chat": _slim_chat(under["chat"])}
    if ask := update.get("inline_query"):
        found["inline_query"] = {"id": ask["id"], "query": clean(ask["query"])} | _who(ask)
    if change := update.get("my_chat_member"):
        states = {name: {"status": change[name]["status"]} for name in ("old_chat_member", "new_chat_member")}
        found["my_chat_member"] = {"chat": _slim_chat(change["chat"])} | states | _who(change)
    return found


_PLAIN = (
    *("message_id", "message_thread_id", "date", "edit_date"),
    *("is_automatic_forward", "migrate_to_chat_id", "migrate_from_chat_id", "media_group_id"),
)


def _slim_message(raw: Json, clean: Callable[[str], str]) -> Json:
    found = _some(raw, _PLAIN)
    found |= {"chat": _slim_chat(raw["chat"])} | _who(raw)
    found |= {name: clean(raw[name]) for name in ("text", "caption") if name in raw}
    found |= {name: {} for name in (*KINDS, "forward_origin", "via_bot") if name in raw}
    if _has_mobile(raw):
        found["mobile"] = True
    if _to_other(raw):
        found["to_other"] = True
    if _subject(raw):
        found["reply_markup"] = {
            "inline_keyboard": [[_some(raw["reply_markup"]["inline_keyboard"][0][0], ("text", "url"))]]
        }
    if "sender_chat" in raw:
        found["sender_chat"] = _some(raw["sender_chat"], ("id", "type"))
    if "reply_to_message" in raw:
        found["reply_to_message"] = _slim_message(raw["reply_to_message"], clean)
    if "quote" in raw:
        found["quote"] = {"text": clean(raw["quote"]["text"])}
    return found


def _slim_chat(raw: Json) -> Json:
    return _some(raw, ("id", "type")) | ({"at_home": True} if _chat(raw).at_home else {})


def _who(raw: Json) -> Json:
    return {"from": _some(raw["from"], ("id", "is_bot"))} if "from" in raw else {}


def _some(raw: Json, names: Iterable[str]) -> Json:
    return {name: raw[name] for name in names if name in raw}
