"""Value types of the dialogues: a flow is data, its state is the ordered answers given so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.errors import FilesError

Answers = Mapping[str, str]
"""Node id -> stored value, in the order given. Values are short ASCII or canonical text, never personal data:
an option id; a date as far as known (``2018``, ``2018-03``, ``2018-03-05``), or several joined by ``/`` where it is
open which one counts; a province as its short name (``广东``); a name as the initials only (``sxx``, or ``lj/yj`` where
two readings are possible, the likelier first; then marks: ``+dot`` separators left out, ``+changed`` two names in use,
``+unsure`` a character without a known reading)."""

EXPIRED = "expired"  # the option id for «已经过期，记不清哪天»
UNKNOWN = "unknown"  # the option id for «记不清»: the person does not know, and the flow goes on without it
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Between which a date can lie; beyond them it is a slip of the hand, or a link made up to break the plan."""


class FlowError(FilesError):
    """The flow definitions can't be used."""


class Input(StrEnum):
    """How a node is answered."""

    CHOICE = "choice"
    DATE = "date"  # also month or year only
    PROVINCE = "province"
    NAME = "name"  # only its initials are kept
    GROUP = "group"  # a central enterprise group's name

    @property
    def typed(self) -> bool:
        """Whether the person writes rather than picks (options, if any, are then ways out such as «记不清»)."""
        return self is not Input.CHOICE


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer a choice node."""

    id: str
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Next:
    """Where a node leads: one target, a target per option, or a rule that picks one of `to`."""

    by_option: Mapping[str, str] = field(default_factory=dict)  # "" = any answer
    rule: str | None = None
    to: Mapping[str, str] = field(default_factory=dict)  # with the case in words, for the decision table


@dataclass(frozen=True, slots=True)
class Node:
    """A question (or, with a rule and no `ask`, a silent fork)."""

    id: str
    ask: str
    why: str
    input: Input
    options: tuple[Option, ...]
    example: str
    next: Next
    where: str
    label: str = ""  # how a fact already given is headed («取得证书的时间»)
    past: bool = False  # a date that can't lie ahead
    within: str = ""  # the node whose rougher date this one makes exact

    @property
    def silent(self) -> bool:
        """A fork: nothing is asked, its rule alone decides."""
        return not self.ask


@dataclass(frozen=True, slots=True)
class Reminder:
    """A day for the calendar: which date of the plan (`day`), and what to write there."""

    day: str  # deadline, from, earliest
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a part ends; its words, materials and sources live in the knowledge entries it names."""

    id: str
    part: str
    title: str
    fields: Mapping[str, str]  # e.g. {"type": "逾期初始"}
    entries: tuple[str, ...]
    final: bool  # nothing is asked after it (no certificate)
    where: str
    why: str = ""
    lines: tuple[str, ...] = ()  # templates; one whose values are not all known is left out
    general: tuple[str, ...] = ()  # said instead when no line of `lines` can be filled in
    materials: tuple[str, ...] | None = None  # material ids; None = all that the entries list
    cautions: tuple[str, ...] = ()  # entries on what the published text leaves open, always true of this outcome
    cases: tuple[str, ...] = ()  # outcomes that are possible when this one is undetermined
    reminders: tuple[Reminder, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A run of questions with its own outcomes; flows are made of parts."""

    id: str
    start: str
    nodes: Mapping[str, Node]
    outcomes: Mapping[str, Outcome]
    where: str  # of its start


@dataclass(frozen=True, slots=True)
class Flow:
    """A dialogue a person can open: its parts in order. An answer given in one part is not asked again in the next."""

    id: str
    title: str
    intro: str
    parts: tuple[Part, ...]
    version: str  # digest of its questions, so that an old button can be told from a new one


@dataclass(frozen=True, slots=True)
class Position:
    """Where a replay of the answers stops."""

    path: tuple[str, ...]  # node ids asked and answered, in order
    node: Node | None  # the question to ask now; None at the end
    outcomes: tuple[Outcome, ...]  # one for each part that has ended
