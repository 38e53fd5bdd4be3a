"""Rows of buttons: the choices of a reply, and the dates that can be tapped (year, month, day)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date

from bot import wording as w
from bot.channels.telegram import wording as wt
from bot.channels.update_table import Json
from bot.reply import Choice, Fact, Reply, Role
from flows.model import Input

Rows = list[list[Json]]
DATE = "d."
ICS, MARKDOWN, EDIT, KEEP = "t.ics", "t.md", "t.edit", "t.keep"
TAKE = "t.take."  # with a short token: what was said in public is to count
_SHORT = 6  # labels up to this length stand in twos
_YEARS = 12
_FIRST_EXAM = 2004
"""No certificate is older."""
_BEHIND, _AHEAD = 17, 6
"""Years around today in which a registration may end: two pages."""


def button(label: str, data: str) -> Json:
    """A button that tells us."""
    return {"text": label, "callback_data": data}


def link(label: str, url: str) -> Json:
    """A button that opens an address."""
    return {"text": label, "url": url}


def rows_of(reply: Reply, today: date) -> Rows:
    """All buttons of a reply."""
    asked, events = reply.question, bool(reply.card and reply.card.events)
    dates = years(asked.node, today, past=asked.past) if asked and asked.input is Input.DATE else []
    return _arranged(reply.choices, dates, plan=bool(reply.card), events=events, edit=bool(reply.facts))


def kept(raw: Json, today: date) -> Rows:
    """All buttons of a reply that was kept as plain values."""
    choices = [Choice(c["id"], c["label"], Role(c["role"]), c.get("entry")) for c in raw.get("choices", ())]
    asked, card = raw.get("question") or {}, raw.get("card") or {}
    is_date = asked.get("input") == Input.DATE.value
    dates = years(asked["node"], today, past=bool(asked.get("past"))) if is_date else []
    return _arranged(choices, dates, plan=bool(card), events=bool(card.get("events")), edit=bool(raw.get("facts")))


def _arranged(choices: Sequence[Choice], dates: Rows, *, plan: bool, events: bool, edit: bool) -> Rows:
    rows = [*dates, *_choices(choices)]
    if plan:
        files = [button(wt.CALENDAR, ICS)] if events else []
        rows = [[*files, button(wt.DOCUMENT, MARKDOWN)], *rows]
    if edit:
        rows.insert(max(0, len(rows) - 1), [button(wt.EDIT, EDIT)])
    return rows


def _choices(choices: Sequence[Choice]) -> Rows:
    side_by_side = [c for c in choices if c.role in (Role.WHY, Role.FEEDBACK)]
    ways_out = [c for c in choices if c.role is Role.NAVIGATION]
    others = [c for c in choices if c not in side_by_side and c not in ways_out]
    return [*_paired(others), *_row(side_by_side), *_row(ways_out)]


def _row(choices: Sequence[Choice]) -> Rows:
    whys = [c for c in choices if c.role is Role.WHY]
    shown = [c for c in choices if c.role is not Role.WHY or c is whys[0]]  # the first says enough
    return [[button(c.label, c.id) for c in shown]] if shown else []


def _paired(choices: Iterable[Choice]) -> Rows:
    """Short labels in twos, long ones alone."""
    rows: Rows = []
    for choice in choices:
        short = len(choice.label) <= _SHORT
        if short and rows and len(rows[-1]) == 1 and len(rows[-1][0]["text"]) <= _SHORT:
            rows[-1].append(button(choice.label, choice.id))
        else:
            rows.append([button(choice.label, choice.id)])
    return rows


def facts(given: Iterable[Fact]) -> Rows:
    """The answers given so far, each to be asked again."""
    found = [[button(w.CHANGE_ONE.format(label=fact.label), fact.edit)] for fact in given]
    return [*found, [button(w.KEEP, KEEP)]]


def question_of(option: str) -> str:
    """The question that the button of an option answers (a.<version>.<question>.<option>)."""
    return option.split(".")[2] if option.count(".") > 2 else ""


def without(rows: Iterable[Sequence[Json]], *starts: str) -> Rows:
    """Rows as they stand, without the buttons whose data begin so."""
    left = ([b for b in row if not str(b.get("callback_data", "")).startswith(starts)] for row in rows)
    return [row for row in left if row]


def of_dialogue(rows: Iterable[Sequence[Json]]) -> bool:
    """Whether the ways out of a dialogue are among the buttons."""
    return any(b.get("callback_data") == "quit" for row in rows for b in row)


# dates: d.<question>.<step>, where a step is <last year of the page>y, <year>, <year>-<month>, and the last two or a
# day with ! at the end for what is meant. The question is named: a second tap may come when the next one is open.


def date_step(data: str) -> tuple[str, str]:
    """The question that a date button is for, and the step; no question in those of an earlier version (d.2018-03!)."""
    node, _, step = data.removeprefix(DATE).partition(".")
    return (node, step) if step and not node[:1].isdigit() else ("", "")


def years(node: str, today: date, *, past: bool, last: int | None = None) -> Rows:
    """Twelve years at most, and the way to others there may be: for what can't lie ahead up to this year."""
    first, end = (_FIRST_EXAM, today.year) if past else (today.year - _BEHIND, today.year + _AHEAD)
    last = end if last is None else min(max(last, first), end)
    shown = list(range(max(first, last - _YEARS + 1), last + 1))
    named = [_step(wt.YEAR.format(year=y), node, f"{y}") for y in shown]
    turn = [_step(wt.EARLIER, node, f"{shown[0] - 1}y")] if shown[0] > first else []
    turn += [_step(wt.LATER, node, f"{min(last + _YEARS, end)}y")] if last < end else []
    return [*(named[at : at + 4] for at in range(0, len(named), 4)), *([turn] if turn else [])]


