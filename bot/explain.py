"""How a message was understood, step by step, for whoever looks after the knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.hearing.hear import hear
from bot.mind import Mind
from bot.state import State
from knowledge.decide import why_not


def explain(mind: Mind, text: str, today: date) -> str:
    """Facets, facts, candidates with scores, and why each was dropped."""
    return "\n".join(_lines(mind, text, today)) + "\n"


def _lines(mind: Mind, text: str, today: date) -> Iterator[str]:
    ranking = mind.searcher.rank(text)
    reading = ranking.reading
    heard = hear(mind, State(), text, today)
    yield f"标准写法：{reading.text}"
    yield f"概念：{'、'.join(sorted(reading.concepts())) or '无'}"
    yield f"注册种类：{'、'.join(ranking.registrations) or '没有说'}"
    yield f"说到的情况：{'、'.join(f'{k}={v}' for k, v in heard.told.answers.items() if k != 'name') or '没有'}"
    yield "候选（相近度，把握，最像的问法）："
    for candidate in ranking.candidates:
        against = "；".join(mind.searcher.objections_to(candidate.entry, reading))
        note = f"（{against}）" if against else ""
        yield f"  {candidate.entry.id}  {candidate.score:.3f}  {candidate.sure:.2f}  {candidate.phrasing}{note}"
    chosen = heard.decision.chosen
    names = "、".join(candidate.entry.id for candidate in chosen)
    grounds = "，".join(dict.fromkeys([f"把握 {heard.decision.sure:.2f}", *(c.note for c in chosen if c.note)]))
    yield f"决定：{heard.decision.verdict.value} {names}（{grounds}）"
    for candidate in ranking.candidates:
        if candidate.entry not in [taken.entry for taken in chosen]:
            yield f"  落选 {candidate.entry.id}：{why_not(candidate, mind.limits)}"
