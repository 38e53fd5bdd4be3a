"""The memory of a conversation survives storage, its own older and its own newer versions."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.state import State, dump, load

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
STATES = st.builds(
    State,
    answers=st.dictionaries(TEXT, TEXT, max_size=4),
    taken=st.lists(TEXT, max_size=3).map(tuple),
    flow=TEXT,
    editing=TEXT,
    registration=st.lists(TEXT, max_size=2).map(tuple),
    matter=TEXT,
    entry=TEXT,
    unsure=TEXT,
    others=st.dictionaries(TEXT, st.dictionaries(TEXT, TEXT, max_size=4), max_size=3),
    other_word=TEXT,
    on_other=st.booleans(),
    dropped=st.dictionaries(TEXT, TEXT, max_size=4),
    ticks=st.dictionaries(TEXT, st.lists(TEXT, max_size=3).map(tuple), max_size=2),
)


@given(STATES)
def test_the_state_survives_storage(state: State) -> None:
    assert load(dump(state)) == state


@given(STATES)
def test_the_order_of_the_answers_survives_too(state: State) -> None:
    assert list(load(dump(state)).answers) == list(state.answers)


@pytest.mark.parametrize("name", [field.name for field in fields(State)])
def test_a_state_of_before_a_field_existed_still_opens(name: str) -> None:
    raw = json.loads(dump(State(answers={"certificate": "have"})))
    del raw[name]
    assert getattr(load(json.dumps(raw)), name) == getattr(State(), name)


def test_a_field_of_a_later_version_is_left_out() -> None:
    assert load('{"flow":"plan","mood":"good"}') == State(flow="plan")
