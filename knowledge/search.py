"""Finding what was asked: segments of a message against all phrasings, then facets, then an ordered list with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from knowledge.analysis import Analyst, Reading
from knowledge.index import Index, Weights
from knowledge.model import Entry, Kind, Knowledge

REGISTRATION_CONCEPTS: Mapping[str, str] = {
    "type-initial": "初始",
    "type-overdue": "逾期初始",
    "type-renewal": "延续",
    "type-change": "变更",
    "change-with-renewal": "变更并同时延续",
    "type-reregister": "重新",
}


@dataclass(frozen=True, slots=True)
class Tuning:
    """How candidates are scored; chosen on data (make calibrate)."""

    weights: Weights = field(default_factory=Weights)
    statement: float = 0.85  # a clause that asks nothing, in a message that asks something elsewhere
    other_registration: float = 0.7  # the entry is about another registration type than the message
    clause: float = 0.95  # a part of the message rather than the whole


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry, how well it fits, and why."""

    entry: Entry
    score: float
    phrasing: str
    segment: str
    span: tuple[int, int]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates worth naming, best first."""

    reading: Reading
    candidates: tuple[Candidate, ...]
    registrations: tuple[str, ...]

    def best(self) -> Candidate | None:
        """The first candidate."""
        return self.candidates[0] if self.candidates else None


class Searcher:
    """Searches one state of the knowledge; immutable, so a reload makes a new one."""

    def __init__(self, knowledge: Knowledge, tuning: Tuning | None = None) -> None:
        self.knowledge = knowledge
        self.tuning = tuning or Tuning()
        self.analyst = Analyst(knowledge.vocabulary)
        self._entries = tuple(knowledge.entries.values())
        self._phrasings = [(n, q) for n, e in enumerate(self._entries) for q in (*e.questions, e.title)]
        readings = [self.analyst.read(text).features() for _, text in self._phrasings]
        self._index = Index(readings, [n for n, _ in self._phrasings], self.tuning.weights)

    def rank(self, text: str, keep: int = 8) -> Ranking:
        """The entries nearest to a message, best first."""
        reading = self.analyst.read(text)
        registrations = registrations_in(reading.concepts())
        best: dict[int, Candidate] = {}
        for start, end, factor, reason in _segments(reading, self.tuning):
            similarity = self._index.compare(reading.features(start, end))
            top, _ = self._index.best(similarity)
            for number in top.argsort()[::-1][:keep]:
                score = float(top[number]) * factor
                if score <= 0 or (number in best and best[number].score >= score):
                    continue
                phrasing = self._phrasings[self._index.closest(similarity, int(number))][1]
                best[int(number)] = Candidate(
                    self._entries[number], score, phrasing, reading.excerpt(start, end), (start, end), reason
                )
        weighed = (self._weigh(c, registrations) for c in best.values())
        ordered = sorted(weighed, key=lambda c: -c.score)
        return Ranking(reading, tuple(ordered[:keep]), registrations)

    def _weigh(self, candidate: Candidate, registrations: tuple[str, ...]) -> Candidate:
        wanted = candidate.entry.facets.registration
        if candidate.entry.kind is not Kind.ANSWER or not wanted or not registrations:
            return candidate
        if set(wanted) & set(registrations):
            return candidate
        reason = f"说的是{'、'.join(registrations)}注册，这一条是{'、'.join(wanted)}注册"
        return replace(
            candidate,
            score=candidate.score * self.tuning.other_registration,
            reasons=(*candidate.reasons, reason),
        )


def registrations_in(concepts: Iterable[str]) -> tuple[str, ...]:
    """The registration types named."""
    named = set(concepts)
    return tuple(name for concept, name in REGISTRATION_CONCEPTS.items() if concept in named)


def _segments(reading: Reading, tuning: Tuning) -> Iterable[tuple[int, int, float, tuple[str, ...]]]:
    """The whole message, each clause, and each two neighbouring clauses, with the weight each has."""
    whole = (0, len(reading.units))
    if not reading.units:
        return
    yield *whole, 1.0, ()
    clauses = reading.clauses
    asks = [_asks(reading, clause) for clause in clauses]
    for number, (start, end) in enumerate(clauses):
        if (start, end) == whole or end - start < 2:
            continue
        quiet = any(asks) and not asks[number]
        yield start, end, tuning.clause * (tuning.statement if quiet else 1), ("陈述句",) if quiet else ()
        if number and (clauses[number - 1][0], end) != whole:
            yield clauses[number - 1][0], end, tuning.clause * (tuning.statement if quiet else 1), ()


def _asks(reading: Reading, clause: tuple[int, int]) -> bool:
    start, end = clause
    after = reading.text[reading.units[end - 1].at + 1 :][:2] if end else ""
    return "?" in after or any(c.startswith("q-") for c in reading.concepts(start, end))
