"""The decision: say, ask which of a few is meant, or admit. A wrong answer is worse than none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.analysis import Reading
from knowledge.model import Kind
from knowledge.search import Candidate, Ranking, Searcher

_TELLS = (Kind.ANSWER, Kind.GAP, Kind.ASK)
_PLAIN = 0.93
"""So sure that a half of a message counts as asking although it has no question word («扫描的图也传不动»)."""
_LONGEST = 60
"""Units of a message up to which it is looked at for a second question."""


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
    """The verdict, the candidates it concerns, and why the others were dropped."""

    verdict: Verdict
    chosen: tuple[Candidate, ...]
    dropped: tuple[str, ...]
    sure: float

    @property
    def entry_id(self) -> str | None:
        """The entry said first, if any."""
        return self.chosen[0].entry.id if self.verdict is Verdict.SAY else None


def decide(ranking: Ranking, limits: Limits) -> Decision:
    """What to do with a ranking."""
    best = ranking.best()
    if best is None:
        return Decision(Verdict.NOTHING, (), (), 0.0)
    if best.sure >= limits.answer_at or (best.entry.kind is not Kind.ANSWER and best.sure >= limits.ask_at):
        return Decision(Verdict.SAY, (best,), _reasons(ranking, (best,), limits), best.sure)
    near = tuple(c for c in ranking.candidates[:4] if c.entry.kind is Kind.ANSWER and c.sure >= limits.ask_at)
    verdict = Verdict.CHOOSE if near else Verdict.NOTHING
    return Decision(verdict, near, _reasons(ranking, near, limits), best.sure)


def decide_parts(searcher: Searcher, text: str, limits: Limits) -> Decision:
    """What to do with a message that may ask two things: where both halves are clear and differ, both are answered."""
    ranking = searcher.rank(text)
    whole = decide(ranking, limits)
    end = len(ranking.reading.units)
    if end > _LONGEST:
        return whole
    best: tuple[float, tuple[Candidate, ...]] = (0.0, ())
    for cut, _ in ranking.reading.clauses[1:]:
        halves = [_half(searcher, ranking.reading, span, limits) for span in ((0, cut), (cut, end))]
        pair = _both(halves)
        if pair and (least := min(c.sure for c in pair)) > best[0]:
            best = (least, pair)
    if not best[1]:
        return whole
    return Decision(Verdict.SAY, best[1], _reasons(ranking, best[1], limits), best[0])


def _half(searcher: Searcher, reading: Reading, span: tuple[int, int], limits: Limits) -> Candidate | None:
    """What a half of a message surely asks, if it asks anything."""
    found = searcher.rank_part(reading, *span).best()
    if found is None or found.entry.kind not in _TELLS or found.sure < limits.answer_at:
        return None
    asks = any(reading.asks(*c) for c in reading.clauses if span[0] <= c[0] and c[1] <= span[1])
    return found if asks or found.sure >= _PLAIN else None


def _both(halves: Sequence[Candidate | None]) -> tuple[Candidate, ...]:
    """Two things said about different matters, at least one of them an answer; else nothing."""
    found = tuple(c for c in halves if c is not None)
    if len(found) < 2 or all(c.entry.kind is not Kind.ANSWER for c in found):
        return ()
    return found if found[0].entry.facets.matter != found[1].entry.facets.matter else ()


def _reasons(ranking: Ranking, chosen: Sequence[Candidate], limits: Limits) -> tuple[str, ...]:
    kept = {c.entry.id for c in chosen}
    return tuple(
        f"{c.entry.id}：{'；'.join((*c.reasons, _why_not(c, limits)))}"
        for c in ranking.candidates
        if c.entry.id not in kept
    )


def _why_not(candidate: Candidate, limits: Limits) -> str:
    if candidate.sure < limits.ask_at:
        return f"把握 {candidate.sure:.2f}，低于反问门槛 {limits.ask_at:g}"
    if candidate.sure < limits.answer_at:
        return f"把握 {candidate.sure:.2f}，低于作答门槛 {limits.answer_at:g}"
    return "不如第一名接近"
