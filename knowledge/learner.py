"""Which words tell entries apart: a linear softmax model over the same features, learned from the phrasings themselves.

It is learned when the knowledge is loaded, by plain stochastic gradient descent: a general library would take longer to
import than this takes to learn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Floats, Index, Ints, Known

Weighting = NDArray[np.float32]
EPOCHS = 3
RATE = 4.0
DECAY = 0.5  # of the rate, an epoch
SETTLED = 0.95  # a phrasing that is held this likely teaches nothing more
SEED = 20210118


class Learner:
    """Probabilities of the entries for a text."""

    def __init__(self, index: Index, weights: Weighting) -> None:
        self._index = index
        self.weights = weights

    def log_probabilities(self, known: Known) -> Floats:
        """The logarithm of each entry's probability."""
        numbers = known.numbers
        if not len(numbers):
            return np.full(self.weights.shape[1], -np.log(self.weights.shape[1]))
        scores = self._index.scaled(numbers) @ self.weights[numbers]
        shifted = scores - scores.max()
        return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float64)


def learn(index: Index) -> Weighting:
    """The weights, learned from the phrasings whose entry is known."""
    table, values = index.table, index.values()
    bounds = np.searchsorted(table.rows, np.arange(len(table.owners) + 1))
    weights = np.zeros((len(table.names), int(table.owners.max()) + 1), dtype=np.float32)
    order, rate = np.random.default_rng(SEED), RATE
    for _ in range(EPOCHS):
        for number in order.permutation(len(table.owners)):
            span = slice(bounds[number], bounds[number + 1])
            _step(weights, table.features[span], values[span], table.owners[number], rate)
        rate *= DECAY
    return weights


def _step(weights: Weighting, known: Ints, values: Weighting, owner: int, rate: float) -> None:
    rows = weights[known]
    scores = values @ rows
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    if chances[owner] < SETTLED:
        chances[owner] -= 1.0
        weights[known] = rows - (rate * values)[:, None] * chances
