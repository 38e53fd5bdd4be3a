"""Loads phrases.yaml: how people say in their own words what the questions ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flows.model import FlowError
from knowledge.reading import Fields, Mistakes, strictly

HERE = Path(__file__).parent / "definitions"
DATE = "[\ue000-\ue0ff]"
"""Dates in the text are replaced by one private-use character each before the phrases look."""
TAKEN = "\ue100"
"""Stands where something was taken out."""
SHORT = {
    "{gap}": f"[^,。;!?{DATE[1:-1]}]{{0,8}}",
    "{taken}": TAKEN,
    "{alone}": (
        r"(?=$|[,。;!?、\s\ue100]|[了呢啊吧]|接收|聘|就|也"
        r"|的?(?:话|人|能|可|怎|要|咋|想|该)(?![^,。;!?]{0,3}[盖章]))"
    ),
    "{told}": (
        r"(?=(才|就|刚)?(拿|领|取|考|发|下)(到|得|下|过|出|上)?来?(的|了|证)|(才|就)?注册(的|了|过)|[到过]的?期[的了]"
        r"|[的吧呀啊呢]?$)"
    ),
    "{date}": f"({DATE})(?!年?(?:以前|之前|以后|之后))",
    "{any}": f"{DATE}",
    "{reg}": "注册(?!安全|消防|建造|造价|系统|证|号|有效|类别|工程)",
}
Pattern = re.Pattern[str]
Named = tuple[str, str, str]
"""``file:line``, a question, and an answer to it (empty: any)."""


class Pick(StrEnum):
    """Which value counts where several match."""

    FIRST = "first"  # the first listed
    ONLY = "only"  # none
    JOIN = "join"  # what `joins` says of them; none where it says nothing


class Keep(StrEnum):
    """Which date counts where several have the same role."""

    LAST = "last"
    ALL = "all"  # open which one counts


@dataclass(frozen=True, slots=True)
class DateRole:
    """Which phrases make a date the answer to a question."""

    node: str
    needs: Pattern | None
    unless: Pattern | None
    strong: tuple[Pattern, ...]
    weak: tuple[Pattern, ...]  # only the year counts
    keep: Keep
    where: str


@dataclass(frozen=True, slots=True)
class Saying:
    """A value and the phrases that mean it; an empty value takes its phrases out and means nothing."""

    value: str
    denies: str  # a value that its phrases say does not hold (empty: none)
    says: tuple[Pattern, ...]
    unless: Pattern | None
    weak: bool  # gives way to any other value
    becomes: tuple[tuple[str, Pattern], ...]
    where: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The sayings for one question."""

    node: str
    pick: Pick
    current: bool  # only what holds now, not what was
    raw: bool  # its own phrases tell what asks from what tells
    when: Mapping[str, str]  # other answers it depends on
    values: tuple[Saying, ...]
    joins: Mapping[frozenset[str], str]
    where: str

    def named(self) -> Iterator[Named]:
        """The question and the answers that its phrases can lead to, and those it depends on."""
        yield self.where, self.node, ""
        for saying in self.values:
            values = (saying.value, saying.denies, *(value for value, _ in saying.becomes))
            yield from ((saying.where, self.node, value) for value in values if value)
        joined = (value for of, to in self.joins.items() for value in (*sorted(of), to) if value)
        yield from ((self.where, self.node, value) for value in joined)
        yield from _each(self.where, self.when)


@dataclass(frozen=True, slots=True)
class Implied:
    """Answers that follow from another."""

    node: str
    value: str  # empty: any
    then: Mapping[str, str]
    where: str

    def named(self) -> Iterator[Named]:
        """The questions and answers on both sides."""
        yield from _each(self.where, {self.node: self.value, **self.then})


