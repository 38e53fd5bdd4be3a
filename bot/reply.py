"""What passes between the assistant and a channel: a message in, a reply out. A channel only translates these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flows.model import Input
from knowledge.model import Citation, Material, Part, Standing


class Status(StrEnum):
    """What the assistant decided to do."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    FLOW = "flow"
    UNANSWERED = "unanswered"
    GREETING = "greeting"


class Role(StrEnum):
    """What pressing a choice does, so that a channel can place and style it."""

    OPTION = "option"  # answers the question just asked
    SUGGESTION = "suggestion"  # a question worth asking next
    FLOW = "flow"  # opens a dialogue
    NAVIGATION = "navigation"  # 上一步 重来 退出 转人工
    FEEDBACK = "feedback"  # 有用 没用
    WHY = "why"  # 凭什么


@dataclass(frozen=True, slots=True)
class Message:
    """What a person did: wrote something, or pressed a choice (its id)."""

    text: str = ""
    choose: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. `id` is at most 60 bytes of ASCII and stands for itself, so it works after a restart."""

    id: str
    label: str
    role: Role = Role.OPTION
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry as said to this person today."""

    entry: str
    title: str
    standing: Standing
    short: str
    own: tuple[str, ...]  # what it comes to for this person: said first
    notes: tuple[str, ...]  # computed today: «2024年3月1日已过去 997 天»
    detail: tuple[Part, ...]
    materials: tuple[Material, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What a dialogue asks now."""

    node: str
    ask: str
    why: str
    input: Input
    example: str
    problem: str = ""  # why the last answer did not fit
    past: bool = False  # a date that can't lie ahead
    step: int = 1  # how many questions have been asked in this dialogue, this one included
    left: int = 0  # how many can follow it, at most


@dataclass(frozen=True, slots=True)
class Fact:
    """An answer already given, as shown («取得证书的时间：2018年3月»); pressing `edit` asks it again."""

    node: str
    label: str
    value: str
    edit: str  # choice id
    from_text: bool = False  # taken from what the person wrote: shown as 我理解为…


@dataclass(frozen=True, slots=True)
class Event:
    """A day for the calendar file."""

    on: date
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Card:
    """The plan (办理方案) at the end of a dialogue."""

    title: str
    type: str
    why: str
    when: tuple[str, ...]
    where: tuple[str, ...]
    materials: tuple[Material, ...]
    login: tuple[str, ...]
    steps: tuple[str, ...]
    after: tuple[str, ...]  # what happens once it is submitted
    cautions: tuple[str, ...]  # where the published text is silent, what can go wrong
    basis: tuple[str, ...]  # the day it was worked out on, and the answers it follows from
    citations: tuple[Citation, ...]
    events: tuple[Event, ...]
    flow: str  # the dialogue that it ends
    key: str  # stable digest of what is to be handed in, so that ticks on the materials stay


class Shape(StrEnum):
    """How a section of the plan is laid out."""

    VERDICT = "verdict"  # the registration, large, and why
    LINES = "lines"
    MATERIALS = "materials"
    STEPS = "steps"
    POINTS = "points"
    DAYS = "days"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the plan: the field of `Card` that it shows, its heading, how it is laid out."""

    name: str
    heading: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say. Channels show, in this order: lead, answers, facts, question or card, choices."""

    status: Status
    lead: str = ""
    answers: tuple[Answer, ...] = ()
    facts: tuple[Fact, ...] = ()
    question: Question | None = None
    card: Card | None = None
    choices: tuple[Choice, ...] = ()
    flow: str | None = None
    node: str | None = None
    outcome: Mapping[str, object] | None = None  # the fields of the plan for programs
    entry: str | None = None
    score: float = 0.0
    aside: bool = False  # said in passing, as thanks are: what was asked before it stays open
