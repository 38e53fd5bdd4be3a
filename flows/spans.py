"""Finds how much time a text says is left («还有三个月到期») or has passed («过期两个月»), as a date."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flows.numerals import flat, number
from flows.partial_date import FoundDate, PartialDate, months_before

_COUNT = r"(?P<count>\d{1,3}|[二两三四五六七八九]?十[一二三四五六七八九]?|[一两俩二三四五六七八九半])"
_LENGTH = (
    rf"(?<!\d){_COUNT}\s?(?P<more>多|来)?\s?(?:个\s?)?(?P<half>半)?\s?(?P<more2>多|来)?\s?"
    r"(?P<unit>年(?P<and>半)?(?:零|又)?(?:(?P<months>\d{1,2}|[一两二三四五六七八九十])\s?个月)?|月|天|日|周|星期|礼拜)"
)
_WITHIN = r"(?!\s?(?:以内|之内|内|的?经验|的?工龄|工作|以上|一[次换]))"
_END = r"(?:就|才|便|将|要|快|后|之后|以后|的时间|时间)*\s?(?:到期|过期|期满|届满|失效|截止|到时间)"
_REMAINING = re.compile(rf"(?:剩下?|剩余|再过|剩了)\s?(?:大概|大约|约|差不多|不到|有)?\s?{_LENGTH}{_WITHIN}")
_UNTIL = re.compile(
    rf"(?:还有|还差|差|不到|不足|再有|只有|离到期|到期还)\s?(?:大概|大约|约|差不多|不到)?\s?{_LENGTH}{_WITHIN}"
    rf"(?=\s?{_END}|\s?了?\s?(?:$|[,，。;；!！?？、\s吧呢]))"
)
_ENDING = re.compile(rf"(?<![满前期后了月年上下同某哪那这第每当头零又]){_LENGTH}{_WITHIN}(?=\s?{_END})")
_PERIOD = re.compile(r"年(?:都|也|就|才|便|要|会|快)*\s?(?:到期|过期|期满|届满|失效|截止)")
"""«听说五年就到期»: how long it lasts, not how long it lasts still."""
_LATER = re.compile(rf"(?<![满期过月]){_LENGTH}(?:之后|以后|后(?![来面期]))")
_PASSED = re.compile(
    rf"(?:过期|逾期|失效|到期|期满|断|(?:有效期|证)(?:都|已经|已|早)?过)\s?(?:了|已经|已|都|快|有|大概|大约|约|将近)*"
    rf"\s?{_LENGTH}{_WITHIN}(?!之?前|才?(?:到期|过期))"
)


def find_spans(text: str, today: date) -> tuple[FoundDate, ...]:
    """The days or months that stretches of time reach to from today, forward or back, in order."""
    plain = flat(text)
    found: list[FoundDate] = []
    for pattern, sign in ((_PASSED, -1), (_REMAINING, 1), (_UNTIL, 1), (_ENDING, 1), (_LATER, 1)):
        for match in pattern.finditer(plain):
            if pattern is _ENDING and match["count"] != "半" and _PERIOD.match(plain, match.end("unit") - 1):
                continue
            if not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(_reached(match, today, sign))
    return tuple(sorted(found, key=lambda span: span.start))


def _reached(match: re.Match[str], today: date, sign: int) -> FoundDate:
    unit, more = match["unit"], bool(match["more"] or match["more2"])
    if unit in ("天", "日", "周", "星期", "礼拜") and match["count"] != "半" and not match["half"] and not more:
        day = PartialDate.of(today + timedelta(days=sign * number(match["count"]) * (1 if unit in "天日" else 7)))
        return FoundDate(match.start(), match.end(), day)
    month = PartialDate.month_of(_about(match, today, sign))
    return FoundDate(match.start(), match.end(), month)


def _about(match: re.Match[str], today: date, sign: int) -> date:
    """Roughly the day: half a month counts as 15 days, a week as seven."""
    unit, half = match["unit"][0], bool(match["half"] or match["and"])
    count = 0 if match["count"] == "半" else number(match["count"])
    half = half or match["count"] == "半"
    if unit == "年":
        months = 12 * count + (6 if half else 0) + (number(match["months"]) if match["months"] else 0)
        return months_before(today, -sign * months)
    if unit == "月":
        return months_before(today, -sign * count) + timedelta(days=15 * sign if half else 0)
    days = count if unit in "天日" else 7 * count
    return today + timedelta(days=sign * days)
