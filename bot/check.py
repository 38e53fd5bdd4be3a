"""Checks knowledge and dialogues as they are on disk: mistakes that stop 小安, and hints that do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from bot import wording as w
from bot.fit import left_out, misfits
from flows.loader import load_flows
from flows.model import FlowError
from flows.phrases import load_phrases
from flows.words import load_words
from knowledge.errors import FilesError, KnowledgeError
from knowledge.files import unread
from knowledge.lint import hints
from knowledge.loader import load
from knowledge.model import Knowledge
from knowledge.name_readings import load_readings
from knowledge.regions import load_regions

_BESIDE: tuple[Callable[[], object], ...] = (load_words, load_phrases, load_readings, load_regions)
"""What else must load before 小安 starts."""


def check(today: date) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """All mistakes, all hints of this day, and what was counted."""
    mistakes, hints_, counted = _checked(today)
    return mistakes, (*unread(), *hints_), counted


def _checked(today: date) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    try:
        knowledge = load()
    except KnowledgeError as error:
        return (*error.mistakes, *_flow_mistakes(None), *_other_mistakes()), (), ""
    mistakes = (*_flow_mistakes(knowledge), *_other_mistakes())
    if mistakes:
        return mistakes, tuple(hints(knowledge)), ""
    flows, words = load_flows(entries=knowledge.entries), load_words()
    questions = sum(len(entry.questions) for entry in knowledge.entries.values())
    counted = w.CHECK_GOOD.format(entries=len(knowledge.entries), questions=questions, flows=len(flows))
    if mistakes := tuple(misfits(knowledge, flows, load_phrases(), words)):
        return mistakes, tuple(hints(knowledge)), counted
    return (), (*hints(knowledge), *left_out(knowledge, flows, words, today)), counted


def _flow_mistakes(knowledge: Knowledge | None) -> Iterator[str]:
    try:
        load_flows(entries=knowledge.entries if knowledge else None)
    except FlowError as error:
        yield from error.mistakes


def _other_mistakes() -> Iterator[str]:
    for load_one in _BESIDE:
        try:
            load_one()
        except FilesError as error:
            yield from error.mistakes
