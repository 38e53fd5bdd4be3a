"""For programs: a JSON line in, a JSON line out."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterable, Iterator
from datetime import date

from bot import wording as w
from bot.assistant import Assistant
from bot.render import main_choices, plain
from bot.reply import Message, Reply, Role
from bot.state import State
from bot.turn import Turn
from knowledge.errors import XiaoanError

log = logging.getLogger(__name__)


class LinesError(XiaoanError):
    """Some lines were not answered, by a mistake of ours; each has said so."""


def talk(assistant: Assistant, lines: Iterable[str], today: date) -> Iterator[str]:
    """The conversation for programs: {"text"} or {"choose"} in, the reply out. A bad line gets an error, not an end.

    Raises:
        LinesError: at the end, where a line was not answered by a mistake of ours.
    """
    state, failed = State(), 0
    for number, line in _numbered(lines):
        try:
            message = _read(line)
        except ValueError as error:
            yield _error(number, str(error))
            continue
        turn = _turn(assistant, state, message, today)
        if turn is None:
            failed += 1
            yield _error(number, w.OUR_MISTAKE)
            continue
        state = turn.state
        yield json.dumps(chat_line(turn.reply), ensure_ascii=False)
    _end(failed)


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
    """Single questions for programs: {"q"} in, the reply out; each by itself.

    Raises:
        LinesError: at the end, where a line was not answered by a mistake of ours.
    """
    failed = 0
    for number, line in _numbered(lines):
        try:
            question = _question(line)
        except ValueError as error:
            yield _error(number, str(error))
            continue
        turn = _turn(assistant, State(), Message(text=question), today)
        if turn is None:
            failed += 1
            yield _error(number, w.OUR_MISTAKE)
            continue
        yield json.dumps(ask_line(question, turn.reply), ensure_ascii=False)
    _end(failed)


def _question(line: str) -> str:
    try:
        question = json.loads(line)["q"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(w.ASK_BAD_LINE) from None
    if not isinstance(question, str):
        raise ValueError(w.ASK_BAD_LINE)
    return question


def _turn(assistant: Assistant, state: State, message: Message, today: date) -> Turn | None:
    """The turn; None where the assistant fails, which must not lose the other lines."""
    try:
        return assistant.reply(state, message, today)
    except Exception as error:  # log where, never what was said
        log.error("这一行出错：%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        return None


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, numbered as an editor does; some write a mark before the first (a BOM)."""
    return ((number, line.lstrip("\ufeff")) for number, line in enumerate(lines, 1) if line.strip("\ufeff \t\r\n"))


def _error(number: int, words: str) -> str:
    return json.dumps({"error": words, "line": number}, ensure_ascii=False)


def _end(failed: int) -> None:
    if failed:
        raise LinesError(w.LINES_FAILED.format(count=failed))


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
