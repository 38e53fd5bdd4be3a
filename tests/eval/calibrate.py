"""What the regression set suggests for the thresholds and for the confidence (Tuning.sure). Writes nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.answers import Speaker
from bot.assistant import Assistant
from bot.mind import Mind
from bot.render import plain
from knowledge.decide import Limits
from knowledge.model import Entry, Kind
from knowledge.search import Searcher
from tests.eval.columns import columns
from tests.eval.judge import Case, Facts, Verdict, judge, load_cases
from tests.eval.measure import REGRESSION, Figures, figures, judged

Floats = NDArray[np.float64]
ANSWER_AT = tuple(round(0.40 + 0.05 * n, 2) for n in range(12))
ASK_AT = tuple(round(0.15 + 0.05 * n, 2) for n in range(10))
MOST_FALSE = 0.03
MOST_WRONG = 0.05
_RIDGE = 1e-3
_STEPS = 30
_BINS = ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 1.01))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The first candidate for each question: what speaks for it, and whether saying it would be right."""

    inputs: Floats  # a row each: 1, log-probability, lead over the next candidate
    right: Floats


def calibrate(mind: Mind, facts: Facts, today: date) -> Iterator[str]:
    """The fit and the threshold tables, with a suggestion, line by line."""
    yield from _confidence(mind, evidence(mind, facts, today))
    now = mind.limits
    yield ""
    at_answer = {limit: _with(mind, facts, today, Limits(limit, min(now.ask_at, limit))) for limit in ANSWER_AT}
    yield from _thresholds("answer_at", at_answer, now.answer_at, f"ask_at = {now.ask_at:g}")
    yield ""
    below = [limit for limit in ASK_AT if limit <= now.answer_at]
    at_ask = {limit: _with(mind, facts, today, Limits(now.answer_at, limit)) for limit in below}
    yield from _thresholds("ask_at", at_ask, now.ask_at, f"answer_at = {now.answer_at:g}")


def evidence(mind: Mind, facts: Facts, today: date) -> Evidence:
    """What the searcher says of each question's first candidate."""
    tuning = replace(mind.searcher.tuning, sure=(0.0, 1.0, 0.0))  # so that `sure` tells the log-probability alone
    bare = Searcher(mind.knowledge, tuning, mind.searcher.trained)
    speaker, rows, right = Speaker(mind), [], []
    for case in (turn for talk in load_cases(REGRESSION[0]) for turn in talk):
        found = bare.rank(case.says).candidates
        if not found:
            continue
        rival = found[1].score if len(found) > 1 else 0.0
        rows.append((1.0, math.log(found[0].sure / (1 - found[0].sure)), found[0].score - rival))
        right.append(_fits(speaker, case, found[0].entry, facts, today))
    return Evidence(np.array(rows), np.array(right, dtype=np.float64))


def _fits(speaker: Speaker, case: Case, entry: Entry, facts: Facts, today: date) -> bool:
    """Whether saying the entry is right; of an entry that only says whose matter it is, whether that is."""
    if entry.kind is Kind.FLOW:
        return case.status != "unanswered"
    reply = speaker.entry(entry, {}, today)
    return judge(case, reply.status, plain(reply), facts) in (Verdict.RIGHT, Verdict.REJECTED, Verdict.ASSISTED)


def fit(inputs: Floats, right: Floats) -> Floats:
    """Logistic regression by Newton's method; the slight ridge keeps separable data finite."""
    weights = np.zeros(inputs.shape[1])
    ridge = _RIDGE * np.eye(inputs.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (right - chance) - ridge @ weights
        bend = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + ridge
        weights = weights + np.linalg.solve(bend, slope)
    return np.asarray(weights)


def _confidence(mind: Mind, seen: Evidence) -> Iterator[str]:
    now, new = np.array(mind.searcher.tuning.sure), fit(seen.inputs, seen.right)
    yield f"把握（Tuning.sure）：{len(seen.right)} 题的第一名，其中 {seen.right.mean():.1%} 说出来是对的"
    rows = [["", "常数", "对数概率", "领先", "对数损失"]]
    for name, weights in (("现在", now), ("拟合", new)):
        rows.append([name, *(f"{w:.2f}" for w in weights), f"{_loss(seen, weights):.4f}"])
    yield from columns(rows)
    yield "说有多大把握，实际对多少（现在的系数）："
    yield from columns([["把握", "题数", "平均把握", "实际"], *_reliability(seen, now)])


def _chances(seen: Evidence, weights: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-seen.inputs @ weights)))


def _loss(seen: Evidence, weights: Floats) -> float:
    chance = np.clip(_chances(seen, weights), 1e-9, 1 - 1e-9)
    return float(-np.mean(np.log(np.where(seen.right > 0, chance, 1 - chance))))


def _reliability(seen: Evidence, weights: Floats) -> Iterator[list[str]]:
    chance = _chances(seen, weights)
    for low, high in _BINS:
        inside = (chance >= low) & (chance < high)
        if inside.any():
            name = f"{low:.1f}–{min(high, 1.0):.1f}"
            yield [name, str(int(inside.sum())), f"{chance[inside].mean():.1%}", f"{seen.right[inside].mean():.1%}"]


def _with(mind: Mind, facts: Facts, today: date, limits: Limits) -> Figures:
    return figures(judged(Assistant(replace(mind, limits=limits)), REGRESSION[0], facts, today))


def _thresholds(name: str, found: dict[float, Figures], now: float, beside: str) -> Iterator[str]:
    best = suggested(found, now)
    yield f"{name}（{beside} 不变）："
    rows = [[name, "答对", "答错", "不该答却答了", "反问", ""]]
    for limit, one in found.items():
        mark = ("← 现在" if limit == now else "") + ("← 建议" if limit == best else "")
        rows.append(
            [f"{limit:.2f}", f"{one.right:.1%}", f"{one.wrong:.1%}", f"{one.false:.1%}", f"{one.asked:.1%}", mark]
        )
    yield from columns(rows)
    if best is None:
        yield f"没有一档能做到答错不超过 {MOST_WRONG:.0%}、不该答却答了不超过 {MOST_FALSE:.0%}：先改问法和近邻条目"


def suggested(found: dict[float, Figures], now: float) -> float | None:
    """The limit with the most right answers among those that keep wrong ones rare; of equal ones the nearest to now."""
    fair = {limit: f for limit, f in found.items() if f.wrong <= MOST_WRONG and f.false <= MOST_FALSE}
    return max(fair, key=lambda limit: (fair[limit].right, -abs(limit - now)), default=None)
