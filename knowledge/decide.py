"""The decision: say, ask which of a few is meant, or admit. A wrong answer is worse than none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge.analysis import ITEM, Reading
from knowledge.model import Kind
from knowledge.search import STORY, Candidate, Inquiry, Ranking, Searcher

_TELLS = (Kind.ANSWER, Kind.GAP, Kind.ASK)
_PLAIN = 0.93
"""So sure that a half of a message counts as asking although it has no question word («扫描的图也传不动»)."""
_LISTED = 5
"""Candidates looked at: those that could be asked back, and one that could not."""
_MOST_PARTS = 4


class Verdict(StrEnum):
    """What the ranking allows to do."""

    SAY = "say"  # the chosen entries, each for what it is
    CHOOSE = "choose"  # several could be meant
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Limits:
    """How sure one must be; settings, chosen on data."""

    answer_at: float
    ask_at: float


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict and the candidates it concerns."""

    verdict: Verdict
    chosen: tuple[Candidate, ...]
    sure: float
    leans: bool = False  # it follows from the turn before, not from the words alone
    more: bool = False  # more is asked than is chosen


def decide(ranking: Ranking, limits: Limits) -> Decision:
    """What to do with a ranking."""
    best = ranking.best()
    if best is None:
        return Decision(Verdict.NOTHING, (), 0.0)
    if best.sure >= limits.answer_at or (best.entry.kind is not Kind.ANSWER and best.sure >= limits.ask_at):
        return Decision(Verdict.SAY, (best,), best.sure)
    near = tuple(c for c in ranking.candidates[:4] if c.entry.kind is Kind.ANSWER and c.sure >= limits.ask_at)
    verdict = Verdict.CHOOSE if near else Verdict.NOTHING
    return Decision(verdict, near, best.sure)


def decide_parts(searcher: Searcher, reading: Reading, limits: Limits) -> Decision:
    """What to do with a message that may ask several things: where its parts are clear and differ, all are answered."""
    inquiry = Inquiry(searcher, reading)
    ranking = inquiry.rank(keep=_LISTED)
    whole = decide(ranking, limits)
    parts = _parts(inquiry, (0, len(reading.units)), limits)
    if len(parts) < 2:
        return whole
    asked = max(len(parts), reading.text.count("?"), reading.text.count(ITEM))
    chosen = parts[:_MOST_PARTS]
    return Decision(Verdict.SAY, chosen, _least(chosen), more=asked > len(chosen))


def _least(parts: tuple[Candidate, ...]) -> float:
    return min(candidate.sure for candidate in parts)


def _parts(inquiry: Inquiry, span: tuple[int, int], limits: Limits) -> tuple[Candidate, ...]:
    """The things surely asked in a part of a message, each once: two halves of it, and what these fall into."""
    pairs = list(_pairs(inquiry, span, limits))
    if not pairs:
        return ()
    cut, pair = max(pairs, key=lambda found: _least(found[1]))
    first, second = (
        _parts(inquiry, half, limits) or (one,)
        for half, one in zip(((span[0], cut), (cut, span[1])), pair, strict=True)
    )
    return tuple({c.entry.id: c for c in (*first, *second)}.values())


def _pairs(
    inquiry: Inquiry, span: tuple[int, int], limits: Limits
) -> Iterator[tuple[int, tuple[Candidate, Candidate]]]:
    """Two things surely asked, one before and one after a cut, about different matters, at least one an answer."""
    start, end = span
    for cut in _cuts(inquiry.reading, span):
        first = _half(inquiry, (start, cut), limits)
        second = _half(inquiry, (cut, end), limits) if first else None
        if first is None or second is None or first.entry is second.entry:
            continue
        kinds, least = {first.entry.kind, second.entry.kind}, min(first.sure, second.sure)
        apart = first.entry.facets.matter != second.entry.facets.matter or least >= _PLAIN
        asked = Kind.ANSWER in kinds and least >= _PLAIN and _both_ask(inquiry.reading, span, cut)
        if apart and (kinds == {Kind.ANSWER} or asked):
            yield cut, (first, second)


def _cuts(reading: Reading, span: tuple[int, int]) -> list[int]:
    """Where a message may fall into two: before any clause; in a story, most of which tells, before the last one that
    asks after another."""
    start, end = span
    if end - start <= STORY:
        return [cut for cut, _ in reading.clauses if start < cut < end]
    return sorted(cut for cut, _ in reading.asking if start <= cut < end)[1:][-1:]


def _both_ask(reading: Reading, span: tuple[int, int], cut: int) -> bool:
    """Whether both what stands before a cut and what stands after it ask something."""
    return _asks(reading, (span[0], cut)) and _asks(reading, (cut, span[1]))


def _asks(reading: Reading, span: tuple[int, int]) -> bool:
    return any(span[0] <= start and end <= span[1] for start, end in reading.asking)


def _half(inquiry: Inquiry, span: tuple[int, int], limits: Limits) -> Candidate | None:
    """What a half of a message surely asks, if it asks anything."""
    asks = _asks(inquiry.reading, span)
    if not asks and any(unit.text[:1].isdigit() for unit in inquiry.reading.units[slice(*span)]):
        return None  # a fact of the case
    found = inquiry.rank(*span, keep=1).best()
    least = limits.answer_at if asks else max(_PLAIN, limits.answer_at)
    return found if found and found.entry.kind in _TELLS and found.sure >= least else None


def why_not(candidate: Candidate, limits: Limits) -> str:
    """Why a candidate was not taken, in words."""
    if candidate.sure < limits.ask_at:
        return f"把握 {candidate.sure:.2f}，低于反问门槛 {limits.ask_at:g}"
    if candidate.sure < limits.answer_at:
        return f"把握 {candidate.sure:.2f}，低于作答门槛 {limits.answer_at:g}"
    return "不如第一名接近"
