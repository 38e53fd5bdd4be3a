"""What is said for a decision: the entry as it stands today, what can follow, and why."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answers import STATUS, Speaker
from bot.assistant import Assistant
from bot.mind import Mind
from bot.reply import Message, Role, Status
from bot.state import State
from knowledge.model import Kind, Standing

TODAY = date(2026, 11, 23)


@pytest.fixture
def speaker(mind: Mind) -> Speaker:
    return Speaker(mind)


def test_every_entry_can_be_asked_for_by_its_button(assistant: Assistant, mind: Mind) -> None:
    for entry in mind.knowledge.entries.values():
        reply = assistant.reply(State(), Message(choose=f"e.{entry.id}"), TODAY).reply
        assert reply.answers or reply.lead or reply.question, entry.id
        assert reply.status is (STATUS[entry.kind]), entry.id


def test_the_sources_of_every_answer_can_be_asked_for(assistant: Assistant, mind: Mind) -> None:
    for entry in mind.knowledge.entries.values():
        if entry.kind is Kind.ANSWER:
            lead = assistant.reply(State(), Message(choose=f"w.{entry.id}"), TODAY).reply.lead
            assert all(citation.source.title in lead for citation in entry.citations), entry.id


def test_an_answer_offers_why_and_whether_it_helped(mind: Mind, assistant: Assistant) -> None:
    choices = assistant.reply(State(), Message(choose="e.materials-initial"), TODAY).reply.choices
    assert {"w.materials-initial", "y.materials-initial", "n.materials-initial"} <= {choice.id for choice in choices}


def test_a_question_no_source_answers_offers_a_person_and_no_praise(assistant: Assistant, mind: Mind) -> None:
    gap = next(entry for entry in mind.knowledge.entries.values() if entry.kind is Kind.GAP)
    reply = assistant.reply(State(), Message(choose=f"e.{gap.id}"), TODAY).reply
    assert reply.status is Status.UNANSWERED
    assert "human" in {choice.id for choice in reply.choices}
    assert not [choice for choice in reply.choices if choice.role is Role.FEEDBACK]


@pytest.mark.parametrize(("today", "days"), [(date(2024, 2, 29), "1"), (date(2024, 3, 11), "10")])
def test_a_fixed_day_is_told_with_the_days_to_it_or_since(speaker: Speaker, mind: Mind, today: date, days: str) -> None:
    notes = speaker.answer(mind.knowledge.entries["initial-deadline"], None, today).notes
    assert notes
    assert days in notes[0]


def test_before_and_after_the_fixed_day_something_else_is_said(speaker: Speaker, mind: Mind) -> None:
    entry = mind.knowledge.entries["initial-deadline"]
    ahead, passed = (speaker.answer(entry, None, date(2024, 3, day)).notes[0] for day in (1, 2))
    assert "已" not in ahead
    assert "过" in passed


def test_the_own_dates_are_told_with_the_answer(assistant: Assistant) -> None:
    told = {"certificate": "have", "registered": "never", "cert_date": "2023-06-01"}
    reply = assistant.reply(State(answers=told), Message(choose="e.initial-deadline"), TODAY).reply
    assert any("2028年6月1日" in line for line in reply.answers[0].own)


def test_without_own_dates_nothing_is_made_up(assistant: Assistant) -> None:
    reply = assistant.reply(State(), Message(choose="e.materials-initial"), TODAY).reply
    assert reply.answers[0].notes == ()


def test_what_does_not_rest_on_the_published_text_is_marked(mind: Mind, speaker: Speaker) -> None:
    for entry in mind.knowledge.entries.values():
        if entry.standing is not Standing.PUBLISHED:
            assert speaker.answer(entry, None, TODAY).standing is entry.standing


def test_choices_between_entries_can_be_refused(assistant: Assistant, mind: Mind) -> None:
    ask = next(entry for entry in mind.knowledge.entries.values() if entry.kind is Kind.ASK)
    choices = assistant.reply(State(), Message(choose=f"e.{ask.id}"), TODAY).reply.choices
    assert choices[-1].id == "none"
    assert [choice.entry for choice in choices[:-1]] == list(ask.related)


def test_every_button_has_words_for_the_record(mind: Mind, speaker: Speaker) -> None:
    ours = ["back", "restart", "quit", "resume", "human", "none", "b.name", "f.plan", "e.initial", "w.initial", "a.x"]
    assert all(speaker.label(choice) for choice in [*ours, "", ".", "e.nothing", "nonsense"])


def test_every_offer_leads_to_a_dialogue_that_exists(mind: Mind, speaker: Speaker) -> None:
    assert {choice.id.removeprefix("f.") for choice in speaker.openings()} == set(mind.flows)
