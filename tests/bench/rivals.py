"""Other ways to find a phrasing: BM25 over words (bm25s, jieba), and the best fuzzy ratio (rapidfuzz)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import bm25s
import jieba
from rapidfuzz import process

Find = Callable[[str], int]


def bm25_over_words(phrasings: Sequence[str]) -> Find:
    """BM25 over words; the number of the best phrasing."""
    jieba.setLogLevel(logging.ERROR)
    index = bm25s.BM25()
    index.index([jieba.lcut(text) for text in phrasings], show_progress=False)

    def find(text: str) -> int:
        found, _ = index.retrieve([jieba.lcut(text)], k=1, show_progress=False)
        return int(found[0, 0])

    return find


def fuzzy(phrasings: Sequence[str]) -> Find:
    """The phrasing of the best fuzzy ratio."""

    def find(text: str) -> int:
        found = process.extractOne(text, phrasings)
        return int(found[2])

    return find


RIVALS: dict[str, Callable[[Sequence[str]], Find]] = {"bm25s + jieba": bm25_over_words, "rapidfuzz": fuzzy}
