"""Makes a general answer narrower by what is known of the person, and an answer to another case theirs."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.hearing.clues import Clues
from bot.hearing.stating import SUPPOSES
from bot.hearing.tables import (
    AFTER_EXPIRY,
    ALL_PLACES,
    ASK_CHANGE,
    ASK_IN_FORCE,
    ASK_REORGANISED,
    BY_TYPE,
    CHANGES,
    COMBINED,
    CONDITIONS,
    EXPIRED,
    EXPIRING,
    FIRST,
    INSTEAD,
    LAPSED,
    LEANING,
    NO_CERTIFICATE,
    OVERDUE,
    OVERVIEWS,
    PASSED,
    PLACE,
    PLACE_OF,
    RENAMED,
    REORGANISED,
    SURE,
    TYPES,
)
from bot.mind import Mind
from knowledge.decide import Decision, Verdict
from knowledge.model import Entry, Kind, Standing
from knowledge.search import Candidate

_SAME_NAME = re.compile("(名|名字|名称|厂名)(也|都|还|一直)*(没有?|未|不)(变|改|换|动)")


_MISSED = re.compile("赶不上|没赶上|来不及(?!吗|么|不)|错过|过了期?(?:以后|之后|再)|过期(?:以?后|之后|再)|晚了")
"""What asks how it is once the day has been missed."""
_AGES = re.compile("(?<!满)(?<!要到)(?<!就)(?<!快)[好多几十]+年(?!内|就)|早就|老早|才想起|还能|还来得及|超过|拖")
"""What tells that it is long ago."""
_NEARLY = re.compile("(快|差|不到|马上|将要?|就要|还没)[^,，。;!?]{0,4}[五5]年")
"""What tells that it is not over yet."""
_NOT_LATE = "没有说明已经逾期"
_VALID = "还在有效期内"
_LATE = "过了期限的，按已知的注册种类"
"""Why an entry was taken that is not about the person's registration, but about what it would become."""


def narrowed(mind: Mind, plain: Decision, known: str, place: str, sure: bool) -> Decision:
    """General answers, and questions back, made narrower by what is known of the registration or the place."""
    if plain.verdict is not Verdict.SAY:
        return plain
    about = {r for c in plain.chosen for r in c.entry.facets.registration}
    single = known or (next(iter(about)) if len(about) == 1 else "")
    chosen = tuple(_narrow(mind, candidate, single, place, sure) for candidate in plain.chosen)
    if len(chosen) > 1:
        chosen = tuple(c for c in chosen if c.entry.kind not in (Kind.ASK, Kind.FLOW)) or chosen[:1]
    return plain if chosen == plain.chosen else replace(plain, chosen=chosen)


def placed(mind: Mind, decision: Decision, place: str) -> Decision:
    """An answer about another review body than the person's, though no kind of employer was named: theirs."""
    own, others = mind.knowledge.entries[place], set(PLACE_OF.values()) - {place}
    chosen = tuple(replace(c, entry=own) if c.entry.id in others else c for c in decision.chosen)
    unchanged = decision.verdict is not Verdict.SAY or chosen == decision.chosen
    return decision if unchanged else replace(decision, chosen=chosen)


def instead(mind: Mind, decision: Decision, clues: Clues) -> Decision:
    """An answer for others than the person, by what is known or was just denied: what is said to everybody."""
    chosen = tuple(_instead(mind, candidate, clues) for candidate in decision.chosen)
    unchanged = decision.verdict is not Verdict.SAY or chosen == decision.chosen
    return decision if unchanged else replace(decision, chosen=chosen)


