"""Finding what was asked: a message against all phrasings, then facets, then an ordered list with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.analysis import OTHER_ACCOUNT, Analyst, Reading
from knowledge.index import Floats, Index, Known, Similarities, Table, Weights
from knowledge.learner import Learner, Weighting, learn
from knowledge.model import REGISTRATION_CONCEPTS, REGISTRATIONS, Entry, Kind, Knowledge, Standing
from knowledge.sounds import Sounds

_IF_EXPIRED = ("重新", "逾期初始")
"""What it can be where something is said to have expired."""
LOGGING_IN = ("login", "password")
"""Matters that every system has."""
OUR_SYSTEM = "our-system"
STORY = 60
"""Units from which on a message is a story: another profession may be named in it in passing."""
_BEYOND = (Kind.NEIGHBOUR, Kind.CHAT)
"""What is not about our registration, so that nothing said of another speaks against it."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """How candidates are scored; chosen on data (make calibrate)."""

    weights: Weights = field(default_factory=Weights)
    clauses: float = 0.6  # what the clauses add to the whole message, in all
    statement: float = 0.4  # a clause that asks nothing, beside one that asks
    slight: float = 25.0  # the mass at which a clause counts half: «能通过吗» alone says little
    learned: float = 0.1  # what the learned log-probability adds to the similarity
    other_registration: float = 0.04  # taken off: the entry is about another registration type than the message
    other_profession: float = 0.4  # taken off: the message names another profession, and not ours
    sure: tuple[float, float, float] = (3.26, 0.97, 1.99)  # confidence: constant, log-probability, lead


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry and how well it fits."""

    entry: Entry
    score: float  # similarity and learned probability together: orders, says little on its own
    sure: float  # 0..1: how often such a candidate is right
    phrasing: str
    note: str = ""  # what else led to it


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
    """What is prepared once: the phrasings' features as numbers, the learned weights, how the vocabulary sounds."""

    table: Table
    learned: Weighting
    sounds: Sounds


@dataclass(frozen=True, slots=True)
class Objection:
    """What is taken off the score of entries although the words are near, and why."""

    amount: float
    against: NDArray[np.bool_]  # by entry
    why: str


