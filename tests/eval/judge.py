"""Judges a reply: does it convey the facts a case asks for, and did it keep silent where nothing is known."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
_BLANKS = re.compile(r"\s+")
_GAVE = ("answered", "flow")


class Verdict(StrEnum):
    """What a reply was worth."""

    RIGHT = "right"
    ASSISTED = "assisted"  # asked back, where an answer was possible
    MISSED = "missed"  # said it does not know, where an answer was possible
    REJECTED = "rejected"  # said it does not know, rightly
    ASKED = "asked"  # asked back, where nothing is known
    WRONG = "wrong"  # said something else, or something where nothing is known


@dataclass(frozen=True, slots=True)
class Fact:
    """What must and must not be found in an answer that conveys it."""

    all: tuple[re.Pattern[str], ...]
    none: tuple[re.Pattern[str], ...]

    def conveyed(self, text: str) -> bool:
        """Whether a text, pressed together, conveys it."""
        return all(p.search(text) for p in self.all) and not any(p.search(text) for p in self.none)


@dataclass(frozen=True, slots=True)
class Case:
    """A message (alone, or a turn of a dialogue) and what a good reply to it is."""

    says: str
    facts: tuple[str, ...]
    status: str  # answered | unanswered | either | greeting
    kind: str


Facts = Mapping[str, Fact]


def load_facts(path: Path = HERE / "facts.yaml") -> Facts:
    """The facts by id."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["facts"]
    return {name: Fact(_patterns(fact, "all"), _patterns(fact, "none")) for name, fact in raw.items()}


def _patterns(fact: Mapping[str, Any], key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in fact.get(key, ()))


def load_cases(path: Path) -> list[list[Case]]:
    """The conversations of a file; a question is one of a single turn."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_turns(json.loads(line)) for line in lines if line.strip()]


def _turns(raw: Mapping[str, Any]) -> list[Case]:
    turns = raw.get("turns", [raw])
    return [Case(t.get("say", t.get("q")), tuple(t["facts"]), t["status"], raw["kind"]) for t in turns]


def press(text: str) -> str:
    """NFKC, without white space: how the patterns see a text."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def judge(case: Case, status: str, text: str, facts: Facts) -> Verdict:
    """The verdict on a reply of this status and text."""
    pressed = press(text)
    conveyed = [facts[name].conveyed(pressed) for name in case.facts]
    if case.status == "greeting":
        return Verdict.WRONG if status == "answered" else Verdict.RIGHT
    if case.status == "answered":
        return _answerable(status, conveyed)
    if case.status == "either":
        return _either(status, conveyed)
    return _unanswerable(status, conveyed)


def _answerable(status: str, conveyed: Sequence[bool]) -> Verdict:
    if status == "clarify":
        return Verdict.ASSISTED
    if status not in _GAVE:
        return Verdict.MISSED
    return Verdict.RIGHT if conveyed and all(conveyed) else Verdict.WRONG


def _either(status: str, conveyed: Sequence[bool]) -> Verdict:
    """Open to several readings: asking back is right, and so is a part of the answer."""
    if status in ("clarify", "flow"):
        return Verdict.RIGHT
    if status not in _GAVE:
        return Verdict.MISSED
    return Verdict.RIGHT if any(conveyed) or not conveyed else Verdict.WRONG


def _unanswerable(status: str, conveyed: Sequence[bool]) -> Verdict:
    """Nothing is published: silence is asked for, or a supplementary source that does say it."""
    if status in _GAVE and conveyed and all(conveyed):
        return Verdict.RIGHT
    return {"answered": Verdict.WRONG, "clarify": Verdict.ASKED, "flow": Verdict.ASKED}.get(status, Verdict.REJECTED)


def judge_turn(case: Case, status: str, text: str, facts: Facts) -> Verdict:
    """The verdict on a turn of a dialogue, where admitting rightly counts as right."""
    verdict = judge(case, status, text, facts)
    return Verdict.RIGHT if verdict is Verdict.REJECTED else verdict
