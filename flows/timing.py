"""When a registration can and must be applied for, as far as the answers tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flows.model import Answers
from flows.partial_date import months_before
from flows.rules import Phase, Span, expiry, initial_deadline, obtained, phase

_DAY = timedelta(days=1)
_PHASES = {
    "nothing to do yet": (Phase.AHEAD,),
    "延续": (Phase.EARLY, Phase.OPEN),
    "变更": (Phase.AHEAD,),
    "变更并同时延续": (Phase.EARLY, Phase.OPEN),
    "重新注册": (Phase.EXPIRED,),
}
UNDETERMINED = "undetermined"
TIMED = ("初始", "逾期初始", *_PHASES)
TYPES = (*TIMED, UNDETERMINED, "not possible: no certificate")
"""What an outcome can say that the registration is."""


@dataclass(frozen=True, slots=True)
class Timing:
    """From when, until when, at the earliest, and the one day not to be missed."""

    start: date | None = None
    end: date | None = None
    earliest: date | None = None
    deadline: date | None = None
    deadline_latest: date | None = None  # where the day is known only roughly: the latest it can be
    expiry: date | None = None

    def named(self) -> dict[str, date]:
        """The days that are known, by the names used in templates."""
        days = {"from": self.start, "to": self.end, "earliest": self.earliest, "expiry": self.expiry}
        days |= {"deadline": self.deadline, "deadline_latest": self.deadline_latest}
        return {name: day for name, day in days.items() if day is not None}


def timing(type_: str, answers: Answers, today: date) -> Timing:
    """The days for a registration of this type; of a rough date the day on the safe side counts.

    《注册有关说明》 1, 注册种类: five years for the first registration, three months, at the longest one year,
    before the end for 延续注册, at any time for 变更注册, after the end for 重新注册. For the rest see flows.rules.
    """
    if type_ in ("初始", "逾期初始"):
        span = obtained(answers, today)
        return _first(type_, span) if span else Timing()
    end = expiry(answers)
    if end is None or type_ not in _PHASES:
        return Timing()
    return _later(type_, end.last if type_ == "重新注册" else end.first, end)


def _first(type_: str, span: Span) -> Timing:
    deadline, latest = initial_deadline(span.first), initial_deadline(span.last)
    spread = latest if latest != deadline else None
    if type_ == "初始":
        return Timing(span.first, deadline, span.first, deadline, spread)
    return Timing(deadline + _DAY, None, deadline + _DAY, deadline, spread)


def _later(type_: str, end: date, span: Span) -> Timing:
    spread = span.last if span.last != end else None
    year = months_before(end, 12)
    if type_ == "重新注册":
        return Timing(end + _DAY, None, end + _DAY, end, None, end)
    if type_ == "变更":
        return Timing(None, end, None, end, spread, end)
    start = year if type_ == "变更并同时延续" else months_before(end, 3)
    return Timing(start, end, year, end, spread, end)


def possible(type_: str, answers: Answers, today: date) -> dict[str, str] | None:
    """The answers with the open date set so that this type is the right one; None if no date left open makes it so."""
    if type_ in ("初始", "逾期初始"):
        return _pinned(answers, "cert_date", "cert_day", obtained(answers, today), lambda day: _is(type_, day, today))
    return _pinned(answers, "valid_to", "valid_day", expiry(answers), lambda day: phase(day, today) in _PHASES[type_])


def _is(type_: str, day: date, today: date) -> bool:
    return (today > initial_deadline(day)) == (type_ == "逾期初始")


def _pinned(
    answers: Answers, rough: str, exact: str, span: Span | None, right: Callable[[date], bool]
) -> dict[str, str] | None:
    if span is None:
        return dict(answers)
    day = next((day for day in (span.first, span.last) if right(day)), None)
    if day is None:
        return None
    others = {name: value for name, value in answers.items() if name != exact}
    return {**others, rough: day.isoformat()}
