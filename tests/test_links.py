"""Links into a dialogue: what goes in comes out, nothing personal goes in, nothing foreign breaks it."""

from __future__ import annotations

import base64
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.links import PRIVATE, Link, make, read
from bot.state import State, dump

NODES = st.sampled_from(["certificate", "cert_date", "registered", "change", "province", "login"])
VALUES = st.sampled_from(["have", "2018-03", "never", "广东", "unknown"])


def token(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@given(st.sampled_from(["plan", "type", "login"]), st.dictionaries(NODES, VALUES))
def test_what_goes_in_comes_out(flow: str, answers: dict[str, str]) -> None:
    assert read(make(flow, answers)) == Link(flow, answers)


@given(st.dictionaries(NODES, VALUES))
def test_a_token_needs_no_quoting_in_an_address(answers: dict[str, str]) -> None:
    assert not set(make("plan", answers)) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize("node", sorted(PRIVATE))
def test_what_is_private_does_not_go_in(node: str) -> None:
    assert read(make("plan", {node: "甲", "certificate": "have"})) == Link("plan", {"certificate": "have"})


@pytest.mark.parametrize("node", sorted(PRIVATE))
def test_what_is_private_does_not_come_in_either(node: str) -> None:
    assert read(token(["plan", {node: "sxx"}])) == Link("plan", {})


@pytest.mark.parametrize("node", sorted(PRIVATE))
def test_who_would_not_say_is_not_asked_again(node: str) -> None:
    assert read(make("plan", {node: "unknown"})) == Link("plan", {node: "unknown"})


@given(st.text(max_size=60))
def test_any_text_is_a_link_or_none(text: str) -> None:
    found = read(text)
    assert found is None or isinstance(found, Link)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=6))
def test_any_json_is_a_link_or_none(value: object) -> None:
    found = read(token(value))
    assert found is None or isinstance(found.flow, str)


def test_a_very_long_token_is_refused() -> None:
    assert read(make("plan", {"certificate": "x" * 3000})) is None


def test_half_a_character_does_not_reach_the_store() -> None:
    found = read(token(["plan", {"certificate": "\ud800"}]))
    assert found is None or dump(State(answers=found.answers)).encode()


def test_answers_that_fit_no_question_are_asked_again(assistant: Assistant) -> None:
    link = read(token(["type", {"certificate": "maybe", "nothing": "x"}]))
    assert link is not None
    state = State(answers=link.answers, flow=link.flow)
    assert assistant.card(state, date(2026, 11, 23)) is None
