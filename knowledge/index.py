"""The index: every known phrasing as weighted features, and how much a text shares with each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Similarities = NDArray[np.float32]
"""Half the bytes: all phrasings are passed over several times an answer."""
Ints = NDArray[np.int32] | NDArray[np.int64]
_FILLING = 2.0
"""How many times the phrasings a table with a column for each entry may hold."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How steeply rare features outweigh common ones, and what else scales the similarity."""

    steepness: float = 0.5
    unknown: float = 0.6  # a feature no phrasing has, relative to the rarest that one has
    closest: tuple[float, ...] = (1.0, 0.7, 0.5)  # how much the closest phrasings of an entry count, in order


@dataclass(frozen=True, slots=True)
class Table:
    """Phrasings as numbers: in which phrasing (row) which feature stands, and whose phrasing it is."""

    names: tuple[str, ...]  # of the features
    rows: Ints
    features: Ints
    owners: Ints  # the entry's number, ascending

    @classmethod
    def of(cls, phrasings: Iterable[Iterable[str]], owners: Sequence[int]) -> Table:
        """The table of phrasings given as features."""
        ids: dict[str, int] = {}
        lengths, features = array("i"), array("i")
        for phrasing in phrasings:
            known = [ids.setdefault(feature, len(ids)) for feature in sorted(phrasing)]
            features.extend(known)
            lengths.append(len(known))
        rows = np.repeat(np.arange(len(lengths), dtype=np.int32), np.asarray(lengths))
        return cls(tuple(ids), rows, np.asarray(features), np.asarray(owners, dtype=np.int32))


@dataclass(frozen=True, slots=True)
class Known:
    """The features of a text, as far as phrasings have them."""

    numbers: NDArray[np.int64]  # in order: sums must not depend on the order of a set
    mass: float  # how much they weigh in all: what the text has to say, as far as it can be compared
    unseen: float  # what those that no phrasing has weigh


class Index:
    """Weighted Dice similarity of a text to phrasings, bounded by 1 and independent of the index's size."""

    def __init__(self, table: Table, weights: Weights) -> None:
        self._ids = {name: number for number, name in enumerate(table.names)}
        self._shares = np.asarray(weights.closest) / sum(weights.closest)
        self.table, self.owners = table, table.owners
        self._starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
        self._counts = np.diff(self._starts, append=len(self.owners))
        self._slots = _slots(self._starts, self._counts, len(self.owners))
        self._postings, self._bounds = _postings(table)
        self._weight = self._weights(weights)
        mass = np.bincount(table.rows, weights=self._weight[table.features], minlength=len(self.owners))
        self._mass = mass.astype(np.float32)
        self._unseen = weights.unknown * float(self._rarity(np.ones(1, np.int64), weights)[0])

    def _weights(self, weights: Weights) -> Floats:
        """Rarity counted in entries, not phrasings: a word all phrasings of one entry share is what tells it apart."""
        owners = self.owners[self._postings]
        first = np.diff(owners, prepend=-1) != 0
        first[self._bounds[:-1]] = True
        count = np.add.reduceat(first, self._bounds[:-1], dtype=np.int64)
        return self._rarity(count, weights)

    def _rarity(self, count: NDArray[np.int64], weights: Weights) -> Floats:
        return np.asarray(np.log(1 + len(self._starts) / count) ** weights.steepness)

    def known(self, features: Iterable[str]) -> Known:
        """Features as numbers."""
        numbers: list[int] = []
        unseen = 0.0
        for feature in features:
            if (number := self._ids.get(feature)) is None:
                unseen += self._unseen
            else:
                numbers.append(number)
        found = np.asarray(sorted(numbers), dtype=np.int64)
        return Known(found, float(self._weight[found].sum()), unseen)

    def compare(self, known: Known) -> Similarities:
        """Similarity 0..1 of the features to every phrasing."""
        if not len(known.numbers):
            return np.zeros(len(self.owners), np.float32)
        chosen = known.numbers
        starts, ends = self._bounds[chosen], self._bounds[chosen + 1]
        lists = [self._postings[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        shared = np.bincount(
            np.concatenate(lists, dtype=np.intp),
            weights=np.repeat(self._weight[chosen], ends - starts),
            minlength=len(self.owners),
        )
        similarity = (2 * shared).astype(np.float32)
        similarity /= self._mass + np.float32(known.mass + known.unseen)
        return similarity

    def scaled(self, numbers: Ints) -> NDArray[np.float32]:
        """The weights of known features, scaled to length 1."""
        weight = self._weight[numbers]
        return np.asarray(weight / np.sqrt((weight**2).sum()), dtype=np.float32)

    def values(self) -> NDArray[np.float32]:
        """The same for every phrasing, in the order of the table."""
        weight = self._weight[self.table.features]
        length = np.sqrt(np.bincount(self.table.rows, weights=weight**2))
        return np.asarray(weight / length[self.table.rows], dtype=np.float32)

    def entries(self, similarity: Similarities) -> Floats:
        """For every entry the weighted mean of its closest phrasings: several that fit are better evidence than one."""
        if self._slots is not None:
            return self._in_slots(similarity, self._slots)
        left, total = similarity.copy(), np.zeros(len(self._starts))
        for place, share in enumerate(self._shares, 1):
            top = np.maximum.reduceat(left, self._starts)
            total += share * top
            if place < len(self._shares):
                left *= left != np.repeat(top, self._counts)
        return total

    def _in_slots(self, similarity: Similarities, slots: Ints) -> Floats:
        """The same by columns, several times as fast where there are many entries of few phrasings each."""
        left, total = np.append(similarity, np.float32(0))[slots], np.zeros(slots.shape[1])
        for share in self._shares:
            top = left.max(axis=0)
            total += share * top
            left *= left != top
        return total

    def closest(self, similarity: Similarities, entry: int) -> int:
        """The number of an entry's closest phrasing."""
        start = int(self._starts[entry])
        end = int(self._starts[entry + 1]) if entry + 1 < len(self._starts) else len(self.owners)
        return start + int(np.argmax(similarity[start:end]))


def _slots(starts: NDArray[np.int64], counts: NDArray[np.int64], end: int) -> Ints | None:
    """The phrasings of each entry as a column, filled up with `end`; None where that would be mostly filling."""
    height = int(counts.max())
    if height * len(starts) > _FILLING * end:
        return None
    place = np.arange(height)[:, None]
    return np.where(place < counts, starts + place, end).astype(np.int32)


def _postings(table: Table) -> tuple[Ints, NDArray[np.int64]]:
    """The phrasings of every feature, one after the other in order, and where each feature's begin."""
    keys = table.features.astype(np.int64) * len(table.owners) + table.rows
    keys.sort()
    count = np.bincount(table.features, minlength=len(table.names))
    bounds = np.concatenate([[0], np.cumsum(count)])
    return (keys % len(table.owners)).astype(np.int32), bounds
