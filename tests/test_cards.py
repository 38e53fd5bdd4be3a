"""The plan as a card: everything of the plan is on it, and all it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from bot.guide import Guide
from bot.mind import Mind
from bot.render import card_markdown
from bot.reply import Card
from bot.state import State

TODAY = date(2026, 11, 23)
PLACE = {"business": "other", "employer": "other", "province": "广东"}
FIRST = {"certificate": "have", "registered": "never"}
LATER = {"certificate": "have", "registered": "before"}
CASES = {
    "initial": {**FIRST, "cert_date": "2023-06-01", **PLACE, "login": "never", "name": "sxx"},
    "overdue": {**FIRST, "cert_date": "2018-03", **PLACE, "login": "never", "name": "sxx/dxx"},
    "renewal": {**LATER, "valid_to": "2027-01-31", "change": "unchanged", **PLACE, "login": "works"},
    "change": {**LATER, "valid_to": "2029-01-31", "change": "employer", **PLACE, "login": "works"},
    "expired": {**LATER, "valid_to": "2025-01-31", **PLACE, "login": "reset", "name": "sxx"},
    "undetermined": {**FIRST, "cert_date": "unknown", **PLACE, "login": "never", "name": "unknown"},
    "none": {"certificate": "missing"},
}


def card(mind: Mind, answers: Mapping[str, str], flow: str = "plan") -> Card:
    made = Guide(mind, State(answers=answers, flow=flow), TODAY).card()
    assert made is not None
    return made


@pytest.mark.parametrize("case", CASES)
def test_every_plan_rests_on_the_published_text(mind: Mind, case: str) -> None:
    assert card(mind, CASES[case]).citations


@pytest.mark.parametrize("case", [case for case in CASES if case != "none"])
def test_a_plan_says_when_where_how_to_sign_in_and_the_nine_steps(mind: Mind, case: str) -> None:
    made = card(mind, CASES[case])
    assert all((made.type, made.why, made.when, made.where, made.login))
    assert len(made.steps) == 9


def test_who_can_not_register_gets_no_steps_and_no_materials(mind: Mind) -> None:
    made = card(mind, CASES["none"])
    assert (made.steps, made.materials, made.login, made.where) == ((), (), (), ())


def test_both_readings_of_a_name_are_on_the_card(mind: Mind) -> None:
    login = "".join(card(mind, CASES["overdue"]).login)
    assert "sxx" in login
    assert "dxx" in login


def test_where_it_is_undetermined_every_case_and_its_materials_are_on_the_card(mind: Mind) -> None:
    made = card(mind, CASES["undetermined"])
    text = card_markdown(made)
    assert "初始注册" in text
    assert "逾期初始注册" in text
    assert {material.id for material in made.materials} == {"form", "contract", "holding-photo"}
    assert "要交：满足继续教育要求" in text


def test_a_material_stands_once(mind: Mind) -> None:
    names = [material.name for material in card(mind, CASES["undetermined"]).materials]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("case", CASES)
def test_the_days_of_the_calendar_lie_ahead(mind: Mind, case: str) -> None:
    assert all(event.on >= TODAY for event in card(mind, CASES[case]).events)


def test_the_last_day_is_in_the_calendar(mind: Mind) -> None:
    assert date(2028, 6, 1) in {event.on for event in card(mind, CASES["initial"]).events}


@pytest.mark.parametrize("case", CASES)
def test_the_markdown_holds_all_of_the_card(mind: Mind, case: str) -> None:
    made = card(mind, CASES[case])
    text = card_markdown(made)
    lines = (made.title, made.type, *made.when, *made.where, *made.login, *made.steps, *made.cautions)
    missing = [line for line in (*lines, *(m.name for m in made.materials)) if line not in text]
    assert not missing


def test_a_dialogue_about_one_thing_has_a_card_about_it(mind: Mind) -> None:
    made = card(mind, PLACE, "review_body")
    assert made.where
    assert (made.steps, made.materials, made.when) == ((), (), ())


def test_a_saved_plan_tells_its_day_and_the_answers_it_follows_from(mind: Mind) -> None:
    saved = card_markdown(card(mind, CASES["initial"]))
    assert "按2026年11月23日这天算" in saved
    assert "2023年6月1日" in saved.partition("按什么算的")[2]


def test_a_saved_plan_keeps_what_was_ticked(mind: Mind) -> None:
    made = card(mind, CASES["initial"])
    saved = card_markdown(made, [made.materials[1].id])
    assert f"- [x] {made.materials[1].name}" in saved
    assert f"- [ ] {made.materials[0].name}" in saved


def test_the_verdict_is_headed_by_what_the_dialogue_was_about(mind: Mind) -> None:
    headings = [card_markdown(card(mind, CASES["renewal"], flow)).splitlines()[2] for flow in ("plan", "login")]
    assert headings == ["## 办哪种", "## 登录情况"]
