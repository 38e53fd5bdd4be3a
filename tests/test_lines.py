"""Lines for programs: what a reply becomes, and that a bad line is answered and not the end."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bot import wording as w
from bot.assistant import Assistant
from bot.channels import lines

TODAY = date(2026, 11, 23)


def test_a_plan_is_told_in_words_and_in_fields(assistant: Assistant) -> None:
    given = ['{"choose": "f.type"}', '{"text": "有"}', '{"text": "从没注册过"}', '{"text": "2018年3月"}']
    last = json.loads(list(lines.talk(assistant, given, TODAY))[-1])
    assert (last["node"], last["outcome"]["type"]) == (None, "逾期初始")
    assert "逾期初始注册" in last["text"]


def test_feedback_and_reasons_are_no_choices_for_programs(assistant: Assistant) -> None:
    (line,) = lines.talk(assistant, ['{"text": "延续注册要交什么材料"}'], TODAY)
    assert {choice["id"][:2] for choice in json.loads(line)["choices"]} <= {"e.", "f."}


def test_each_question_stands_by_itself(assistant: Assistant) -> None:
    first, second = lines.ask(assistant, ['{"q": "延续注册的期限"}', '{"q": "材料呢"}'], TODAY)
    assert json.loads(first)["entry"] != json.loads(second)["entry"]
    assert json.loads(second)["status"] != "answered"


@pytest.mark.parametrize("line", ["no json", "[]", '{"say": "x"}', '{"text": 1}', "[" * 100_000])
def test_a_bad_line_is_answered(assistant: Assistant, line: str) -> None:
    told = [json.loads(one) for one in lines.talk(assistant, [line, '{"text": "你好"}'], TODAY)]
    assert told[0] == {"error": w.JSONL_BAD_LINE}
    assert told[1]["status"] == "greeting"
