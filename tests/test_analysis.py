"""Reading a text the way the index does: one form, sounds, concepts, clauses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from knowledge.analysis import Analyst

QUICK = settings(max_examples=80, deadline=None)


@pytest.fixture(scope="module")
def analyst(assistant: Assistant) -> Analyst:
    return assistant.mind.searcher.analyst


@pytest.mark.parametrize(
    ("letters", "syllables"),
    [
        ("zhuce", ("zu", "ce")),
        ("yanxu", ("yan", "xu")),
        ("chushizhuce", ("cu", "si", "zu", "ce")),
        ("lvshi", ("lv", "si")),
        ("xyz", ()),
        ("http", ()),
        ("a", ("a",)),
        ("", ()),
    ],
)
def test_letters_are_spelt_out_where_they_are_pinyin(
    analyst: Analyst, letters: str, syllables: tuple[str, ...]
) -> None:
    assert analyst.sounds.spell_out(letters) == syllables


def test_letters_that_could_be_pinyin_stand_for_no_other_syllables(analyst: Analyst) -> None:
    assert "browser" in analyst.read("safari").concepts()
    assert "browser" not in analyst.read("zhi ye ma").concepts()


@given(st.text(max_size=60))
@QUICK
def test_any_text_can_be_read(analyst: Analyst, text: str) -> None:
    reading = analyst.read(text)
    end = len(reading.units)
    assert all(0 <= m.start < m.end <= end for m in reading.mentions)
    assert all(0 <= start < stop <= end for start, stop in reading.clauses)
    assert reading.features() >= {f"k:{concept}" for concept in reading.concepts()}


@given(st.text(max_size=40))
@QUICK
def test_every_unit_belongs_to_one_clause(analyst: Analyst, text: str) -> None:
    reading = analyst.read(text)
    covered = [unit for start, stop in reading.clauses for unit in range(start, stop)]
    assert covered == list(range(len(reading.units)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("註冊安全工程師延續註冊", "注册安全工程师延续注册"),
        ("ＹＡＮＸＵ", "yanxu"),
        ("初始注册\u200b材料", "初始注册材料"),
        ("RMOCSE", "rmocse"),
    ],
)
def test_what_looks_alike_reads_alike(analyst: Analyst, one: str, other: str) -> None:
    assert analyst.read(one).features() == analyst.read(other).features()


@pytest.mark.parametrize("text", ["初始注册", "出事注册", "chushi zhuce", "chushizhuce", "初使注册", "初始註冊"])
def test_a_registration_is_heard_however_it_is_written(analyst: Analyst, text: str) -> None:
    assert "type-initial" in analyst.read(text).concepts()


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("续期要什么材料", "type-renewal"),
        ("我换公司了怎么办", "employer-change"),
        ("逾期初始注册", "type-overdue"),
        ("煤矿选哪个机构", "coal"),
        ("建筑施工企业", "construction"),
    ],
)
def test_what_people_say_is_known_by_its_concept(analyst: Analyst, text: str, concept: str) -> None:
    assert concept in analyst.read(text).concepts()


@pytest.mark.parametrize("text", ["一级造价师注册材料", "二级建造师怎么变更", "消防工程师注册"])
def test_another_profession_is_known_for_one(analyst: Analyst, text: str) -> None:
    assert any(concept.startswith("other:") for concept in analyst.read(text).concepts())


@pytest.mark.parametrize("text", ["中级注安怎么注册", "注册安全工程师材料"])
def test_ours_is_not_another_profession(analyst: Analyst, text: str) -> None:
    assert not any(concept.startswith("other:") for concept in analyst.read(text).concepts())


@pytest.mark.parametrize(
    ("text", "asks"), [("要什么材料", True), ("可以吗", True), ("好?", True), ("我换了单位", False)]
)
def test_asking_is_told_from_telling(analyst: Analyst, text: str, asks: bool) -> None:
    assert bool(analyst.read(text).asking) is asks


def test_an_excerpt_is_the_text_of_its_units(analyst: Analyst) -> None:
    reading = analyst.read("我换了单位，要交什么材料？")
    start, end = reading.clauses[1]
    assert reading.excerpt(start, end) == "要交什么材料"
