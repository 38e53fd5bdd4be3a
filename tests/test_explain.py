"""The explanation for whoever looks after the knowledge."""

from __future__ import annotations

from datetime import date

from bot.explain import explain
from bot.mind import Mind

TODAY = date(2026, 11, 23)


def test_it_names_what_was_recognised_the_candidates_and_the_decision(mind: Mind) -> None:
    told = explain(mind, "延续注册要交什么材料", TODAY)
    assert "注册种类：延续" in told
    assert "  materials-renewal  " in told
    assert "决定：say materials-renewal" in told


def test_each_candidate_not_taken_has_its_reason(mind: Mind) -> None:
    told = explain(mind, "延续注册要交什么材料", TODAY)
    assert [line for line in told.splitlines() if line.startswith("  落选 ")]


def test_a_name_is_not_told_on(mind: Mind) -> None:
    told = explain(mind, "我叫单雄信，18年3月拿的证一直没注册", TODAY)
    assert "cert_date=2018-03" in told
    assert "sxx" not in told
