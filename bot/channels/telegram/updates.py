"""One update from its row on disk to the last message sent: who handles it, what is done, what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from sqlite3 import Connection

from bot.channels.arrivals import Arrivals, ended
from bot.channels.telegram import actions as act
from bot.channels.telegram import wording as wt
from bot.channels.telegram.actions import LIVE, Action, Outcome, from_json
from bot.channels.telegram.api import Api
from bot.channels.telegram.budget import Budget
from bot.channels.telegram.incoming import Ask, Change, Incoming, Message, Tap, command_in, read
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.private import Private
from bot.channels.telegram.public import Public
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.tables import Tables
from bot.channels.update_table import Json, Received, Write

MOMENT = 0.8
"""Seconds after which 小安 is shown typing."""
_RUSH = 30
"""Updates in hand from which on nobody is shown typing: each would cost a request of its own."""
_RIGHTS = ("forget", "privacy", "xiaoan")
_SHOWN = ("sendMessage", "sendDocument", "editMessageText")


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
        shares: Budget,
    ) -> None:
        """`shares`: what a person gets of a group, so that the others get something too."""
        self._api = api
        self._arrivals = arrivals
        self._rows = arrivals.table
        self._tables = tables
        self._sender = sender
        self._private = private
        self._public = public
        self._inline = inline
        self._budget = budget
        self._shares = shares
        self._typing: set[asyncio.Task[None]] = set()

    async def handle(self, received: Received) -> Write | None:
        """Decide unless it is decided, do what is left to do, and say what to keep with the done-mark."""
        said = read(received.update) if received.update else None
        chat = _private_chat(said)
        typing = asyncio.get_running_loop().call_later(MOMENT, self._type, chat) if chat else None
        try:
            outcome = await self._outcome(received, said)
            results = await self._done(received, outcome.actions)
        finally:
            if typing:
                typing.cancel()
        writes = [*outcome.writes, *(self._remembered(said, outcome.actions, results) if said else ())]
        return together(writes) if writes else None

    async def failed(self, received: Received) -> None:
        """Say that there will be no answer, where one is surely expected."""
        if chat := _private_chat(read(received.update)):
            await self._sender.do(act.send(chat, wt.TROUBLE))

    async def stop(self) -> None:
        """End what runs beside."""
        await ended(*self._typing)

    async def _outcome(self, received: Received, said: Incoming | None) -> Outcome:
        """What to do; on disk before the first of several messages goes out, so that a crash can't change it."""
        if received.outgoing is not None:
            return Outcome([from_json(raw) for raw in received.outgoing])
        outcome = await self._decided(received, said) if said else Outcome()
        if outcome.kept or not any(action.method in _SHOWN for action in outcome.actions[:-1]):
            return outcome
        raw = [action.as_json() for action in outcome.actions]
        await self._rows.decided(received.id, raw, together(outcome.writes))
        return Outcome(outcome.actions)

    async def _done(self, received: Received, actions: Sequence[Action]) -> list[Json | None]:
        results: list[Json | None] = [None] * min(received.sent, len(actions))
        for number, action in enumerate(actions[received.sent :], received.sent + 1):
            results.append(await self._sender.do(action))
            if number < len(actions) and action.method in _SHOWN:
                await self._arrivals.sent(received.id, number)
        return results

    def _remembered(self, said: Incoming, actions: Sequence[Action], results: Sequence[Json | None]) -> list[Write]:
        """Which message answers which, and which ones hold the open question now."""
        if isinstance(said, Ask):
            return []
        made = [(a, int(r["message_id"])) for a, r in zip(actions, results, strict=True) if r and a.keep]
        if not made:
            return []
        conversation, chat = self._tables.conversation(said.user), said.chat.id
        live = [message for a, message in made if a.keep == LIVE]
        found = [
            self._tables.put_answer(said, message, conversation, a.node)
            for a, message in made
            if a.question and isinstance(said, Message)
        ]
        return [*found, self._tables.put_person(conversation, chat, live)] if live else found

    # deciding

    async def _decided(self, received: Received, said: Incoming) -> Outcome:
        if isinstance(said, Change):
            return self._public.joined(said) if said.chat.group else Outcome()
        if isinstance(said, Message) and said.chat.group:
            return await self._in_group(said, again=received.again)
        if isinstance(said, Message) and (not said.chat.private or said.through_bot or self._private.silent(said)):
            return Outcome()
        if not received.again:
            budget = self._budget_of(said)
            if wait := self._budget.wait(budget):
                return self._too_fast(said, budget, wait)
            self._budget.spend(budget)
        if isinstance(said, Ask):
            return Outcome(self._inline.asked(said))
        if isinstance(said, Message):
            return await self._private.wrote(received.id, said)
        if not said.chat.private:
            return Outcome([act.noticed(said.id, wt.ASK_ON)])
        return await self._private.tapped(received.id, said)

    async def _in_group(self, message: Message, *, again: bool) -> Outcome:
        """What people say among themselves costs them nothing; only answers count."""
        budget = self._budget_of(message)
        share = (message.chat.id, *budget)
        free = again or message.moved_to or message.moved_from
        if wait := 0.0 if free else max(self._budget.wait(budget), self._shares.wait(share)):
            return self._public.passed_over(message, lambda: self._slow_down(budget, wait))
        outcome = await self._public.wrote(message)
        if outcome.actions and not again:
            self._budget.spend(budget)
            self._shares.spend(share)
        return outcome

    def _budget_of(self, said: Message | Tap | Ask) -> tuple[str, int]:
        """What an update is counted with. Each key at the keyboard is an inline query, an answer that stands is to
        follow its question, and what is a person's right must work whatever else was said: these count apart."""
        if isinstance(said, Ask):
            return "inline", said.user
        if isinstance(said, Tap):
            return "talk", said.user
        person = said.speaks_as or said.user
        if (command := command_in(said.text)) and command.name in _RIGHTS:
            return "rights", person
        follows = said.edited and self._tables.answer_to(said.chat.id, said.id).message
        return "edits" if follows else "talk", person

    def _too_fast(self, said: Message | Tap | Ask, budget: tuple[str, int], wait: float) -> Outcome:
        """Nothing more for a person over the budget, but a word once a minute."""
        if isinstance(said, Ask):
            return Outcome()
        words = self._slow_down(budget, wait)
        if isinstance(said, Tap):
            return Outcome([act.noticed(said.id, words)])
        return Outcome([act.in_topic(act.send(said.chat.id, words), said.topic)] if words else ())

    def _slow_down(self, budget: tuple[str, int], wait: float) -> str:
        """What to say to who has used it up; empty where it has just been said."""
        return wt.SLOW_DOWN.format(seconds=int(wait) + 1) if self._budget.tell(budget) else ""

    def _type(self, chat: int) -> None:
        """Show that an answer is coming; in a rush the answers themselves come first."""
        if self._arrivals.backlog > _RUSH:
            return
        call = self._api.call("sendChatAction", {"chat_id": chat, "action": "typing"})
        task = asyncio.get_running_loop().create_task(self._sender.quietly(call))
        self._typing.add(task)
        task.add_done_callback(self._typing.discard)


def _private_chat(said: Incoming | None) -> int:
    """Where an answer is surely expected; 0 where it is not."""
    return said.chat.id if isinstance(said, Message | Tap) and said.chat.private else 0


def together(writes: Sequence[Write]) -> Write:
    """Several writes as one."""

    def write(connection: Connection) -> None:
        for one in writes:
            one(connection)

    return write
