"""Looks over knowledge that loads: what is allowed, and yet most likely not meant."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.model import Entry, Kind, Knowledge
from knowledge.text import fold

LONGEST_TITLE = 16  # a button's width on a phone
FEWEST_QUESTIONS = 3


def hints(knowledge: Knowledge) -> Iterator[str]:
    """One line each, with file and line."""
    for entry in knowledge.entries.values():
        yield from _entry(entry)
    yield from _alike(knowledge)


def _entry(entry: Entry) -> Iterator[str]:
    if len(entry.title) > LONGEST_TITLE:
        yield f"{entry.where}: 提示：标题“{entry.title}”超过{LONGEST_TITLE}个字，按钮上会显示不全"
    if len(entry.questions) < FEWEST_QUESTIONS:
        yield f"{entry.where}: 提示：“{entry.id}”只有{len(entry.questions)}种问法，不容易被找到"
    if entry.kind is Kind.ANSWER and not entry.related and not entry.flow:
        yield f"{entry.where}: 提示：“{entry.id}”没有 related，回答之后没有下一步可走"


def _alike(knowledge: Knowledge) -> Iterator[str]:
    """The same question in two entries, but for width, script or punctuation."""
    seen: dict[str, Entry] = {}
    for entry in knowledge.entries.values():
        for question in entry.questions:
            other = seen.setdefault(fold(question).rstrip("?!。 "), entry)
            if other is not entry:
                yield f"{entry.where}: 提示：“{question}”和“{other.id}”里的一种问法只差标点，请只留一处"
