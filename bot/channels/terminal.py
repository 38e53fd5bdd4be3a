"""The terminal: a conversation that goes on where it was left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TextIO

from bot import wording as w
from bot.render import main_choices, plain
from bot.reply import Message, Reply
from bot.service import Service

CONVERSATION = "terminal"


def talk(service: Service, lines: Iterable[str], out: TextIO) -> None:
    """A conversation with a person; a number picks a choice. It goes on where it was left."""
    shown: tuple[str, ...] = ()
    said = [turn.reply for turn in service.turns(CONVERSATION)[-1:]]
    out.write(w.TERMINAL_HELLO + ("\n" + w.FLOW_RESUMED if said and said[0].get("flow") else "") + "\n")
    out.flush()
    for line in lines:
        text = line.strip()
        if text in w.TERMINAL_LEAVE:
            break
        message = _message(text, shown)
        reply = asyncio.run(service.say(CONVERSATION, "terminal", message))
        shown = tuple(choice.id for choice in main_choices(reply))
        out.write(_page(reply) + "\n")
        out.flush()


def _message(text: str, shown: tuple[str, ...]) -> Message:
    if text.isdecimal() and 0 < int(text) <= len(shown):
        return Message(choose=shown[int(text) - 1])
    return Message(text=text)


def _page(reply: Reply) -> str:
    choices = [f"  {n}. {choice.label}" for n, choice in enumerate(main_choices(reply), 1)]
    return "\n".join(["", plain(reply), *choices, ""])
