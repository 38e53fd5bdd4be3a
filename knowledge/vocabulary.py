"""Loads vocabulary.yaml: the words people really use, and what they stand for."""

from __future__ import annotations

from pathlib import Path

from knowledge.model import Vocabulary
from knowledge.reading import Fields, Mistakes, read_yaml
from knowledge.text import fold


def load_vocabulary(path: Path, mistakes: Mistakes) -> Vocabulary:
    """The vocabulary; what is wrong with the file goes into `mistakes`."""
    root = read_yaml(path, mistakes)
    if root is None:
        return Vocabulary({}, {}, {}, ())
    ours: list[str] = []
    professions: dict[str, tuple[str, ...]] = {}
    for item in root.maps("professions"):
        name, words = item.text("name"), _words(item, "words")
        if item.flag("ours"):
            ours.extend(words)
        else:
            professions[name] = words
        item.done()
    vocabulary = Vocabulary(_variants(root), _concepts(root), professions, tuple(ours))
    root.done()
    return vocabulary


def _words(item: Fields, key: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in item.texts(key, required=True))


def _variants(root: Fields) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in root.maps("variants"):
        to = item.text("to", required=False)
        for word in _words(item, "from"):
            if found.get(word, to) != to:
                root.mistakes.add(item.where, f"“{word}”在 variants 里有两种换法")
            found[word] = to
        item.done()
    return found


def _concepts(root: Fields) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in root.maps("concepts"):
        name, words = item.text("id"), _words(item, "words")
        if name in found:
            root.mistakes.add(item.where, f"概念“{name}”出现了两次")
        found[name] = words
        item.done()
    return found
