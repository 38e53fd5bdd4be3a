"""A private chat: what a person writes or taps becomes a message to the service, and its reply what is to be done."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Connection

from bot import links
from bot import wording as w
from bot.assistant import COMMANDS
from bot.calendar_file import calendar
from bot.channels.telegram import CHANNEL
from bot.channels.telegram import actions as act
from bot.channels.telegram import keyboard as keys
from bot.channels.telegram import wording as wt
from bot.channels.telegram.actions import Action, Outcome
from bot.channels.telegram.incoming import Command, Message, Tap, command_in
from bot.channels.telegram.tables import Tables
from bot.channels.telegram.text import block, full, pages
from bot.channels.update_table import UpdateTable
from bot.clock import now
from bot.ids import HUMAN
from bot.render import card_markdown
from bot.reply import Message as Said
from bot.reply import Reply, Role, Status
from bot.service import Along, Service
from flows.engine import nodes_of

IN_PLACE = ("a", "b", "back", "keep", "restart", "undo", "quit", "resume")
"""What changes the dialogue's message where it stands; everything else is said below."""
PRIVACY = "privacy"
"""The payload that opens the page on what is kept."""
LINK, SHORT_LINK, ENTRY = "l_", "s_", "e_"
"""How the payload of a t.me link begins."""
_LABELS = (wt.CALENDAR, wt.DOCUMENT, w.WHY, w.USEFUL, w.USELESS)
"""Buttons that may be typed as words."""
_ALBUMS = 500
_SHOWN = 2
"""Turns whose buttons are still on show."""
_FILES = {keys.ICS: "ics", keys.MARKDOWN: "md"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a turn happens: the update, the person, and the message that was tapped or edited (0: none)."""

    number: int
    conversation: str
    chat: int
    topic: int = 0  # of the chat (0: it has none)
    question: int = 0  # the message to which the answer belongs, for edits
    at: int = 0  # the message to be changed in place
    before: tuple[Action, ...] = ()
    after: tuple[Action, ...] = ()


class Private:
    """Translates; decides nothing."""

    def __init__(self, service: Service, tables: Tables, updates: UpdateTable, username: str) -> None:
        self._service = service
        self._tables = tables
        self._updates = updates
        self._username = username
        self._albums: deque[str] = deque(maxlen=_ALBUMS)
        self._commands: dict[str, Callable[[Place, str], Awaitable[Outcome]]] = {
            "start": self._start,
            "help": self._help,
            "privacy": self._privacy,
            "forget": self._forget,
            "plan": self._plan,
        }

    @staticmethod
    def silent(message: Message) -> bool:
        """Whether a message says nothing: a notice of Telegram's own, a live location that moves, another bot."""
        return message.is_bot or (not message.text and (message.edited or not message.content))

    async def wrote(self, number: int, message: Message) -> Outcome:
        """A message, or an edited one."""
        conversation = self._tables.conversation(message.user)
        place = Place(number, conversation, message.chat.id, message.topic, question=message.id)
        return _there(place, await (self._said_again if message.edited else self._wrote)(place, message))

    async def _wrote(self, place: Place, message: Message) -> Outcome:
        going_on = bool(message.album) and message.album in self._albums
        self._albums.append(message.album)
        if not message.text and going_on:  # one word for an album is enough
            return Outcome()
        if not message.text:
            return await self._wordless(place)
        text = message.text
        command = None if message.passed_on else command_in(text)
        ours = command is not None and command.meant_for(self._username)
        if command and ours and command.name in self._commands:
            return await self._commands[command.name](place, command.rest)
        if command and not (text := _as_words(command) if ours else ""):
            return Outcome([act.send(place.chat, wt.NO_COMMAND, buttons=keys.openings())])
        if data := self._on_show(place.conversation, text):
            return self._file(place, data) if data in _FILES else await self._said(place, Said(choose=data))
        return await self._said(place, Said(text=text))

    async def _wordless(self, place: Place) -> Outcome:
        """A hint; in a dialogue with the open question after it."""
        if self._service.asked(place.conversation):
            hint = act.send(place.chat, wt.NOT_TEXT)
            return await self._said(replace(place, question=0, before=(hint,)), Said(choose="resume"))
        return Outcome([act.send(place.chat, wt.NOT_TEXT, buttons=keys.openings())])

    def _on_show(self, conversation: str, text: str) -> str:
        """The button that a text is the label of, where one stands under what was said last."""
        word = _bare(text)
        if word not in _LABELS:
            return ""
        last = self._service.turns(conversation, most=_SHOWN)
        rows = [row for said in reversed(last) for row in keys.kept(dict(said.reply), self._service.today())]
        return next((b["callback_data"] for row in rows for b in row if b["text"] == word), "")

    async def tapped(self, number: int, tap: Tap) -> Outcome:
        """A button of ours."""
        conversation, done = self._tables.conversation(tap.user), (act.noticed(tap.id),)
        place = Place(number, conversation, tap.chat.id, tap.topic, at=tap.message, before=done)
        return _there(place, await self._tapped(place, tap))

    async def _tapped(self, place: Place, tap: Tap) -> Outcome:
        data = tap.data
        if data.startswith(keys.DATE):
            return await self._date(place, tap)
        if data in (keys.EDIT, keys.KEEP):
            return await self._editing(place, tap)
        if data in _FILES:
            return self._file(place, data)
        if data.startswith(keys.TAKE):
            return await self._taken(place, data.removeprefix(keys.TAKE))
        verb = data.partition(".")[0]
        if verb in ("y", "n"):
            return await self._rated(place, tap)
        if verb == "a" and self._is_past(place.conversation, keys.question_of(data)):
            return self._not_asked(place, tap)
        if verb == "restart" and not self._service.state(place.conversation).answers:
            place = replace(place, before=(act.noticed(tap.id, w.FLOW_AT_START),))
        return await self._said(place if verb in IN_PLACE else replace(place, at=0), Said(choose=data))

    # commands

    async def _start(self, place: Place, payload: str) -> Outcome:
        if payload.startswith(ENTRY):
            return await self._said(place, Said(choose=f"e.{payload.removeprefix(ENTRY)}"))
        if payload.startswith((LINK, SHORT_LINK)):
            return await self._linked(place, payload)
        if payload == PRIVACY:
            return await self._privacy(place, "")
        return Outcome([act.send(place.chat, pages([block(wt.HELLO)])[0], buttons=keys.openings())])

    async def _linked(self, place: Place, payload: str) -> Outcome:
        """A dialogue, with what this person said in public. An address anybody may have made brings no answers."""
        token = payload.removeprefix(SHORT_LINK)
        short, whose = self._tables.link(token) if payload.startswith(SHORT_LINK) else ("", "")
        link = links.read(short or payload.removeprefix(LINK))
        if link is None:
            return self._link_bad(place)
        answers = link.answers if whose == place.conversation else {}
        if differs := self._service.differing(place.conversation, link.flow, answers):
            place = replace(place, after=(_which(place.chat, differs, token),))
        return await self._opened(place, link.flow, answers)

    async def _taken(self, place: Place, token: str) -> Outcome:
        """What was said in public is to count, although other answers had been given."""
        short, whose = self._tables.link(token)
        link = links.read(short)
        if link is None or whose != place.conversation:
            return self._link_bad(place)
        place = replace(place, at=0, before=(*place.before, act.keyboard(place.chat, place.at)))
        return await self._opened(place, link.flow, link.answers, replacing=True)

    async def _opened(self, place: Place, flow: str, answers: Mapping[str, str], *, replacing: bool = False) -> Outcome:
        found: list[Action] = []
        along = self._along(place, found)
        opened = await self._service.open_with(place.conversation, CHANNEL, flow, answers, along, replacing=replacing)
        return self._link_bad(place) if opened is None else Outcome(found, kept=True)

    def _link_bad(self, place: Place) -> Outcome:
        return Outcome([*place.before, act.send(place.chat, wt.LINK_BAD, buttons=keys.openings())])

    async def _plan(self, place: Place, _: str) -> Outcome:
        return await self._said(place, Said(choose="f.plan"))

    async def _help(self, place: Place, _: str) -> Outcome:
        return Outcome([act.send(place.chat, pages([block(wt.HELP)])[0], buttons=keys.openings())])

    async def _privacy(self, place: Place, _: str) -> Outcome:
        return Outcome([act.send(place.chat, pages([block(wt.PRIVACY)])[0])])

    async def _forget(self, place: Place, _: str) -> Outcome:
        live = self._tables.person(place.conversation).live if self._service.asked(place.conversation) else ()
        off = [act.keyboard(place.chat, message) for message in live[-1:]]
        found = [*off, act.in_topic(act.send(place.chat, wt.FORGOTTEN), place.topic)]

        def along(connection: Connection) -> None:
            self._updates.forget(connection, place.number, place.conversation, [a.as_json() for a in found])

        await self._service.forget(place.conversation, along)
        return Outcome(found, kept=True)

    # turns

    async def _said(self, place: Place, message: Said) -> Outcome:
        found: list[Action] = []
        await self._service.say(place.conversation, CHANNEL, message, self._along(place, found))
        return Outcome(found, kept=True)

    async def _said_again(self, place: Place, message: Message) -> Outcome:
        """A message was edited: its answer is edited too. No command and no button's word is obeyed a second time."""
        earlier = self._tables.answer_to(place.chat, message.id)
        if self._tables.unchanged(message, earlier):
            return Outcome()
        command = command_in(message.text)
        if _bare(message.text) in _LABELS or (command and command.name in self._commands):
            return Outcome([act.send(place.chat, w.AGAIN_NO_COMMAND)] if earlier.message else ())
        found: list[Action] = []
        along = self._along(replace(place, at=earlier.message), found, earlier.node)
        text = (command and _as_words(command)) or message.text
        await self._service.say_again(place.conversation, CHANNEL, text, earlier.node, along)
        return Outcome(found, kept=True)

    def _along(self, place: Place, found: list[Action], node: str | None = None) -> Along:
        """What the reply leads to is kept with the turn, so that a crash can't come between. `node` is the question
        that the message was an answer to, where that is known."""
        person = self._tables.person(place.conversation)
        live, asked = person.live, self._service.asked(place.conversation)
        if node is None:
            node = asked if live and place.question else ""

        def along(connection: Connection, reply: Reply) -> None:
            shown = self._shown(place, reply, live, asked, node)
            if not person.met:
                self._tables.meet(place.conversation, place.chat)(connection)
            self._keep(connection, place, found, [*place.before, *shown, *place.after])

        return along

    def _keep(self, connection: Connection, place: Place, found: list[Action], actions: list[Action]) -> None:
        found[:] = [act.in_topic(action, place.topic) for action in actions]
        self._updates.keep(connection, place.number, [a.as_json() for a in found])

    def _shown(self, place: Place, reply: Reply, live: Sequence[int], asked: str, node: str) -> list[Action]:
        """The reply as messages. No keyboard of the dialogue is left behind by an open question, or where there is
        none any more; `asked` was open before, `node` is the one that the message was an answer to."""
        goes_on = _goes_on(reply)
        answered = node if goes_on and (reply.node != node or reply.status is Status.FLOW) else ""
        if place.question and place.at and goes_on and place.at not in live:  # an edit of what was asked further up
            if reply.answers and reply.node == asked:
                return self._beside(place, reply)
            if node or reply.node == asked:
                place = replace(place, at=max(live, default=0))
        rows = keys.rows_of(reply, self._service.today())
        kept = act.LIVE if goes_on else act.ANSWER if place.question else ""
        parts = pages(full(reply)) or [wt.TROUBLE]
        shown = act.said(place.chat, parts, rows, at=place.at, keep=kept, question=place.question, node=answered)
        if not (goes_on or asked or place.at in live):
            return shown
        others = [message for message in live if message != place.at]
        if place.at and place.at in live:  # the rest of a long text whose last part this is
            return [*shown, *(act.delete(place.chat, message) for message in others)]
        return [*shown, *(act.keyboard(place.chat, message) for message in others[-1:])]

    def _beside(self, place: Place, reply: Reply) -> list[Action]:
        """What a reply answers in place of an earlier answer; the open question stays where it stands."""
        about = tuple(choice for choice in reply.choices if choice.role in (Role.WHY, Role.FEEDBACK))
        alone = replace(reply, question=None, card=None, facts=(), choices=about)
        rows = keys.rows_of(alone, self._service.today())
        return act.said(place.chat, pages(full(alone)), rows, at=place.at, keep=act.ANSWER, question=place.question)

    def _is_past(self, conversation: str, node: str) -> bool:
        """Whether a question of today's dialogues is not the one that is open now."""
        known = any(node in nodes_of(flow) for flow in self._service.keeper.mind.flows.values())
        return known and node != self._service.asked(conversation)

    def _not_asked(self, place: Place, tap: Tap) -> Outcome:
        """An answer to what is not asked any more counts for nothing; it may belong to a dialogue that is forgotten."""
        told = act.noticed(tap.id, wt.NOT_ASKED)
        stands = place.at in self._tables.person(place.conversation).live
        return Outcome([told] if stands else [told, act.keyboard(place.chat, place.at)])

    async def _date(self, place: Place, tap: Tap) -> Outcome:
        """A step of tapping a date. The text goes to the question only from the message that asks it now, and only to
        the question that the button was made for."""
        node, step = keys.date_step(tap.data)
        if not node:
            place = replace(place, before=(act.noticed(tap.id, wt.DATE_OLD),))
        last = self._service.turns(place.conversation, most=1)
        past = bool(last and (last[0].reply.get("question") or {}).get("past"))
        found = keys.tapped(node, step, self._service.today(), past=past)
        stands = tap.rows and place.at in self._tables.person(place.conversation).live
        if found is None or not stands or node != self._service.asked(place.conversation):
            return await self._said(place, Said(choose="resume"))
        if isinstance(found, str):
            return await self._said(place, Said(text=found))
        return _now_below(place, [*found, *keys.without(tap.rows, keys.DATE)])

    async def _editing(self, place: Place, tap: Tap) -> Outcome:
        """The answers given so far as buttons, or the question's own buttons again; under a message that has been
        deleted, or holds the dialogue no more, the question anew."""
        now_on, today = self._service.going_on(place.conversation), self._service.today()
        if not now_on.facts:
            return Outcome([act.noticed(tap.id, wt.NO_ANSWERS)])
        if not tap.rows or place.at not in self._tables.person(place.conversation).live:
            return await self._said(replace(place, at=0), Said(choose="resume"))
        if tap.data == keys.EDIT:
            return _now_below(place, keys.facts(now_on.facts))
        last = self._service.turns(place.conversation, most=1)
        said = dict(last[0].reply) if last else {}
        stands = said.get("question") or said.get("card")
        return _now_below(place, keys.kept(said, today) if stands else keys.rows_of(now_on, today))

    def _file(self, place: Place, data: str) -> Outcome:
        card = self._service.card(place.conversation)
        if card is None or (data == keys.ICS and not card.events):
            return Outcome([*place.before, act.send(place.chat, wt.NO_PLAN, buttons=keys.openings())])
        name = f"{wt.PLAN_FILE}.{_FILES[data]}"
        if data == keys.ICS:
            file = act.document(place.chat, name, calendar(card, now()).decode(), wt.CALENDAR_SENT)
        else:
            file = act.document(place.chat, name, card_markdown(card), wt.DOCUMENT_SENT)
        return Outcome([*place.before, file])

    async def _rated(self, place: Place, tap: Tap) -> Outcome:
        """有用 or 没用: thanks in passing, and the two buttons go; or all where the dialogue has gone on."""
        found: list[Action] = []
        stands = place.at in self._tables.person(place.conversation).live or not keys.of_dialogue(tap.rows)

        def along(connection: Connection, reply: Reply) -> None:
            left = keys.without(tap.rows, "y.", "n.") if stands else ()
            said = [act.noticed(tap.id, wt.THANKS), act.keyboard(place.chat, place.at, left)]
            if not _goes_on(reply) and any(choice.role is not Role.FEEDBACK for choice in reply.choices):
                rows = keys.rows_of(reply, self._service.today())
                said.extend(act.said(place.chat, pages(full(reply)), rows))
            self._keep(connection, place, found, said)

        await self._service.say(place.conversation, CHANNEL, Said(choose=tap.data), along)
        return Outcome(found, kept=True)


def _bare(text: str) -> str:
    return text.strip(" 。.！!?？")


def _as_words(command: Command) -> str:
    """A command that the assistant knows, as it takes it; what is no command's name as it is; empty for a command
    there is not."""
    word = f"/{command.name}"
    if COMMANDS.get(word) == HUMAN and command.rest:
        return f"{w.TO_HUMAN} {command.rest}"
    if word in COMMANDS:
        return word
    return "" if command.name.isascii() and command.name else f"{command.name} {command.rest}".strip()


def _goes_on(reply: Reply) -> bool:
    """Whether it shows a dialogue."""
    return reply.question is not None or reply.card is not None


def _there(place: Place, outcome: Outcome) -> Outcome:
    """What is done in answer stays in the topic of what it answers; what is on disk already has it."""
    return replace(outcome, actions=[act.in_topic(action, place.topic) for action in outcome.actions])


def _now_below(place: Place, rows: keys.Rows) -> Outcome:
    """Other buttons under the message that was tapped."""
    return Outcome([*place.before, act.keyboard(place.chat, place.at, rows)])


def _which(chat: int, differs: Mapping[str, str], token: str) -> Action:
    """Asks whether what was said in public is to replace what was answered before."""
    lines = [wt.DIFFERS, *(wt.DIFFERS_LINE.format(label=label, value=value) for label, value in differs.items())]
    (text,) = pages([block("\n".join((*lines, wt.DIFFERS_HOW)))])
    return act.send(chat, text, buttons=[[keys.button(wt.TAKE_OVER, keys.TAKE + token)]])
