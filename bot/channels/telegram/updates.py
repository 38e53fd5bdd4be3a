"""One update from its row on disk to the last message sent: who handles it, what is done, what is kept."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection

from telegram import Chat, ChatMemberUpdated, Update

from bot.channels.arrivals import Arrivals, Json, Received, Write
from bot.channels.telegram import actions as act
from bot.channels.telegram import wording as wt
from bot.channels.telegram.actions import ANSWER, LIVE, Action, from_json
from bot.channels.telegram.api import Api
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.policy import is_group
from bot.channels.telegram.private import Private
from bot.channels.telegram.public import Outcome, Public
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.tables import Tables

MOMENT = 0.8
"""Seconds after which 小安 is shown typing."""
_MOST_PEOPLE = 20_000


def lane(update: Json) -> str:
    """What must be kept in order: a chat, or a person's inline queries."""
    query = update.get("callback_query") or {}
    for found in (*map(update.get, ("message", "edited_message", "my_chat_member")), query.get("message")):
        if found:
            return str(found["chat"]["id"])
    person = query or update.get("inline_query") or {}
    return f"i{person.get('from', {}).get('id', 0)}"


@dataclass(slots=True)
class _Seen:
    times: deque[float] = field(default_factory=deque)
    told: bool = False


class Budget:
    """So many messages a minute for each person; who goes beyond is told once, then waited out."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._people: dict[int, _Seen] = {}

    def wait(self, person: int) -> tuple[float, bool]:
        """Seconds until the next one is answered (0: it is), and whether to say so."""
        now = self._clock()
        if len(self._people) > _MOST_PEOPLE:
            self._people = {p: s for p, s in self._people.items() if s.times and s.times[-1] > now - 60}
        seen = self._people.setdefault(person, _Seen())
        while seen.times and seen.times[0] <= now - 60:
            seen.times.popleft()
        if len(seen.times) < self._most:
            seen.times.append(now)
            seen.told = False
            return 0.0, False
        tell, seen.told = not seen.told, True
        return seen.times[0] + 60 - now, tell


class Updates:
    """Handles updates of every kind."""

    def __init__(
        self,
        api: Api,
        arrivals: Arrivals,
        tables: Tables,
        sender: Sender,
        private: Private,
        public: Public,
        inline: Inline,
        budget: Budget,
    ) -> None:
        self._api = api
        self._arrivals = arrivals
        self._tables = tables
        self._sender = sender
        self._private = private
        self._public = public
        self._inline = inline
        self._budget = budget

    async def handle(self, received: Received) -> Write | None:
        """Decide unless it is decided, do what is left to do, and say what to keep with the done-mark."""
        update = Update.de_json(received.update, self._api) if received.update else None
        typing = asyncio.get_running_loop().call_later(MOMENT, self._type, update) if update else None
        try:
            if received.outgoing is None:
                outcome = await self._decided(received, update) if update else Outcome()
            else:
                outcome = Outcome([from_json(raw) for raw in received.outgoing])
            results = await self._done(received, outcome.actions)
        finally:
            if typing:
                typing.cancel()
        return self._kept(update, outcome, results)

    async def _done(self, received: Received, actions: Sequence[Action]) -> list[Json | None]:
        results: list[Json | None] = [None] * received.sent
        for number, action in enumerate(actions[received.sent :], received.sent + 1):
            results.append(await self._sender.do(action))
            if number < len(actions) and action.method in ("sendMessage", "sendDocument", "editMessageText"):
                await self._arrivals.sent(received.id, number)
        return results

    def _kept(self, update: Update | None, outcome: Outcome, results: Sequence[Json | None]) -> Write | None:
        writes = list(outcome.writes)
        if update and update.effective_chat and update.effective_user:
            chat, user = update.effective_chat, update.effective_user
            made = [(a, int(r["message_id"])) for a, r in zip(outcome.actions, results, strict=True) if r]
            conversation = self._tables.conversation(user.id)
            writes += [
                self._tables.put_answer(chat.id, a.question, message, conversation)
                for a, message in made
                if a.keep == ANSWER and a.question
            ]
            if live := [message for a, message in made if a.keep == LIVE]:
                writes.append(self._tables.put_person(conversation, chat.id, live))
        return _together(writes) if writes else None

    async def _decided(self, received: Received, update: Update) -> Outcome:
        if not received.again and (waiting := self._too_fast(update)) is not None:
            return waiting
        if update.inline_query:
            return Outcome(self._inline.asked(update.inline_query))
        if update.my_chat_member:
            return self._membership(update.my_chat_member)
        if query := update.callback_query:
            if query.message and query.message.chat.type != Chat.PRIVATE:
                return Outcome([act.noticed(query.id, wt.ASK_ON)])
            return Outcome(await self._private.tapped(received.id, query))
        message, edited = update.message or update.edited_message, update.edited_message is not None
        if message is None:
            return Outcome()
        if is_group(message.chat):
            return await self._public.wrote(message, edited=edited)
        if message.chat.type != Chat.PRIVATE or message.via_bot:
            return Outcome()
        return Outcome(await self._private.wrote(received.id, message, edited=edited))

    def _membership(self, change: ChatMemberUpdated) -> Outcome:
        return self._public.joined(change) if is_group(change.chat) else Outcome()

    def _too_fast(self, update: Update) -> Outcome | None:
        """Nothing more for a person over the budget, but a word the first time."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or (user.is_bot and chat is not None and is_group(chat)):
            return None
        wait, tell = self._budget.wait(user.id)
        if not wait:
            return None
        words = wt.SLOW_DOWN.format(seconds=int(wait) + 1)
        if update.callback_query:
            return Outcome([act.noticed(update.callback_query.id, words if tell else "")])
        if update.inline_query or not tell or chat is None or is_group(chat):
            return Outcome()
        return Outcome([act.send(chat.id, words)])

    def _type(self, update: Update) -> None:
        """Show that an answer is coming, where one surely is."""
        chat = update.effective_chat
        if chat is not None and chat.type == Chat.PRIVATE and not update.my_chat_member:
            call = self._api.call("sendChatAction", {"chat_id": chat.id, "action": "typing"})
            self._typing = asyncio.get_running_loop().create_task(self._sender.quietly(call))


def _together(writes: Sequence[Write]) -> Write:
    def write(connection: Connection) -> None:
        for one in writes:
            one(connection)

    return write
