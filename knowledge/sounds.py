"""How characters, words and typed letters sound: pinyin without tones, and without what many don't tell apart.

Looked up in pypinyin, which takes longer to import than an answer takes many times over; so it is imported where
something is looked up, and what was found is kept (knowledge.cache).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.text import toneless

_LONGEST_SYLLABLE = 6


@dataclass(frozen=True, slots=True)
class Sounds:
    """All characters, the words asked for, and the syllables that can be typed."""

    characters: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    syllables: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> Sounds:
        """The sounds of every character there is, and of these words (重新 is chóng)."""
        from pypinyin import Style, lazy_pinyin
        from pypinyin.constants import PHRASES_DICT
        from pypinyin.pinyin_dict import pinyin_dict

        characters = {chr(code): _plain(readings.split(",")[0]) for code, readings in pinyin_dict.items()}

        def spoken(word: str) -> tuple[str, ...]:
            parts = (word[i:j] for i in range(len(word) - 1) for j in range(i + 2, len(word) + 1))
            if any(part in PHRASES_DICT for part in parts):  # dearer to read, and the phrase decides
                return tuple(_plain(syllable) for syllable in lazy_pinyin(word, style=Style.TONE))
            return tuple(characters.get(char, char) for char in word)

        readings = {r for code, rs in pinyin_dict.items() if 0x4E00 <= code < 0xA000 for r in rs.split(",")}
        return cls(characters, {word: spoken(word) for word in words}, _typed(readings))

    def spell_out(self, letters: str) -> tuple[str, ...]:
        """Letters as pinyin syllables, the fewest that cover them all; empty where they are not pinyin."""
        best: list[tuple[str, ...] | None] = [(), *[None] * len(letters)]
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - _LONGEST_SYLLABLE), end):
                head, now = best[start], best[end]
                known = head is not None and letters[start:end] in self.syllables
                if head is not None and known and (now is None or len(head) + 1 < len(now)):
                    best[end] = (*head, letters[start:end])
        return tuple(_plain(syllable) for syllable in best[-1] or ())


@lru_cache(maxsize=4096)
def _plain(syllable: str) -> str:
    """A syllable without tone, ü as v, and without the distinctions many don't make (zh/z, ang/an, ing/in)."""
    flat = re.sub(r"^([zcs])h", r"\1", toneless(syllable))
    return re.sub(r"([aei])ng$", r"\1n", flat)


def _typed(readings: Iterable[str]) -> frozenset[str]:
    """The syllables as they are typed: without tones, ü as v or u; interjections without a vowel are none."""
    plain = {toneless(reading) for reading in readings}
    typed = plain | {s.replace("v", "u") for s in plain}
    return frozenset(s for s in typed if s.isascii() and (s in ("a", "e", "o") or re.search(r".[aeiouv]|[aeo].", s)))
