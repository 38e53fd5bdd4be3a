"""Groups and comments: who is speaking to whom, and whether 小安 should say anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from telegram import Chat, Message

from bot.channels.telegram import wording as wt
from bot.mind import Mind
from bot.reply import Reply, Status
from knowledge.redaction import ID, PHONE, redact

CHANNEL_FORWARDER = 777000  # "Telegram": puts channel posts into the discussion group
SPEAKS_FOR_OTHERS = (1087968824, 136817688)  # GroupAnonymousBot, Channel Bot: people behind a group or a channel
_LONGEST_QUESTION = 300
"""Characters of what is still taken for a question, where nobody asked 小安."""


class Mode(StrEnum):
    """When 小安 speaks in a group."""

    ADDRESSED = "addressed"
    SURE = "sure"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message in a group, as far as it concerns us."""

    text: str  # without our name
    addressed: bool
    command: str = ""  # without the slash
    argument: str = ""


def by_machine(message: Message) -> bool:
    """Whether no person wrote it: bots, automatic forwards, what came through an inline bot."""
    sender = message.from_user
    if message.is_automatic_forward or message.via_bot or message.forward_origin is not None:
        return True
    if sender is None:
        return message.sender_chat is None
    return sender.id == CHANNEL_FORWARDER or (sender.is_bot and sender.id not in SPEAKS_FOR_OTHERS)


def read(message: Message, bot_id: int, username: str) -> Spoken:
    """What was said, and whether to us."""
    text = (message.text or message.caption or "").strip()
    named = re.compile(rf"@{re.escape(username)}(?![A-Za-z0-9_])", re.IGNORECASE)
    if text.startswith("/"):
        word, _, rest = text.partition(" ")
        name, _, to = word[1:].partition("@")
        if not to or to.lower() == username.lower():
            return Spoken(named.sub(" ", rest).strip(), bool(to), name.lower(), named.sub(" ", rest).strip())
        return Spoken("", addressed=False)  # another bot's
    replied = message.reply_to_message
    to_us = bool(replied and replied.from_user and replied.from_user.id == bot_id)
    mentioned = bool(named.search(text))
    called = text.startswith(wt.ADDRESSED_BY_NAME)
    plain = named.sub(" ", text).strip()
    if called:
        plain = plain.removeprefix(wt.ADDRESSED_BY_NAME).lstrip("，,：:、！! ") or plain
    if (mentioned or called) and not plain and replied:
        plain = (replied.text or replied.caption or "").strip()  # «@小安» under another's question
    return Spoken(plain, to_us or mentioned or called)


def asks(mind: Mind, text: str) -> bool:
    """Whether a text is a question, and not too long to be one."""
    if len(text) > _LONGEST_QUESTION:
        return False
    reading = mind.searcher.analyst.read(text)
    return any(reading.asks(*clause) for clause in reading.clauses)


def sure(reply: Reply, at_least: float) -> bool:
    """Whether a reply is worth giving unasked."""
    return reply.status is Status.ANSWERED and bool(reply.answers) and reply.score >= at_least


def has_numbers(mind: Mind, text: str) -> bool:
    """Whether a text gives away an ID number or a telephone number."""
    scrubbed = redact(text, mind.readings)
    return ID in scrubbed or PHONE in scrubbed


def is_group(chat: Chat) -> bool:
    """A group of either kind."""
    return chat.type in (Chat.GROUP, Chat.SUPERGROUP)
