"""Fitting what people type to the question asked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.answering import Problem, answer
from flows.engine import fits, nodes_of
from flows.model import Answers, Node
from tests.flow_kit import flows, lexicon, words

TODAY = date(2026, 11, 23)


def _nodes() -> dict[str, Node]:
    return {name: node for flow in flows().values() for name, node in nodes_of(flow).items() if not node.silent}


def _answer(node: str, text: str, answers: Answers | None = None) -> str | Problem:
    return answer(_nodes()[node], text, TODAY, lexicon=lexicon(), words=words(), answers=answers)


@pytest.mark.parametrize(
    ("node", "text", "value"),
    [
        ("certificate", "1", "have"),
        ("certificate", "第二个", "junior"),
        ("certificate", "选３", "other"),
        ("certificate", "④", "missing"),
        ("certificate", "有的呀", "have"),
        ("certificate", "还没考过", "missing"),
        ("certificate", "have", "have"),
        ("registered", "没有注册过", "never"),
        ("registered", "没", "never"),
        ("registered", "注册过的", "before"),
        ("registered", "不太清楚，不确定", "unsure"),
        ("registered", "沒註冊過", "never"),
        ("cert_date", "2018", "2018"),
        ("cert_date", "大概18年3月吧", "2018-03"),
        ("cert_date", "2021.11.23", "2021-11-23"),
        ("cert_date", "记不清了", "unknown"),
        ("valid_to", "不知道啊", "unknown"),
        ("valid_to", "27年2月23号", "2027-02-23"),
        ("valid_to", "明年3月", "2027-03"),
        ("change", "没有变化", "unchanged"),
        ("change", "换到一家新公司了", "employer"),
        ("change", "原单位", "unchanged"),
        ("renew_too", "一起办吧", "both"),
        ("business", "工地", "construction"),
        ("business", "我们是化工厂", "other"),
        ("employer", "私企", "other"),
        ("employer", "中石化下面的", "central"),
        ("group", "中石油", "中国石油天然气集团"),
        ("group", "中国盐业集团", "中国盐业集团"),
        ("group", "不清楚", "unknown"),
        ("group_list", "还没看呢", "unsure"),
        ("province", "佛山", "广东"),
        ("login", "忘了密码", "forgot"),
        ("login", "从来没登录过", "never"),
        ("login", "我不记得登过没", "unsure"),
        ("login", "登没登过忘了", "unsure"),
        ("coal_list", "不知道有没有", "unsure"),
        ("cert_date", "2021年10月考的", "2021/2022"),
        ("before_2012", "2008年", "earlier"),
        ("before_2012", "08年", "earlier"),
        ("before_2012", "大概2011年吧", "earlier"),
        ("before_2012", "2012年之前", "earlier"),
        ("before_2012", "2012", "later"),
        ("before_2012", "2015年", "later"),
        ("id_number", "没有这个用户 登不上", "failed"),
        ("certificate", "说错了 是中级", "have"),
        ("name", "单雄信", "sxx/dxx"),
        ("name", "我叫阿不都·热合曼", "abdrhm+dot"),
        ("name", "不想说", "unknown"),
        ("registration", "续期", "renewal"),
        ("change_kind", "公司改名", "renamed"),
    ],
)
def test_understood(node: str, text: str, value: str) -> None:
    assert _answer(node, text) == value


@pytest.mark.parametrize(
    ("node", "text"),
    [
        ("certificate", "5"),
        ("certificate", "天气不错"),
        ("cert_date", "2027年5月1日"),
        ("cert_date", "很久以前"),
        ("cert_date", "2021年2月30日"),
        ("valid_to", "2026年或者2027年"),
        ("province", "香港"),
        ("province", "月球"),
        ("province", "广东或者湖南"),
        ("name", "为什么要问这个？"),
        ("name", "13800138000"),
        ("group", "12345"),
        ("login", ""),
        ("coal_list", "列表里有没有煤监?"),
        ("coal_list", "没有这个用户 登不上"),
        ("group_list", "没有这个用户 登不上"),
        ("login", "怎么能登"),
        ("login", "忘了"),
        ("login", "还有啥招能登"),
        ("change", "我没有单位的章"),
        ("business", "没有单位公章"),
        ("employer", "没有单位名称"),
        ("employer", "中石化下面三产改制企业"),
        ("cert_date", "2021年10月考的 证还没领"),
        ("before_2012", "2008年怎么样"),
    ],
)
def test_what_does_not_fit_is_a_problem_with_words(node: str, text: str) -> None:
    problem = _answer(node, text)
    assert isinstance(problem, Problem)
    assert problem.text


def test_a_bare_day_is_completed_by_the_month_given_before() -> None:
    assert _answer("cert_day", "23号", {"cert_date": "2021-11"}) == "2021-11-23"


def test_a_bare_month_is_completed_by_the_year_given_before() -> None:
    assert _answer("cert_day", "3月5日", {"cert_date": "2021"}) == "2021-03-05"


def test_a_day_outside_the_month_given_before_is_a_problem() -> None:
    problem = _answer("cert_day", "2020年5月1日", {"cert_date": "2021-11"})
    assert isinstance(problem, Problem)
    assert "2021年11月" in problem.text


@pytest.mark.parametrize("name", sorted(_nodes()))
def test_every_label_synonym_and_number_gives_its_own_option(name: str) -> None:
    node = _nodes()[name]
    typed = [(word, o.id) for o in node.options for word in (o.id, o.label, *o.synonyms)]
    assert [(word, _answer(name, word)) for word, _ in typed] == typed


@pytest.mark.parametrize("name", sorted(name for name, node in _nodes().items() if node.example))
def test_every_example_is_an_answer(name: str) -> None:
    assert not isinstance(_answer(name, _nodes()[name].example), Problem)


@given(st.sampled_from(sorted(_nodes())), st.text(max_size=30))
def test_any_text_gives_a_fitting_value_or_a_problem(name: str, text: str) -> None:
    value = _answer(name, text)
    assert isinstance(value, Problem) or fits(_nodes()[name], value, {}, TODAY)
