"""Reads a text the way the index does: standard words, character and pinyin n-grams, concepts, clauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from knowledge.model import Vocabulary
from knowledge.sounds import Sounds
from knowledge.text import fold

_UNIT = re.compile(r"[a-z]+|[0-9]+(?:[.\-/][0-9]+)*|[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")
_CUT = re.compile(r"[,。.!?;:…~、()\[\]【】《》“”\"]|(?<![a-z0-9])\s|\s(?![a-z0-9])|[^\w\s'&+/\-]")
ITEM = "§"
"""Stands for what numbers one of several things: ①, (2), «3、»."""
_NUMBERING = re.compile(r"[①-⑳⑴-⒇]|[(（]\d[)）]|(?:^|(?<=[\s,，.。;；:：?？]))(?:\d|[一二三四五六七八九])[.、．](?!\d)")
_QUESTION_TAILS = frozenset("不没吗呢嘛么否吧咩伐噻")
OTHER_ACCOUNT = "foreign-account"
_OTHERS = ("other:", OTHER_ACCOUNT)
"""How concepts begin that are of others: a slip in writing is one in a word of ours."""
_EITHER_OR = re.compile(r"([\u4e00-\u9fff])[不没]\1")  # 迟没迟, 来不来得及


DENIED = {
    "same-employer": ("employer-change", "new-employer"),
    "unexpired": ("expired",),
    "expired": ("type-renewal", "deadline"),
    "once-registered": ("type-initial",),
    "metal-mine": ("coal",),
    "not-coal": ("coal",),
}
"""Concept -> those it takes back where a longer word of it holds theirs."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A character, a typed syllable, a number or a foreign word, with the place it stands at."""

    text: str  # "" for a typed syllable
    sound: str
    at: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept named by the units from `start` up to `end`; `heard` where only the sound fits."""

    concept: str
    start: int
    end: int
    heard: bool


@dataclass(frozen=True)
class Reading:
    """What a text consists of, as far as matching is concerned."""

    text: str
    units: tuple[Unit, ...]
    mentions: tuple[Mention, ...]
    clauses: tuple[tuple[int, int], ...]  # as unit ranges

    def features(self, start: int = 0, end: int | None = None) -> frozenset[str]:
        """What the units from `start` up to `end` have to be compared by."""
        stop = len(self.units) if end is None else end
        return frozenset(_grams(self.units[start:stop])) | {f"k:{c}" for c in self.concepts(start, stop)}

    def concepts(self, start: int = 0, end: int | None = None) -> frozenset[str]:
        """The concepts named between `start` and `end`."""
        stop = len(self.units) if end is None else end
        return frozenset(m.concept for m in self.mentions if start <= m.start and m.end <= stop)

    @cached_property
    def asking(self) -> frozenset[tuple[int, int]]:
        """The clauses that ask something."""
        return frozenset(clause for clause in self.clauses if self._asks(*clause))

    def _asks(self, start: int, end: int) -> bool:
        last = self.units[end - 1]
        if last.text in _QUESTION_TAILS or "?" in self.text[last.at : last.at + 3]:
            return True
        return bool(_EITHER_OR.search(self.excerpt(start, end))) or any(
            c.startswith("q-") for c in self.concepts(start, end)
        )

    def excerpt(self, start: int, end: int) -> str:
        """The text from unit `start` up to unit `end`."""
        if start >= end:
            return ""
        stop = self.units[end].at if end < len(self.units) else len(self.text)
        return self.text[self.units[start].at : stop].strip(" ,.?!，。？！、")


@dataclass(slots=True)
class _Step:
    """A place in a lexicon: what is named by the units so far, and where further units lead."""

    concepts: list[str] = field(default_factory=list)
    further: dict[str, _Step] = field(default_factory=dict)


class _Lexicon:
    """Words as runs of units, found unit by unit."""

    def __init__(self) -> None:
        self._first = _Step()

    def add(self, word: tuple[str, ...], concept: str) -> None:
        step = self._first
        for unit in word:
            if (further := step.further.get(unit)) is None:
                further = step.further[unit] = _Step()
            step = further
        if concept not in step.concepts:
            step.concepts.append(concept)

    def find(self, units: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        for start, unit in enumerate(units):
            step, end = self._first.further.get(unit), start + 1
            while step is not None:
                for concept in step.concepts:
                    yield start, end, concept
                step = step.further.get(units[end]) if end < len(units) else None
                end += 1


class Analyst:
    """Turns texts into readings with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, sounds: Sounds | None = None) -> None:
        """`sounds`, where they were looked up before for the same vocabulary, saves looking them up again."""
        self._replace = _Replacer(vocabulary.variants)
        self._written, self._heard, self._settled = _Lexicon(), _Lexicon(), _Lexicon()
        concepts = {**vocabulary.concepts, "ours": vocabulary.our_profession}
        concepts |= {f"other:{name}": words for name, words in vocabulary.professions.items()}
        words = [(concept, self.standard(word)) for concept, words in concepts.items() for word in words]
        self.sounds = sounds or Sounds.of(dict.fromkeys(word for _, word in words))
        self._spell_out = lru_cache(maxsize=4096)(self.sounds.spell_out)
        for concept, word in words:
            self._learn(word, concept)

    def _learn(self, word: str, concept: str) -> None:
        units = tuple(self._units(word))
        if not units:
            return
        if not all(unit.text for unit in units):  # letters that could be pinyin: oa, safari
            self._heard.add(tuple(unit.sound for unit in units), concept)
            return
        self._written.add(tuple(u.text for u in units), concept)
        spoken = self.sounds.words[word]
        if len(spoken) == len(word) == len(units) > 1:
            self._heard.add(spoken, concept)
            self._settled.add(tuple(u.text for u in units), " ".join(spoken))

    def standard(self, text: str) -> str:
        """Folded, with dialect and foreign words replaced by the standard ones."""
        return self._replace(fold(text))

    def read(self, text: str) -> Reading:
        """The reading of a text, whatever its form."""

        standard = self.standard(_NUMBERING.sub(ITEM, text.replace("\n", "。")))
        units = self._settle(tuple(self._units(standard)))
        mentions = [Mention(c, start, end, False) for start, end, c in self._written.find([u.text for u in units])]
        written = {(m.concept, m.start) for m in mentions}
        for start, end, concept in self._heard.find([u.sound for u in units]):
            typed = all(not unit.text for unit in units[start:end])
            if (concept, start) not in written and (typed or not concept.startswith(_OTHERS)):
                mentions.append(Mention(concept, start, end, True))
        return Reading(standard, units, tuple(_outermost(mentions)), tuple(_clauses(standard, units)))

    def _units(self, text: str) -> Iterator[Unit]:
        sounds = self.sounds.characters
        for run in _UNIT.finditer(text):
            word, at = run.group(), run.start()
            if not word.isascii():
                yield Unit(word, sounds.get(word, word), at)
            elif syllables := self._spell_out(word) if word.isalpha() and len(word) > 1 else ():
                yield from (Unit("", s, at) for s in syllables)
            else:
                yield Unit(word, word, at)

    def _settle(self, units: tuple[Unit, ...]) -> tuple[Unit, ...]:
        """Known words settle how their characters sound (重新 is chóng)."""
        sounds = [u.sound for u in units]
        for start, end, spoken in self._settled.find([u.text for u in units]):
            sounds[start:end] = spoken.split(" ")
        pairs = zip(units, sounds, strict=True)
        return tuple(u if u.sound == sound else Unit(u.text, sound, u.at) for u, sound in pairs)


