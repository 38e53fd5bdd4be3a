"""A message in an open dialogue: an answer, news of the case, a question in the middle, or nothing that fits."""

from __future__ import annotations

from datetime import date

import pytest

from bot.assistant import Assistant
from bot.reply import Message, Reply
from bot.state import State
from bot.turn import Turn

TODAY = date(2026, 11, 26)
ASKED_VALIDITY = State(flow="plan", answers={"certificate": "have", "registered": "before"})
ASKED_NAME = State(flow="login", answers={"login": "works-default"})


def turn(assistant: Assistant, state: State, text: str) -> Turn:
    return assistant.reply(state, Message(text=text), TODAY)


@pytest.mark.parametrize("text", ["记不清", "不知道什么时候过期的", "我真不记得到哪天了", "忘了是哪年的"])
def test_not_knowing_in_any_words_goes_on(assistant: Assistant, text: str) -> None:
    assert turn(assistant, ASKED_VALIDITY, text).state.answers["valid_to"] == "unknown"


@pytest.mark.parametrize("text", ["早就过期了", "已经过期，记不清哪天"])
def test_an_expiry_whose_day_is_forgotten_is_enough(assistant: Assistant, text: str) -> None:
    outcome = turn(assistant, State(flow="type", answers=ASKED_VALIDITY.answers), text).reply.outcome
    assert outcome
    assert outcome["type"] == "重新注册"


@pytest.mark.parametrize(("text", "letters"), [("章玮", "zw"), ("何时雨", "hsy"), ("李雷", "ll")])
def test_a_name_that_sounds_like_another_matter_is_a_name_where_one_is_asked_for(
    assistant: Assistant, text: str, letters: str
) -> None:
    assert turn(assistant, ASKED_NAME, text).state.answers["name"].startswith(letters)


def test_what_is_told_before_its_question_is_noted(assistant: Assistant) -> None:
    state = State(flow="plan", answers={"certificate": "have", "registered": "never"})
    done = turn(assistant, state, "化工厂，在四川")
    assert done.reply.node == "cert_date"
    assert "四川" in done.reply.lead


def test_an_answer_said_already_is_not_said_again_over_every_fact(assistant: Assistant) -> None:
    state, replies = State(), list[Reply]()
    for text in ("没注册过，2022年3月的证", "单位在河北", "是搅拌站"):
        done = turn(assistant, state, text)
        state, replies = done.state, [*replies, done.reply]
    assert [bool(reply.answers) for reply in replies[1:]] == [False, False]
