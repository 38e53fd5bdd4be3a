"""Puts the question sets to the assistant, in process, and counts the verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.assistant import Assistant
from bot.render import plain
from bot.reply import Message
from bot.state import State
from tests.eval.columns import columns
from tests.eval.judge import HERE, Case, Facts, Verdict, judge, judge_turn, load_cases, press

TODAY = date(2026, 11, 23)
"""The day the figures are taken for, so that they can be compared over time."""
REGRESSION = (HERE / "regression.jsonl", HERE / "regression_dialogues.jsonl")
HOLDOUT = (HERE / "holdout.jsonl", HERE / "holdout_dialogues.jsonl")
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, what the assistant replied, and what that was worth."""

    case: Case
    verdict: Verdict
    status: str
    entry: str | None
    text: str

    def line(self) -> str:
        """For a list of cases."""
        wants = ",".join(self.case.facts) or "-"
        said = press(self.text)[:_SHOWN]
        return f"[{self.verdict}] {self.case.says}\n    要 {wants}；得到 {self.status} {self.entry or '-'}：{said}"


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures that count, as shares."""

    right: float  # of what can be answered
    wrong: float  # of all but the open ones: said something else
    false: float  # of what cannot be answered: answered all the same
    asked: float = 0.0  # of all: asked back


def blind(path: Path) -> bool:
    """Whether a set is kept for blind measurement."""
    return path.name.startswith("holdout")


def judged(assistant: Assistant, path: Path, facts: Facts, today: date = TODAY) -> list[Judged]:
    """Every case of a file, judged."""
    return [turn for talk in load_cases(path) for turn in _talk(assistant, talk, facts, today, dialogues(path))]


def dialogues(path: Path) -> bool:
    """Whether a set holds dialogues, in which admitting rightly counts as right."""
    return path.stem.endswith("dialogues")


def _talk(assistant: Assistant, talk: Sequence[Case], facts: Facts, today: date, dialogue: bool) -> Iterator[Judged]:
    state = State()
    for case in talk:
        turn = assistant.reply(state, Message(text=case.says), today)
        state, text = turn.state, plain(turn.reply)
        verdict = (judge_turn if dialogue else judge)(case, turn.reply.status, text, facts)
        yield Judged(case, verdict, turn.reply.status, turn.reply.entry, text)


def figures(found: Sequence[Judged]) -> Figures:
    """Right, wrong and false answers among single questions."""
    answerable = Counter(j.verdict for j in found if j.case.status == "answered")
    silent = Counter(j.verdict for j in found if j.case.status == "unanswered")
    wrong = answerable[Verdict.WRONG] + silent[Verdict.WRONG]
    return Figures(
        right=_share(answerable[Verdict.RIGHT], answerable.total()),
        wrong=_share(wrong, answerable.total() + silent.total()),
        false=_share(silent[Verdict.WRONG], silent.total()),
        asked=_share(sum(j.status == "clarify" for j in found), len(found)),
    )


def right_share(found: Sequence[Judged]) -> float:
    """How many turns of dialogues are right."""
    return _share(sum(j.verdict is Verdict.RIGHT for j in found), len(found))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def summary(path: Path, found: Sequence[Judged]) -> str:
    """The set in one line."""
    if dialogues(path):
        return f"{path.stem}：{len(found)} 轮，答对 {right_share(found):.1%}"
    now = figures(found)
    return (
        f"{path.stem}：{len(found)} 题，能答的答对 {now.right:.1%}，"
        f"答错占 {now.wrong:.1%}，不该答却答了 {now.false:.1%}"
    )


def table(found: Sequence[Judged], dialogue: bool) -> Iterator[str]:
    """The verdicts by expected status and by kind."""
    rows: dict[str, Counter[Verdict]] = {}
    for one in found:
        names = ("全部", f"种类 {one.case.kind}") if dialogue else (f"应为 {one.case.status}", f"种类 {one.case.kind}")
        for name in names:
            rows.setdefault(name, Counter())[one.verdict] += 1
    yield from columns([["", "共", *_HEADS.values()], *(_row(name, rows[name]) for name in sorted(rows))])


_HEADS: Mapping[Verdict, str] = {
    Verdict.RIGHT: "答对",
    Verdict.ASSISTED: "反问",
    Verdict.MISSED: "漏答",
    Verdict.REJECTED: "拒答",
    Verdict.ASKED: "多问",
    Verdict.WRONG: "答错",
}


def _row(name: str, counted: Counter[Verdict]) -> list[str]:
    return [name, str(counted.total()), *(str(counted[verdict] or "") for verdict in _HEADS)]
