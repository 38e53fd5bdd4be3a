"""The plan: cases where it is open, cautions where the text is silent, days for the calendar, fields for programs."""

from __future__ import annotations

import json
from datetime import date

import pytest

from flows.engine import resolve
from flows.plan import Plan, as_outcome
from tests.flow_kit import entries, flows, made

TODAY = date(2026, 11, 23)
_FIRST = {"certificate": "have", "registered": "never"}
_AGAIN = {"certificate": "have", "registered": "before"}


def _typed(answers: dict[str, str], today: date = TODAY) -> Plan:
    return made("type", answers, today)


def _cases(plan: Plan) -> dict[str, str | None]:
    return {case.type: case.timing.deadline.isoformat() if case.timing.deadline else None for case in plan.cases}


def test_a_month_that_does_not_decide_gives_both_cases_with_their_days() -> None:
    plan = _typed({**_FIRST, "cert_date": "2021-11", "cert_day": "unknown"})
    assert _cases(plan) == {"初始": "2026-11-30", "逾期初始": "2026-11-01"}


def test_two_dates_that_decide_differently_give_both_cases() -> None:
    plan = _typed({**_FIRST, "cert_date": "2021-11-10/2021-12-06"})
    assert _cases(plan) == {"初始": "2026-12-06", "逾期初始": "2026-11-10"}


def test_an_unknown_certificate_date_names_the_day_that_divides_the_cases() -> None:
    plan = _typed({**_FIRST, "cert_date": "unknown"})
    assert plan.main is not None
    assert "2021年11月23日" in plan.main.lines[0]


def test_before_march_2024_no_certificate_date_could_be_too_old() -> None:
    plan = _typed({**_FIRST, "cert_date": "unknown"}, date(2024, 3, 1))
    assert as_outcome(plan)["type"] == "初始"


def test_a_month_of_expiry_that_does_not_decide_leaves_out_what_can_not_be() -> None:
    plan = _typed({**_AGAIN, "valid_to": "2026-11", "valid_day": "unknown", "change": "unchanged"})
    assert _cases(plan) == {"延续": "2026-11-30", "重新注册": "2026-11-01"}


def test_an_unknown_expiry_gives_every_case_each_with_its_materials() -> None:
    answers = {**_AGAIN, "valid_to": "unknown", "registered_year": "2021", "change": "renamed"}
    plan = _typed(answers)
    listed = {case.id: [m.id for m in case.materials] for case in plan.cases}
    assert listed == {
        "change-renamed": ["form", "rename-proof", "old-certificate"],
        "change-renewal-renamed": ["form", "rename-proof", "education", "old-certificate"],
        "reregister": ["form", "contract", "education"],
    }


def test_the_estimate_from_the_year_of_registration_is_said_to_be_rough() -> None:
    plan = _typed({**_AGAIN, "valid_to": "unknown", "registered_year": "2021", "change": "unchanged"})
    assert plan.main is not None
    assert "粗略" in plan.main.lines[0]
    assert "2026年1月1日" in plan.main.lines[0]


def test_without_any_date_the_plan_speaks_in_general() -> None:
    plan = _typed({**_AGAIN, "valid_to": "unknown", "registered_year": "unknown", "change": "unchanged"})
    assert plan.main is not None
    assert plan.main.lines == flows()["type"].parts[0].outcomes["undetermined-valid"].general


def test_who_does_not_know_whether_registered_hears_all_four_ways() -> None:
    plan = _typed({"certificate": "have", "registered": "unsure", "cert_date": "2023"})
    assert [case.type for case in plan.cases] == ["初始", "延续", "重新注册"]


@pytest.mark.parametrize(
    ("answers", "today", "caution"),
    [
        ({**_FIRST, "cert_date": "2021-11-23"}, "2026-11-23", "silent-deadline-day"),
        ({**_FIRST, "cert_date": "2019-03-01"}, "2026-11-23", "silent-20190301"),
        ({**_FIRST, "cert_date": "2022-03"}, "2026-11-23", "silent-obtained-date"),
        ({**_AGAIN, "valid_to": "2026-11-23", "change": "unchanged"}, "2026-11-23", "silent-expiry-day"),
        ({**_AGAIN, "valid_to": "2027-02-23", "change": "unchanged"}, "2026-11-23", "silent-window-day"),
        ({**_AGAIN, "valid_to": "2027-11-24", "change": "unchanged"}, "2026-11-23", "silent-window-day"),
        (
            {**_AGAIN, "valid_to": "2027-03-10", "change": "employer", "renew_too": "change-only"},
            "2026-11-23",
            "silent-auto-renewal",
        ),
        (
            {**_AGAIN, "valid_to": "2027-03-10", "change": "employer", "renew_too": "unsure"},
            "2026-11-23",
            "silent-change-statement",
        ),
        ({**_AGAIN, "valid_to": "2029-03-10", "change": "renamed"}, "2026-11-23", "silent-rename-contract"),
        ({**_AGAIN, "valid_to": "2029-03-10", "change": "category"}, "2026-11-23", "silent-category-only"),
        ({**_AGAIN, "valid_to": "2029-03-10", "change": "left"}, "2026-11-23", "silent-no-employer"),
    ],
)
def test_the_plan_says_where_the_text_is_silent(answers: dict[str, str], today: str, caution: str) -> None:
    assert caution in _typed(answers, date.fromisoformat(today)).cautions


