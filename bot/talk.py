"""Understands a message in its conversation: what it asks, what it tells, what it leaves to the turn before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.mind import Mind
from bot.state import State
from flows.engine import resolve
from flows.extract import Extracted, extract, merge
from flows.plan import Plan, plan
from knowledge.decide import Decision, Verdict, decide_parts
from knowledge.model import Entry, Kind
from knowledge.search import Candidate, registrations_in

SHORT = 20
"""Units up to which a message may lean on the turn before."""
_LEANS = re.compile(
    r"^(那|哦|嗯|好|还有|另外|其余|其他|其它|剩下)|呢[\s?!。]*$"
    r"|[它这]个?|这种|这些|刚才|也是|也要|也得|还要|还得|还用"
)
_CORRECTS = re.compile(r"^(不对|不是|错了|说错|我说错|搞错|更正|打错|我是说|我说的是|我问的是|不不)")
_TYPE_TERMS = {"重新注册": "重新"}
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood."""

    decision: Decision
    told: Extracted  # facts in the message itself
    answers: dict[str, str]  # all facts known with it
    asks: bool
    about_self: bool
    plan: Plan | None  # which registration it is, as far as the facts settle it


def hear(mind: Mind, state: State, text: str, today: date) -> Heard:
    """What a message says and asks."""
    told = extract(text, today, mind.lexicon)
    reading = mind.searcher.analyst.read(text)
    about_self = "other-person" not in reading.concepts()
    answers = merge(state.answers, told)
    settled = settle(mind, answers, today)
    decision = _decide(mind, state, text, told, settled)
    asks = any(reading.asks(*clause) for clause in reading.clauses)
    return Heard(decision, told, answers, asks, about_self, settled)


def settle(mind: Mind, answers: dict[str, str], today: date) -> Plan | None:
    """Which registration the known facts amount to today, if they settle it."""
    flow = mind.flows["type"]
    position = resolve(flow, answers, today)
    if position.node is not None:
        return None
    return plan(flow, position, answers, today, entries=mind.knowledge.entries, regions=mind.regions, words=mind.words)


def registration_of(settled: Plan | None) -> str:
    """The registration term of a settled plan («重新注册» is 重新)."""
    if settled is None or settled.main is None:
        return ""
    return _TYPE_TERMS.get(settled.main.type, settled.main.type)


def _decide(mind: Mind, state: State, text: str, told: Extracted, settled: Plan | None) -> Decision:
    plain = decide_parts(mind.searcher, text, mind.limits)
    reading = mind.searcher.analyst.read(text)
    named = registrations_in(reading.concepts())
    if corrected := _corrected(mind, state, text, named, told, settled):
        return corrected
    known = registration_of(settled) or (state.registration[0] if len(state.registration) == 1 else "")
    if named or not known or len(reading.units) > 2 * SHORT:
        return _switched(mind, state, text, named) or plain
    return _with_registration(mind, known, text, plain)


def _corrected(
    mind: Mind, state: State, text: str, named: tuple[str, ...], told: Extracted, settled: Plan | None
) -> Decision | None:
    """«不对，我是换了单位»: the same matter, for what it is now said to be."""
    if not state.matter or not (_CORRECTS.match(text.strip()) or told.correction):
        return None
    changed = ("变更",) if told.answers.get("change") in ("employer", "renamed", "category") else ()
    for registration in (registration_of(settled), *named, *changed, *state.registration):
        if entry := entry_about(mind, registration, state.matter):
            return _said(entry)
    return None


def _switched(mind: Mind, state: State, text: str, named: tuple[str, ...]) -> Decision | None:
    """«那变更呢»: another registration, the matter as before."""
    bare = _bare_mention(mind, text)
    if len(named) == 1 and bare and state.matter and (entry := entry_about(mind, named[0], state.matter)):
        return _said(entry)
    return None


def _bare_mention(mind: Mind, text: str) -> bool:
    """Whether a message names a registration and nothing else that could be asked about."""
    reading = mind.searcher.analyst.read(text)
    others = {c for c in reading.concepts() if not c.startswith(("type-", "change-with", "ours", "register"))}
    return len(reading.units) <= 9 and not others - {"employer-change", "rename", "expired", "negation"}


def _with_registration(mind: Mind, known: str, text: str, plain: Decision) -> Decision:
    """«材料呢» after a word on 延续 is 延续材料: tried where the message leans on what went before."""
    best = plain.chosen[0] if plain.verdict is Verdict.SAY else None
    about = best.entry.facets.registration if best else ()
    if best and best.entry.kind is Kind.ANSWER and known in about:
        return plain
    if best and (matter := best.entry.facets.matter) and (entry := entry_about(mind, known, matter)) and _open(best):
        return _said(entry, best)
    leaning = bool(_LEANS.search(text)) or plain.verdict is not Verdict.SAY
    if not leaning:
        return plain
    fuller = decide_parts(mind.searcher, f"{known}注册{text}", mind.limits)
    if fuller.verdict is not Verdict.SAY or fuller.chosen[0].entry.kind is not Kind.ANSWER:
        return plain
    if best is None or (best.entry.kind is not Kind.ANSWER and fuller.sure >= plain.sure):
        return fuller
    specific = known in fuller.chosen[0].entry.facets.registration
    return fuller if specific and about and fuller.sure >= SURE else plain


def _open(candidate: Candidate) -> bool:
    """Whether an entry is about a matter in general, so that the known registration makes it narrower."""
    entry = candidate.entry
    return entry.kind is Kind.ASK or (entry.kind is Kind.ANSWER and len(entry.facets.registration) != 1)


def entry_about(mind: Mind, registration: str, matter: str) -> Entry | None:
    """The answer about a matter of one registration."""
    if not registration:
        return None
    fitting = [
        entry
        for entry in mind.knowledge.entries.values()
        if entry.kind is Kind.ANSWER and entry.facets.matter == matter and registration in entry.facets.registration
    ]
    return min(fitting, key=lambda e: len(e.facets.registration), default=None)


def _said(entry: Entry, like: Candidate | None = None) -> Decision:
    span = like.span if like else (0, 0)
    chosen = Candidate(entry, 1.0, SURE, entry.title, like.segment if like else "", span, ("承接上文",))
    return Decision(Verdict.SAY, (chosen,), (), SURE)
