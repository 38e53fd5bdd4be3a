"""A finished plan as a card: the words of its entries, put together for one person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot import wording as w
from bot.ids import ADDRESS, AFTER, STEPS
from bot.mind import Mind
from bot.render import day
from bot.reply import Card, Event, Fact
from flows.model import Flow
from flows.plan import Case, Plan
from knowledge.model import Citation, Entry


def card_of(plan: Plan, flow: Flow, mind: Mind, key: str, facts: Sequence[Fact], today: date) -> Card:
    """The card of a plan that follows from these facts on this day."""
    entries = [mind.knowledge.entries[name] for name in plan.entries]
    cautions = [mind.knowledge.entries[name] for name in plan.cautions]
    steps = mind.knowledge.entries.get(STEPS)
    whole = flow.id == "plan" and _applies(plan)
    return Card(
        title=w.CARD_TITLE if flow.id == "plan" else flow.title,
        type=plan.main.title if plan.main else "；".join(plan.titles),
        why="".join(plan.whys[:1]),
        when=tuple(_when(plan)),
        where=_where(plan),
        materials=plan.materials,
        login=(*plan.login, *_shorts(mind, (ADDRESS,))) if plan.login else (),
        steps=_steps(steps) if steps and whole else (),
        after=_shorts(mind, AFTER) if whole else (),
        cautions=tuple(entry.short for entry in cautions),
        basis=tuple(_basis(facts, today)),
        citations=_citations([*entries, *cautions, *([steps] if steps else [])]),
        events=tuple(Event(key.on, key.title, key.detail) for key in plan.key_dates),
        flow=flow.id,
        key=key,
    )


def _shorts(mind: Mind, names: tuple[str, ...]) -> tuple[str, ...]:
    """The short answers of entries that belong to every plan."""
    return tuple(mind.knowledge.entries[name].short for name in names if name in mind.knowledge.entries)


def _applies(plan: Plan) -> bool:
    return plan.main is None or bool(plan.main.materials) or bool(plan.cases)


def _when(plan: Plan) -> Iterator[str]:
    if plan.main:
        yield from plan.main.lines
    for case in plan.cases:
        yield w.CARD_CASE.format(title=case.title, lines="".join(case.lines) or case.why) + _beside(case, plan)


def _beside(case: Case, plan: Plan) -> str:
    """What one of several cases asks for, beside what all of them do."""
    common = {material.name for material in plan.materials}
    names = [material.name for material in case.materials if material.name not in common]
    return w.CARD_CASE_MATERIALS.format(names="、".join(names)) if names else ""


def _where(plan: Plan) -> tuple[str, ...]:
    named = plan.review_body is None or any(plan.review_body in line for line in plan.where)
    return plan.where if named else (str(plan.review_body), *plan.where)


def _steps(entry: Entry) -> tuple[str, ...]:
    return next((part.items for part in entry.detail if part.ordered), ())


def _basis(facts: Sequence[Fact], today: date) -> Iterator[str]:
    yield w.CARD_DAY.format(day=day(today))
    if facts:
        yield w.CARD_ANSWERS.format(answers="；".join(f"{fact.label}：{fact.value}" for fact in facts))


def _citations(entries: list[Entry]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citation for entry in entries for citation in entry.citations))
