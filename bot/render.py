"""A reply as plain text, as Markdown (the plan) and as JSON. The words come from the reply, never from here."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum

from bot import wording as w
from bot.reply import Answer, Card, Choice, Question, Reply, Role, Section, Shape
from knowledge.model import Citation, Material, Source, Standing

SECTIONS = (
    Section("type", w.CARD_TYPE, Shape.VERDICT),
    Section("when", w.CARD_WHEN, Shape.LINES),
    Section("where", w.CARD_WHERE, Shape.LINES),
    Section("materials", w.CARD_MATERIALS, Shape.MATERIALS),
    Section("login", w.CARD_LOGIN, Shape.LINES),
    Section("steps", w.CARD_STEPS, Shape.STEPS),
    Section("after", w.CARD_AFTER, Shape.LINES),
    Section("cautions", w.CARD_CAUTIONS, Shape.POINTS),
    Section("events", w.CARD_DATES, Shape.DAYS),
    Section("basis", w.CARD_BASIS, Shape.LINES),
    Section("citations", w.CARD_SOURCES, Shape.SOURCES),
)
"""The plan from top to bottom, the same on every channel."""


def plain(reply: Reply, *, sources: bool = True) -> str:
    """The words of a reply, block by block; choices are left to the channel."""
    return "\n\n".join(block for block in _blocks(reply, sources) if block)


def _blocks(reply: Reply, sources: bool) -> Iterator[str]:
    yield reply.lead
    for answer in reply.answers:
        yield answer_text(answer, sources=sources)
    if reply.facts:
        yield w.UNDERSTOOD + "\n" + "\n".join(f"· {f.label}：{f.value}" for f in reply.facts)
    if reply.question:
        yield question_text(reply.question)
    if reply.card:
        yield card_markdown(reply.card)


def answer_text(answer: Answer, *, sources: bool = True) -> str:
    """An answer in full: the mark of its standing, the short answer, today's notes, the detail, the sources."""
    lines = [*answer.own, standing_mark(answer.standing) + answer.short, *answer.notes]
    for part in answer.detail:
        if part.text:
            lines.append(part.text)
        lines += [f"{n}. {i}" if part.ordered else f"· {i}" for n, i in enumerate(part.items, 1)]
    lines += [f"□ {material_line(m)}" for m in answer.materials]
    if sources and answer.citations:
        lines.append(w.SOURCE + "；".join(source_lines(answer.citations)))
    return "\n".join(lines)


def standing_mark(standing: Standing) -> str:
    """How an answer that does not rest on the published text is marked."""
    return {Standing.SUPPLEMENTARY: w.SUPPLEMENTARY, Standing.CORRECTION: w.CORRECTION}.get(standing, "")


def material_line(material: Material) -> str:
    """«劳动合同或聘用文件：与聘用单位签订…»."""
    return f"{material.name}：{material.conditions}"


def source_lines(citations: Iterable[Citation]) -> list[str]:
    """A line for each source: its sections, when it was published and when we last read it."""
    sections: dict[Source, list[str]] = {}
    for citation in citations:
        sections.setdefault(citation.source, []).append(citation.section)
    return [_source_line(source, named) for source, named in sections.items()]


def _source_line(source: Source, sections: list[str]) -> str:
    published = w.PUBLISHED.format(day=day(source.published)) if source.published else w.UNDATED
    checked = w.CHECKED.format(day=day(source.checked_on))
    unchecked = "" if source.official else w.NOT_RECHECKED
    return f"{source.title}·{'；'.join(sections)}（{source.publisher}，{published}，{checked}{unchecked}）"


def question_text(question: Question) -> str:
    """What is asked, and why, after what did not fit."""
    hint = w.EXAMPLE.format(example=question.example) if question.example else ""
    return "\n".join(line for line in (question.problem, question.ask, question.why, hint) if line)


def heading(section: Section, flow: str) -> str:
    """What stands over a section; over the verdict, what the dialogue was about."""
    verdict = section.shape is Shape.VERDICT
    return w.CARD_VERDICTS.get(flow, section.heading) if verdict else section.heading


def day(value: date) -> str:
    """2024年3月1日."""
    return f"{value.year}年{value.month}月{value.day}日"


def card_markdown(card: Card, ready: Collection[str] = ()) -> str:
    """The plan as Markdown, to read in a terminal or to save; `ready` are the ids of the materials ticked."""
    parts = [f"# {card.title}"]
    for section in SECTIONS:
        if lines := list(_lines(section, card, ready)):
            parts.append(f"## {heading(section, card.flow)}\n\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _lines(section: Section, card: Card, ready: Collection[str]) -> Iterator[str]:
    """A section's lines in Markdown."""
    match section.shape:
        case Shape.VERDICT:
            yield from (line for line in (f"**{card.type}**", card.why) if line)
        case Shape.MATERIALS:
            yield from (f"- [{'x' if m.id in ready else ' '}] {material_line(m)}" for m in card.materials)
        case Shape.DAYS:
            yield from (f"- {day(event.on)}：{event.title}。{event.detail}" for event in card.events)
        case Shape.SOURCES:
            yield from (f"- {line}" for line in source_lines(card.citations))
        case Shape.STEPS:
            yield from (f"{n}. {step}" for n, step in enumerate(getattr(card, section.name), 1))
        case Shape.POINTS:
            yield from (f"- {point}" for point in getattr(card, section.name))
        case Shape.LINES:
            lines = [line for line in getattr(card, section.name) if line]
            yield from lines if len(lines) < 2 else (f"- {line}" for line in lines)


def main_choices(reply: Reply) -> tuple[Choice, ...]:
    """The choices that carry the conversation on (not feedback or 凭什么)."""
    return tuple(c for c in reply.choices if c.role not in (Role.FEEDBACK, Role.WHY))


def as_json(value: object) -> str:
    """A reply, or any part of one, as JSON."""
    return json.dumps(value, ensure_ascii=False, default=_plain_value)


_FIELDS: dict[type, tuple[str, ...]] = {}
"""The fields of each dataclass met so far; to look them up anew costs more than the JSON."""


def _fields(kind: type) -> tuple[str, ...]:
    if kind not in _FIELDS:
        known = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
        _FIELDS[kind] = tuple(field.name for field in known)
    return _FIELDS[kind]


def _plain_value(value: object) -> object:
    if names := _fields(type(value)):
        return {name: getattr(value, name) for name in names}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
