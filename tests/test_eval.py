"""The judge means what it says, and the assistant stays above a floor on the regression set."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from bot.assistant import Assistant
from bot.channels.lines import ask_line
from bot.mind import Mind
from bot.reply import Message
from bot.state import State
from tests.eval.__main__ import main
from tests.eval.calibrate import fit, suggested
from tests.eval.columns import columns, width
from tests.eval.judge import Case, Verdict, judge, judge_turn, load_cases, load_facts
from tests.eval.measure import HOLDOUT, REGRESSION, TODAY, Figures, Judged, figures, judged, right_share

SHARED = Path(__file__).parents[2] / "shared" / "eval"
FACTS = load_facts()
STATUSES = ("answered", "unanswered", "either")


def case(status: str, *facts: str) -> Case:
    return Case("?", facts, status, "plain")


@pytest.fixture(scope="module")
def regression(mind: Mind) -> list[Judged]:
    """The regression questions, put to the assistant once."""
    return judged(Assistant(mind), REGRESSION[0], FACTS)


def test_enough_is_answered_rightly(regression: list[Judged]) -> None:
    lost = [one.line() for one in regression if one.verdict in (Verdict.WRONG, Verdict.MISSED)]
    assert figures(regression).right >= 0.90, "\n".join(["", *lost])


def test_almost_nothing_is_answered_that_cannot_be_known(regression: list[Judged]) -> None:
    false = [one.line() for one in regression if one.case.status == "unanswered" and one.verdict is Verdict.WRONG]
    assert figures(regression).false <= 0.04, "\n".join(["", *false])


def test_most_turns_of_dialogues_are_right(mind: Mind) -> None:
    found = judged(Assistant(mind), REGRESSION[1], FACTS)
    lost = [one.line() for one in found if one.verdict is not Verdict.RIGHT]
    assert right_share(found) >= 0.85, "\n".join(["", *lost])


@pytest.mark.parametrize(
    ("asked", "status", "text", "verdict"),
    [
        (case("answered", "T7"), "answered", "应办 重新注册 。", Verdict.RIGHT),
        (case("answered", "T7"), "flow", "应办重新注册", Verdict.RIGHT),
        (case("answered", "T7", "M1n"), "answered", "应办重新注册", Verdict.WRONG),
        (case("answered", "T7"), "answered", "应办延续注册", Verdict.WRONG),
        (case("answered", "T7"), "clarify", "重新注册", Verdict.ASSISTED),
        (case("answered", "T7"), "unanswered", "重新注册", Verdict.MISSED),
        (case("answered", "T7"), "greeting", "您好", Verdict.MISSED),
        (case("unanswered"), "answered", "应办重新注册", Verdict.WRONG),
        (case("unanswered", "S7"), "answered", "不超过７０周岁", Verdict.RIGHT),
        (case("unanswered", "S7"), "answered", "没有规定", Verdict.WRONG),
        (case("unanswered"), "clarify", "", Verdict.ASKED),
        (case("unanswered"), "flow", "", Verdict.ASKED),
        (case("unanswered"), "unanswered", "", Verdict.REJECTED),
        (case("unanswered"), "greeting", "", Verdict.REJECTED),
        (case("either", "T7", "M1n"), "answered", "重新注册", Verdict.RIGHT),
        (case("either", "T7"), "answered", "延续注册", Verdict.WRONG),
        (case("either"), "answered", "延续注册", Verdict.RIGHT),
        (case("either", "T7"), "clarify", "", Verdict.RIGHT),
        (case("either", "T7"), "unanswered", "", Verdict.MISSED),
    ],
)
def test_a_reply_is_judged(asked: Case, status: str, text: str, verdict: Verdict) -> None:
    assert judge(asked, status, text, FACTS) is verdict


@pytest.mark.parametrize(
    ("asked", "status", "verdict"),
    [
        ("greeting", "greeting", Verdict.RIGHT),
        ("greeting", "answered", Verdict.WRONG),
        ("unanswered", "unanswered", Verdict.RIGHT),
        ("unanswered", "answered", Verdict.WRONG),
    ],
)
def test_a_turn_of_a_dialogue_is_judged(asked: str, status: str, verdict: Verdict) -> None:
    assert judge_turn(case(asked), status, "", FACTS) is verdict


@pytest.mark.parametrize("path", [*REGRESSION, *HOLDOUT], ids=lambda path: path.stem)
def test_every_fact_a_case_names_is_known(path: Path) -> None:
    assert {name for talk in load_cases(path) for turn in talk for name in turn.facts} <= FACTS.keys()


@pytest.fixture(scope="module")
def shared() -> ModuleType:
    """The judge the shared samples come with."""
    if not (SHARED / "score.py").exists():
        pytest.skip("../shared is not here")
    spec = importlib.util.spec_from_file_location("shared_score", SHARED / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_judge_agrees_with_the_shared_one(mind: Mind, shared: ModuleType) -> None:
    theirs, differ = shared.load_facts(), []
    for raw in map(json.loads, (SHARED / "questions.jsonl").read_text(encoding="utf-8").splitlines()):
        turn = Assistant(mind).reply(State(), Message(text=raw["q"]), TODAY)
        line: dict[str, Any] = ask_line(raw["q"], turn.reply)
        ours = judge(
            Case(raw["q"], tuple(raw["facts"]), raw["status"], raw["kind"]), line["status"], line["answer"], FACTS
        )
        if ours != shared.judge(raw, line, theirs):
            differ.append(raw["q"])
    assert not differ


def test_the_judge_agrees_with_the_shared_one_on_every_entry_and_fact(mind: Mind, shared: ModuleType) -> None:
    theirs = shared.load_facts()
    texts = [" ".join([e.short, *(p.text for p in e.detail)]) for e in mind.knowledge.entries.values()]
    asked = [(case(status, fact), {"status": status, "facts": [fact]}) for status in STATUSES for fact in theirs]
    differ = [
        (ours.facts, text[:30])
        for ours, raw in asked
        for text in texts
        if judge(ours, "answered", text, FACTS) != shared.judge(raw, {"status": "answered", "answer": text}, theirs)
    ]
    assert not differ


def test_the_holdout_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--show", "wrong", "--cases", *map(str, HOLDOUT)])
    assert (code, capsys.readouterr().out) == (2, "")


@pytest.mark.parametrize("options", [["--show", "bad"], ["--cases", "no-such-file.jsonl"]])
def test_options_that_do_not_fit_are_named(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(options) == 2
    assert options[1] in capsys.readouterr().err


def test_the_fit_finds_the_weights_the_data_was_made_with() -> None:
    chance = np.random.default_rng(7)
    inputs = np.column_stack([np.ones(20000), chance.normal(size=20000), chance.normal(size=20000)])
    true = np.array([1.0, -2.0, 0.5])
    right = (chance.random(20000) < 1 / (1 + np.exp(-inputs @ true))).astype(float)
    assert np.allclose(fit(inputs, right), true, atol=0.1)


def test_the_suggestion_keeps_wrong_answers_rare() -> None:
    found = {0.4: Figures(0.97, 0.09, 0.0), 0.5: Figures(0.95, 0.01, 0.01), 0.6: Figures(0.95, 0.01, 0.01)}
    assert suggested(found, 0.7) == 0.6


def test_columns_line_up_where_characters_are_wide() -> None:
    assert len({width(line) for line in columns([["种类", "共"], ["a", "120"]])}) == 1
