"""Value types of the knowledge: sources and entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What saying an entry amounts to."""

    ANSWER = "answer"  # an explanation
    GAP = "gap"  # our field, but no source says it: say so, offer a person
    NEIGHBOUR = "neighbour"  # another subject: name it, say whose it is
    ASK = "ask"  # too short or open to answer: offer `related` as choices
    FLOW = "flow"  # opens the dialogue named in `flow`
    CHAT = "chat"  # greeting, thanks, anger, who are you


class Standing(StrEnum):
    """Whose word an answer rests on."""

    PUBLISHED = "published"  # 《注册有关说明》
    SUPPLEMENTARY = "supplementary"  # elsewhere; shown as 补充说明, 未经官网复核
    CORRECTION = "correction"  # sets a wrong claim right


REGISTRATION_CONCEPTS: Mapping[str, str] = {
    "type-initial": "初始",
    "type-overdue": "逾期初始",
    "type-renewal": "延续",
    "type-change": "变更",
    "change-with-renewal": "变更并同时延续",
    "type-reregister": "重新",
}
"""The concept in vocabulary.yaml that names a registration -> the registration."""
REGISTRATIONS = tuple(REGISTRATION_CONCEPTS.values())


@dataclass(frozen=True, slots=True)
class Source:
    """Who published what, when, and when we last read it."""

    id: str
    title: str
    publisher: str
    published: date | None
    checked_on: date
    url: str | None
    official: bool  # False: 未经官网复核


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source: «《注册有关说明》 · 3. 初审机构的选择»."""

    source: Source
    section: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A fixed day an answer speaks of, and what to add before and after it (``{days}`` is filled in)."""

    on: date
    ahead: str
    passed: str


@dataclass(frozen=True, slots=True)
class Facets:
    """What an entry is about, in the terms of vocabulary.yaml; empty = any."""

    registration: tuple[str, ...] = ()  # 初始 逾期初始 延续 变更 重新
    matter: str = ""  # materials, deadline, ...


@dataclass(frozen=True, slots=True)
class Part:
    """A block of an answer after the short answer: a paragraph, or a list of items."""

    text: str = ""
    items: tuple[str, ...] = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """A thing to hand in, stated once and shared by the registration types that ask for it."""

    id: str
    name: str  # the registration type's form bears that type's name
    conditions: str
    upload: bool  # False: met or brought along, not uploaded


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing 小安 can say, and the questions that lead to it."""

    id: str
    topic: str
    kind: Kind
    standing: Standing
    title: str
    questions: tuple[str, ...]
    short: str
    detail: tuple[Part, ...]
    materials: tuple[Material, ...]
    facets: Facets
    citations: tuple[Citation, ...]
    deadlines: tuple[Deadline, ...]
    valid_from: date | None
    valid_until: date | None
    related: tuple[str, ...]
    flow: str | None
    where: str  # file:line, for messages

    def in_force(self, day: date) -> bool:
        """Whether it is true on that day, as far as it says from when and until when."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How people say it: replacements, concepts, professions (vocabulary.yaml)."""

    variants: Mapping[str, str]
    concepts: Mapping[str, tuple[str, ...]]
    professions: Mapping[str, tuple[str, ...]]  # neighbouring professions only
    our_profession: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that is published, as loaded."""

    entries: Mapping[str, Entry]
    vocabulary: Vocabulary
