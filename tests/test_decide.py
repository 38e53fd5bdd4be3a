"""The decision: sure enough to say, near enough to ask, else nothing. A wrong answer is worse than none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.assistant import Assistant
from bot.mind import Mind
from knowledge.decide import Decision, Limits, Verdict, decide, decide_parts, why_not
from knowledge.model import Kind
from knowledge.search import Candidate, Ranking, Searcher

LIMITS = Limits(0.6, 0.35)


@pytest.fixture(scope="module")
def searcher(assistant: Assistant) -> Searcher:
    return assistant.mind.searcher


def ranking(searcher: Searcher, *sure: float, kind: Kind = Kind.ANSWER) -> Ranking:
    """Real entries, as sure as given."""
    found = searcher.rank("注册材料")
    entries = [entry for entry in searcher.knowledge.entries.values() if entry.kind is kind]
    candidates = tuple(Candidate(e, s, s, e.title) for e, s in zip(entries, sure, strict=False))
    return replace(found, candidates=candidates)


@pytest.mark.parametrize(
    ("sure", "verdict", "chosen"),
    [
        ((0.9, 0.1), Verdict.SAY, 1),
        ((0.6, 0.5), Verdict.SAY, 1),
        ((0.59, 0.5, 0.2), Verdict.CHOOSE, 2),
        ((0.35, 0.34), Verdict.CHOOSE, 1),
        ((0.34, 0.3), Verdict.NOTHING, 0),
        ((), Verdict.NOTHING, 0),
    ],
)
def test_the_limits_decide(searcher: Searcher, sure: tuple[float, ...], verdict: Verdict, chosen: int) -> None:
    decision = decide(ranking(searcher, *sure), LIMITS)
    assert (decision.verdict, len(decision.chosen)) == (verdict, chosen)


@pytest.mark.parametrize("kind", [Kind.GAP, Kind.NEIGHBOUR, Kind.CHAT])
def test_what_claims_nothing_is_said_earlier(searcher: Searcher, kind: Kind) -> None:
    assert decide(ranking(searcher, 0.4, kind=kind), LIMITS).verdict is Verdict.SAY


def test_every_candidate_not_taken_has_its_reason(searcher: Searcher) -> None:
    others = ranking(searcher, 0.9, 0.7, 0.4, 0.1).candidates[1:]
    words = ("不如第一名", "作答门槛", "反问门槛")
    assert [word in why_not(c, LIMITS) for word, c in zip(words, others, strict=True)] == [True] * 3


def entries(decision: Decision) -> set[str]:
    return {candidate.entry.id for candidate in decision.chosen}


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("初始注册要什么材料？系统网址是什么？", {"materials-initial", "system-address"}),
        ("延续注册要什么材料，密码忘了怎么办", {"materials-renewal", "password-reset"}),
    ],
)
def test_two_questions_get_two_answers(searcher: Searcher, text: str, both: set[str]) -> None:
    assert entries(decide_parts(searcher, searcher.analyst.read(text), LIMITS)) == both


@pytest.mark.parametrize("text", ["初始注册要什么材料", "你好，请问延续注册要什么材料？谢谢"])
def test_one_question_gets_one_answer(searcher: Searcher, text: str) -> None:
    assert len(decide_parts(searcher, searcher.analyst.read(text), LIMITS).chosen) == 1


@pytest.mark.parametrize(
    "text", ["明天天气怎么样", "一级造价师注册要什么材料", "帮我写首诗", "火星上怎么种土豆", "二建继续教育多少学时"]
)
def test_what_is_not_ours_is_never_answered_as_ours(searcher: Searcher, text: str) -> None:
    decision = decide_parts(searcher, searcher.analyst.read(text), LIMITS)
    assert not [c.entry.id for c in decision.chosen if decision.verdict is Verdict.SAY and c.entry.kind is Kind.ANSWER]


def test_two_questions_at_the_end_of_a_story_are_both_answered(mind: Mind) -> None:
    story = (
        "在化工厂干安全干了快二十年，去年跟老板闹翻出来了，今年进了一家新厂，人事说注册要跟着人走，我也没搞明白，"
        "证一直压在箱底，现在想把事情办利索。换了单位要交什么材料？另外照片要用什么工具处理？"
    )
    reading = mind.searcher.analyst.read(story)
    assert len(reading.units) > 60
    found = decide_parts(mind.searcher, reading, mind.limits)
    assert {candidate.entry.facets.matter for candidate in found.chosen} == {"materials", "photo"}
