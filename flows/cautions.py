"""Where the published text is silent and it matters to this person: the entries that say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flows.model import Answers, Outcome
from flows.partial_date import months_before
from flows.rules import CUTOFF, Phase, Span, expiry, obtained, phase
from flows.timing import UNDETERMINED, Timing
from flows.words import Words, letters_of, marks_of

NEAR = 31
"""Days before a last day from which on it is worth saying that the last day itself may be too late."""
_FIRST = ("初始", "逾期初始", UNDETERMINED)


def cautions(
    outcomes: tuple[Outcome, ...], when: Timing | None, applied: Answers, said: Answers, today: date, words: Words
) -> tuple[str, ...]:
    """Entry ids: those that the outcomes always carry, then those of this person's days, employer and name.

    Args:
        applied: the answers on the path; `said` has the others too.
    """
    fixed = (name for outcome in outcomes for name in outcome.cautions)
    found = (*_of_time(outcomes, when, applied, today), *_of_employer(outcomes, applied, said), *_of_name(applied))
    return tuple(dict.fromkeys((*fixed, *(words.cautions[name] for name in found))))


def _of_time(outcomes: tuple[Outcome, ...], when: Timing | None, applied: Answers, today: date) -> Iterator[str]:
    if when is None:
        return
    kind = next((outcome.fields["type"] for outcome in outcomes if "type" in outcome.fields), "")
    span, end = obtained(applied, today), expiry(applied)
    if span and kind in _FIRST:
        yield from _of_first(span, when, today)
    if end:
        yield from _of_later(end, kind, today)


def _of_first(span: Span, when: Timing, today: date) -> Iterator[str]:
    if when.deadline and -1 <= (when.deadline - today).days <= NEAR:
        yield "deadline_near"
    if span.exact and span.first == CUTOFF:
        yield "cutoff_day"
    if not span.exact:
        yield "date_unclear"


def _of_later(end: Span, kind: str, today: date) -> Iterator[str]:
    if 0 <= (end.first - today).days <= NEAR:
        yield "expiry_near"
    edges = (months_before(end.first, 3), months_before(end.first, 12))
    if any(abs((today - edge).days) <= 1 for edge in edges):
        yield "window_edge"
    if kind == "变更" and phase(end.first, today) in (Phase.EARLY, Phase.OPEN):
        yield from ("change_in_last_year", "change_only")


def _of_employer(outcomes: tuple[Outcome, ...], applied: Answers, said: Answers) -> Iterator[str]:
    if applied.get("change") == "left":
        yield "no_employer"
    ministry = said.get("business") in ("construction", "transport") and said.get("employer") in ("central", "ministry")
    if ministry and any(outcome.part == "review_body" for outcome in outcomes):
        yield "employer_unclear"


def _of_name(applied: Answers) -> Iterator[str]:
    if letters_of(applied.get("name"))[1:]:
        yield "name_readings"
    yield from (f"name_{mark}" for mark in marks_of(applied.get("name")) if mark != "unsure")
