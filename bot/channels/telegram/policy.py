"""Groups and comments: who is speaking to whom, and whether 小安 should say anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from bot.assistant import COMMANDS, LONGEST
from bot.channels.telegram import wording as wt
from bot.channels.telegram.calling import called, points
from bot.channels.telegram.incoming import Message, command_in, without_addresses
from bot.ids import HUMAN
from bot.mind import Mind
from bot.reply import Reply, Status
from bot.turn import Turn
from knowledge import field
from knowledge.model import Kind
from knowledge.redaction import ID, MAIL, NUMBER, PHONE, redact
from knowledge.text import fold

CHANNEL_FORWARDER = 777000  # "Telegram": puts channel posts into the discussion group
SPEAKS_FOR_OTHERS = (1087968824, 136817688)  # GroupAnonymousBot, Channel Bot: people behind a group or a channel
_MENTION = re.compile(r"(?<![\w.])[@＠](?!所有人|全体|大家|各位|all\b)\w")
_NAMES_PERSON = re.compile(
    r"(?:[老小阿](?![师師铁哥乡姐板弟妹伙])[\u4e00-\u9fff]|[^\W老各员职化施民开](?:老师|老師|总|哥|姐|主任|师傅|经理|工))[，,：:\s]"
)
"""«老李，», «王工，»: whom a message is put to."""
_ASKS_NOTHING = re.compile(
    r"(?:别|不要|不用)(?:老|总|再)?问|谁问|公告|置顶|答[:：]|算了|自己(?:查|看|找|搜)|(?:讲|问|答)过|看这里|看过来|问到了|"
    r"(?:怎么|为什么|为啥|咋).{0,8}[这那]么|如何评价|[和跟]我一样|烦死|\A我?也?不知道"
)
"""Words of who only sounds like asking: of what others ask, of what has been answered, of what is tiresome."""
_REQUESTS = re.compile(r"\A(?:跪|急)?求(?!职)")
_SENTENCE = re.compile(r"(?<=[。；！？])")
_INVITES = re.compile("告诉我|说说|转人工")
"""What asks people for their case, or offers what is only to be had in private."""
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
    perhaps: bool = False  # our name stands in it, but may be spoken of
    author: int = 0  # whose words these are; 0: nobody who could be told later
    command: str = ""  # without the slash
    argument: str = ""
    elsewhere: bool = False  # it is for somebody else: it begins with a mention, or replies to a person
    subject: str = ""  # the entry of the answer of ours to which it replies
    replies: bool = False  # it is for us only as a reply to our message


def by_machine(message: Message) -> bool:
    """Whether no person wrote it: bots, automatic forwards, what came through an inline bot."""
    if message.automatic or message.through_bot:
        return True
    if not message.user:
        return not message.speaks_as
    return message.user == CHANNEL_FORWARDER or (message.is_bot and message.user not in SPEAKS_FOR_OTHERS)


def read(message: Message, bot_id: int, username: str) -> Spoken:
    """What was said, and whether to us."""
    text = message.text
    named = _named(username)
    if command := command_in(text):
        if command.meant_for(username):
            rest = named.sub(" ", command.rest).strip()
            addressed = bool(command.to)
            return Spoken(rest, addressed, author=author_of(message), command=command.name, argument=rest)
        return Spoken("", addressed=False)  # another bot's
    replied, mentioned = message.reply_to, bool(named.search(text))
    plain = named.sub(" ", text).strip()
    call = called(plain)
    rest = call.rest if call else plain
    plain, author = rest or (wt.NAME if call else ""), message
    to_us = replied is not None and replied.user == bot_id
    if (mentioned or call) and replied and replied.text and (not rest or (not to_us and points(rest))):
        plain, author = replied.text, replied  # «@小安» under another's question
    named_us, subject = mentioned or call is not None, replied.subject if to_us and replied else ""
    elsewhere = not named_us and (_put_to_other(text) or message.to_other or (not to_us and _to_another(message)))
    to_us = to_us and not elsewhere
    surely = mentioned or (call is not None and not call.perhaps)
    return Spoken(
        plain,
        addressed=to_us or surely,
        perhaps=named_us and not surely,
        author=author_of(author),
        elsewhere=elsewhere,
        subject=subject,
        replies=to_us and not named_us,
    )


def _to_another(message: Message) -> bool:
    """Whether it replies to what another person said: not to a post, to a notice (the beginning of a topic), or to
    words of one's own."""
    replied = message.reply_to
    if replied is None or by_machine(replied) or not (replied.text or replied.content):
        return False
    return (replied.user, replied.speaks_as) != (message.user, message.speaks_as)


