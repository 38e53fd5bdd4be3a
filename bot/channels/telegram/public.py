"""Groups and comments under channel posts: short answers, nothing personal, and the way into the private chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from telegram.constants import ChatMemberStatus

from bot import wording as w
from bot.assistant import Assistant
from bot.channels.telegram import actions as act
from bot.channels.telegram import policy
from bot.channels.telegram import wording as wt
from bot.channels.telegram.actions import Action, Outcome
from bot.channels.telegram.api import Api
from bot.channels.telegram.budget import Warnings
from bot.channels.telegram.incoming import Change, Message
from bot.channels.telegram.keyboard import Rows, link
from bot.channels.telegram.links import Links
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.policy import Mode, Spoken
from bot.channels.telegram.private import PRIVACY
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.tables import Answered, Tables
from bot.channels.telegram.text import Block, block, pages, public
from bot.channels.update_table import Json, Write
from bot.config import Config
from bot.ids import HUMAN
from bot.reply import Message as Said
from bot.reply import Role, Status
from bot.service import Service
from bot.state import State
from bot.turn import Turn

_ADMINS = (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)
_OUT = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
_MOST_CHOICES = 4
_SETTING = "xiaoan"
"""The command by which admins decide when it speaks."""
_IN_PRIVATE = {
    "help": (wt.HELLO_IN_PUBLIC, wt.ASK_ON, "hello"),
    "start": (wt.HELLO_IN_PUBLIC, wt.ASK_ON, "hello"),
    "plan": (wt.HELLO_IN_PUBLIC, wt.PLAN_ON, ""),
    "privacy": (wt.PRIVACY_IN_PUBLIC, wt.PRIVACY_ON, PRIVACY),
    "forget": (wt.FORGET_IN_PUBLIC, wt.PRIVACY_ON, PRIVACY),
}
"""Commands of the private chat: what is said to them in public, and the button into it (no payload: the plan)."""


class Public:
    """What people have told in private is never used here. Of what is said here nothing is kept but, where 小安
    answers, the facts of the case for the button into the private chat: for who said them alone, and for some days."""

    def __init__(
        self, service: Service, tables: Tables, config: Config, api: Api, sender: Sender, pace: Pace, links: Links
    ) -> None:
        self._service = service
        self._tables = tables
        self._default = Mode(config.text("telegram_groups"))
        self._sure_at = config.number("telegram_sure_at")
        self._api = api
        self._sender = sender
        self._pace = pace
        self._links = links
        self._warnings = Warnings()

    async def wrote(self, message: Message) -> Outcome:
        """A message in a group, or an edited one: then its answer follows."""
        if message.moved_to:
            return Outcome(writes=[self._tables.move_group(message.chat.id, message.moved_to)])
        if message.moved_from:  # told on either side, and what is said here next must find it done
            return Outcome(writes=[self._tables.move_group(message.moved_from, message.chat.id)])
        if policy.by_machine(message):
            return Outcome()
        known = self._tables.answer_to(message.chat.id, message.id) if message.edited else Answered()
        if message.edited and self._tables.unchanged(message, known):
            return Outcome()
        if not (message.text or message.contact):
            return self._said_under(message, [], known.message)
        spoken = self._spoken(message)
        if spoken.command and not message.passed_on and (found := await self._command(message, spoken, known.message)):
            return found
        mode = self._mode(message.chat.id)
        if mode is Mode.OFF:
            return self._said_under(message, [], known.message)
        return self._answer(message, spoken, mode, known.message)

    def passed_over(self, message: Message, why: Callable[[], str]) -> Outcome:
        """A message of a person over the budget. A number is still warned of; who speaks to 小安 is told `why` there is
        no answer (empty: it has been said)."""
        if policy.by_machine(message) or self._mode(message.chat.id) is Mode.OFF:
            return Outcome()
        blocks = self._warning(message, asked=False)
        if self._spoken(message).addressed and not message.passed_on and (words := why()):
            blocks.append(block(words))
        return self._said_under(message, blocks, 0)

    def _spoken(self, message: Message) -> Spoken:
        return policy.read(message, self._api.id, self._api.username)

    def joined(self, change: Change) -> Outcome:
        """小安 has been added, or put out."""
        chat = change.chat.id
        if change.now in _OUT:
            return Outcome(writes=[self._tables.drop_group(chat)])
        mode = self._mode(chat)
        blind = change.now != ChatMemberStatus.ADMINISTRATOR and not self._api.can_read_all_group_messages
        hello = wt.JOINED.format(mode=wt.MODES[mode]) + (wt.JOINED_BLIND if blind and mode is Mode.SURE else "")
        said = change.before in _OUT and mode is not Mode.OFF
        return Outcome([act.send(chat, hello)] if said else (), [self._tables.put_mode(chat, "")])

    # answering

    def _answer(self, message: Message, spoken: Spoken, mode: Mode, earlier: int) -> Outcome:
        unasked = self._pace.full(message.chat.id) and not earlier
        heard = message.text and not message.passed_on
        turn = self._turn(message, spoken, mode, unasked=unasked) if heard else None
        warning = self._warning(message, asked=turn is not None or bool(earlier))
        if turn is None:
            return self._said_under(message, warning, earlier)
        said, rows, writes = self._said(turn, spoken.author, message.user)
        return Outcome(self._under(message, pages([*warning, *said]), rows, earlier), writes)

    def _warning(self, message: Message, *, asked: bool) -> list[Block]:
        """What to say to who gives a number away. Where nothing else is said (not `asked`) not every time."""
        if message.contact:
            words = wt.CONTACT_WARNING
        elif policy.has_numbers(self._service.keeper.mind, message):
            words = wt.NUMBER_WARNING
        else:
            return []
        person = message.speaks_as or message.user
        return [block(words)] if asked or self._warnings.may(message.chat.id, person) else []

    def _said_under(self, message: Message, blocks: list[Block], earlier: int) -> Outcome:
        """A word without buttons; where there is none, the answer that a changed message had goes."""
        if blocks:
            return Outcome(self._under(message, pages(blocks), [], earlier))
        if earlier:
            chat = message.chat.id
            return Outcome([act.delete(chat, earlier)], [self._tables.drop_answer(chat, message.id)])
        return Outcome()

    def _turn(self, message: Message, spoken: Spoken, mode: Mode, *, unasked: bool) -> Turn | None:
        """What the assistant would say, if it should say anything. Among themselves people reply to its answers too:
        of that it answers what asks, and what it is sure of."""
        mind = self._service.keeper.mind
        if spoken.elsewhere or (spoken.command and not spoken.addressed):
            return None
        asks = policy.asks(mind, spoken.text)
        if spoken.perhaps and not (spoken.addressed or asks):
            return None
        if not (spoken.addressed or spoken.perhaps):
            wanted = mode is Mode.SURE and not unasked and policy.asks_all(mind, spoken.text)
            if not (wanted and self._in_field(message, spoken.text)):
                return None
        turn = self._heard(spoken if asks else replace(spoken, subject=""))
        if spoken.perhaps and not spoken.addressed:
            return turn if policy.of_field(mind, turn.reply) else None
        if spoken.addressed and (asks or not spoken.replies or policy.wants(turn, spoken.text)):
            return turn
        return turn if policy.sure(turn.reply, self._sure_at) else None

    def _in_field(self, message: Message, text: str) -> bool:
        """Whether a question to everybody is of our field. Where an admin wants it answered, so is all they talk of."""
        wanted = self._tables.mode(message.chat.id) == Mode.SURE
        return policy.in_field(self._service.keeper.mind, message, text, at_home=wanted)

    def _heard(self, spoken: Spoken) -> Turn:
        """The reply to what was said, after the answer of ours that it is about."""
        assistant, today = Assistant(self._service.keeper.mind), self._service.today()
        if spoken.subject and spoken.text.strip("？?") == w.WHY:  # what the button of the private chat says
            return assistant.reply(State(), Said(choose=f"w.{spoken.subject}"), today)
        about = assistant.reply(State(), Said(choose=f"e.{spoken.subject}"), today).state if spoken.subject else State()
        return assistant.reply(replace(about, flow=""), Said(text=spoken.text), today)

    def _said(self, turn: Turn, author: int, reader: int) -> tuple[list[Block], Rows, list[Write]]:
        """The short form of a reply, with the way into the private chat, and what is to be kept for its author."""
        if turn.wants_person:  # nothing said here is stored, so nothing can be handed on from here
            return [block(wt.HUMAN_IN_PUBLIC)], [[link(wt.HUMAN_ON, self._links.entry(HUMAN))]], []
        reply = policy.for_all(turn.reply)
        flow = reply.flow or next((c.id[2:] for c in reply.choices if c.role is Role.FLOW), "plan")
        url, writes = self._links.dialogue(flow, turn.state.answers if author else {}, author)
        onward = [link(wt.PLAN_ON, url)]
        if reply.answers:
            return public(reply), [[link(wt.ASK_ON, self._links.entry(reply.answers[0].entry))], onward], writes
        if reply.status is Status.CLARIFY:
            options = [c for c in reply.choices if c.entry][:_MOST_CHOICES]
            rows = [[link(c.label, self._links.entry(str(c.entry)))] for c in options]
            return [block(wt.WHICH_IN_PUBLIC if rows else wt.HELLO_IN_PUBLIC)], [*rows, onward], writes
        case = wt.CASE_IN_PRIVATE + (wt.CASE_CARRIED if writes and author == reader else "")
        words = {Status.FLOW: case, Status.UNANSWERED: wt.UNKNOWN_IN_PUBLIC}
        return [block(words.get(reply.status, reply.lead or wt.HELLO_IN_PUBLIC))], [onward], writes

    def _under(self, message: Message, parts: list[str], rows: Rows, earlier: int) -> list[Action]:
        return act.said(
            message.chat.id, parts, rows, at=earlier, keep=act.ANSWER, question=message.id, reply_to=message.id
        )

    # commands

    async def _command(self, message: Message, spoken: Spoken, earlier: int) -> Outcome | None:
        """/xiaoan by an admin; /help and /start where they are meant for us. None: what is said counts, no command."""
        joined = spoken.command.removeprefix(_SETTING)  # «/xiaoan关闭»
        if spoken.command == _SETTING or (joined != spoken.command and not joined.isascii()):
            return Outcome(*await self._set_mode(message, joined + spoken.argument, earlier))
        ours = spoken.addressed or (spoken.command in wt.GROUP_COMMANDS and not spoken.argument)
        if not ours or self._mode(message.chat.id) is Mode.OFF:
            return None
        if spoken.command in _IN_PRIVATE:
            words, label, payload = _IN_PRIVATE[spoken.command]
            url = self._links.url(payload) if payload else self._links.dialogue("plan", {}, 0)[0]
            return Outcome(self._under(message, pages([block(words)]), [[link(label, url)]], earlier))
        return self._answer(message, replace(spoken, command=""), Mode.ADDRESSED, earlier)

    async def _set_mode(self, message: Message, argument: str, earlier: int) -> tuple[list[Action], list[Write]]:
        chat = message.chat.id
        wanted = next((mode for mode, words in wt.MODE_WORDS.items() if argument.strip(" 。.！!").lower() in words), "")
        if not wanted:
            told = [wt.MODE_NOW.format(mode=wt.MODES[self._mode(chat)]), wt.MODE_HOW]
            words = [wt.MODE_UNKNOWN, *told] if argument else told
            return self._under(message, pages([block(line) for line in words]), [], earlier), []
        if not await self._is_admin(message):
            return self._under(message, [wt.MODE_NOT_ADMIN], [], earlier), []
        said = self._under(message, [wt.MODE_SET.format(mode=wt.MODES[wanted])], [], earlier)
        return said, [self._tables.put_mode(chat, wanted)]

    async def _is_admin(self, message: Message) -> bool:
        if message.speaks_as:
            return message.speaks_as == message.chat.id  # an anonymous admin
        if not message.user:
            return False
        asked: Json = {"chat_id": message.chat.id, "user_id": message.user}
        member = await self._sender.do(Action("getChatMember", asked))
        return member is not None and member["status"] in _ADMINS

    def _mode(self, chat: int) -> Mode:
        return Mode(self._tables.mode(chat) or self._default)