def test_a_plain_case_carries_no_caution() -> None:
    assert _typed({**_FIRST, "cert_date": "2023-05-01"}).cautions == ()


@pytest.mark.parametrize(
    ("answers", "caution"),
    [
        ({"business": "construction", "employer": "central"}, "silent-employer-unclear"),
        ({"business": "coal", "employer": "other", "province": "山西", "coal_list": "unsure"}, "silent-list"),
        ({"business": "jobless"}, "silent-no-employer"),
    ],
)
def test_the_choice_of_a_body_says_where_it_is_open(answers: dict[str, str], caution: str) -> None:
    assert caution in made("review_body", answers, TODAY).cautions


@pytest.mark.parametrize(
    ("name", "caution"),
    [("lj/yj", "silent-name-reading"), ("abdrhm+dot", "silent-name-dot"), ("jx+changed", "silent-changed-name")],
)
def test_the_password_says_where_it_is_open(name: str, caution: str) -> None:
    assert caution in made("login", {"login": "reset", "name": name}, TODAY).cautions


def test_the_group_that_the_text_names_needs_no_look_at_the_list() -> None:
    plan = made("review_body", {"business": "other", "employer": "central", "group": "中国石油化工集团"}, TODAY)
    assert plan.review_body == "中国石油化工集团"


def test_key_dates_lie_ahead_and_are_named() -> None:
    plan = _typed({**_AGAIN, "valid_to": "2028-05-31", "change": "unchanged"})
    assert [day.on.isoformat() for day in plan.key_dates] == ["2027-05-31", "2028-02-29", "2028-05-31"]


def test_what_has_passed_is_not_put_into_the_calendar() -> None:
    plan = _typed({**_AGAIN, "valid_to": "2027-01-31", "change": "unchanged"})
    assert [day.on.isoformat() for day in plan.key_dates] == ["2027-01-31"]


def test_the_last_day_is_told_as_the_last_day() -> None:
    plan = _typed({**_FIRST, "cert_date": "2021-11-23"})
    assert plan.main is not None
    assert (plan.days_left, plan.main.lines[0].startswith("今天")) == (0, True)


def test_materials_without_dates_are_those_of_the_registration_chosen() -> None:
    plan = made("materials", {"registration": "overdue"}, TODAY)
    assert plan.main is not None
    assert [m.id for m in plan.main.materials] == ["form", "contract", "holding-photo", "education"]


@pytest.mark.parametrize(
    ("answers", "form"),
    [
        ({"registration": "initial"}, "初始注册申请表"),
        ({"registration": "overdue"}, "初始注册申请表"),
        ({"registration": "renewal"}, "延续注册申请表"),
        ({"registration": "again"}, "重新注册申请表"),
        *(
            ({"registration": registration, "change_kind": kind}, "变更注册申请表")
            for registration in ("change", "change-renewal")
            for kind in ("employer", "renamed", "category", "employer-category")
        ),
    ],
)
def test_the_form_comes_first_and_bears_the_name_of_the_registration(answers: dict[str, str], form: str) -> None:
    plan = made("materials", answers, TODAY)
    assert plan.main is not None
    assert plan.main.materials[0].name == form


def test_without_a_certificate_there_is_nothing_to_hand_in_and_no_login() -> None:
    outcome = as_outcome(made("plan", {"certificate": "missing", "name": "wf"}, TODAY))
    assert [outcome[k] for k in ("type", "materials", "review_body", "login_id", "password")] == [
        "not possible: no certificate",
        [],
        None,
        None,
        None,
    ]


def test_an_old_registrant_is_given_the_number_after_the_id_has_failed() -> None:
    answers = {"login": "never", "before_2012": "earlier", "id_number": "failed", "name": "hcy"}
    assert as_outcome(made("login", answers, TODAY))["login_id"] == "11位注册证号"


def test_the_outcome_is_ready_for_json() -> None:
    plan = made("plan", {"certificate": "missing"}, TODAY)
    assert json.loads(json.dumps(as_outcome(plan), ensure_ascii=False)) == as_outcome(plan)


def test_every_caution_is_an_entry_that_can_be_shown() -> None:
    from tests.flow_kit import words

    named = [c for flow in flows().values() for p in flow.parts for o in p.outcomes.values() for c in o.cautions]
    assert {*named, *words().cautions.values()} <= entries().keys()


def test_a_province_without_a_body_leaves_the_body_open() -> None:
    answers = {"business": "other", "employer": "other", "province": "香港"}
    assert resolve(flows()["review_body"], answers, TODAY).node is None
    assert made("review_body", answers, TODAY).review_body is None


def test_who_has_no_employer_is_told_what_to_wait_for_and_asked_nothing_more() -> None:
    made = _typed({**_AGAIN, "valid_to": "2027-03-10", "change": "left"}, date(2026, 11, 23))
    assert made.main
    assert made.main.id == "change-renewal-left"
    assert "重新注册" in made.main.why


@pytest.mark.parametrize(("valid_to", "warned"), [("2026-11-25", True), ("2026-11-23", True), ("2027-02-01", False)])
def test_near_the_last_day_it_is_said_what_follows_if_it_is_missed(valid_to: str, warned: bool) -> None:
    made = _typed({**_AGAIN, "valid_to": valid_to, "change": "unchanged"}, date(2026, 11, 23))
    assert made.main
    assert any("赶不上" in line for line in made.main.lines) is warned
