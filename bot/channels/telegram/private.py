"""A private chat: what a person writes or taps becomes a message to the service, and its reply what is to be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from telegram import CallbackQuery, Message

from bot.calendar_file import calendar
from bot.channels.arrivals import Arrivals
from bot.channels.telegram import CHANNEL
from bot.channels.telegram import actions as act
from bot.channels.telegram import keyboard as keys
from bot.channels.telegram import wording as wt
from bot.channels.telegram.actions import Action
from bot.channels.telegram.tables import Tables
from bot.channels.telegram.text import block, full, pages
from bot.clock import now
from bot.render import card_markdown
from bot.reply import Message as Said
from bot.reply import Reply, Role
from bot.service import Along, Service

IN_PLACE = ("a", "b", "back", "restart", "quit", "resume")
"""What changes the dialogue's message where it stands; everything else is said below."""
LINK, SHORT_LINK, ENTRY = "l_", "s_", "e_"
"""How the payload of a t.me link begins."""
_FILES = {keys.ICS: "ics", keys.MARKDOWN: "md"}
_KINDS = ("photo", "voice", "document", "location", "contact", "sticker", "video", "audio", "animation", "video_note")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a turn happens: the update, the person, and the message that was tapped or edited (0: none)."""

    number: int
    conversation: str
    chat: int
    question: int = 0  # the message to which the answer belongs, for edits
    at: int = 0  # the message to be changed in place
    before: tuple[Action, ...] = ()


class Private:
    """Translates; decides nothing."""

    def __init__(self, service: Service, tables: Tables, arrivals: Arrivals) -> None:
        self._service = service
        self._tables = tables
        self._arrivals = arrivals
        self._commands: dict[str, Callable[[Place, str], Awaitable[list[Action]]]] = {
            "/start": self._start,
            "/help": self._help,
            "/privacy": self._privacy,
            "/forget": self._forget,
            "/plan": self._plan,
        }

    async def wrote(self, number: int, message: Message, *, edited: bool = False) -> list[Action]:
        """A message, or an edited one: then its answer is edited too."""
        chat = message.chat.id
        earlier = self._tables.answer_to(chat, message.message_id) if edited else 0
        place = Place(number, self._tables.conversation(chat), chat, question=message.message_id, at=earlier)
        text = (message.text or message.caption or "").strip()
        if not text:
            return [act.send(chat, wt.NOT_TEXT, buttons=keys.openings())] if is_content(message) else []
        if text.startswith("/"):
            word, _, rest = text.partition(" ")
            word = word.partition("@")[0].lower()
            if word in self._commands:
                return await self._commands[word](place, rest.strip())
            text = f"{word} {rest}".strip()
        return await self._said(place, Said(text=text))

    async def tapped(self, number: int, query: CallbackQuery) -> list[Action]:
        """A button of ours."""
        data = query.data or ""
        at = query.message.message_id if query.message else 0
        chat = query.message.chat.id if query.message else query.from_user.id
        done = act.noticed(query.id)
        place = Place(number, self._tables.conversation(query.from_user.id), chat, at=at, before=(done,))
        standing = _rows(query)
        if data.startswith(keys.DATE):
            return await self._date(place, data, standing)
        if data in (keys.EDIT, keys.KEEP):
            return self._editing(place, data)
        if data in _FILES:
            return self._file(place, data)
        verb = data.partition(".")[0]
        if verb in ("y", "n"):
            return await self._rated(place, query.id, data, standing)
        if verb not in IN_PLACE:
            place = Place(number, place.conversation, chat, before=(done,))
        return await self._said(place, Said(choose=data))

    # commands

    async def _start(self, place: Place, payload: str) -> list[Action]:
        if payload.startswith(ENTRY):
            return await self._said(place, Said(choose=f"e.{payload.removeprefix(ENTRY)}"))
        if payload.startswith((LINK, SHORT_LINK)):
            return await self._linked(place, payload)
        return [act.send(place.chat, pages([block(wt.HELLO)])[0], buttons=keys.openings())]

    async def _linked(self, place: Place, payload: str) -> list[Action]:
        token = payload.removeprefix(LINK)
        if payload.startswith(SHORT_LINK):
            token = self._tables.link(payload.removeprefix(SHORT_LINK))
        found: list[Action] = []
        if await self._service.open_link(place.conversation, CHANNEL, token, self._along(place, found)) is None:
            return [act.send(place.chat, wt.LINK_BAD, buttons=keys.openings())]
        return found

    async def _plan(self, place: Place, _: str) -> list[Action]:
        return await self._said(place, Said(choose="f.plan"))

    async def _help(self, place: Place, _: str) -> list[Action]:
        return [act.send(place.chat, pages([block(wt.HELP)])[0], buttons=keys.openings())]

    async def _privacy(self, place: Place, _: str) -> list[Action]:
        return [act.send(place.chat, pages([block(wt.PRIVACY)])[0])]

    async def _forget(self, place: Place, _: str) -> list[Action]:
        found = [act.send(place.chat, wt.FORGOTTEN)]

        def along(connection: Connection) -> None:
            self._arrivals.keep_only(connection, place.number, [a.as_json() for a in found])

        await self._service.forget(place.conversation, along)
        return found

    # turns

    async def _said(self, place: Place, message: Said) -> list[Action]:
        found: list[Action] = []
        await self._service.say(place.conversation, CHANNEL, message, self._along(place, found))
        return found

    def _along(self, place: Place, found: list[Action]) -> Along:
        """What the reply leads to is kept with the turn, so that a crash can't come between."""
        live = self._tables.person(place.conversation).live

        def along(connection: Connection, reply: Reply) -> None:
            found[:] = [*place.before, *self._shown(place, reply, live)]
            self._tables.meet(place.conversation, place.chat)(connection)
            self._arrivals.keep(connection, place.number, place.conversation, [a.as_json() for a in found])

        return along

    def _shown(self, place: Place, reply: Reply, live: Sequence[int]) -> list[Action]:
        """The reply as messages. An open question leaves no other keyboard of the dialogue behind."""
        goes_on = reply.question is not None or reply.card is not None
        rows = keys.rows_of(reply, self._service.today())
        kept = act.LIVE if goes_on else act.ANSWER if place.question else ""
        parts = pages(full(reply)) or [wt.TROUBLE]
        shown = act.said(place.chat, parts, rows, at=place.at, keep=kept, question=place.question)
        if not goes_on and not place.at:
            return shown
        others = [message for message in live if message != place.at]
        if place.at and place.at in live:  # the rest of a long text whose last part this is
            return [*shown, *(act.delete(place.chat, message) for message in others)]
        return [*shown, *(act.keyboard(place.chat, message) for message in others[-1:])]

    async def _date(self, place: Place, data: str, standing: keys.Rows) -> list[Action]:
        """A step of tapping a date. The text goes to the question only from the message that asks it now."""
        found = keys.tapped(data, self._service.today())
        if found is None or place.at not in self._tables.person(place.conversation).live or not standing:
            return await self._said(place, Said(choose="resume"))
        if isinstance(found, str):
            return await self._said(place, Said(text=found))
        rows = [*found, *keys.without(standing, keys.DATE)]
        return [*place.before, act.keyboard(place.chat, place.at, rows)]

    def _editing(self, place: Place, data: str) -> list[Action]:
        """The answers given so far as buttons, or the question's own buttons again."""
        said = self._service.turns(place.conversation)[-1:]
        reply = dict(said[0].reply) if said else {}
        facts = reply.get("facts") or ()
        if data == keys.EDIT and facts:
            return [*place.before, act.keyboard(place.chat, place.at, keys.facts(facts))]
        return [*place.before, act.keyboard(place.chat, place.at, keys.kept(reply, self._service.today()))]

    def _file(self, place: Place, data: str) -> list[Action]:
        card = self._service.card(place.conversation)
        if card is None or (data == keys.ICS and not card.events):
            return [*place.before, act.send(place.chat, wt.NO_PLAN, buttons=keys.openings())]
        name = f"{wt.PLAN_FILE}.{_FILES[data]}"
        if data == keys.ICS:
            return [*place.before, act.document(place.chat, name, calendar(card, now()).decode(), wt.CALENDAR_SENT)]
        return [*place.before, act.document(place.chat, name, card_markdown(card), wt.DOCUMENT_SENT)]

    async def _rated(self, place: Place, query: str, data: str, standing: keys.Rows) -> list[Action]:
        """有用 or 没用: thanks in passing, and the two buttons go."""
        found: list[Action] = []

        def along(connection: Connection, reply: Reply) -> None:
            left = keys.without(standing, "y.", "n.")
            found[:] = [act.noticed(query, wt.THANKS), act.keyboard(place.chat, place.at, left)]
            if any(choice.role is not Role.FEEDBACK for choice in reply.choices):
                rows = keys.rows_of(reply, self._service.today())
                found.extend(act.said(place.chat, pages(full(reply)), rows))
            self._arrivals.keep(connection, place.number, place.conversation, [a.as_json() for a in found])

        await self._service.say(place.conversation, CHANNEL, Said(choose=data), along)
        return found


def _rows(query: CallbackQuery) -> keys.Rows:
    """The buttons of the message that was tapped, as they stand."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    return [[button.to_dict() for button in row] for row in markup.inline_keyboard] if markup else []


def is_content(message: Message) -> bool:
    """Whether a message without words says something all the same (a photo, not «X joined»)."""
    return any(getattr(message, kind) for kind in _KINDS)
