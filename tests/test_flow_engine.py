"""Replay: going back, editing, starting anew, and another day give what a person expects."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine import applied, back, fits, most_left, nodes_of, resolve, without
from flows.model import Answers, Input, Node
from tests.flow_kit import flows

TODAY = date(2026, 11, 23)
_VALUES = {
    Input.DATE: ("2018", "2019-03", "2021-11-23", "2021-11", "2026-11", "2026-11-23", "2027-02-23", "2027-11", "2030"),
    Input.PROVINCE: ("广东", "山西", "北京"),
    Input.NAME: ("sxx", "lj/yj", "abdrhm+dot"),
    Input.GROUP: ("中国石油化工集团", "中国石油天然气集团"),
}
_NOISE = st.dictionaries(st.text(max_size=12), st.text(max_size=12))


def _candidates(node: Node) -> list[str]:
    return [option.id for option in node.options] + list(_VALUES.get(node.input, ()))


@st.composite
def _talks(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A dialogue and valid answers given one after the other, up to some question."""
    name = draw(st.sampled_from(sorted(flows())))
    flow = flows()[name]
    answers: dict[str, str] = {}
    for _ in range(draw(st.integers(0, 14))):
        node = resolve(flow, answers, TODAY).node
        if node is None:
            break
        answers[node.id] = draw(st.sampled_from([v for v in _candidates(node) if fits(node, v, answers, TODAY)]))
    return name, answers


@given(_talks())
def test_back_undoes_the_last_answer(talk: tuple[str, dict[str, str]]) -> None:
    flow, answers = flows()[talk[0]], talk[1]
    node = resolve(flow, answers, TODAY).node
    if node is None:
        return
    value = next(v for v in _candidates(node) if fits(node, v, answers, TODAY))
    assert back(flow, {**answers, node.id: value}, TODAY) == answers


@given(_talks())
def test_no_more_questions_follow_than_were_said_to_be_left(talk: tuple[str, dict[str, str]]) -> None:
    flow, given = flows()[talk[0]], list(talk[1].items())
    for number in range(len(given)):
        answers = dict(given[:number])
        assert len(given) - number <= 1 + most_left(flow, answers, TODAY)


@pytest.mark.parametrize(
    ("answers", "left"),
    [({}, 3), ({"login": "never"}, 2), ({"login": "never", "name": "13800138000"}, 2), ({"login": "works-default"}, 0)],
)
def test_what_is_settled_is_not_said_to_be_left(answers: Answers, left: int) -> None:
    assert most_left(flows()["login"], answers, TODAY) == left


@given(_talks(), st.data())
def test_editing_keeps_later_answers_that_apply(talk: tuple[str, dict[str, str]], data: st.DataObject) -> None:
    flow, answers = flows()[talk[0]], talk[1]
    path = resolve(flow, answers, TODAY).path
    if not path:
        return
    name = data.draw(st.sampled_from(path))
    node = nodes_of(flow)[name]
    edited = {**answers, name: data.draw(st.sampled_from([v for v in _candidates(node) if fits(node, v, {}, TODAY)]))}
    after = resolve(flow, edited, TODAY)
    kept = {other: edited[other] for other in after.path}
    assert kept.items() <= edited.items()
    asked = after.node
    assert asked is None or asked.id not in edited or not fits(asked, edited[asked.id], edited, TODAY)


@given(_talks(), st.randoms(use_true_random=False))
def test_replay_depends_on_the_answers_alone_and_not_on_their_order(
    talk: tuple[str, dict[str, str]], random: Random
) -> None:
    flow, answers = flows()[talk[0]], talk[1]
    items = list(answers.items())
    random.shuffle(items)
    assert resolve(flow, dict(items), TODAY).path == resolve(flow, answers, TODAY).path


@settings(max_examples=60)
@given(_talks(), _NOISE, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_whatever_is_stored_on_whatever_day_leads_somewhere(
    talk: tuple[str, dict[str, str]], noise: dict[str, str], today: date
) -> None:
    flow, answers = flows()[talk[0]], talk[1]
    garbled = {**answers, **noise, **dict(zip(answers, noise.values(), strict=False))}
    position = resolve(flow, garbled, today)
    ended = len(position.outcomes) == len(flow.parts) or any(outcome.final for outcome in position.outcomes)
    assert (position.node is None) == ended


def test_taking_an_answer_back_asks_it_again_and_finds_the_later_ones() -> None:
    answers: Answers = {"certificate": "have", "registered": "never", "cert_date": "2022-05-01"}
    again = without(answers, "registered")
    position = resolve(flows()["type"], again, TODAY)
    assert position.node is not None
    assert position.node.id == "registered"
    assert resolve(flows()["type"], {**again, "registered": "never"}, TODAY).node is None


def test_without_answers_it_begins_at_the_first_question() -> None:
    position = resolve(flows()["plan"], {}, TODAY)
    assert position.node is not None
    assert (position.node.id, position.path) == ("certificate", ())


def test_the_same_answers_on_a_later_day_lead_elsewhere() -> None:
    answers = {"certificate": "have", "registered": "never", "cert_date": "2021-11-23"}
    found = [resolve(flows()["type"], answers, day).outcomes[0].id for day in (TODAY, date(2026, 11, 24))]
    assert found == ["initial", "overdue-initial"]


def test_the_exact_day_is_asked_for_only_where_it_decides() -> None:
    start = {"certificate": "have", "registered": "never"}
    dates = ("2018", "2021", "2021-11", "2023")
    asked = [resolve(flows()["type"], {**start, "cert_date": d}, TODAY).node for d in dates]
    assert [node.id if node else None for node in asked] == [None, "cert_day", "cert_day", None]


def test_what_one_part_has_asked_is_not_asked_by_the_next() -> None:
    answers = {"registration": "unsure", "certificate": "have", "registered": "never", "cert_date": "2022-05-01"}
    position = resolve(flows()["materials"], answers, TODAY)
    assert [outcome.id for outcome in position.outcomes] == ["initial"]


def test_only_the_answers_on_the_path_are_applied() -> None:
    answers = {"name": "wf", "certificate": "missing", "registered": "never"}
    assert applied(resolve(flows()["plan"], answers, TODAY), answers) == {"certificate": "missing"}


@pytest.mark.parametrize("value", ["2018-13", "2027-01-01", "maybe", "1890", "9999", ""])
def test_a_date_that_cannot_be_is_asked_again(value: str) -> None:
    answers = {"certificate": "have", "registered": "never", "cert_date": value}
    node = resolve(flows()["type"], answers, TODAY).node
    assert node is not None
    assert node.id == "cert_date"
