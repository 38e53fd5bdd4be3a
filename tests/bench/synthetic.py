"""Large knowledge for the bench: the real words and questions taken apart and put together anew, always the same."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.model import Facets, Kind, Knowledge

SEED = 20210118
_SPACE = re.compile(r"[\s,，。.！!？?；;：:、“”\"()（）]+")
_WORDS = 3  # that make an entry what it is
_FILLERS = 2
_LONGEST_FILLER = 6


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A made-up knowledge, and questions whose entry is known."""

    knowledge: Knowledge
    questions: tuple[tuple[str, str], ...]  # what is asked, the entry it is about


def synthetic(real: Knowledge, size: int, asked: int = 300) -> Synthetic:
    """`size` entries of three phrasings, and `asked` questions that are none of these phrasings."""
    chance = random.Random(SEED)
    words, fillers = _pieces(real)
    model = next(e for e in real.entries.values() if e.kind is Kind.ANSWER)
    entries, topics = {}, []
    for number in range(size):
        topic, name = chance.sample(words, _WORDS), f"made-{number}"
        first, second, title = (_phrasing(topic, fillers, chance) for _ in range(3))
        topics.append(topic)
        entries[name] = replace(
            model, id=name, title=title, questions=(first, second), facets=Facets(), related=(), flow=None
        )
    chosen = [chance.randrange(size) for _ in range(asked)]
    questions = tuple((_misspelt(_phrasing(topics[n], fillers, chance), chance), f"made-{n}") for n in chosen)
    return Synthetic(replace(real, entries=entries), questions)


def _pieces(real: Knowledge) -> tuple[list[str], list[str]]:
    """The words of the vocabulary, and what stands between them in the questions."""
    words = sorted({w for ws in real.vocabulary.concepts.values() for w in ws if len(w) > 1})
    between = re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))
    pieces = {
        piece
        for entry in real.entries.values()
        for question in entry.questions
        for run in _SPACE.split(question)
        for piece in between.split(run)
        if 1 < len(piece) <= _LONGEST_FILLER
    }
    return words, sorted(pieces)


def _phrasing(topic: Sequence[str], fillers: Sequence[str], chance: random.Random) -> str:
    parts = [*topic, *chance.sample(fillers, _FILLERS)]
    chance.shuffle(parts)
    return "".join(parts)


def _misspelt(text: str, chance: random.Random) -> str:
    """One character dropped."""
    place = chance.randrange(len(text))
    return text[:place] + text[place + 1 :]