@dataclass(frozen=True, slots=True)
class Copied:
    """Answers that answer another question as well."""

    node: str
    to: str
    values: tuple[str, ...]
    where: str

    def named(self) -> Iterator[Named]:
        """Both questions, with the answers they share."""
        for node in (self.node, self.to):
            yield self.where, node, ""
            yield from ((self.where, node, value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Phrases:
    """All of phrases.yaml."""

    correction: Pattern
    past: tuple[Pattern, ...]
    not_dates: tuple[Pattern, ...]
    vague: tuple[Pattern, ...]
    questions: tuple[Pattern, ...]
    not_groups: Pattern
    dates: tuple[DateRole, ...]
    choices: tuple[Choice, ...]
    implies: tuple[Implied, ...]
    copies: tuple[Copied, ...]
    name_changed: Pattern
    groups: tuple[tuple[str, tuple[Pattern, ...]], ...]
    any_group: Pattern  # any name of any of them, so that a text that has none is looked at once

    def named(self) -> Iterator[Named]:
        """Every question and answer that the file speaks of, in its order."""
        yield from ((role.where, role.node, "") for role in self.dates if role.node)
        parts: tuple[Choice | Implied | Copied, ...] = (*self.choices, *self.implies, *self.copies)
        for part in parts:
            yield from part.named()


def _each(where: str, answers: Mapping[str, str]) -> Iterator[Named]:
    for node, value in answers.items():
        yield where, node, ""
        if value:
            yield where, node, value


def load_phrases(path: Path = HERE / "phrases.yaml") -> Phrases:
    """The phrases.

    Raises:
        FlowError: with all mistakes, each with file and line.
    """
    with strictly(path, FlowError) as root:
        phrases = Phrases(
            correction=_pattern(root, "correction"),
            past=_patterns(root, "past"),
            not_dates=_patterns(root, "not_dates"),
            vague=_patterns(root, "vague"),
            questions=_patterns(root, "questions"),
            not_groups=_pattern(root, "not_groups"),
            dates=tuple(_role(item) for item in root.maps("dates", required=True)),
            choices=tuple(_choice(item) for item in root.maps("choices", required=True)),
            implies=tuple(_implied(item) for item in root.maps("implies")),
            copies=tuple(_copy(item) for item in root.maps("copies")),
            name_changed=_pattern(root, "name_changed"),
            groups=(groups := tuple(_group(item) for item in root.maps("groups"))),
            any_group=re.compile("|".join(p.pattern for _, says in groups for p in says) or "(?!)"),
        )
    return phrases


def _compiled(text: str, where: str, mistakes: Mistakes) -> Pattern:
    for short, long in SHORT.items():
        text = text.replace(short, long)
    try:
        return re.compile(text)
    except re.error as error:
        mistakes.add(where, f"“{text}”不是可用的正则表达式（{error}）")
        return re.compile(r"(?!)")


def _pattern(item: Fields, key: str) -> Pattern:
    return _compiled(item.text(key), item.line(key), item.mistakes)


def _maybe(item: Fields, key: str) -> Pattern | None:
    text = item.text(key, required=False)
    return _compiled(text, item.line(key), item.mistakes) if text else None


def _patterns(item: Fields, key: str) -> tuple[Pattern, ...]:
    return tuple(_compiled(text, where, item.mistakes) for where, text in item.located_texts(key))


def _role(item: Fields) -> DateRole:
    role = DateRole(
        node=_blank(item, "node"),
        needs=_maybe(item, "needs"),
        unless=_maybe(item, "unless"),
        strong=_apart(_patterns(item, "strong")),
        weak=_apart(_patterns(item, "weak")),
        keep=item.one_of("keep", Keep, Keep.LAST),
        where=item.where,
    )
    for pattern in (*role.strong, *role.weak):
        if pattern.groups == 0 or f"({DATE})" not in pattern.pattern:
            item.mistakes.add(item.where, f"日期的说法里要有 {{date}}：{pattern.pattern}")
    item.done()
    return role


def _apart(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """The patterns, none of them running over another date on the way to its own."""
    return tuple(re.compile(re.sub(r"\[\^(?!\ue000)", lambda _: f"[^{DATE[1:-1]}", p.pattern)) for p in patterns)


def _choice(item: Fields) -> Choice:
    choice = Choice(
        node=item.text("node"),
        pick=item.one_of("pick", Pick, Pick.ONLY),
        current=item.flag("current", default=False),
        raw=item.flag("raw", default=False),
        when=_table(item, "when"),
        values=tuple(_saying(inner) for inner in item.maps("values", required=True)),
        joins=dict(_join(inner) for inner in item.maps("joins")),
        where=item.where,
    )
    item.done()
    return choice


def _saying(item: Fields) -> Saying:
    saying = Saying(
        value=_blank(item, "value"),
        denies=item.text("denies", required=False),
        says=_patterns(item, "says"),
        unless=_maybe(item, "unless"),
        weak=item.flag("weak", default=False),
        becomes=tuple((inner.text("value"), _pattern(inner, "when")) for inner in item.maps("becomes")),
        where=item.where,
    )
    item.done()
    return saying


def _join(item: Fields) -> tuple[frozenset[str], str]:
    join = frozenset(item.texts("of", required=True)), _blank(item, "to")
    item.done()
    return join


def _blank(item: Fields, key: str) -> str:
    """A text that may be empty (written "")."""
    node = item.values.get(key)
    if node is not None and node.value == "":
        item.asked.add(key)
        return ""
    return item.text(key)


def _table(item: Fields, key: str) -> dict[str, str]:
    inner = item.map(key)
    return {name: inner.text(name) for name in inner.values} if inner else {}


def _implied(item: Fields) -> Implied:
    implied = Implied(item.text("when"), item.text("is", required=False), _table(item, "then"), item.where)
    item.done()
    return implied


def _copy(item: Fields) -> Copied:
    copy = Copied(item.text("from"), item.text("to"), item.texts("values", required=True), item.where)
    item.done()
    return copy


def _group(item: Fields) -> tuple[str, tuple[Pattern, ...]]:
    group = item.text("name"), _patterns(item, "says")
    item.done()
    return group