def _step(label: str, node: str, step: str) -> Json:
    return button(label, f"{DATE}{node}.{step}")


def months(node: str, year: int, last: int = 12) -> Rows:
    """The months of a year, up to the last there may be."""
    named = [_step(wt.MONTH.format(month=m), node, f"{year}-{m:02}") for m in range(1, last + 1)]
    rows = [named[at : at + 4] for at in range(0, last, 4)]
    back = _step(wt.BACK_TO_YEARS, node, f"{year + _YEARS // 2}y")
    return [*rows, [back, _step(wt.ONLY_YEAR.format(year=year), node, f"{year}!")]]


def days(node: str, year: int, month: int, last: int) -> Rows:
    """The days of a month, up to the last there may be."""
    named = [_step(str(d), node, f"{year}-{month:02}-{d:02}!") for d in range(1, last + 1)]
    rows = [named[at : at + 7] for at in range(0, len(named), 7)]
    only = _step(wt.ONLY_MONTH.format(year=year, month=month), node, f"{year}-{month:02}!")
    return [*rows, [only], [_step(wt.BACK_TO_MONTHS, node, f"{year}")]]


def tapped(node: str, step: str, today: date, *, past: bool = False) -> Rows | str | None:
    """What a date button leads to: other buttons, or the date as words; None where it is none of ours."""
    try:
        if step.endswith("y"):
            return years(node, today, past=past, last=int(step[:-1]))
        numbers = [int(part) for part in step.rstrip("!").split("-")]
        if step.endswith("!"):
            form = (wt.YEAR_TEXT, wt.MONTH_TEXT, wt.DATE_TEXT)[len(numbers) - 1]
            return form.format(**dict(zip(("year", "month", "day"), numbers, strict=False)))
        now = past and numbers[0] == today.year  # what lies ahead is no answer
        if len(numbers) == 1:
            return months(node, numbers[0], today.month if now else 12)
        year, month = numbers
        return days(node, year, month, today.day if now and month == today.month else monthrange(year, month)[1])
    except (ValueError, IndexError):
        return None


def openings() -> Rows:
    """The dialogues."""
    return [[button(label, f"f.{name}")] for name, label in w.FLOWS.items()]
