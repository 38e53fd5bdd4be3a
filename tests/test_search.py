"""Finding an entry: its own phrasings find it, spelling does not hide it, and a ranking says why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from knowledge.model import Kind
from knowledge.search import Searcher, other_professions, registrations_in

QUICK = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def searcher(assistant: Assistant) -> Searcher:
    return assistant.mind.searcher


def first(searcher: Searcher, text: str) -> str:
    best = searcher.rank(text).best()
    return best.entry.id if best else ""


def test_a_phrasing_of_an_entry_finds_it(searcher: Searcher) -> None:
    asked = [(entry.id, entry.questions[n]) for entry in searcher.knowledge.entries.values() for n in (0, -1)]
    missed = [(name, question) for name, question in asked if first(searcher, question) != name]
    assert len(missed) <= len(asked) // 50, missed


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("延续注册要什么材料", "materials-renewal"),
        ("yanxu zhuce yao shenme cailiao", "materials-renewal"),
        ("延徐注册要什么才料", "materials-renewal"),
        ("延續註冊要什麼材料", "materials-renewal"),
        ("变更注册需要什么材料", "materials-change"),
        ("初始注册需要什么材料", "materials-initial"),
        ("系统网址", "system-address"),
    ],
)
def test_spelling_does_not_hide_what_is_meant(searcher: Searcher, text: str, entry: str) -> None:
    assert first(searcher, text) == entry


@given(st.text(max_size=50))
@QUICK
def test_a_ranking_is_in_order_and_its_confidence_a_probability(searcher: Searcher, text: str) -> None:
    candidates = searcher.rank(text).candidates
    scores = [candidate.score for candidate in candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= candidate.sure <= 1 for candidate in candidates)


@pytest.mark.parametrize("text", ["", "   ", "🙂", "。。。", "\x00"])
def test_nothing_to_go_by_finds_nothing(searcher: Searcher, text: str) -> None:
    assert searcher.rank(text).best() is None


def test_the_same_message_is_ranked_the_same_again(searcher: Searcher) -> None:
    assert searcher.rank("换单位要什么材料") == searcher.rank("换单位要什么材料")


def test_an_edit_is_taken_up_as_if_all_were_read_anew(searcher: Searcher) -> None:
    entries = dict(list(searcher.knowledge.entries.items())[:12])
    small = Searcher(replace(searcher.knowledge, entries=entries))
    first = next(iter(entries.values()))
    edited = replace(searcher.knowledge, entries={**entries, first.id: replace(first, questions=("换个新问法",))})
    taken_up, anew = Searcher(edited, before=small), Searcher(edited)
    assert taken_up.rank("换个新问法怎么办").candidates == anew.rank("换个新问法怎么办").candidates


def test_no_more_candidates_than_asked_for(searcher: Searcher) -> None:
    assert len(searcher.rank("注册材料", keep=3).candidates) == 3


STORY = (
    "我2018年3月考的中级，在一家化工厂干了好多年安全管理，厂里也有同事考一级建造师的，我这个证书从来没有注册过，"
    "现在厂里让我赶紧去弄一下，请问现在去办理还要交哪些材料，要不要继续教育"
)


@pytest.mark.parametrize(
    ("text", "entry", "says"),
    [
        ("延续注册要什么材料", "materials-renewal", ""),
        ("延续注册要什么材料", "materials-initial", "说的是延续，这一条不是"),
        ("过期了怎么办", "renewal", "说的是过期的，这一条不是"),
        ("过期了怎么办", "reregister", ""),
        ("一级建造师要什么材料", "materials-initial", "说的是建造师，不是注安"),
        (STORY, "materials-initial", ""),
    ],
)
def test_what_speaks_against_an_entry_is_what_is_taken_off(
    searcher: Searcher, text: str, entry: str, says: str
) -> None:
    reading, found = searcher.analyst.read(text), searcher.knowledge.entries[entry]
    assert "；".join(searcher.objections_to(found, reading)) == says


def test_another_profession_does_not_get_our_answer(searcher: Searcher) -> None:
    best = searcher.rank("一级造价师变更注册需要什么材料").best()
    assert best is not None
    assert best.entry.kind is not Kind.ANSWER


def test_registrations_are_told_by_their_concepts() -> None:
    assert registrations_in({"type-renewal", "type-initial", "q-what"}) == ("初始", "延续")


@pytest.mark.parametrize(
    ("concepts", "others"), [({"other:造价"}, ("造价",)), ({"other:造价", "ours"}, ()), (set(), ())]
)
def test_ours_beside_another_profession_counts_as_ours(concepts: set[str], others: tuple[str, ...]) -> None:
    assert other_professions(concepts) == others
