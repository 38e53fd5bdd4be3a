"""Whether a question is of our field, where nobody asked us: others register, renew and change things too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.analysis import Reading, Unit
from knowledge.search import Searcher, other_professions

TITLE = re.compile("注安|註安|注册安全|註冊安全|安全工程[师師]|安工")
"""What a place is called where the talk is of our field."""
_NAMES = re.compile("初审|(?:初始|首次|延续|延期|变更)注册|注册安全")
"""Words of our field, beside the name of our profession."""
HEADED = frozenset(
    (
        *("register", "type-initial", "type-renewal", "type-change", "type-reregister", "window", "soon-expiring"),
        *("expired", "validity", "password", "user-name", "system"),
    )
)
"""What others have too: what stands directly before it tells whose it is («护士延续注册», «学习通密码»)."""
_STRANGE = 0.2
"""The share of a text's pairs of characters from which on it tells of something else."""


def in_field(searcher: Searcher, text: str, *, at_home: bool) -> bool:
    """Whether a text is of our field. `at_home`: so is what is said around it, so that it need not say so itself."""
    reading = searcher.analyst.read(text)
    concepts = reading.concepts()
    if other_professions(concepts) or _of_others(searcher, reading):
        return False
    named = "ours" in concepts or bool(_NAMES.search(reading.text))
    return at_home or (named and _strange(searcher, reading) <= _STRANGE)


def _of_others(searcher: Searcher, reading: Reading) -> bool:
    """Whether a word that we don't know, or know as another's, stands before what others have too."""
    units, begins = reading.units, {start for start, _ in reading.clauses}
    heads = [mention for mention in reading.mentions if mention.concept in HEADED and not mention.heard]
    for at in {m.start for m in heads if not any(o.start < m.start <= o.end for o in heads)} - begins:
        before = units[at - 1]
        start = at - 1 if at - 1 in begins else at - 2
        if (before.text.isascii() and before.text.isalpha()) or _unknown(searcher, units[start : at + 1]):
            return True
    return False


def _strange(searcher: Searcher, reading: Reading) -> float:
    return len(_unknown(searcher, reading.units)) / max(1, len(reading.units) - 1)


def _unknown(searcher: Searcher, units: Sequence[Unit]) -> list[str]:
    """The pairs of characters that nothing asked in our field has."""
    pairs = (f"c:{first.text}{second.text}" for first, second in pairwise(units) if first.text and second.text)
    return [pair for pair in pairs if pair not in searcher.own]
