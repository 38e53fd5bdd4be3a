"""Texts for Telegram: whole, escaped, split at paragraph ends."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Speaker
from bot.assistant import Assistant
from bot.channels.telegram.text import LONGEST, Block, Span, block, full, pages, units, untagged
from bot.mind import Mind
from bot.render import SECTIONS, day
from bot.reply import Message, Reply, Shape, Status
from bot.state import State
from tests.web_kit import PLAN

from .formatting import read_text

TODAY = date(2026, 11, 23)
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=60)
spans = st.builds(Span, words, st.sampled_from(["", "b", "i"]))
blocks = st.lists(st.lists(st.lists(spans, min_size=1, max_size=3).map(tuple), min_size=1, max_size=4).map(tuple))


def said(parts: list[Block]) -> str:
    return "".join(span.text for one in parts for line in one for span in line)


@given(blocks, st.integers(20, 200))
def test_parts_are_short_enough_whole_and_say_everything(parts: list[Block], most: int) -> None:
    shown = [read_text(page, "HTML")[0] for page in pages(parts, most)]
    assert all(units(text) <= most for text in shown)
    assert "".join("".join(shown).split()) == "".join(said(parts).split())


def test_a_split_falls_between_paragraphs() -> None:
    parts = [block("甲" * 3000), block("乙" * 1000), block("丙" * 1000)]
    assert [len(page) for page in pages(parts)] == [3000 + 2 + 1000, 1000]


def test_what_people_write_can_not_become_markup() -> None:
    (page,) = pages([block("<b>&</b>", "i")])
    assert (page, untagged(page)) == ("<i>&lt;b&gt;&amp;&lt;/b&gt;</i>", "<b>&</b>")


def test_every_explanation_fits_and_is_understood(mind: Mind) -> None:
    speaker = Speaker(mind)
    for entry in mind.knowledge.entries.values():
        reply = Reply(Status.ANSWERED, answers=(speaker.answer(entry, None, TODAY),))
        for page in pages(full(reply)):
            assert 0 < units(read_text(page, "HTML")[0]) <= LONGEST


def test_a_plan_shows_every_section_in_order_with_its_dates(assistant: Assistant) -> None:
    state = State()
    for text in ("给我办理方案", *PLAN):
        turn = assistant.reply(state, Message(text=text), TODAY)
        state = turn.state
    card = turn.reply.card
    assert card is not None
    shown = [read_text(page, "HTML")[0] for page in pages(full(turn.reply))]
    lines = "\n".join(shown).split("\n")
    filled = [s.heading for s in SECTIONS if s.shape is Shape.VERDICT or getattr(card, s.name)]
    assert [line for line in lines if line in {s.heading for s in SECTIONS}] == filled
    assert card.events
    assert all(f"· {day(event.on)}：{event.title}。{event.detail}" in lines for event in card.events)
