"""Plays a script (a person's lines and presses, what must come back) on any channel; the plan is the same on all.

A channel is anything with `send(Step) -> Told`; see `Channel`. Steps are written in the YAML files of this folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol, Self

import yaml

from tests.persona_kit import head

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Step:
    """What the person does (one of the three), and what must come back (only what is named is looked at)."""

    say: str = ""
    press: str = ""  # the label of a button that is shown
    choose: str = ""  # the id of a button, where labels would be ambiguous («改»)
    expect: Mapping[str, Any] = field(default_factory=dict)  # fields of Told


@dataclass(frozen=True, slots=True)
class Script:
    """A whole dialogue."""

    id: str
    today: date
    steps: tuple[Step, ...]
    outcome: Mapping[str, Any]  # of the last reply; None: there is none


@dataclass(frozen=True, slots=True)
class Told:
    """What came back, as ids. None: this channel does not tell."""

    status: str | None = None
    node: str | None = None
    entry: str | None = None
    flow: str | None = None
    outcome: Mapping[str, Any] | None = None
    facts: tuple[str, ...] | None = None  # the nodes shown as known
    problem: bool | None = None  # whether the answer did not fit
    labels: tuple[str, ...] = ()  # of the buttons
    plan: str = ""  # the plan as Markdown, where there is one

    @classmethod
    def stored(cls, reply: Mapping[str, Any], labels: tuple[str, ...], plan: str) -> Self:
        """What a reply in the store tells, and what its channel showed."""
        return cls(
            **{name: reply[name] for name in ("status", "node", "entry", "flow", "outcome")},
            facts=tuple(fact["node"] for fact in reply["facts"]),
            problem=bool(reply["question"] and reply["question"]["problem"]),
            labels=labels,
            plan=plan,
        )


class Channel(Protocol):
    """A conversation on some channel, at its beginning."""

    def send(self, step: Step) -> Told:
        """Do what the step says; `press` by what is shown, and fail where it is not shown."""
        ...


def scripts() -> list[Script]:
    """All dialogues of this folder."""
    return [script for path in sorted(FOLDER.glob("*.yaml")) for script in _of(path)]


def play(script: Script, channel: Channel) -> Told:
    """The last thing told, every step having gone as written."""
    told = Told()
    for number, step in enumerate(script.steps, 1):
        told = channel.send(step)
        wrong = list(_differences(step.expect, told))
        did = step.say or step.press or step.choose
        assert not wrong, f"{script.id}, step {number} ({did}): {'; '.join(wrong)}"
    wrong = list(_in_outcome(script.outcome, told))
    assert not wrong, f"{script.id}, at the end: {'; '.join(wrong)}"
    return told


def _differences(expected: Mapping[str, Any], told: Told) -> Iterator[str]:
    for name, value in expected.items():
        said = getattr(told, name)
        if said is None and name in ("facts", "problem"):
            continue
        if name in ("facts", "labels"):
            missing = [item for item in value if item not in said]
            if missing:
                yield f"{name} lack {missing}: {said}"
        elif said != value:
            yield f"{name} is {said!r}, not {value!r}"


def _in_outcome(expected: Mapping[str, Any], told: Told) -> Iterator[str]:
    if told.outcome is None:
        if expected:
            yield f"no plan, but the question {told.node!r}"
        return
    for name, value in expected.items():
        said = told.outcome[name]
        if name == "materials":
            said, value = sorted(head(m) for m in said), sorted(value)
        elif name in ("cautions", "entries"):
            said = [entry for entry in value if entry in said]
        elif name == "cases":
            said = [case["type"] for case in said]
        elif name == "window":
            said = {key: said[key] for key in value}
        if said != value:
            yield f"{name} is {said!r}, not {value!r}"


_DOES = ("say", "press", "choose")


def _of(path: Path) -> Iterator[Script]:
    for raw in yaml.safe_load(path.read_text(encoding="utf-8")):
        name = f"{path.stem}/{raw.pop('id')}"
        steps = tuple(_step(step, name) for step in raw.pop("steps"))
        yield Script(name, date.fromisoformat(raw.pop("today")), steps, raw.pop("outcome", {}))
        assert not raw, f"{name}: unknown keys {sorted(raw)}"


def _step(raw: dict[str, Any], where: str) -> Step:
    does = {key: str(raw.pop(key)) for key in _DOES if key in raw}
    unknown = raw.keys() - set(Told.__dataclass_fields__)
    assert len(does) == 1, f"{where}: a step either says, presses or chooses: {does}"
    assert not unknown, f"{where}: unknown expectations {sorted(unknown)}"
    return Step(**does, expect=raw)