def _instead(mind: Mind, candidate: Candidate, clues: Clues) -> Candidate:
    about = candidate.entry.facets
    late = OVERDUE in clues.named and not _NEARLY.search(clues.text)
    if about.registration == (OVERDUE,) and not late and (clues.in_time or _undated(clues)):
        own = entry_about(mind, FIRST[0], about.matter)
        return replace(candidate, entry=own, note=_NOT_LATE) if own else candidate
    if clues.in_force and _not_in_force(candidate.entry, clues):
        own = entry_about(mind, clues.factual, about.matter) if clues.settled else None
        asked = mind.knowledge.entries[ASK_IN_FORCE.get(about.matter, EXPIRING)]
        return replace(candidate, entry=own or asked, note=_VALID)
    if clues.in_force and (own := _as_changed(mind, candidate.entry, clues)):
        return replace(candidate, entry=own, note=_VALID)
    (node, value), general = INSTEAD.get(candidate.entry.id, (("", ""), ""))
    known = clues.answers.get(node, value)
    if not general or (known == value and (node, value) not in clues.told.denied):
        return candidate
    return replace(candidate, entry=mind.knowledge.entries[general], note="按已知的情况")


def _undated(clues: Clues) -> bool:
    """Whether nothing is known of when the certificate was obtained, nor said to be late: «没注册过，怎么办»."""
    told = clues.answers.get("registered") == "never" and "cert_date" not in clues.answers
    return told and not clues.reading.concepts() & PASSED and not _AGES.search(clues.text)


def _not_in_force(entry: Entry, clues: Clues) -> bool:
    """Whether an entry is only about registrations that are not open to one that is valid still, none of which is
    named nor supposed."""
    about = set(entry.facets.registration)
    general = entry.kind is not Kind.ANSWER or entry.standing is Standing.CORRECTION or not about
    supposed = SUPPOSES.search(clues.text) or _MISSED.search(clues.text)
    return not general and about <= {*FIRST, AFTER_EXPIRY} - set(clues.named) and not supposed


def _as_changed(mind: Mind, entry: Entry, clues: Clues) -> Entry | None:
    """For an answer about a change where nothing has changed, or about a renewal where something has: what holds of
    the other, unless the words themselves speak of it."""
    change, about = clues.answers.get("change", ""), set(entry.facets.registration)
    theirs, others = ("延续", {"变更", COMBINED}) if change == "unchanged" else ("变更", {"延续"})
    rule = entry.kind is Kind.ANSWER and entry.standing is not Standing.CORRECTION and bool(about)
    if not change or not rule or not about <= others - set(clues.named):
        return None
    if change == "unchanged" and (clues.reading.concepts() & CHANGES or SUPPOSES.search(clues.text)):
        return None
    return entry_about(mind, theirs, entry.facets.matter) or entry_about(mind, theirs, "type")


def held(mind: Mind, decision: Decision) -> Decision:
    """What is said to those without a certificate, to one who has it: the conditions for registering."""
    conditions = mind.knowledge.entries[CONDITIONS]
    chosen = tuple(replace(c, entry=conditions) if c.entry.id == NO_CERTIFICATE else c for c in decision.chosen)
    return decision if chosen == decision.chosen else replace(decision, chosen=chosen)


def undecided(mind: Mind, decision: Decision, clues: Clues) -> Decision:
    """An answer about a change of employer or name, where only a merger or its like is told: which of the two it is."""
    concepts = clues.reading.concepts()
    named = RENAMED in concepts or clues.told.answers.get("change") in ("employer", "renamed")
    if REORGANISED not in concepts or named or len(clues.reading.units) > LEANING:
        return decision
    if decision.verdict is Verdict.SAY and not all(_of_a_change(c.entry) for c in decision.chosen):
        return decision
    return said(mind.knowledge.entries[ASK_REORGANISED])


def same_name(mind: Mind, decision: Decision, clues: Clues) -> Decision:
    """An answer about a new name, where the name is said to be the old one: asked back which change is meant."""
    renamed = decision.verdict is Verdict.SAY and all(c.entry.facets.matter == RENAMED for c in decision.chosen)
    if not renamed or not _SAME_NAME.search(clues.text) or clues.told.answers.get("change") == "renamed":
        return decision
    return said(mind.knowledge.entries[ASK_CHANGE])


