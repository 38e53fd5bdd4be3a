"""What the facts known of a person amount to: which registration, at which review body."""

from __future__ import annotations

from datetime import date

from bot.hearing.tables import AFTER_EXPIRY, COMBINED, PLACE_OF
from bot.mind import Mind
from flows.engine import resolve
from flows.partial_date import years_after
from flows.plan import Plan, plan
from flows.rules import initial_deadline, obtained, span_of

_TYPE_TERMS = {"重新注册": AFTER_EXPIRY}


def settle(mind: Mind, answers: dict[str, str], today: date) -> Plan | None:
    """Which registration the known facts amount to today, if they settle it."""
    flow = mind.flows["type"]
    position = resolve(flow, answers, today)
    if position.node is not None:
        return None
    return plan(flow, position, answers, today, entries=mind.knowledge.entries, regions=mind.regions, words=mind.words)


def likely(mind: Mind, answers: dict[str, str], today: date) -> str:
    """Never registered is 初始, on time or not; where only «with renewal?» is open, with it is the safe reading.

    Of a registration whose year alone is known, whether five years (supplementary: rule of 2019) are over.
    """
    node = resolve(mind.flows["type"], answers, today).node
    if node is None:
        return ""
    since = span_of(answers.get("registered_year"))
    if since and answers.get("registered") == "before" and "valid_to" not in answers:
        over = {years_after(day, 5) < today for day in (since.first, since.last)}
        changed = answers.get("change") not in (None, "unchanged")
        return "" if len(over) > 1 else AFTER_EXPIRY if over.pop() else "变更" if changed else "延续"
    return COMBINED if node.id == "renew_too" else "初始" if answers.get("registered") == "never" else ""


def in_time(answers: dict[str, str], today: date) -> bool:
    """Whether the certificate is so new that a first registration can't be late."""
    span = obtained(answers, today)
    return span is not None and initial_deadline(span.first) >= today


def in_force(answers: dict[str, str], today: date, *, soon: bool) -> bool:
    """Whether the registration is still valid; `soon`: its end is said to be near."""
    span = span_of(answers.get("valid_to"))
    if span is None:
        return soon and "valid_to" not in answers
    return span.first >= today or (soon and span.last >= today)


def place(mind: Mind, answers: dict[str, str], today: date) -> str:
    """The entry on the review body that the known facts amount to, if they settle it."""
    position = resolve(mind.flows["review_body"], answers, today)
    named = position.outcomes[0].entries if position.node is None else ()
    if own := next((entry for entry in named if entry in mind.knowledge.entries), ""):
        return own
    known = {(node, answers.get(node, "")) for node in ("business", "employer")}
    return next((entry for fact, entry in PLACE_OF.items() if fact in known), "")


def registration_of(settled: Plan | None) -> str:
    """The registration term of a settled plan («重新注册» is 重新)."""
    if settled is None or settled.main is None:
        return ""
    return _TYPE_TERMS.get(settled.main.type, settled.main.type)
