"""A reply as Telegram shows it: HTML of the words, split at paragraph ends so that each part is whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from itertools import chain

from bot import wording as w
from bot.channels.telegram import wording as wt
from bot.render import SECTIONS, day, heading, source_lines, standing_mark
from bot.reply import Answer, Card, Question, Reply, Section, Shape
from knowledge.model import Material

LONGEST = 4096
"""UTF-16 units of one message after its marks are taken out."""
_SENTENCE = re.compile(r"(?<=[。；！？])")


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one style: a tag of Telegram's HTML, or none."""

    text: str
    tag: str = ""

    def html(self) -> str:
        """Escaped, in its tag."""
        inside = escape(self.text, quote=False)
        return f"<{self.tag}>{inside}</{self.tag}>" if self.tag and self.text else inside


Line = tuple[Span, ...]
Block = tuple[Line, ...]


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def block(text: str, tag: str = "") -> Block:
    """A paragraph of one style; its line ends stay."""
    return tuple((Span(line, tag),) for line in text.strip().split("\n") if line.strip())


def full(reply: Reply) -> list[Block]:
    """Everything a reply says."""
    return [found for found in _blocks(reply) if found]


def _blocks(reply: Reply) -> Iterator[Block]:
    yield block(reply.lead)
    for answer in reply.answers:
        yield from _answer(answer)
    if reply.facts and not reply.card:
        facts = (_item("· ", f"{fact.label}：", fact.value) for fact in reply.facts)
        yield ((Span(w.UNDERSTOOD, "i"),), *facts)
    if reply.question:
        yield _question(reply.question)
    if reply.card:
        yield from _card(reply.card)


def _item(mark: str, name: str, text: str) -> Line:
    return (Span(mark), Span(name), Span(text, "b"))


def _answer(answer: Answer) -> Iterator[Block]:
    yield (
        (Span(answer.title, "b"),),
        *((Span(line),) for line in answer.own),
        (Span(standing_mark(answer.standing) + answer.short),),
        *((Span(note, "i"),) for note in answer.notes),
    )
    for part in answer.detail:
        items = ((Span(f"{n}. {i}" if part.ordered else f"· {i}"),) for n, i in enumerate(part.items, 1))
        yield (*block(part.text), *items)
    yield _materials(answer.materials)
    if answer.citations:
        yield block(w.SOURCE + "；".join(source_lines(answer.citations)), "i")


def _materials(materials: Iterable[Material]) -> Block:
    return tuple((Span("□ "), Span(m.name, "b"), Span(f"：{m.conditions}")) for m in materials)


def _question(question: Question) -> Block:
    example = w.EXAMPLE.format(example=question.example) if question.example else ""
    return (
        *block(question.problem),
        *block(question.ask, "b"),
        *block(question.why, "i"),
        *block(example),
    )


def _card(card: Card) -> Iterator[Block]:
    yield block(card.title, "b")
    for section in SECTIONS:
        if lines := tuple(_lines(section, card)):
            yield ((Span(heading(section, card.flow), "b"),), *lines)


def _lines(section: Section, card: Card) -> Iterator[Line]:
    """A section's lines."""
    match section.shape:
        case Shape.VERDICT:
            yield from _each((card.type, card.why))
        case Shape.MATERIALS:
            yield from _materials(card.materials)
        case Shape.DAYS:
            yield from _each(f"· {day(event.on)}：{event.title}。{event.detail}" for event in card.events)
        case Shape.SOURCES:
            yield from _each((f"· {line}" for line in source_lines(card.citations)), "i")
        case Shape.STEPS:
            yield from _each(f"{n}. {step}" for n, step in enumerate(getattr(card, section.name), 1))
        case Shape.POINTS:
            yield from _each(f"· {point}" for point in getattr(card, section.name))
        case Shape.LINES:
            yield from _each(getattr(card, section.name))


def _each(texts: Iterable[str], tag: str = "") -> Iterator[Line]:
    return (line for text in texts for line in block(text, tag))


def public(reply: Reply) -> list[Block]:
    """The short form for groups: the answer, today's notes, where it stands."""
    found: list[Block] = []
    for answer in reply.answers[:2]:
        sources = dict.fromkeys(
            wt.SOURCE.format(source=c.source.title, section=c.section) for c in answer.citations[:2]
        )
        notes = ((Span(note, "i"),) for note in answer.notes)
        head = (Span(standing_mark(answer.standing) + answer.short),)
        found.append((head, *notes, *((Span(source, "i"),) for source in sources)))
    return found


def pages(blocks: Iterable[Block], most: int = LONGEST) -> list[str]:
    """The blocks as messages, none longer than allowed; a block is cut only where it is too long by itself."""
    whole = list(blocks)
    html = _html(whole)
    if units(html) <= most:  # the marks count here, but not to Telegram: most replies are short enough all the same
        return [html] if html else []
    return [_html(page) for page in _pack(_cut(whole, most), most)]


def _html(blocks: Iterable[Block]) -> str:
    return "\n\n".join("\n".join("".join(span.html() for span in line) for line in one) for one in blocks)


def _size(one: Block) -> int:
    return sum(units(span.text) for line in one for span in line) + len(one) - 1


def _pack(blocks: Iterable[Block], most: int) -> Iterator[list[Block]]:
    page: list[Block] = []
    size = 0
    for one in blocks:
        if page and size + 2 + _size(one) > most:
            yield page
            page, size = [], 0
        size += _size(one) + (2 if page else 0)
        page.append(one)
    if page:
        yield page


def _cut(blocks: Iterable[Block], most: int) -> Iterator[Block]:
    for one in blocks:
        if _size(one) <= most:
            yield one
            continue
        part: list[Line] = []
        for piece in chain.from_iterable(_cut_line(line, most) for line in one):
            if part and _size((*part, piece)) > most:
                yield tuple(part)
                part = []
            part.append(piece)
        yield tuple(part)


def _cut_line(line: Line, most: int) -> Iterator[Line]:
    """A line that is too long by itself, cut at sentence ends, else anywhere."""
    if _size((line,)) <= most:
        yield line
        return
    part: list[Span] = []
    for bit in [Span(text, span.tag) for span in line for text in _bits(span.text, most)]:
        if part and _size((tuple(part),)) + units(bit.text) > most:
            yield tuple(part)
            part = []
        part.append(bit)
    yield tuple(part)


def _bits(text: str, most: int) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        while units(sentence) > most:
            yield sentence[: most // 2]  # a character is at most two units
            sentence = sentence[most // 2 :]
        if sentence:
            yield sentence


def untagged(html: str) -> str:
    """The words of our own HTML."""
    return unescape(re.sub(r"</?[a-z]+>", "", html))
