"""Bringing text to one form: width, script, case, blanks."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import opencc

_BLANKS = re.compile(r"\s+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f\ud800-\udfff]")
"""Halves of characters too, which the converter refuses."""


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional characters to simplified ones, the length unchanged for single characters."""
    return str(_converter().convert(text))


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """NFKC, simplified, lower case, runs of blanks as one space, invisible characters dropped."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _BLANKS.sub(" ", simplify(plain)).strip().lower()


@lru_cache(maxsize=4096)
def toneless(syllable: str) -> str:
    """A syllable of pinyin without its marks: lǜ as lv."""
    apart = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def simple(text: str) -> str:
    """Each character in its simplified form, so that positions stay."""
    if text == simplify(text):
        return text
    return "".join(form if len(form := simplify(character)) == 1 else character for character in text)
