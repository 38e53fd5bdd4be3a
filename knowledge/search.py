"""Finding what was asked: a message against all phrasings, then facets, then an ordered list with reasons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from knowledge.analysis import Analyst, Reading
from knowledge.index import Floats, Index, Table, Weights
from knowledge.learner import Learner, Weighting, learn
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
    clauses: float = 0.6  # what the clauses add to the whole message, in all
    statement: float = 0.4  # a clause that asks nothing, beside one that asks
    slight: float = 25.0  # the mass at which a clause counts half: «能通过吗» alone says little
    learned: float = 0.05  # what the learned log-probability adds to the similarity
    other_registration: float = 0.04  # taken off: the entry is about another registration type than the message
    other_profession: float = 0.4  # taken off: the message names another profession, and not ours
    story: int = 60  # units from which on a message is a story, in which another profession may be named in passing
    sure: tuple[float, float, float] = (3.26, 0.97, 1.99)  # confidence: constant, log-probability, lead


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry, how well it fits, and why."""

    entry: Entry
    score: float  # similarity and learned probability together: orders, says little on its own
    sure: float  # 0..1: how often such a candidate is right
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


@dataclass(frozen=True, slots=True)
class Trained:
    """What is prepared from the phrasings once: their features as numbers, and the learned weights."""

    table: Table
    learned: Weighting


class Searcher:
    """Searches one state of the knowledge; immutable, so a reload makes a new one."""

    def __init__(self, knowledge: Knowledge, tuning: Tuning | None = None, trained: Trained | None = None) -> None:
        """`trained`, where the same knowledge was prepared before, saves preparing it again."""
        self.knowledge = knowledge
        self.tuning = tuning or Tuning()
        self.analyst = Analyst(knowledge.vocabulary)
        self._entries = tuple(knowledge.entries.values())
        self._phrasings = [(n, q) for n, e in enumerate(self._entries) for q in (*e.questions, e.title)]
        self.trained = trained or self._train()
        self._index = Index(self.trained.table, self.tuning.weights)
        self._learner = Learner(self._index, self.trained.learned)

    def _train(self) -> Trained:
        features = (self.analyst.read(text).features() for _, text in self._phrasings)
        table = Table.of(features, [n for n, _ in self._phrasings])
        return Trained(table, learn(Index(table, self.tuning.weights)))

    def rank(self, text: str, keep: int = 8) -> Ranking:
        """The entries nearest to a message, best first."""
        reading = self.analyst.read(text)
        return self.rank_part(reading, 0, len(reading.units), keep)

    def rank_part(self, reading: Reading, start: int, end: int, keep: int = 8) -> Ranking:
        """The entries nearest to a part of a message: the whole of it, and what each clause adds."""
        concepts, features = reading.concepts(start, end), reading.features(start, end)
        similarity = self._index.compare(features)
        if not similarity.any():
            return Ranking(reading, (), ())
        whole = self._index.entries(similarity)
        nearness = (whole + self._clauses(reading, start, end, whole)) / (1 + self.tuning.clauses)
        learned = self._learner.log_probabilities(features)
        scores = nearness + self.tuning.learned * learned
        span = (start, end)
        found = [self._candidate(n, scores, learned, similarity, reading, span) for n in _top(scores, keep)]
        found.sort(key=lambda c: -c.score)
        return Ranking(reading, tuple(self._with_confidence(found, keep)), registrations_in(concepts))

    def _clauses(self, reading: Reading, start: int, end: int, whole: Floats) -> Floats:
        inside = [c for c in reading.clauses if start <= c[0] and c[1] <= end]
        if len(inside) < 2:
            return whole * self.tuning.clauses
        asks = [reading.asks(*clause) for clause in inside]
        total, shares = np.zeros(len(self._entries)), 0.0
        for clause, asking in zip(inside, asks, strict=True):
            features = reading.features(*clause)
            mass = self._index.mass(features)
            share = mass / (mass + self.tuning.slight) * (1.0 if asking or not any(asks) else self.tuning.statement)
            total += share * self._index.entries(self._index.compare(features))
            shares += share
        return self.tuning.clauses * total / max(shares, 1e-9)

    def _candidate(
        self, number: int, scores: Floats, learned: Floats, similarity: Floats, reading: Reading, span: tuple[int, int]
    ) -> Candidate:
        entry = self._entries[number]
        taken_off, reasons = self._objections(entry, reading.concepts(*span), len(reading.units))
        return Candidate(
            entry=entry,
            score=float(scores[number]) - taken_off,
            sure=float(learned[number]),
            phrasing=self._phrasings[self._index.closest(similarity, number)][1],
            segment=reading.excerpt(*span),
            span=span,
            reasons=reasons,
        )

    def _objections(self, entry: Entry, concepts: frozenset[str], length: int) -> tuple[float, tuple[str, ...]]:
        """What speaks against an answer although the words are near."""
        taken_off, reasons = 0.0, []
        if entry.kind not in (Kind.NEIGHBOUR, Kind.CHAT):
            named, about = registrations_in(concepts), entry.facets.registration
            if about and named and not set(named) & set(about):
                taken_off += self.tuning.other_registration
                reasons.append(f"说的是{'、'.join(named)}，这一条是{'、'.join(about)}")
            if others := other_professions(concepts):
                taken_off += self.tuning.other_profession if length < self.tuning.story else 0.0
                reasons.append(f"说的是{'、'.join(others)}，不是注安")
        return taken_off, tuple(reasons)

    def _with_confidence(self, found: Sequence[Candidate], keep: int) -> Iterator[Candidate]:
        constant, probability, lead = self.tuning.sure
        for candidate in found[:keep]:
            rival = max((c.score for c in found if c is not candidate), default=0.0)
            evidence = constant + probability * candidate.sure + lead * (candidate.score - rival)
            yield replace(candidate, sure=1 / (1 + math.exp(-evidence)))


def _top(scores: Floats, keep: int) -> list[int]:
    few = np.argpartition(scores, -2 * keep)[-2 * keep :] if len(scores) > 2 * keep else np.arange(len(scores))
    return [int(n) for n in few[scores[few].argsort()[::-1]]]


def registrations_in(concepts: Iterable[str]) -> tuple[str, ...]:
    """The registration types named."""
    named = set(concepts)
    return tuple(name for concept, name in REGISTRATION_CONCEPTS.items() if concept in named)


def other_professions(concepts: Iterable[str]) -> tuple[str, ...]:
    """The professions named, where ours is not."""
    named = set(concepts)
    return () if "ours" in named else tuple(c.removeprefix("other:") for c in sorted(named) if c.startswith("other:"))
