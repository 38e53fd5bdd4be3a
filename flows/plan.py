"""Makes the plan (办理方案) of a finished dialogue: which registration, when, where, with what, how to sign in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flows.cautions import NEAR, cautions
from flows.engine import applied
from flows.model import UNKNOWN, Answers, Flow, Outcome, Part, Position, Reminder
from flows.partial_date import months_before, years_after
from flows.rules import Span, expiry, initial_deadline, obtained, obtained_in_time, span_of
from flows.timing import UNDETERMINED, Timing, possible, timing
from flows.words import Words, fill, letters_of
from knowledge.model import Entry, Material
from knowledge.regions import Regions

_OF_A_DAY = ("expiry", "days_left", "last_day", "days_over", "to")
"""What can't be said of a registration of which only the month or year of expiry is known."""


@dataclass(frozen=True, slots=True)
class Case:
    """One way it can be: a registration, when it must be done, and with what."""

    id: str
    title: str
    type: str
    why: str
    timing: Timing
    lines: tuple[str, ...]
    materials: tuple[Material, ...]

    @property
    def education(self) -> bool | None:
        """Whether continuing education must be met; open while it is open which registration it is."""
        return None if self.type == UNDETERMINED else any(m.id == "education" for m in self.materials)


@dataclass(frozen=True, slots=True)
class KeyDate:
    """A day for the calendar, still ahead."""

    on: date
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a person needs to know, and the same as fields for programs."""

    main: Case | None  # None where the dialogue did not ask for the registration
    cases: tuple[Case, ...]  # the ways it can be, where it is undetermined
    review_body: str | None
    where: tuple[str, ...]
    login_id: str | None
    password: str | None
    password_alternatives: tuple[str, ...]
    password_when: str | None
    login: tuple[str, ...]
    whys: tuple[str, ...]
    titles: tuple[str, ...]
    cautions: tuple[str, ...]  # ids of entries that say what the published text leaves open here
    entries: tuple[str, ...]
    key_dates: tuple[KeyDate, ...]
    days_left: int | None

    @property
    def materials(self) -> tuple[Material, ...]:
        """What is handed in; while it is open which registration it is, what every one that is possible asks for."""
        if not self.cases:
            return self.main.materials if self.main else ()
        named = [{material.name for material in case.materials} for case in self.cases]
        return tuple(m for m in self.cases[0].materials if all(m.name in names for names in named))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every step of making a plan looks at."""

    answers: Answers
    today: date
    entries: Mapping[str, Entry]
    regions: Regions
    words: Words


def plan(
    flow: Flow,
    position: Position,
    answers: Answers,
    today: date,
    *,
    entries: Mapping[str, Entry],
    regions: Regions,
    words: Words,
) -> Plan:
    """The plan for a dialogue that has ended, from those of the entries that are given."""
    desk = _Desk(applied(position, answers), today, entries, regions, words)
    by_part = {outcome.part: outcome for outcome in position.outcomes}
    decided, body, login = by_part.get("type"), by_part.get("review_body"), by_part.get("login")
    main = _case(decided, desk, desk.answers, _lines(decided, _timed(decided, desk))) if decided else None
    letters = letters_of(desk.answers.get("name")) if login else ()
    warned = cautions(position.outcomes, main.timing if main else None, desk.answers, answers, today, words)
    named = dict.fromkeys(name for outcome in position.outcomes for name in outcome.entries)
    return Plan(
        main=main,
        cases=tuple(_cases(decided, _part_of(flow, decided), desk)) if decided else (),
        review_body=_field(position.outcomes, "review_body", desk),
        where=_where(body, desk) if body else (),
        login_id=_field(position.outcomes, "login_id", desk),
        password=_field(position.outcomes, "password", desk),
        password_alternatives=letters[1:],
        password_when=_field(position.outcomes, "password_when", desk),
        login=_lines(login, _values(desk, None)) if login else (),
        whys=tuple(outcome.why for outcome in position.outcomes),
        titles=tuple(outcome.title for outcome in position.outcomes),
        cautions=tuple(name for name in warned if name in entries),
        entries=tuple(name for name in named if name in entries),
        key_dates=tuple(_key_dates(decided.reminders, main.timing, desk)) if decided and main else (),
        days_left=(main.timing.deadline - today).days if main and main.timing.deadline else None,
    )


