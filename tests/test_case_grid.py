"""Whoever tells the case and asks, in whatever words, is never told of a registration that is not open to them."""

from __future__ import annotations

from itertools import product

import pytest

from bot.assistant import Assistant
from knowledge.model import Kind, Standing
from tests.case_kit import talk

ASKED = (
    "，怎么办",
    "，要办什么手续",
    "，该办哪种注册",
    "，还来得及吗",
    "，要交什么材料",
    "，最晚哪天提交",
    "，现在能办吗",
    "",
)
AHEAD = (
    *("明天", "下周", "下下周三", "后天", "今年年底", "这个月底"),
    *("2026年12月30日", "2027年1月", "明年3月", "明年年底", "还有20天"),
)
OVER = ("昨天", "今年3月", "上个月", "2026年10月", "去年12月", "去年年底", "2025年3月1日", "2023年")
REGISTERED = ("我的注册证{}{}", "注册有效期{}{}", "证{}就{}了", "{}{}，没换")
ENDS = ("到期", "过期")
NEVER = ("我{}拿的证，一直没注册", "中级证{}发的，从来没注册过")
FIRST, AGAIN, CHANGE = {"初始", "逾期初始"}, {"重新"}, {"变更", "变更并同时延续"}

CASES = {
    "in force": ([w.format(*x) for w, x in product(REGISTERED, product(AHEAD, ENDS))], FIRST | AGAIN),
    "expired": ([w.format(*x) for w, x in product(REGISTERED, product(OVER, ENDS))], FIRST | CHANGE | {"延续"}),
    "moved": (
        [f"我注册{d}到期，{c}" for d, c in product(AHEAD[6:10], ("换单位了", "跳槽了"))],
        FIRST | AGAIN | {"延续"},
    ),
    "stayed": (
        [f"我注册{d}到期，{c}" for d, c in product(AHEAD[6:10], ("没换单位", "单位没变"))],
        FIRST | AGAIN | CHANGE,
    ),
    "in time": (
        [w.format(d) for w, d in product(NEVER, ("2022年3月", "2024年", "去年"))],
        AGAIN | CHANGE | {"逾期初始"},
    ),
    "too late": (
        [w.format(d) for w, d in product(NEVER, ("2015年", "2018年3月", "10年前"))],
        AGAIN | CHANGE | {"初始"},
    ),
}
"""What is told, and the registrations that are not open then (notes, 1)."""


@pytest.mark.parametrize("case", CASES)
def test_nobody_is_told_of_a_registration_that_is_not_open(assistant: Assistant, case: str) -> None:
    told, closed = CASES[case]
    said = [what + asked for what, asked in product(told, ASKED)]
    wrong = {text: entry for text in said if (entry := _only_about(assistant, text, closed))}
    assert not wrong


@pytest.mark.parametrize("day", [*OVER[:-1], "上周", "上个星期"])
def test_who_has_expired_is_told_of_registering_anew(assistant: Assistant, day: str) -> None:
    assert talk(assistant, f"我的注册证{day}到期了，怎么办")[1].entry == "reregister"


def _only_about(assistant: Assistant, text: str, closed: set[str]) -> str:
    """The entry a message is answered with, if it is the rule of these registrations and no other's."""
    entry = assistant.mind.knowledge.entries.get(talk(assistant, text)[1].entry or "")
    rule = entry is not None and entry.kind is Kind.ANSWER and entry.standing is not Standing.CORRECTION
    about = set(entry.facets.registration) if entry and rule else set()
    return entry.id if entry and about and about <= closed else ""
