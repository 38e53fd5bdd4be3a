"""Loads surnames.yaml: how names are read where a plain reading table goes wrong, and what is no name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.reading import Fields, strictly
from knowledge.regions import Regions, load_regions

SURNAMES = Path(__file__).with_name("surnames.yaml")
_SYLLABLE = re.compile(r"[a-zü]{1,6}\Z")


@dataclass(frozen=True, slots=True)
class NameReadings:
    """First letters by character (or run of characters), the likelier first, and words to tell names by."""

    surnames: Mapping[str, tuple[str, ...]]
    compounds: Mapping[str, tuple[str, ...]]
    given: Mapping[str, tuple[str, ...]]
    pairs: Mapping[str, tuple[str, ...]]
    rare: Mapping[str, tuple[str, ...]]
    common: frozenset[str]
    unmistakable: frozenset[str]
    transliterated: tuple[str, ...]
    not_names: frozenset[str]
    not_openings: tuple[str, ...]
    not_given: frozenset[str]
    places: frozenset[str]

    def compound(self, text: str) -> str:
        """The compound surname a name begins with, the longest first; empty if none."""
        return next((text[:size] for size in (4, 3, 2) if text[:size] in self.compounds), "")

    def is_surname(self, character: str) -> bool:
        """Whether a (simplified) character is a surname."""
        return character in self.common or character in self.surnames


def load_readings(path: Path = SURNAMES, regions: Regions | None = None) -> NameReadings:
    """The readings of names; the places of `regions` (regions.yaml if not given) are no names.

    Raises:
        KnowledgeError: with all mistakes, each with file and line.
    """
    with strictly(path, KnowledgeError) as root:
        readings = NameReadings(
            surnames=_table(root, "surnames"),
            compounds=_table(root, "compounds"),
            given=_table(root, "given"),
            pairs=_table(root, "pairs"),
            rare=_table(root, "rare"),
            common=frozenset("".join(root.texts("common", required=True))),
            unmistakable=frozenset("".join(root.texts("unmistakable", required=True))),
            transliterated=_words(root, "transliterated"),
            not_names=frozenset(_words(root, "not_names")),
            not_openings=_words(root, "not_openings"),
            not_given=frozenset("".join(root.texts("not_given", required=True))),
            places=frozenset((regions or load_regions()).places),
        )
    return readings


def first_letter(syllable: str) -> str:
    """The letter a syllable begins with, tone marks and the two dots of ü aside; empty if it is none."""
    plain = unicodedata.normalize("NFD", syllable.strip().lower())[:1]
    return plain if plain.isascii() and plain.isalpha() else ""


def _words(root: Fields, key: str) -> tuple[str, ...]:
    return tuple(word for line in root.texts(key, required=True) for word in line.split())


def _table(root: Fields, key: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in root.maps(key, required=True):
        name = item.text("name")
        if name in found:
            root.mistakes.add(item.where, f"“{name}”在 {key} 里写了两次，请合并成一处")
        found[name] = tuple(_letters(item, name))
        item.done()
    return found


def _letters(item: Fields, name: str) -> list[str]:
    found: list[str] = []
    for where, reading in item.located_texts("readings", required=True):
        syllables = reading.split()
        if len(syllables) != len(name) or not all(_SYLLABLE.match(syllable) for syllable in syllables):
            item.mistakes.add(where, f"“{reading}”不是“{name}”的读音：每个字一个音节，小写、不带声调、用空格隔开")
            continue
        letters = "".join(map(first_letter, syllables))
        if letters not in found:
            found.append(letters)
    return found
