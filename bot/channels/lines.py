"""For programs: a JSON line in, a JSON line out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from bot import wording as w
from bot.assistant import Assistant
from bot.render import main_choices, plain
from bot.reply import Message, Reply, Role
from bot.state import State


def talk(assistant: Assistant, lines: Iterable[str], today: date) -> Iterator[str]:
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
        turn = assistant.reply(state, message, today)
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


def ask(assistant: Assistant, lines: Iterable[str], today: date) -> Iterator[str]:
    """Single questions for programs: {"q"} in, the reply out; each by itself."""
    for line in filter(str.strip, lines):
        try:
            question = json.loads(line)["q"]
            reply = assistant.reply(State(), Message(text=_text(question)), today).reply
        except (ValueError, KeyError, TypeError, RecursionError):
            yield json.dumps({"error": w.ASK_BAD_LINE}, ensure_ascii=False)
            continue
        yield json.dumps(ask_line(question, reply), ensure_ascii=False)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(w.ASK_BAD_LINE)
    return value


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