def _of_a_change(entry: Entry) -> bool:
    """Whether an entry says what a change of employer or name is, or asks about it in general."""
    if entry.kind is Kind.ASK:
        return entry.facets.matter == "type"
    rule = entry.kind is Kind.ANSWER and entry.standing is not Standing.CORRECTION
    return rule and entry.facets.registration == ("变更",) and entry.facets.matter in ("type", "rename")


def fitting(mind: Mind, decision: Decision, factual: str, settled: bool) -> Decision:
    """An answer about another registration than the person's, though none was named: the one that is theirs."""
    if decision.verdict is not Verdict.SAY:
        return decision
    chosen = tuple(_fit(mind, candidate, factual, settled) for candidate in decision.chosen)
    return decision if chosen == decision.chosen else replace(decision, chosen=chosen)


def _fit(mind: Mind, candidate: Candidate, factual: str, settled: bool) -> Candidate:
    entry = candidate.entry
    if (
        candidate.note == _LATE
        or entry.kind is not Kind.ANSWER
        or not entry.facets.registration
        or factual in entry.facets.registration
    ):
        return candidate
    differs = entry.facets.matter in BY_TYPE or (settled and _over(entry, factual))
    if entry.standing is Standing.CORRECTION or not differs:
        return candidate
    if not settled and factual in FIRST and set(FIRST) & set(entry.facets.registration):
        return candidate
    matters = (entry.facets.matter, *(("materials",) if len(entry.materials) == 1 else ()), "type", "deadline")
    own = next((found for matter in matters if (found := entry_about(mind, factual, matter))), None)
    return replace(candidate, entry=own, note="按已知的注册种类") if own else candidate


def _over(entry: Entry, factual: str) -> bool:
    """Whether an entry is only about what a registration that has expired is no longer open to."""
    return factual == AFTER_EXPIRY and all(LAPSED[about] == factual for about in entry.facets.registration)


def _narrow(mind: Mind, candidate: Candidate, known: str, place: str, sure: bool) -> Candidate:
    matter = candidate.entry.facets.matter
    if matter == PLACE and place and (_open(candidate) or place == ALL_PLACES):
        return replace(candidate, entry=mind.knowledge.entries[place], note="按已知的单位")
    if candidate.entry.id == TYPES and not sure:
        return candidate
    if candidate.entry.id == EXPIRED and (lapsed := entry_about(mind, LAPSED.get(known, ""), "type")):
        return replace(candidate, entry=lapsed, note=_LATE)
    if not _open(candidate):
        return candidate
    asked_back = sure and candidate.entry.kind is Kind.ASK and matter in BY_TYPE
    entry = entry_about(mind, known, matter) or (entry_about(mind, known, "type") if asked_back else None)
    if entry is None:
        return candidate
    return replace(candidate, entry=entry, note="按已知的注册种类")


def _open(candidate: Candidate) -> bool:
    """Whether an entry is about a matter in general, so that the known registration makes it narrower."""
    entry = candidate.entry
    if entry.kind in (Kind.ASK, Kind.FLOW):
        return bool(entry.facets.matter)
    return entry.id in OVERVIEWS


def entry_about(mind: Mind, registration: str, matter: str) -> Entry | None:
    """The answer about a matter of one registration."""
    if not registration or not matter:
        return None
    found = [
        entry
        for entry in mind.knowledge.entries.values()
        if entry.kind is Kind.ANSWER
        and entry.standing is not Standing.CORRECTION
        and entry.facets.matter == matter
        and registration in entry.facets.registration
    ]
    if not found and registration == COMBINED:
        return entry_about(mind, "变更", matter)
    return min(found, key=lambda e: len(e.facets.registration), default=None)


def said(entry: Entry) -> Decision:
    """To say an entry, because it follows from what went before."""
    chosen = Candidate(entry, 1.0, SURE, entry.title, "承接上文")
    return Decision(Verdict.SAY, (chosen,), SURE, leans=True)
