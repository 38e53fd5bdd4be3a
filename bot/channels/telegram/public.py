"""Groups and comments under channel posts: short answers, nothing personal, and the way into the private chat."""

from __future__ import annotations

from dataclasses import dataclass, field

from telegram import ChatMemberUpdated, Message
from telegram.constants import ChatMemberStatus

from bot.assistant import Assistant
from bot.channels.arrivals import Json, Write
from bot.channels.telegram import actions as act
from bot.channels.telegram import policy as policy
from bot.channels.telegram import wording as wt
from bot.channels.telegram.actions import Action
from bot.channels.telegram.api import Api
from bot.channels.telegram.keyboard import Rows, link
from bot.channels.telegram.links import Links
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.policy import Mode, Spoken
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.tables import Tables
from bot.channels.telegram.text import Block, block, pages, public
from bot.config import Config
from bot.reply import Message as Said
from bot.reply import Role, Status
from bot.service import Service
from bot.state import State
from bot.turn import Turn

_ADMINS = (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)
_OUT = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
_MOST_CHOICES = 4


@dataclass(slots=True)
class Outcome:
    """What is to be done, and what is to be kept with it."""

    actions: list[Action] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)


class Public:
    """Stateless: what people have told in private is never used here, and nothing said here is kept."""

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

    async def wrote(self, message: Message, *, edited: bool = False) -> Outcome:
        """A message in a group, or an edited one: then its answer follows."""
        if message.migrate_to_chat_id:
            return Outcome(writes=[self._tables.move_group(message.chat.id, message.migrate_to_chat_id)])
        if policy.by_machine(message):
            return Outcome()
        spoken = policy.read(message, self._api.id, self._api.username)
        if spoken.command:
            return await self._command(message, spoken)
        mode = self._mode(message.chat.id)
        if mode is Mode.OFF or not (message.text or message.caption):
            return Outcome()
        return self._answer(message, spoken, mode, edited=edited)

    def joined(self, change: ChatMemberUpdated) -> Outcome:
        """小安 has been added, or put out."""
        chat, status = change.chat.id, change.new_chat_member.status
        if status in _OUT:
            return Outcome(writes=[self._tables.drop_group(chat)])
        came = change.old_chat_member.status in _OUT
        hello = [act.send(chat, wt.JOINED)] if came and self._mode(chat) is not Mode.OFF else []
        return Outcome(hello, [self._tables.put_mode(chat, "")])

    # answering

    def _answer(self, message: Message, spoken: Spoken, mode: Mode, *, edited: bool) -> Outcome:
        mind, chat = self._service.keeper.mind, message.chat.id
        earlier = self._tables.answer_to(chat, message.message_id) if edited else 0
        found = Outcome()
        blocks: list[Block] = []
        if policy.has_numbers(mind, message.text or message.caption or ""):
            blocks.append(block(wt.NUMBER_WARNING))
        turn = self._turn(spoken, mode, unasked=self._pace.full(chat) and not earlier)
        rows: Rows = []
        if turn is not None:
            said, rows = self._said(turn, found)
            blocks += said
        if blocks:
            found.actions += self._under(message, pages(blocks), rows, earlier)
        elif earlier:
            found.actions.append(act.delete(chat, earlier))
            found.writes.append(self._tables.drop_answer(chat, message.message_id))
        return found

    def _turn(self, spoken: Spoken, mode: Mode, *, unasked: bool) -> Turn | None:
        """What the assistant would say, if it should say anything."""
        mind = self._service.keeper.mind
        if not spoken.addressed and (mode is not Mode.SURE or unasked or not policy.asks(mind, spoken.text)):
            return None
        turn = Assistant(mind).reply(State(), Said(text=spoken.text), self._service.today())
        return turn if spoken.addressed or policy.sure(turn.reply, self._sure_at) else None

    def _said(self, turn: Turn, found: Outcome) -> tuple[list[Block], Rows]:
        """The short form of a reply, with the way into the private chat."""
        reply = turn.reply
        flow = reply.flow or next((c.id[2:] for c in reply.choices if c.role is Role.FLOW), "plan")
        url, write = self._links.dialogue(flow, turn.state.answers)
        found.writes += [write] if write else []
        onward = [link(wt.PLAN_ON, url)]
        if reply.answers:
            return public(reply), [[link(wt.ASK_ON, self._links.entry(reply.answers[0].entry))], onward]
        if reply.status is Status.CLARIFY:
            options = [c for c in reply.choices if c.entry][:_MOST_CHOICES]
            rows = [[link(c.label, self._links.entry(str(c.entry)))] for c in options]
            return [block(wt.WHICH_IN_PUBLIC if rows else wt.HELLO_IN_PUBLIC)], [*rows, onward]
        words = {Status.FLOW: wt.CASE_IN_PRIVATE, Status.UNANSWERED: wt.UNKNOWN_IN_PUBLIC}
        return [block(words.get(reply.status, reply.lead or wt.HELLO_IN_PUBLIC))], [onward]

    def _under(self, message: Message, parts: list[str], rows: Rows, earlier: int) -> list[Action]:
        chat, question = message.chat.id, message.message_id
        reply_to = 0 if earlier else question
        return act.said(chat, parts, rows, at=earlier, keep=act.ANSWER, question=question, reply_to=reply_to)

    # commands

    async def _command(self, message: Message, spoken: Spoken) -> Outcome:
        """/xiaoan by an admin; /help and /start where they are meant for us."""
        if spoken.command == "xiaoan":
            return await self._set_mode(message, spoken.argument)
        if not spoken.addressed or self._mode(message.chat.id) is Mode.OFF:
            return Outcome()
        if spoken.command in ("help", "start", "privacy", "forget", "plan"):
            payload = {"plan": self._links.dialogue("plan", {})[0]}.get(spoken.command, self._links.url("hello"))
            rows = [[link(wt.ASK_ON, payload)]]
            return Outcome(self._under(message, pages([block(wt.HELLO_IN_PUBLIC)]), rows, 0))
        return self._answer(message, Spoken(spoken.argument, addressed=True), Mode.ADDRESSED, edited=False)

    async def _set_mode(self, message: Message, argument: str) -> Outcome:
        chat = message.chat.id
        wanted = next((mode for mode, words in wt.MODE_WORDS.items() if argument.strip().lower() in words), "")
        if not wanted:
            now = wt.MODE_NOW.format(mode=wt.MODES[self._mode(chat)])
            return Outcome(self._under(message, pages([block(now), block(wt.MODE_HOW)]), [], 0))
        if not await self._is_admin(message):
            return Outcome(self._under(message, [wt.MODE_NOT_ADMIN], [], 0))
        said = self._under(message, [wt.MODE_SET.format(mode=wt.MODES[wanted])], [], 0)
        return Outcome(said, [self._tables.put_mode(chat, wanted)])

    async def _is_admin(self, message: Message) -> bool:
        if message.sender_chat is not None:
            return message.sender_chat.id == message.chat.id  # an anonymous admin
        if message.from_user is None:
            return False
        asked: Json = {"chat_id": message.chat.id, "user_id": message.from_user.id}
        member: Json | None = await self._sender.quietly(self._api.call("getChatMember", asked))
        return member is not None and member["status"] in _ADMINS

    def _mode(self, chat: int) -> Mode:
        return Mode(self._tables.mode(chat) or self._default)
