"""The index: every known phrasing as weighted features, and how much a text shares with each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of feature counts, and how steeply rare ones outweigh common ones."""

    char: float = 1.0
    sound: float = 0.6
    concept: float = 1.0
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
        rows: list[int] = []
        features: list[int] = []
        for row, phrasing in enumerate(phrasings):
            for feature in sorted(phrasing):
                rows.append(row)
                features.append(ids.setdefault(feature, len(ids)))
        return cls(tuple(ids), np.asarray(rows), np.asarray(features), np.asarray(owners))


class Index:
    """Weighted Dice similarity of a text to phrasings, bounded by 1 and independent of the index's size."""

    def __init__(self, table: Table, weights: Weights) -> None:
        self._ids = {name: number for number, name in enumerate(table.names)}
        self._channel = weights
        self._shares = np.asarray(weights.closest) / sum(weights.closest)
        self.table, self.owners = table, table.owners
        self._starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
        self._weight = _weights(table, weights)
        self._mass = np.bincount(table.rows, weights=self._weight[table.features], minlength=len(self.owners))
        order = np.argsort(table.features, kind="stable")
        self._postings = table.rows[order]
        self._bounds = np.searchsorted(table.features[order], np.arange(len(table.names) + 1))
        self._unseen = self._rarity(1, int(self.owners[-1]) + 1, weights)

    @staticmethod
    def _rarity(count: int, entries: int, weights: Weights) -> float:
        return float(np.log(1 + entries / count) ** weights.steepness)

    def compare(self, features: Iterable[str]) -> Floats:
        """Similarity 0..1 of the features to every phrasing."""
        known: list[int] = []
        mass = 0.0
        for feature in features:
            number = self._ids.get(feature)
            if number is None:
                mass += self._unseen * self._channel.unknown * _channel(feature, self._channel)
            else:
                known.append(number)
        if not known:
            return np.zeros(len(self.owners))
        chosen = np.asarray(known)
        weight = self._weight[chosen]
        lists = [self._postings[self._bounds[n] : self._bounds[n + 1]] for n in known]
        shared = np.bincount(
            np.concatenate(lists),
            weights=np.repeat(weight, [len(one) for one in lists]),
            minlength=len(self.owners),
        )
        return np.asarray(2 * shared / (self._mass + mass + weight.sum()))

    def known(self, features: Iterable[str]) -> Ints:
        """The numbers of the features that some phrasing has."""
        return np.asarray([n for f in features if (n := self._ids.get(f)) is not None], dtype=np.int64)

    def scaled(self, known: Ints) -> NDArray[np.float32]:
        """The weights of known features, scaled to length 1."""
        weight = self._weight[known]
        return np.asarray(weight / np.sqrt((weight**2).sum()), dtype=np.float32)

    def mass(self, features: Iterable[str]) -> float:
        """How much the features weigh in all: what a text has to say, as far as it can be compared."""
        return float(self._weight[self.known(features)].sum())

    def entries(self, similarity: Floats) -> Floats:
        """For every entry the weighted mean of its closest phrasings: several that fit are better evidence than one."""
        left, total = similarity.copy(), np.zeros(len(self._starts))
        for share in self._shares:
            top = np.maximum.reduceat(left, self._starts)
            total += share * top
            left[left == top[self.owners]] = 0.0
        return total

    def closest(self, similarity: Floats, entry: int) -> int:
        """The number of an entry's closest phrasing."""
        start = int(self._starts[entry])
        end = int(self._starts[entry + 1]) if entry + 1 < len(self._starts) else len(self.owners)
        return start + int(np.argmax(similarity[start:end]))


def _channel(feature: str, weights: Weights) -> float:
    return {"c": weights.char, "p": weights.sound, "k": weights.concept}[feature[0]]


def _weights(table: Table, weights: Weights) -> Floats:
    """Rarity counted in entries, not phrasings: a word all phrasings of one entry share is what tells it apart."""
    entries = int(table.owners.max()) + 1
    held = np.unique(table.features * entries + table.owners[table.rows]) // entries
    count = np.bincount(held, minlength=len(table.names))
    rarity = np.log(1 + entries / np.maximum(count, 1)) ** weights.steepness
    return np.asarray(rarity * np.array([_channel(name, weights) for name in table.names]))
