"""Makes a rougher date exact by what is said of it later («22年3月», then «具体3月15», «15号»)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from flows.dates import find_dates
from flows.model import UNKNOWN
from flows.numerals import UP_TO_31, flat, number
from flows.partial_date import PartialDate
from knowledge.text import fold

AROUND = 4
"""Characters that may stand around such a date besides words of course: more of them tell a story."""
_MONTH = r"(?P<month>(?<![\d.年/-])\d{1,2}|十[一二]?|[一二三四五六七八九])"
_DAYS = rf"(?P<day>\d{{1,2}}|{UP_TO_31})"
_MONTH_DAY = re.compile(rf"(?<!年){_MONTH}\s?月\s?(?:{_DAYS}(?![\d个])\s?[日号]?)?(?!内|以内|之内)")
_NUMBERS = re.compile(r"(?P<month>\d{1,2})\s?[./-]\s?(?P<day>\d{1,2})\Z")
_DAY = re.compile(rf"(?<![\d月第选]){_DAYS}\s?[日号]")
_LAST_DAY = re.compile(r"(?:[这当本]个?月|月[底末])?的?(?:最后|末尾)一天|月[底末]那天")
_MONTH_END = re.compile(r"月[底末]\Z")
_BARE = re.compile(r"(?P<day>\d{1,2})\Z")
_ASKS = re.compile(r"[?吗么]|怎|如何|能|可以|多少|哪|谁")
_OPTION = re.compile(r"[1-9一二三四五六七八九]\s?[号日]?\Z")
_COURSE = re.compile(
    r"具体|准确|应该|好像|大概|查到|查了|看了|看到|翻到|日期|时间|那天|那个|证书|注册|上面|有效期|到期|过期|批准|签发"
    r"|取得|拿到|写的|写着|写|就是|说错|不对|不是|其实|更正|改成|改为|[我是在的了上证到为吧呢啊哦嗯,。.:;!\s、]"
)
_YEARLY = re.compile(r"\d{2,4}\s?[年./-]|\d{6}|[一二][九〇零○]|[去今前明后本]年|大[前后]年")


def refined(text: str, rough: str, today: date, *, asked: bool = False) -> str | None:
    """The more exact date within the rough one that a text names, if it is about little else; None if there is none.

    Args:
        asked: the day has been asked for, so that a bare number («15», «3.15») is one.
    """
    if not rough or rough == UNKNOWN or "/" in rough or rough.count("-") == 2:
        return None
    try:
        outer = PartialDate.parse(rough)
    except ValueError:
        return None
    plain = flat(fold(text))
    if not asked and _ASKS.search(plain):
        return None
    named = [(day, rest) for day, rest in _named(plain, outer, today, asked) if _inside(day, outer)]
    days = {day.iso for day, rest in named if len(_COURSE.sub("", rest)) <= AROUND}
    return days.pop() if len(days) == 1 else None


def only_a_date(text: str, today: date) -> bool:
    """Whether a text is a date and words of course («那22年的呢»)."""
    plain = flat(fold(text))
    found = find_dates(plain, today)
    rest = "".join(c for n, c in enumerate(plain) if not any(d.start <= n < d.end for d in found))
    if len(found) != 1 or found[0].problem or month_end(plain[found[0].start : found[0].end]):
        return False
    return len(_COURSE.sub("", rest)) <= 1


def finer(exact: str, rough: str) -> bool:
    """Whether a stored date is a more exact one within another."""
    try:
        return _inside(PartialDate.parse(exact), PartialDate.parse(rough))
    except ValueError:
        return False


def completed(date_: PartialDate, rough: str) -> PartialDate:
    """A date whose year was not said, in the year of the one given before."""
    try:
        return PartialDate(PartialDate.parse(rough).year, date_.month, date_.day)
    except ValueError:
        return date_


def month_end(text: str) -> bool:
    """Whether a date as written is «月底», which is that of the month spoken of before."""
    return bool(_MONTH_END.match(text))


def yearless(text: str) -> bool:
    """Whether a date as written names no year."""
    return not _YEARLY.match(flat(text)) and bool(_MONTH_DAY.match(flat(text)))


def _named(text: str, outer: PartialDate, today: date, asked: bool) -> Iterator[tuple[PartialDate, str]]:
    if asked and outer.month and (end := _LAST_DAY.search(text)):
        yield PartialDate.of(outer.last), text[: end.start()] + text[end.end() :]
        return
    dated = [d for d in find_dates(text, today) if not d.problem and not yearless(text[d.start : d.end])]
    if dated:
        yield from ((d.date, text[: d.start] + text[d.end :]) for d in dated)
        return
    bare = _COURSE.sub("", text) if not asked else text.strip()
    patterns = [_MONTH_DAY, *([_NUMBERS, _BARE] if asked else []), _DAY]
    for pattern in patterns:
        if match := pattern.search(text if pattern in (_MONTH_DAY, _DAY) else bare):
            if pattern is _DAY and not asked and _OPTION.match(text.strip()):
                return  # «2号» may as well be the second option
            if found := _completed(match, outer):
                yield found, text[: match.start()] + text[match.end() :]
            return


def _completed(match: re.Match[str], outer: PartialDate) -> PartialDate | None:
    given = match.groupdict()
    month = number(given["month"]) if given.get("month") else outer.month
    try:
        return PartialDate(outer.year, month, number(given["day"]) if given.get("day") else None)
    except ValueError:
        return None


def _inside(inner: PartialDate, outer: PartialDate) -> bool:
    """Whether the one is more exact than the other, and lies in it."""
    return outer.first <= inner.first and inner.last <= outer.last and inner != outer
