"""Rows of buttons: dates to tap, and nothing longer than Telegram carries."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.channels.telegram import keyboard as keys
from bot.render import as_json
from bot.reply import Message
from bot.state import State

TODAY = date(2026, 11, 23)
PLAN = ("给我办理方案", "有", "从没注册过", "2018年3月")


def data_of(rows: keys.Rows) -> list[str]:
    return [button["callback_data"] for row in rows for button in row]


@given(st.dates(date(2009, 1, 1), date(2032, 12, 31)))
def test_every_day_can_be_tapped(day: date) -> None:
    assert f"d.valid_to.{day.year}" in data_of(keys.years("valid_to", TODAY, past=False, last=day.year + 3))
    months = keys.tapped("valid_to", f"{day.year}", TODAY)
    assert isinstance(months, list)
    assert f"d.valid_to.{day:%Y-%m}" in data_of(months)
    days = keys.tapped("valid_to", f"{day:%Y-%m}", TODAY)
    assert isinstance(days, list)
    assert f"d.valid_to.{day}!" in data_of(days)
    assert keys.date_step(f"d.valid_to.{day}!") == ("valid_to", f"{day}!")
    assert keys.tapped("valid_to", f"{day}!", TODAY) == f"{day.year}年{day.month}月{day.day}日"


@pytest.mark.parametrize(("past", "first", "last"), [(True, 2004, 2026), (False, 2009, 2032)])
def test_only_years_that_may_be_are_offered(past: bool, first: int, last: int) -> None:
    rows, shown = keys.years("valid_to", TODAY, past=past), set[int]()
    while True:
        shown |= {int(keys.date_step(data)[1]) for data in data_of(rows) if not data.endswith("y")}
        earlier = next((b["callback_data"] for row in rows for b in row if b["text"].startswith("«")), "")
        if not earlier:
            break
        found = keys.tapped(*keys.date_step(earlier), TODAY, past=past)
        assert isinstance(found, list)
        rows = found
    assert shown == set(range(first, last + 1))


@given(st.text(max_size=20))
def test_a_date_button_that_is_none_of_ours_is_told(data: str) -> None:
    assert isinstance(keys.tapped(*keys.date_step(f"d.{data}"), TODAY), list | str | None)


@pytest.mark.parametrize("step", range(len(PLAN)))
def test_a_reply_has_the_same_buttons_after_it_was_kept(assistant: Assistant, step: int) -> None:
    state = State()
    for text in PLAN[: step + 1]:
        turn = assistant.reply(state, Message(text=text), TODAY)
        state = turn.state
    rows = keys.rows_of(turn.reply, TODAY)
    assert keys.kept(json.loads(as_json(turn.reply)), TODAY) == rows
    assert all(len(found.encode()) <= 64 for found in data_of(rows))


@pytest.mark.parametrize("data", ["d.2018!", "d.2018-03", "d.2018-03-05!", "d.2018.y"])
def test_a_date_button_of_an_earlier_version_names_no_question(data: str) -> None:
    assert keys.date_step(data) == ("", "")


def test_buttons_are_taken_out_and_empty_rows_go() -> None:
    rows = [[keys.button("有用", "y.x"), keys.button("凭什么", "w.x")], [keys.button("没用", "n.x")]]
    assert keys.without(rows, "y.", "n.") == [[keys.button("凭什么", "w.x")]]


def test_no_day_to_come_is_offered_for_what_lies_behind() -> None:
    months = keys.tapped("cert_date", f"{TODAY.year}", TODAY, past=True)
    days = keys.tapped("cert_date", f"{TODAY:%Y-%m}", TODAY, past=True)
    assert isinstance(months, list)
    assert isinstance(days, list)
    named = [[b["callback_data"].partition(".")[2] for row in rows[:-1] for b in row] for rows in (months, days[:-1])]
    assert [found[-1] for found in named] == [f"cert_date.{TODAY:%Y-%m}", f"cert_date.{TODAY}!"]
