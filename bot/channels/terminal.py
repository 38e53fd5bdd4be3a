"""The terminal: a conversation that goes on where it was left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from itertools import count, repeat
from typing import TextIO

from bot import wording as w
from bot.render import main_choices, plain
from bot.reply import Message, Reply
from bot.service import Service
from flows.model import Input

CHANNEL = CONVERSATION = "terminal"
_DIGITS = 3
"""What picks a choice has no more; a very long number can't even be read."""


def talk(service: Service, lines: Iterable[str], out: TextIO) -> None:
    """A conversation with a person, from where it was left; a number picks a choice, unless it may be an answer."""
    _tell(out, w.TERMINAL_HELLO)
    shown = _show(out, replace(left, lead=w.FLOW_RESUMED)) if (left := service.resumed(CONVERSATION)) else ()
    with asyncio.Runner() as runner:
        for line in lines:
            text = line.strip()
            if text in w.TERMINAL_LEAVE:
                break
            if text in w.TERMINAL_FORGET:
                runner.run(service.forget(CONVERSATION))
                _tell(out, w.TERMINAL_FORGOTTEN)
                shown = ()
                continue
            shown = _show(out, runner.run(service.say(CONVERSATION, CHANNEL, _message(text, shown))))


def _tell(out: TextIO, words: str) -> None:
    out.write(words + "\n")
    out.flush()


def _show(out: TextIO, reply: Reply) -> tuple[str, ...]:
    """Write a reply; the choices that a number picks from."""
    _tell(out, _page(reply))
    return () if _typed(reply) else tuple(choice.id for choice in main_choices(reply))


def _typed(reply: Reply) -> bool:
    """Whether a question is open to which a number may be the answer: «3», the third of the month."""
    return reply.question is not None and reply.question.input is not Input.CHOICE


def _message(text: str, shown: tuple[str, ...]) -> Message:
    if text.isdecimal() and len(text) <= _DIGITS and 0 < int(text) <= len(shown):
        return Message(choose=shown[int(text) - 1])
    return Message(text=text)


def _page(reply: Reply) -> str:
    marks = repeat("·") if _typed(reply) else (f"{n}." for n in count(1))
    choices = [f"  {mark} {choice.label}" for mark, choice in zip(marks, main_choices(reply), strict=False)]
    return "\n".join(["", plain(reply), *choices, ""])
