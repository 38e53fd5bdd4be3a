"""The terminal: a conversation for people, and the same for programs, a JSON line in and a JSON line out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TextIO

from bot import wording as w
from bot.assistant import Assistant
from bot.render import main_choices, plain
from bot.reply import Message, Reply, Role
from bot.service import Service
from bot.state import State

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


def talk_jsonl(assistant: Callable[[], Assistant], lines: Iterable[str], today: date) -> Iterator[str]:
    """The conversation for programs: {"text"} or {"choose"} in, the reply out. A bad line gets an error, not an end."""
    state = State()
    for line in lines:
        if not line.strip():
            continue
        try:
            message = _read(line)
        except ValueError as error:
            yield json.dumps({"error": str(error)}, ensure_ascii=False)
            continue
        turn = assistant().reply(state, message, today)
        state = turn.state
        yield json.dumps(chat_line(turn.reply), ensure_ascii=False)


def _read(line: str) -> Message:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError(w.JSONL_BAD_LINE) from None
    if not isinstance(raw, dict) or not raw.keys() & {"text", "choose"}:
        raise ValueError(w.JSONL_BAD_LINE)
    text, choose = raw.get("text", ""), raw.get("choose", "")
    if not isinstance(text, str) or not isinstance(choose, str):
        raise ValueError(w.JSONL_BAD_LINE)
    return Message(text=text, choose=choose)


def chat_line(reply: Reply) -> dict[str, object]:
    """A reply as `chat --jsonl` prints it."""
    return {
        "text": plain(reply),
        "choices": [{"id": c.id, "label": c.label} for c in main_choices(reply)],
        "flow": reply.flow,
        "node": reply.node,
        "outcome": reply.outcome,
        "status": reply.status.value,
        "entry": reply.entry,
    }


def ask_line(question: str, reply: Reply) -> dict[str, object]:
    """A reply as `ask --jsonl` prints it."""
    offered = [c for c in reply.choices if c.role in (Role.OPTION, Role.SUGGESTION)]
    return {
        "q": question,
        "status": reply.status.value,
        "answer": plain(reply),
        "entry": reply.entry,
        "choices": [{"entry": c.entry, "label": c.label} for c in offered],
        "sources": [f"{c.source.id}:{c.section}" for answer in reply.answers for c in answer.citations],
        "score": round(reply.score, 3),
    }
