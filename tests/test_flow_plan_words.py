"""What a plan says of days known only roughly, of the list of bodies, and of passwords: never more than is known."""

from __future__ import annotations

import re
from datetime import date

import pytest

from flows.plan import Plan
from tests.flow_kit import flows, made

TODAY = date(2026, 11, 23)
_FIRST = {"certificate": "have", "registered": "never"}
_AGAIN = {"certificate": "have", "registered": "before"}
_DAY = re.compile(r"\d+年\d+月\d+日|\d+天")


def _lines(answers: dict[str, str]) -> str:
    plan = made("type", answers, TODAY)
    assert plan.main is not None
    return "".join((*plan.main.lines, *(line for case in plan.cases for line in case.lines)))


@pytest.mark.parametrize(("valid_to", "told"), [("2024", "2024年"), ("2026-10", "2026年10月")])
def test_what_expired_on_a_day_unknown_is_told_without_a_day(valid_to: str, told: str) -> None:
    said = _lines({**_AGAIN, "valid_to": valid_to})
    assert (told in said, _DAY.findall(said)) == (True, [])


def test_a_case_of_a_month_that_does_not_decide_names_no_day() -> None:
    said = _lines({**_AGAIN, "valid_to": "2026-11", "valid_day": "unknown", "change": "unchanged"})
    assert ("2026年11月" in said, _DAY.findall(said)) == (True, [])


def test_a_rough_expiry_ahead_is_told_as_rough() -> None:
    assert "注册有效期到2027年5月1日" not in _lines({**_AGAIN, "valid_to": "2027-05", "change": "unchanged"})


def test_a_deadline_that_has_passed_on_a_day_unknown_is_told_without_counting_days() -> None:
    assert not re.search(r"\d+天", _lines({**_FIRST, "cert_date": "2020"}))


@pytest.mark.parametrize(
    ("answers", "first", "last"),
    [
        ({"cert_date": "2021", "cert_day": "unknown"}, "2026年1月1日", "2026年12月31日"),
        ({"cert_date": "2021-11", "cert_day": "unknown"}, "2026年11月1日", "2026年11月30日"),
        ({"cert_date": "2021-11-10/2021-12-06"}, "2026年11月10日", "2026年12月6日"),
    ],
)
def test_an_open_deadline_is_told_from_its_first_to_its_last_day(
    answers: dict[str, str], first: str, last: str
) -> None:
    said = _lines({**_FIRST, **answers})
    assert (f"{first}到{last}之间" in said, "证书上的日期" in said) == (True, True)


def test_an_early_renewal_is_one_advice() -> None:
    plan = made("type", {**_AGAIN, "valid_to": "2027-08-15", "change": "unchanged"}, TODAY)
    assert plan.main is not None
    assert "就从2027年5月15日起再申请" in "".join(plan.main.lines)
    assert "silent-early-renewal" not in plan.cautions


def test_a_last_day_in_the_calendar_counts_itself() -> None:
    details = [r.detail for p in flows()["plan"].parts for o in p.outcomes.values() for r in o.reminders]
    last = [detail for detail in details if "过" in detail]
    assert [detail for detail in last if not detail.startswith("最晚这一天")] == []


def _said(plan: Plan) -> str:
    return "".join((*plan.where, *plan.login))


@pytest.mark.parametrize("name", ["wf", "unknown"])
def test_who_forgot_the_password_hears_where_to_have_it_reset(name: str) -> None:
    said = _said(made("login", {"login": "forgot", "name": name}, TODAY))
    assert ("联系初审机构" in said, "【初审机构列表】" in said) == (True, True)


@pytest.mark.parametrize("name", ["wf", "unknown"])
def test_who_does_not_know_of_a_login_hears_both_ways(name: str) -> None:
    said = _said(made("login", {"login": "unsure", "name": name}, TODAY))
    assert ("从没登录过" in said, "自己设的密码" in said) == (True, True)


def test_who_keeps_the_name_hears_the_rule() -> None:
    said = _said(made("login", {"login": "never", "name": "unknown", "before_2012": "later"}, TODAY))
    assert "拼音首字母" in said


@pytest.mark.parametrize("listed", ["listed", "unsure"])
def test_coal_hears_the_present_name_as_supplementary(listed: str) -> None:
    answers = {"business": "coal", "employer": "other", "province": "山西", "coal_list": listed}
    said = _said(made("review_body", answers, TODAY))
    assert ("国家矿山安全监察局" in said, "补充说明" in said) == (True, True)


def test_the_body_is_named_once() -> None:
    plan = made("review_body", {"business": "other", "employer": "other", "province": "江苏"}, TODAY)
    assert (plan.review_body, "江苏省" in _said(plan)) == ("江苏省(省级)初审机构", False)


def test_people_are_addressed_alike_and_read_full_width_brackets() -> None:
    outcomes = [o for flow in flows().values() for part in flow.parts for o in part.outcomes.values()]
    spoken = "".join(text for o in outcomes for text in (o.title, o.why, *o.lines, *o.general))
    asked = "".join(n.ask + n.why for flow in flows().values() for part in flow.parts for n in part.nodes.values())
    assert not re.search(r"您|[()\[\]]", spoken + asked)