class Searcher:
    """Searches one state of the knowledge; immutable, so a reload makes a new one."""

    def __init__(
        self,
        knowledge: Knowledge,
        tuning: Tuning | None = None,
        trained: Trained | None = None,
        before: Searcher | None = None,
    ) -> None:
        """`trained`, where the same knowledge was prepared before, saves preparing it again; `before`, of the knowledge
        as it was before an edit, saves reading again what has not changed."""
        self.knowledge = knowledge
        self.tuning = tuning or Tuning()
        same = before if before and before.knowledge.vocabulary == knowledge.vocabulary else None
        self.analyst: Analyst = (
            same.analyst if same else Analyst(knowledge.vocabulary, trained.sounds if trained else None)
        )
        self.entries = tuple(knowledge.entries.values())
        self.phrasings = [(n, q) for n, e in enumerate(self.entries) for q in (*e.questions, e.title)]
        self.trained = trained or self._train(same)
        self.index = Index(self.trained.table, self.tuning.weights)
        self.learner = Learner(self.index, self.trained.learned)
        self._about = np.array([[r in e.facets.registration for r in REGISTRATIONS] for e in self.entries])
        self._logging_in = np.array([_logs_in(e) for e in self.entries])
        self._objectable = np.array([e.kind not in _BEYOND for e in self.entries])

    def _train(self, before: Searcher | None) -> Trained:
        known = before.features() if before else {}
        features = (known.get(text) or self.analyst.read(text).features() for _, text in self.phrasings)
        table = Table.of(features, [n for n, _ in self.phrasings])
        return Trained(table, learn(Index(table, self.tuning.weights)), self.analyst.sounds)

    def features(self) -> dict[str, list[str]]:
        """What every phrasing has to be compared by."""
        table, names = self.trained.table, self.trained.table.names
        bounds = np.searchsorted(table.rows, np.arange(len(self.phrasings) + 1))
        parts = (table.features[start:end].tolist() for start, end in pairwise(bounds))
        return {text: [names[n] for n in part] for (_, text), part in zip(self.phrasings, parts, strict=True)}

    @cached_property
    def own(self) -> frozenset[str]:
        """The features of what is asked in our field."""
        ours = np.array([entry.kind not in _BEYOND for entry in self.entries])
        table = self.trained.table
        return frozenset(table.names[n] for n in np.unique(table.features[ours[table.owners[table.rows]]]))

    def rank(self, text: str, keep: int = 8) -> Ranking:
        """The entries nearest to a message, best first."""
        return Inquiry(self, self.analyst.read(text)).rank(keep=keep)

    def objections(self, concepts: frozenset[str], length: int) -> Iterator[Objection]:
        """What speaks against entries in a message of so many units that names these concepts."""
        tuning, named = self.tuning, registrations_in(concepts)
        if possible := named or (_IF_EXPIRED if "expired" in concepts else ()):
            theirs = self._about[:, [r in possible for r in REGISTRATIONS]].any(axis=1)
            others = self._about.any(axis=1) & ~theirs & self._objectable
            yield Objection(tuning.other_registration, others, f"说的是{'、'.join(named) or '过期的'}，这一条不是")
        if length < STORY and (professions := other_professions(concepts)):
            yield Objection(tuning.other_profession, self._objectable, f"说的是{'、'.join(professions)}，不是注安")
        if _of_another_system(concepts):
            yield Objection(tuning.other_profession, self._logging_in & self._objectable, "说的是别的系统的账号")

    def objections_to(self, entry: Entry, reading: Reading) -> tuple[str, ...]:
        """What in a message speaks against an entry, in words."""
        number = self.entries.index(entry)
        return tuple(o.why for o in self.objections(reading.concepts(), len(reading.units)) if o.against[number])


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a message, compared with every phrasing."""

    known: Known
    similarity: Similarities  # to each phrasing
    entries: Floats  # to each entry


class Inquiry:
    """One message being looked up. What was compared for one part of it is not compared again for another."""

    def __init__(self, searcher: Searcher, reading: Reading) -> None:
        self.reading = reading
        self._searcher = searcher
        self._compared: dict[tuple[int, int], _Part] = {}

    def rank(self, start: int = 0, end: int | None = None, keep: int = 8) -> Ranking:
        """The entries nearest to a part of a message: the whole of it, and what each clause adds."""
        searcher, span = self._searcher, (start, len(self.reading.units) if end is None else end)
        part = self._part(span)
        if not part.similarity.any():
            return Ranking(self.reading, (), ())
        tuning, concepts = searcher.tuning, self.reading.concepts(*span)
        nearness = (part.entries + self._clauses(span, part.entries)) / (1 + tuning.clauses)
        learned = searcher.learner.log_probabilities(part.known)
        scores = nearness + tuning.learned * learned
        for objection in searcher.objections(concepts, len(self.reading.units)):
            scores -= objection.amount * objection.against
        best = _top(scores, keep)
        found = tuple(self._candidate(n, scores, learned, best, span) for n in best[:keep])
        return Ranking(self.reading, found, registrations_in(concepts))

    def _part(self, span: tuple[int, int]) -> _Part:
        if (found := self._compared.get(span)) is None:
            index = self._searcher.index
            known = index.known(self.reading.features(*span))
            similarity = index.compare(known)
            found = self._compared[span] = _Part(known, similarity, index.entries(similarity))
        return found

    def _clauses(self, span: tuple[int, int], whole: Floats) -> Floats:
        tuning = self._searcher.tuning
        inside = [c for c in self.reading.clauses if span[0] <= c[0] and c[1] <= span[1]]
        if len(inside) < 2:
            return whole * tuning.clauses
        total, shares = np.zeros(len(whole)), 0.0
        asking = self.reading.asking.intersection(inside)
        for clause in inside:
            part = self._part(clause)
            mass = part.known.mass
            share = mass / (mass + tuning.slight) * (1.0 if clause in asking or not asking else tuning.statement)
            total += share * part.entries
            shares += share
        return tuning.clauses * total / max(shares, 1e-9)

    def _candidate(
        self, number: int, scores: Floats, learned: Floats, best: Sequence[int], span: tuple[int, int]
    ) -> Candidate:
        searcher = self._searcher
        rival = next((scores[n] for n in best if n != number), 0.0)
        constant, probability, lead = searcher.tuning.sure
        evidence = constant + probability * learned[number] + lead * (scores[number] - rival)
        return Candidate(
            entry=searcher.entries[number],
            score=float(scores[number]),
            sure=float(1 / (1 + np.exp(-evidence))),
            phrasing=searcher.phrasings[searcher.index.closest(self._part(span).similarity, number)][1],
        )


def _of_another_system(concepts: frozenset[str]) -> bool:
    """Whether a message names the account of another system, and not ours."""
    return OTHER_ACCOUNT in concepts and OUR_SYSTEM not in concepts


def _logs_in(entry: Entry) -> bool:
    """Whether an entry says how to log in, which means nothing for another system."""
    return entry.facets.matter in LOGGING_IN and entry.standing is not Standing.CORRECTION


def _top(scores: Floats, keep: int) -> list[int]:
    """The best entries, one more than is kept: the best that is not kept is a rival still."""
    few = np.argpartition(scores, -keep - 1)[-keep - 1 :] if len(scores) > keep + 1 else np.arange(len(scores))
    return [int(n) for n in few[scores[few].argsort()[::-1]]]


def registrations_in(concepts: Iterable[str]) -> tuple[str, ...]:
    """The registration types named."""
    named = set(concepts)
    return tuple(name for concept, name in REGISTRATION_CONCEPTS.items() if concept in named)


def other_professions(concepts: Iterable[str]) -> tuple[str, ...]:
    """The professions named, where ours is not."""
    named = set(concepts)
    return () if "ours" in named else tuple(c.removeprefix("other:") for c in sorted(named) if c.startswith("other:"))
