"""Lines for programs: what a reply becomes, and that a bad line is answered and not the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date

import pytest

from bot import wording as w
from bot.assistant import Assistant
from bot.channels import lines
from bot.mind import Mind
from bot.reply import Message
from bot.state import State
from bot.turn import Turn

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


def test_a_mark_before_the_first_line_hides_it_not_and_empty_lines_count(assistant: Assistant) -> None:
    told = [json.loads(one) for one in lines.ask(assistant, ['\ufeff{"q": "你好"}', "", " ", "no json"], TODAY)]
    assert told[0]["q"] == "你好"
    assert told[1] == {"error": w.ASK_BAD_LINE, "line": 4}


@pytest.mark.parametrize("line", ["no json", "[]", '{"say": "x"}', '{"text": 1}', "[" * 100_000])
def test_a_bad_line_is_answered(assistant: Assistant, line: str) -> None:
    told = [json.loads(one) for one in lines.talk(assistant, [line, '{"text": "你好"}'], TODAY)]
    assert told[0] == {"error": w.JSONL_BAD_LINE, "line": 1}
    assert told[1]["status"] == "greeting"


class Failing(Assistant):
    """Has a mistake of ours in one word."""

    def reply(self, state: State, message: Message, today: date) -> Turn:
        if message.text == "坏":
            raise KeyError(message.text)
        return super().reply(state, message, today)


@pytest.mark.parametrize(("told", "name"), [(lines.talk, "text"), (lines.ask, "q")])
def test_a_mistake_of_ours_is_told_as_ours_and_loses_no_other_line(
    mind: Mind,
    caplog: pytest.LogCaptureFixture,
    told: Callable[[Assistant, Iterable[str], date], Iterator[str]],
    name: str,
) -> None:
    said = list[str]()
    with pytest.raises(lines.LinesError, match="1 行"):
        said.extend(told(Failing(mind), [json.dumps({name: text}) for text in ("你好", "坏", "你好")], TODAY))
    assert [json.loads(line).get("error") for line in said] == [None, w.OUR_MISTAKE, None]
    assert "KeyError" in caplog.text
    assert "坏" not in caplog.messages[0]