def _put_to_other(text: str) -> bool:
    return bool(_MENTION.search(text) or _NAMES_PERSON.match(text))


def author_of(message: Message) -> int:
    """Who wrote a message; 0 where that is no person one could meet: a channel, an anonymous admin, a bot."""
    return 0 if message.speaks_as or message.is_bot else message.user


@cache
def _named(username: str) -> re.Pattern[str]:
    return re.compile(rf"@{re.escape(username)}(?![A-Za-z0-9_])", re.IGNORECASE)


def asks(mind: Mind, text: str) -> bool:
    """Whether a text is a question, and not too long to be one."""
    return len(text) <= _LONGEST_QUESTION and bool(mind.searcher.analyst.read(text).asking)


def asks_all(mind: Mind, text: str) -> bool:
    """Whether a text is a question, or a plain request of our field, and waits for an answer of whoever reads it."""
    wish = _REQUESTS.sub("", text)
    requests = wish != text and field.in_field(mind.searcher, wish, at_home=False)
    return (requests or asks(mind, text)) and not _ASKS_NOTHING.search(text)


def in_field(mind: Mind, message: Message, text: str, *, at_home: bool) -> bool:
    """Whether a text is surely of our field: by itself, or by where it is said."""
    about = message.reply_to.text if message.reply_to else ""
    here = at_home or message.chat.at_home or bool(field.TITLE.search(about))
    return field.in_field(mind.searcher, _REQUESTS.sub("", text), at_home=here)


def sure(reply: Reply, at_least: float) -> bool:
    """Whether a reply is worth giving unasked."""
    return reply.status is Status.ANSWERED and bool(reply.answers) and reply.score >= at_least


def wants(turn: Turn, text: str) -> bool:
    """Whether words that ask nothing are for us all the same: a case, or a person asked for by the word itself."""
    return turn.reply.status is Status.FLOW or COMMANDS.get(fold(text)) == HUMAN


def of_field(mind: Mind, reply: Reply) -> bool:
    """Whether a reply tells something of our field, or asks back about it."""
    told = {mind.knowledge.entries[answer.entry].kind for answer in reply.answers}
    if told:
        return bool(told & {Kind.ANSWER, Kind.GAP})
    return reply.status is Status.FLOW or any(choice.entry for choice in reply.choices)


def for_all(reply: Reply) -> Reply:
    """A reply as it may be read by everybody: no sentence of it invites to tell something here."""
    answers = tuple(replace(answer, short=_uninviting(answer.short)) for answer in reply.answers)
    return replace(reply, lead=_uninviting(reply.lead), answers=answers)


def _uninviting(text: str) -> str:
    if not _INVITES.search(text):
        return text
    kept = "".join(sentence for sentence in _SENTENCE.split(text) if not _INVITES.search(sentence))
    return (f"{kept[:-1]}。" if kept.endswith("；") else kept) + wt.TELL_IN_PRIVATE


def has_numbers(mind: Mind, message: Message) -> bool:
    """Whether a message gives away a number or an address of somebody's; those of offices are there to be passed on."""
    scrubbed = redact(without_addresses(message.text), mind.readings, LONGEST)
    return any(mark in scrubbed for mark in (ID, NUMBER, MAIL)) or (PHONE in scrubbed and message.mobile)
