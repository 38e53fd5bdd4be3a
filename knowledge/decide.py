"""The decision: answer, ask which of a few is meant, or admit. A wrong answer is worse than none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.model import Kind
from knowledge.search import Candidate, Ranking

SAYS_SOMETHING = frozenset({Kind.ANSWER, Kind.GAP, Kind.NEIGHBOUR})


class Verdict(StrEnum):
    """What the ranking allows to do."""

    SAY = "say"  # the chosen entries, each for what it is
    CHOOSE = "choose"  # several could be meant
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Limits:
    """Where answering and asking begin; settings, chosen on data."""

    answer_at: float
    ask_at: float
    margin: float


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, the candidates it concerns, and why the others were dropped."""

    verdict: Verdict
    chosen: tuple[Candidate, ...]
    dropped: tuple[str, ...]
    score: float


def decide(ranking: Ranking, limits: Limits) -> Decision:
    """What to do with a ranking."""
    best = ranking.best()
    if best is None or best.score < limits.ask_at:
        return Decision(Verdict.NOTHING, (), _reasons(ranking, (), limits), best.score if best else 0.0)
    if best.score < limits.answer_at:
        near = _near(ranking, limits.ask_at)
        verdict = Verdict.CHOOSE if near else Verdict.NOTHING
        return Decision(verdict, near, _reasons(ranking, near, limits), best.score)
    rivals = [c for c in ranking.candidates[1:] if _rivals(best, c, limits)]
    if rivals:
        near = (best, *rivals)[:4]
        return Decision(Verdict.CHOOSE, near, _reasons(ranking, near, limits), best.score)
    chosen = (best, *_also_asked(best, ranking, limits))
    return Decision(Verdict.SAY, chosen, _reasons(ranking, chosen, limits), best.score)


def _near(ranking: Ranking, least: float) -> tuple[Candidate, ...]:
    return tuple(c for c in ranking.candidates if c.entry.kind is Kind.ANSWER and c.score >= least)[:4]


def _rivals(best: Candidate, other: Candidate, limits: Limits) -> bool:
    """Another meaning of the same words, nearly as likely: an answer here, no answer there."""
    if best.score - other.score >= limits.margin or not _overlap(best, other):
        return False
    kinds = {best.entry.kind, other.entry.kind}
    return kinds == {Kind.ANSWER} and _differ(best, other)


def _differ(one: Candidate, other: Candidate) -> bool:
    return one.entry.facets.matter != other.entry.facets.matter


def _overlap(one: Candidate, other: Candidate) -> bool:
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]


def _also_asked(best: Candidate, ranking: Ranking, limits: Limits) -> Sequence[Candidate]:
    """A second question in another part of the message."""
    if best.entry.kind is not Kind.ANSWER:
        return ()
    return [
        c
        for c in ranking.candidates[1:]
        if c.score >= limits.answer_at and c.entry.kind in SAYS_SOMETHING and not _overlap(best, c) and _differ(best, c)
    ][:1]


def _reasons(ranking: Ranking, chosen: Sequence[Candidate], limits: Limits) -> tuple[str, ...]:
    kept = {c.entry.id for c in chosen}
    return tuple(
        f"{c.entry.id} {c.score:.2f}：{'；'.join((*c.reasons, _why_not(c, limits)))}"
        for c in ranking.candidates
        if c.entry.id not in kept
    )


def _why_not(candidate: Candidate, limits: Limits) -> str:
    if candidate.score < limits.ask_at:
        return f"低于反问门槛 {limits.ask_at:g}"
    if candidate.score < limits.answer_at:
        return f"低于作答门槛 {limits.answer_at:g}"
    return "不如第一名接近"