def _outermost(mentions: list[Mention]) -> Iterator[Mention]:
    """Without what a longer mention takes back: 初级注安 does not name our profession, nor 没换单位 a change."""
    for mention in mentions:
        length = mention.end - mention.start
        around = (o for o in mentions if o.start <= mention.start and mention.end <= o.end)
        if not any(_takes_back(o, mention) for o in around if o.end - o.start > length):
            yield mention


def _takes_back(wider: Mention, inner: Mention) -> bool:
    if inner.heard and not wider.heard:  # a word in full is no slip for what a part of it sounds like
        return True
    if inner.concept == "ours":
        return wider.concept.startswith("other:")
    return inner.concept in DENIED.get(wider.concept, ())


def _clauses(text: str, units: tuple[Unit, ...]) -> Iterator[tuple[int, int]]:
    cuts = [m.start() for m in _CUT.finditer(text)]
    start = 0
    for cut in [*cuts, len(text) + 1]:
        end = start
        while end < len(units) and units[end].at < cut:
            end += 1
        if end > start:
            yield start, end
        start = end


def _grams(units: tuple[Unit, ...]) -> Iterator[str]:
    """Characters and sounds; the sound of one character alone is shared by too many others to tell anything."""
    before: Unit | None = None
    for unit in units:
        if unit.text:
            yield f"c:{unit.text}"
        if before is not None:
            yield f"p:{before.sound} {unit.sound}"
            if unit.text and before.text:
                yield f"c:{before.text}{unit.text}"
        before = unit


class _Replacer:
    """Replaces words, the longest first."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = pairs
        self._pattern = re.compile("|".join(_patterns(pairs)) or r"(?!)")

    def __call__(self, text: str) -> str:
        return self._pattern.sub(lambda m: self._pairs[m.group()], text)


def _patterns(words: Iterable[str]) -> Iterator[str]:
    """Longest first; a word of letters only where no letter stands before or after it.

    Each begins with its first character, so that most can be ruled out by it: the look behind comes after.
    """
    for word in sorted(words, key=lambda w: (-len(w), w)):
        first, rest = re.escape(word[0]), re.escape(word[1:])
        yield f"{first}(?<![a-z]{first}){rest}(?![a-z])" if word.isascii() else first + rest
