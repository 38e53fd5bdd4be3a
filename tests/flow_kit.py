"""What the tests of the dialogues share: everything loaded once, and a scripted person who answers from known facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from flows.answering import Problem, answer
from flows.engine import resolve
from flows.extract import Extracted, Lexicon, extract
from flows.loader import load_flows
from flows.model import UNKNOWN, Answers, Flow
from flows.phrases import load_phrases
from flows.plan import Plan, plan
from flows.words import Words, load_words
from knowledge.loader import load
from knowledge.model import Entry
from knowledge.name_readings import load_readings
from knowledge.regions import load_regions


@cache
def entries() -> Mapping[str, Entry]:
    return load().entries


@cache
def flows() -> Mapping[str, Flow]:
    return load_flows()


@cache
def lexicon() -> Lexicon:
    return Lexicon(load_phrases(), load_readings(), load_regions())


@cache
def words() -> Words:
    return load_words()


def said(text: str, today: date) -> Extracted:
    return extract(text, today, lexicon())


def made(flow: str, answers: Answers, today: date) -> Plan:
    position = resolve(flows()[flow], answers, today)
    assert position.node is None, f"still asks {position.node and position.node.id}"
    return plan(flows()[flow], position, answers, today, entries=entries(), regions=lexicon().regions, words=words())


_OTHERWISE = {
    "certificate": "have",
    "business": "other",
    "employer": "other",
    "group_list": "unsure",
    "coal_list": "unsure",
    "login": "never",
    "before_2012": "unsure",
    "id_number": "untried",
}


def reply(node: str, facts: Mapping[str, Any]) -> str:
    """What a person with these facts answers; what the facts do not say, the person does not know."""
    if node == "certificate" and facts.get("certificate") == "other":
        return "other"
    if node == "registered":
        return "before" if facts["registered"] else "never"
    if node in ("cert_date", "cert_day"):
        return facts["cert_date"] or UNKNOWN
    if node in ("valid_to", "valid_day"):
        return facts["valid_to"] or UNKNOWN
    if node == "change":
        return _change(facts)
    if node == "renew_too":
        return "both" if facts["wants_renewal_too"] else "change-only"
    return str(facts["name"]) if node == "name" else _OTHERWISE.get(node, UNKNOWN)


def _change(facts: Mapping[str, Any]) -> str:
    if facts["employer_changed"]:
        return "employer-category" if facts["category_changed"] else "employer"
    if facts["employer_renamed"]:
        return "renamed"
    return "category" if facts["category_changed"] else "unchanged"


def led(persona: Mapping[str, Any], flow: str = "plan") -> Plan:
    """The plan for a person who tells the story, and then answers what is still asked."""
    today = date.fromisoformat(persona["today"])
    answers = dict(said(persona["story"], today).answers)
    while (node := resolve(flows()[flow], answers, today).node) is not None:
        given = reply(node.id, persona["facts"])
        value = answer(node, given, today, lexicon=lexicon(), words=words(), answers=answers)
        assert not isinstance(value, Problem), f"{node.id}: {value}"
        answers = {**answers, node.id: value}
    return made(flow, answers, today)
