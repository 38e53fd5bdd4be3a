"""The dialogue half of a reply: what is asked, what is known, and the plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from bot.guide import Guide
from bot.mind import Mind
from bot.reply import Role
from bot.state import State
from flows.model import Input

TODAY = date(2026, 11, 23)
OVERDUE = {"certificate": "have", "registered": "never", "cert_date": "2018-03"}


def guide(mind: Mind, answers: Mapping[str, str], flow: str = "type", editing: str = "", **more: object) -> Guide:
    return Guide(mind, State(answers=answers, flow=flow, editing=editing, **more), TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize("flow", ["plan", "type", "review_body", "materials", "login"])
def test_every_dialogue_begins_with_a_question_and_ways_out(mind: Mind, flow: str) -> None:
    reply = guide(mind, {}, flow).reply()
    assert reply.question is not None
    assert {"restart", "quit", "human"} <= {choice.id for choice in reply.choices}


def test_at_the_first_question_there_is_no_way_back(mind: Mind) -> None:
    assert "back" not in {choice.id for choice in guide(mind, {}).reply().choices}


def test_at_the_second_question_there_is(mind: Mind) -> None:
    assert "back" in {choice.id for choice in guide(mind, {"certificate": "have"}).reply().choices}


def test_the_options_carry_the_version_of_the_dialogue(mind: Mind) -> None:
    made = guide(mind, {})
    options = [choice.id for choice in made.reply().choices if choice.role is Role.OPTION]
    assert options
    assert all(option.startswith(f"a.{made.flow.version}.certificate.") for option in options)


def test_a_typed_question_has_an_example_and_a_way_round_it(mind: Mind) -> None:
    reply = guide(mind, {"certificate": "have", "registered": "never"}).reply()
    assert reply.question is not None
    assert (reply.question.input, bool(reply.question.example)) == (Input.DATE, True)
    assert [choice.id.rsplit(".", 1)[1] for choice in reply.choices if choice.role is Role.OPTION] == ["unknown"]


def test_the_step_counts_the_questions_asked(mind: Mind) -> None:
    question = guide(mind, {"certificate": "have"}).reply().question
    assert question is not None
    assert question.step == 2


def test_what_is_known_stands_in_the_order_of_the_questions(mind: Mind) -> None:
    mixed = dict(reversed(OVERDUE.items()))
    assert [fact.node for fact in guide(mind, mixed).reply().facts] == list(OVERDUE)


def test_what_was_taken_from_the_text_is_marked(mind: Mind) -> None:
    facts = guide(mind, OVERDUE, taken=("cert_date",)).reply().facts
    assert [fact.node for fact in facts if fact.from_text] == ["cert_date"]


def test_every_fact_can_be_changed(mind: Mind) -> None:
    assert [fact.edit for fact in guide(mind, OVERDUE).reply().facts] == [f"b.{node}" for node in OVERDUE]


def test_a_question_being_changed_is_asked_although_it_has_an_answer(mind: Mind) -> None:
    assert guide(mind, OVERDUE, editing="registered").reply().node == "registered"


def test_an_answer_that_fits_no_longer_is_asked_again(mind: Mind) -> None:
    assert guide(mind, {**OVERDUE, "registered": "perhaps"}).reply().node == "registered"


def test_at_the_end_there_is_the_plan_as_card_and_as_fields(mind: Mind) -> None:
    reply = guide(mind, OVERDUE).reply()
    assert (reply.node, reply.card is not None, (reply.outcome or {}).get("type")) == (None, True, "逾期初始")


def test_until_the_end_there_is_no_plan(mind: Mind) -> None:
    made = guide(mind, {"certificate": "have"})
    assert (made.plan(), made.card()) == (None, None)


def test_the_key_of_a_plan_depends_on_what_is_to_be_handed_in(mind: Mind) -> None:
    turned, changed = {**OVERDUE, "cert_date": "2018-04", "name": "qjg"}, {**OVERDUE, "cert_date": "2025-04"}
    one, other, third = (card.key for a in (OVERDUE, turned, changed) if (card := guide(mind, a).card()))
    assert one == other != third


def test_the_same_answers_mean_another_plan_another_day(mind: Mind) -> None:
    state = State(answers={**OVERDUE, "cert_date": "2019-03-02"}, flow="type")
    outcomes = [Guide(mind, state, date(2024, 3, day)).reply().outcome or {} for day in (2, 3)]
    assert [outcome["type"] for outcome in outcomes] == ["初始", "逾期初始"]


@pytest.mark.parametrize("rough", ["2021-11", "2021"])
def test_the_day_asked_for_is_what_the_deadline_is_counted_from(mind: Mind, rough: str) -> None:
    # The deadline was once counted from the rough date, although the day had been told.
    answers = {"certificate": "have", "registered": "never", "cert_date": rough, "cert_day": "2021-11-24"}
    made = guide(mind, answers)
    plan = made.plan()
    assert plan is not None
    assert plan.main is not None
    assert plan.main.timing.deadline == date(2026, 11, 24)
    assert "cert_day" in made.position.path
