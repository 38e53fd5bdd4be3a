"""Whole persons through the assistant: whatever way they begin and answer, what they are told at the end is true."""

from __future__ import annotations

import pytest

from bot.mind import Mind
from tests.persona_kit import HANDS, OPENINGS, OURS, SHARED, STORIES, Persona, Wrong, led, mismatches, personas

UNNAMED = ("bare", "pressed", "nameless")
OWN_PASSWORD = "only after a password reset"
"""Who signs in with a password of their own is not asked for a name, so where none was told none is computed."""


def wrong(mind: Mind, persona: Persona, opening: str, hand: str) -> Wrong:
    outcome, _ = led(mind, persona, OPENINGS[opening](persona), HANDS[hand])
    found = mismatches(outcome, persona["truth"])
    if opening in UNNAMED and str(persona["truth"]["password_when"]).startswith(OWN_PASSWORD):
        found = {name: pair for name, pair in found.items() if name != "password" or pair[0] is not None}
    return found


def table(mind: Mind, known: list[Persona], opening: str, hand: str) -> list[str]:
    """A line a wrong field: who, which, what was said, what is true."""
    return [
        f"{persona['id']} {name}: {said!r}, should be {true!r}"
        for persona in known
        for name, (said, true) in wrong(mind, persona, opening, hand).items()
    ]


@pytest.mark.parametrize("opening", OPENINGS)
def test_what_our_persons_are_told_is_true(mind: Mind, opening: str) -> None:
    lines = table(mind, personas(OURS), opening, "pressing")
    assert not lines, "\n".join(["", *lines])


@pytest.mark.parametrize("opening", OPENINGS)
def test_what_the_sample_persons_are_told_is_true(mind: Mind, opening: str) -> None:
    if not (known := personas(SHARED)):
        pytest.skip("the sample persons are not beside the project")
    lines = table(mind, known, opening, "pressing")
    assert not lines, "\n".join(["", *lines])


@pytest.mark.parametrize("opening", ["story", "mistyped"])
def test_what_a_story_tells_in_any_words_makes_the_right_plan(mind: Mind, opening: str) -> None:
    lines = table(mind, personas(STORIES), opening, "pressing")
    assert not lines, "\n".join(["", *lines])


@pytest.mark.parametrize("hand", ["writing", "counting"])
def test_an_answer_in_writing_counts_like_the_button(mind: Mind, hand: str) -> None:
    lines = table(mind, personas(OURS), "bare", hand)
    assert not lines, "\n".join(["", *lines])


def test_what_the_story_tells_is_not_asked_again(mind: Mind) -> None:
    told = {p["id"]: led(mind, p, OPENINGS["story"](p))[1].told for p in personas(OURS)}
    asked = {name: nodes for name, nodes in told.items() if nodes}
    assert sum(map(len, asked.values())) <= len(told) // 5, asked


def test_a_wrong_plan_is_seen(mind: Mind) -> None:
    persona = personas(OURS)[0]
    outcome, _ = led(mind, persona, OPENINGS["story"](persona))
    assert mismatches({**outcome, "deadline": "2024-03-02"}, persona["truth"]).keys() == {"deadline"}
    assert mismatches({**outcome, "materials": outcome["materials"][:-1]}, persona["truth"]).keys() == {"materials"}
