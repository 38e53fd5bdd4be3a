"""A date told roughly, and made exact by what is said later."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.answering import Problem, answer
from flows.engine import nodes_of
from flows.extract import extract, merge
from flows.refine import refined
from flows.rules import span_of
from tests.flow_kit import flows, lexicon, said, words

TODAY = date(2026, 11, 23)
_NODES = nodes_of(flows()["type"])


def _merged(before: dict[str, str], text: str) -> dict[str, str]:
    return merge(before, said(text, TODAY), text, TODAY)


def _answer(node: str, text: str, answers: dict[str, str]) -> str | Problem:
    return answer(_NODES[node], text, TODAY, lexicon=lexicon(), words=words(), answers=answers)


@pytest.mark.parametrize(
    "text",
    ["具体3月15", "2022.3.15", "20220315", "22年3月15日", "22年3月15", "3月15号", "15号", "批准日期是3月15日"],
)
def test_a_later_message_makes_the_month_exact(text: str) -> None:
    assert _merged({"registered": "never", "cert_date": "2022-03"}, text)["cert_date"] == "2022-03-15"


@pytest.mark.parametrize("text", ["1月20号", "具体是1月20", "2026年1月20号到期", "20260120"])
def test_a_day_without_a_year_takes_the_year_given_before(text: str) -> None:
    assert _merged({"valid_to": "2026-01"}, text)["valid_to"] == "2026-01-20"


@pytest.mark.parametrize(
    "text", ["2号", "3", "15", "4月2日", "2022年3月", "15号可以去吗", "我3月15号去单位面试的", "2021年3月15日", "32号"]
)
def test_what_is_an_option_a_question_a_story_or_outside_leaves_the_month(text: str) -> None:
    assert _merged({"cert_date": "2022-03"}, text)["cert_date"] == "2022-03"


def test_an_exact_date_is_not_made_another_one() -> None:
    assert _merged({"cert_date": "2022-03-01"}, "15号")["cert_date"] == "2022-03-01"


def test_merging_needs_no_text() -> None:
    assert merge({"cert_date": "2022-03"}, said("没注册过", TODAY)) == {"cert_date": "2022-03", "registered": "never"}


@pytest.mark.parametrize("text", ["具体3月15", "3月15号", "15号", "15", "3.15", "三月十五", "22年3月15", "2022/3/15"])
def test_the_question_for_the_day_takes_all_of_them(text: str) -> None:
    assert _answer("cert_day", text, {"cert_date": "2022-03"}) == "2022-03-15"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026年1月20号到期", "2026-01-20"),
        ("到期日改成2027年2月5日", "2027-02-05"),
        ("2027年2月10日", "2027-02-10"),
        ("3月15日到期", "2027-03-15"),
        ("3月15日已经过期了", "2026-03-15"),
    ],
)
def test_an_expiry_needs_no_word_for_what_expires_when_it_is_asked(text: str, value: str) -> None:
    assert _answer("valid_to", text, {}) == value


@pytest.mark.parametrize("text", ["身份证2027年2月10日到期", "合同2027年2月到期"])
def test_what_expires_is_not_another_paper(text: str) -> None:
    assert isinstance(_answer("valid_to", text, {}), Problem)
    assert "valid_to" not in extract(text, TODAY, lexicon(), in_talk=True).answers


def test_in_a_talk_the_expiry_needs_no_word_for_what_expires() -> None:
    found = [extract("截止日期改成2027年2月5日", TODAY, lexicon(), in_talk=t).answers for t in (True, False)]
    assert ["valid_to" in answers for answers in found] == [True, False]


@given(st.text(max_size=20), st.sampled_from(["2022", "2022-03", "2022-03-15", "unknown", "", "2021/2022-03"]))
def test_whatever_is_said_the_date_stays_within_the_rougher_one(text: str, rough: str) -> None:
    exact, outer = refined(text, rough, TODAY, asked=True), span_of(rough)
    inner = span_of(exact)
    assert exact is None or (outer is not None and inner is not None and outer.holds(inner))
