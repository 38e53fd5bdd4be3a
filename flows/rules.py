"""The few dated rules and forks: plain functions of the answers and today, each naming the next node or outcome.

Conventions, where the published text is silent: the corresponding day is still in time, 2024-03-01 itself is in time,
and the day of expiry is still valid. A date known only in part is decided by its first and last possible day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flows.model import EXPIRED, UNKNOWN, Answers
from flows.partial_date import PartialDate, months_before, years_after

CUTOFF = date(2019, 3, 1)
OLD_DEADLINE = date(2024, 3, 1)
NAMED_GROUP = "中国石油化工集团"
"""The one group that the published text names as an example of those in the list (section 3, item 2)."""

Rule = Callable[[Answers, date], str]


@dataclass(frozen=True, slots=True)
class Span:
    """The days that an answer leaves possible."""

    first: date
    last: date
    several: bool = False  # more than one date was given, and it is open which one counts

    @property
    def exact(self) -> bool:
        """Whether one day is meant."""
        return self.first == self.last

    def holds(self, other: Span) -> bool:
        """Whether the other lies inside."""
        return self.first <= other.first and other.last <= self.last


def span_of(value: str | None) -> Span | None:
    """The days a stored date stands for; None for no date or «记不清»."""
    if not value or value in (UNKNOWN, EXPIRED):
        return None
    try:
        dates = [PartialDate.parse(piece) for piece in value.split("/")]
    except ValueError:
        return None
    return Span(min(d.first for d in dates), max(d.last for d in dates), len(dates) > 1)


def narrowed(answers: Answers, rough: str, day: str) -> Span | None:
    """The date under `rough`, or the more exact one under `day` if it lies inside."""
    outer, inner = span_of(answers.get(rough)), span_of(answers.get(day))
    return inner if outer and inner and outer.holds(inner) else outer


def obtained(answers: Answers, today: date) -> Span | None:
    """When the certificate was obtained, as far as known; not after today."""
    span = narrowed(answers, "cert_date", "cert_day")
    return Span(span.first, max(span.first, min(span.last, today)), span.several) if span else None


def expiry(answers: Answers) -> Span | None:
    """When the registration expires, as far as known."""
    return narrowed(answers, "valid_to", "valid_day")


def initial_deadline(day: date) -> date:
    """The last day for a first application: five years, and 2024-03-01 for certificates of before 2019-03-01.

    《注册有关说明》 1, 初始注册. A certificate of 2019-03-01 gives 2024-03-01 by either half of the sentence.
    """
    return OLD_DEADLINE if day <= CUTOFF else years_after(day, 5)


def obtained_in_time(today: date) -> date:
    """The earliest certificate date whose first application is still in time (for those who don't know the date)."""
    day = months_before(today, 60)
    return day if initial_deadline(day) >= today else day + timedelta(days=1)


class Phase(StrEnum):
    """Where today stands in the life of a registration."""

    AHEAD = "ahead"  # more than a year to go
    EARLY = "early"  # in the last year, before the last three months
    OPEN = "open"  # in the last three months
    EXPIRED = "expired"


def phase(end: date, today: date) -> Phase:
    """The phase for a registration that ends on `end`.

    《注册有关说明》 1, 延续注册 (three months, at the longest one year before) and 重新注册 (expired).
    """
    if today > end:
        return Phase.EXPIRED
    if today >= months_before(end, 3):
        return Phase.OPEN
    return Phase.EARLY if today >= months_before(end, 12) else Phase.AHEAD


def first_deadline(answers: Answers, today: date) -> str:
    """初始 or 逾期初始, by both ends of the certificate's date (《注册有关说明》 1, 初始注册)."""
    if answers.get("registered") == "unsure":
        return "undetermined-registered"
    span = obtained({**answers, "cert_day": ""}, today)  # the day, once asked for, stays on the path
    if span is None:
        return "initial" if today <= OLD_DEADLINE else "undetermined-cert"
    decided = _initial(span, today)
    return decided or ("undetermined-cert" if span.several else "cert_day")


def first_deadline_by_day(answers: Answers, today: date) -> str:
    """The same, once the exact day has been asked for."""
    span = obtained(answers, today)
    return (_initial(span, today) if span else None) or "undetermined-cert"


def _initial(span: Span, today: date) -> str | None:
    late = {today > initial_deadline(day) for day in (span.first, span.last)}
    if len(late) > 1:
        return None
    return "overdue-initial" if late.pop() else "initial"


def steps(end: Span, today: date) -> set[Phase]:
    """The phases possible, the two that lead to the same registration taken as one."""
    return {Phase.OPEN if p is Phase.EARLY else p for p in (phase(end.first, today), phase(end.last, today))}


def validity(answers: Answers, today: date) -> str:
    """Expired or not; asks for the day only if it decides (《注册有关说明》 1, 变更注册 and 重新注册)."""
    if answers.get("valid_to") == EXPIRED:
        return "reregister"
    end = span_of(answers.get("valid_to"))
    if end is None:
        return "registered_year"
    possible = steps(end, today)
    if len(possible) > 1 and not end.several:
        return "valid_day"
    return "reregister" if possible == {Phase.EXPIRED} else "change"


def validity_by_day(answers: Answers, today: date) -> str:
    """The same, once the exact day has been asked for."""
    end = expiry(answers)
    return "reregister" if end and steps(end, today) == {Phase.EXPIRED} else "change"


def by_change(answers: Answers, today: date) -> str:
    """延续 or 变更, now or later (《注册有关说明》 1, 延续注册 and 变更注册)."""
    unchanged = answers.get("change") == "unchanged"
    end = expiry(answers)
    possible = steps(end, today) if end else set()
    if end is None or len(possible) > 1:
        return "undetermined-valid" if unchanged else f"undetermined-valid-{_kind(answers, 'change')}"
    if Phase.AHEAD in possible:
        return "not-yet" if unchanged else f"change-{answers['change']}"
    if answers.get("change") == "left":  # nothing can be applied for yet, so nothing is asked of it
        return "change-renewal-left"
    if not unchanged:
        return "renew_too"
    return "renewal-early" if phase(end.first, today) is phase(end.last, today) is Phase.EARLY else "renewal"


def with_renewal(answers: Answers, today: date) -> str:
    """A change in the last year carries the renewal along unless the person wants the change alone.

    《注册有关说明》 4, 变更注册: such a change «需要同时自动办理延续注册的» must meet continuing education.
    """
    prefix = "change" if answers.get("renew_too") == "change-only" else "change-renewal"
    return f"{prefix}-{_kind(answers, 'change')}"


def change_kind(answers: Answers, today: date) -> str:
    """Which papers a change needs, where the person knows that it is a change."""
    prefix = "change-renewal" if answers.get("registration") == "change-renewal" else "change"
    return f"{prefix}-{_kind(answers, 'change_kind')}"


def _kind(answers: Answers, node: str) -> str:
    return "employer" if answers[node] == "left" else answers[node]


def employed(answers: Answers, today: date) -> str:
    """Who has left and found nothing yet has no employer to choose a review body by."""
    return "body-jobless" if answers.get("change") == "left" else "business"


def group_named(answers: Answers, today: date) -> str:
    """Whether the list must be looked at (《注册有关说明》 3, item 2 names one group)."""
    return "body-group" if answers["group"] == NAMED_GROUP else "group_list"


def coal_first(answers: Answers, today: date) -> str:
    """Coal mines first look for a coal review body (《注册有关说明》 3, item 4)."""
    if answers.get("business") == "coal":
        return "coal_list"
    return "body-group-or-province" if _group_open(answers) else "body-province"


def coal_body(answers: Answers, today: date) -> str:
    """The body for coal mines, as far as the list has been looked at (《注册有关说明》 3, items 2 and 4)."""
    if answers["coal_list"] == "unlisted":
        return "body-group-or-province" if _group_open(answers) else "body-province"
    name = "coal" if answers["coal_list"] == "listed" else "coal-or-province"
    return f"body-group-or-{name}" if _group_open(answers) else f"body-{name}"


def _group_open(answers: Answers) -> bool:
    return answers.get("employer") == "central" and answers.get("group_list") == "unsure"


def by_login(answers: Answers, today: date) -> str:
    """Who may need the 11-digit number, and who needs no password (《注册有关说明》 2, 温馨提示)."""
    if answers.get("login") == "works":
        return "name" if "name" in answers else "login-own"
    if answers.get("login") != "never" or answers.get("registered") == "never":
        return "name"
    since = span_of(answers.get("registered_year"))
    if since is None or since.first.year < 2012 <= since.last.year:
        return "before_2012"
    return "id_number" if since.last.year < 2012 else "name"


def login_outcome(answers: Answers, today: date) -> str:
    """Which number and when the default password holds (《注册有关说明》 2, 温馨提示 1 and 2)."""
    state = answers.get("login", "never")
    if state == "unsure":
        return "login-unsure"
    if state != "never":
        return {"works-default": "login-default", "works": "login-own-known"}.get(state, f"login-{state}")
    asked = by_login(answers, today)
    old = asked == "id_number" or (asked == "before_2012" and answers.get("before_2012") != "later")
    if not old:
        return "login-first"
    tried = answers.get("id_number", "untried")
    return {"failed": "login-number", "works": "login-first"}.get(tried, "login-id-or-number")


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        first_deadline,
        first_deadline_by_day,
        validity,
        validity_by_day,
        by_change,
        with_renewal,
        change_kind,
        employed,
        group_named,
        coal_first,
        coal_body,
        by_login,
        login_outcome,
    )
}