def as_outcome(plan: Plan) -> dict[str, object]:
    """The plan as fields for programs, ready for JSON."""
    return {
        **_fields(plan.main, plan.materials),
        "review_body": plan.review_body,
        "login_id": plan.login_id,
        "password": plan.password,
        "password_alternatives": list(plan.password_alternatives),
        "password_when": plan.password_when,
        "days_left": plan.days_left,
        "cases": [_fields(case, case.materials) for case in plan.cases],
        "cautions": list(plan.cautions),
        "entries": list(plan.entries),
        "key_dates": [{"on": day.on.isoformat(), "title": day.title} for day in plan.key_dates],
    }


def _fields(case: Case | None, materials: tuple[Material, ...]) -> dict[str, object]:
    when = case.timing if case else Timing()
    return {
        "type": case.type if case else None,
        "window": {"from": _iso(when.start), "to": _iso(when.end), "earliest": _iso(when.earliest)},
        "deadline": _iso(when.deadline),
        "deadline_latest": _iso(when.deadline_latest),
        "overdue": None if case is None or case.type == UNDETERMINED else case.type == "逾期初始",
        "continuing_education": case.education if case else None,
        "materials": [f"{m.name}:{m.conditions}" for m in materials],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _part_of(flow: Flow, outcome: Outcome) -> Part:
    return next(part for part in flow.parts if outcome.id in part.outcomes)


def _timed(outcome: Outcome, desk: _Desk) -> dict[str, str]:
    return _values(desk, timing(outcome.fields["type"], desk.answers, desk.today))


def _case(outcome: Outcome, desk: _Desk, answers: Answers, lines: tuple[str, ...]) -> Case:
    when = timing(outcome.fields["type"], answers, desk.today)
    return Case(outcome.id, outcome.title, outcome.fields["type"], outcome.why, when, lines, _materials(outcome, desk))


def _cases(outcome: Outcome, part: Part, desk: _Desk) -> Iterator[Case]:
    """Each way it can be, in general words: a day named for one of them would be a day that nobody knows."""
    for name in outcome.cases:
        case = part.outcomes[name]
        answers = possible(case.fields["type"], desk.answers, desk.today)
        if answers is not None:
            yield _case(case, desk, answers, case.general)


def _materials(outcome: Outcome, desk: _Desk) -> tuple[Material, ...]:
    listed = [m for name in outcome.entries if name in desk.entries for m in desk.entries[name].materials]
    if outcome.materials is None:
        return tuple(_by_id(listed).values())
    found = _by_id([*listed, *(m for entry in desk.entries.values() for m in entry.materials)])
    return tuple(found[name] for name in outcome.materials if name in found)


def _by_id(materials: list[Material]) -> dict[str, Material]:
    """Each once, in the order and with the wording of where it comes first."""
    found: dict[str, Material] = {}
    for material in materials:
        found.setdefault(material.id, material)
    return found


def _field(outcomes: tuple[Outcome, ...], name: str, desk: _Desk) -> str | None:
    template = next((outcome.fields[name] for outcome in outcomes if name in outcome.fields), None)
    return fill(template, _values(desk, None)) if template else None


def _where(outcome: Outcome, desk: _Desk) -> tuple[str, ...]:
    """What to do in the list; nothing where the body that the words point to is not known."""
    named = _field((outcome,), "review_body", desk)
    return _lines(outcome, _values(desk, None)) if named or "review_body" not in outcome.fields else ()


def _lines(outcome: Outcome, values: Mapping[str, str]) -> tuple[str, ...]:
    """The lines that can be filled in; if every line about this person's case is left out, the general ones."""
    filled = {template: line for template in outcome.lines if (line := fill(template, values))}
    only_fixed = all("{" not in template for template in filled)
    if only_fixed and outcome.general and len(filled) < len(outcome.lines):
        return outcome.general
    return tuple(filled.values())


def _values(desk: _Desk, when: Timing | None) -> dict[str, str]:
    values = {**_places(desk), **_letters(desk)}
    if when is not None:
        values |= {name: desk.words.day(day) for name, day in when.named().items()}
        values |= _counted(when, desk)
        values |= _estimated(desk) | _limits(desk)
        end = expiry(desk.answers)
        if when.expiry and end and not end.exact:
            return {k: v for k, v in values.items() if k not in _OF_A_DAY} | _about(when, desk)
    return values


def _places(desk: _Desk) -> dict[str, str]:
    group, province = desk.answers.get("group"), desk.answers.get("province")
    values = {"group": desk.words.unnamed_group if group == UNKNOWN else group} if group else {}
    if province in desk.regions.names:
        values["province_body"] = desk.regions.review_body(province)
        values["coal_body"] = desk.regions.review_body(province, coal=True)
    return values


def _letters(desk: _Desk) -> dict[str, str]:
    letters = letters_of(desk.answers.get("name"))
    values = {"letters": letters[0]} if letters else {}
    return values | ({"alternatives": desk.words.dates["either"].join(letters[1:])} if letters[1:] else {})


def _counted(when: Timing, desk: _Desk) -> dict[str, str]:
    if when.deadline is None:
        return {}
    days = (when.deadline - desk.today).days
    if days < 0 and when.deadline_latest:
        return {}  # the day that has passed is known only roughly
    soon = {"soon": desk.words.dates["soon"]} if 0 <= days <= NEAR else {}
    if days == 0:
        return soon | {"last_day": desk.words.day(when.deadline)}
    return soon | {"days_left": str(days)} if days > 0 else {"days_over": str(-days)}


def _about(when: Timing, desk: _Desk) -> dict[str, str]:
    """What can be said where only the month or year of expiry is known."""
    values: dict[str, str] = {}
    if when.deadline and when.deadline > desk.today:
        values["days_at_least"] = str((when.deadline - desk.today).days)
    named = {"about_from": when.start, "about_earliest": when.earliest}
    return values | {name: desk.words.day(day) for name, day in named.items() if day}


def _known_expiry(answers: Answers, end: Span) -> str:
    return answers["valid_day"] if span_of(answers.get("valid_day")) == end else answers["valid_to"]


def _limits(desk: _Desk) -> dict[str, str]:
    """Between which days the last day of a first application lies, where the certificate's day is not known."""
    span = obtained(desk.answers, desk.today)
    if span is None or span.exact:
        return {}
    day, known = desk.words.day, desk.words.partial(desk.answers["cert_date"])
    first, last = initial_deadline(span.first), initial_deadline(span.last)
    return {"obtained": known, "limit_from": day(first), "limit_to": day(last)}


def _estimated(desk: _Desk) -> dict[str, str]:
    day, since, end = desk.words.day, span_of(desk.answers.get("registered_year")), expiry(desk.answers)
    values = {"threshold": day(obtained_in_time(desk.today))}
    if end and not end.exact:
        values["expiry_about"] = desk.words.partial(_known_expiry(desk.answers, end))
    if since and end is None:
        values["estimate_from"], values["estimate_to"] = (day(years_after(d, 5)) for d in (since.first, since.last))
    if end and desk.today < (turn := months_before(end.last, 12)):
        values["renewable"] = day(turn)
    return values


def _key_dates(reminders: tuple[Reminder, ...], when: Timing, desk: _Desk) -> Iterator[KeyDate]:
    days, roughly = when.named(), desk.words.dates["earliest"] if when.deadline_latest else ""
    for reminder in reminders:
        on = days.get(reminder.day)
        if on and on >= desk.today:
            yield KeyDate(on, reminder.title, reminder.detail + roughly)
