"""Finds the dates in what people write, and stores them as far as they are known.

A stretch of time is not a date: 干了21年, 5年内, 3个月; see flows.spans for time that is left.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Literal

from flows.numerals import DIGIT, UP_TO_31, flat, number
from flows.partial_date import FoundDate, PartialDate, months_before

Prefer = Literal["past", "future"]
Found = tuple[PartialDate | None, str]  # the date, and what is wrong with it
Reader = Callable[[re.Match[str], date, Prefer], Found]

_CENTURY = r"(?:19|20)\d\d"
_YEAR4 = rf"(?<!\d)(?P<year>{_CENTURY}|[一二][九〇零○]{DIGIT}{{2}})"
_YEAR2 = rf"(?<![\d.第])(?P<short>\d\d|{DIGIT}{{2}})(?![十百])"
_BY_WORD = r"(?P<word>大前年|(?<![以之目])前年(?![度限])|去年|旧年|今年|本年(?!度)|明年|大后年|(?<![以之])后年(?!度))"
_MONTH = r"(?P<month>(?<!\d)\d{1,2}|十[一二]?|[一二三四五六七八九元])\s?月(?!内|以内|之内|有余|余|多|来)"
_DAY = rf"(?P<day>\d{{1,2}}|{UP_TO_31})\s?[日号](?!楼|线|文)"
_BARE_DAY = r"(?P<bare>\d{1,2}|二?十[一二三四五六七八九]?|三十一?)(?=$|[\s,，。;；、)）前后至到-])"
_REST = rf"\s?{_MONTH}份?(?:\s?(?:{_DAY}|{_BARE_DAY})|的?(?P<end>最后一天|末尾一天))?"
_ROUGH = (
    r"(?:\s?年?(?P<late>底|末)|\s?年?(?:初|中(?!级|国|石|海|央|建|铁|专)|上半年|下半年)"
    r"|的?\s?[春夏秋冬][天季]?(?!节))?"
)
# Days and times of the year that people name instead of a month. 腊月 may reach into January: the earlier one is safe.
_FEASTS = {"元旦": 1, "五一": 5, "六一": 6, "七一": 7, "八一": 8, "国庆": 10, "双十一": 11, "腊月": 12, "圣诞": 12}
_FEAST = rf"的?(?P<feast>{'|'.join(_FEASTS)})(?![\d月天])"
_SHORT_SEP = r"(?<![\d.A-Za-z￥¥$:：])(?P<short>\d\d)"
_NOT_AMOUNT = r"(?![\d.:：]|\s?(?:元|块|万|千|%|％|分|米|岁|k|K|M|m|G|学时|课时|寸|版|个|人|天|小时))"

# «21年» is a year unless it counts years.
_COUNTED = (
    r"(?<![干做超满近快共整了每约足续隔等存用管差剩再])(?<!工作)(?<!从业)(?<!从事)(?<!累计)(?<!工龄)(?<!期限)"
    r"(?<!有效期)(?<!年限)(?<!至少)(?<!不到)(?<!长达)(?<!还有)(?<!已有)(?<!经验)(?<!注册期)(?<!最多)(?<!最长)(?<!将近)(?<!拿证)(?<!取证)(?<!持证)(?<!入行)(?<!毕业)"
)
_COUNTING = (
    r"(?!\s?(?:内|以内|之内|多|来|工龄|经验|了|以上|以下|之久|前|有余|间|时间|期|的?(?:工作|经验|工龄|从业)"
    r"|\d*个月|零|半|一[次换]))"
)
_MONTH_COUNTED = r"(?<![满剩差近共足\d前])(?<!还有)(?<!提前)(?<!过期)(?<!逾期)(?<!超过)(?<!不到)(?<![\d十]年)(?<!每年)"
_AFTER_BARE = r"(?=\s?(?:的证|那年|考|拿|取得|取证|注册|通过|毕业|下证|发证|领证|到期|pass))"

_SIDE = re.compile(
    r"\s?(?:份|的时候)?\s?[)）]?(?:(?P<before>之前|以前|前(?![来往后面期端天年台几两三十\d]))"
    r"|(?P<after>之后|以后|往后|后(?![来面期续勤台天年半几两三\d])))"
)


def find_dates(text: str, today: date, prefer: Prefer = "past") -> tuple[FoundDate, ...]:
    """The dates in a text, in order. Without a year, the nearest one in the past is meant, or in the future."""
    plain = flat(text)
    taken: list[FoundDate] = []
    for pattern, read in _RULES:
        for match in pattern.finditer(plain) if _SIGNS.get(read, "") in plain else ():
            if any(match.start() < other.end and other.start < match.end() for other in taken):
                continue
            found, problem = read(match, today, prefer)
            if found:
                taken.append(_placed(match, plain, found, problem))
    return tuple(sorted(taken, key=lambda found: found.start))


def _placed(match: re.Match[str], text: str, found: PartialDate, problem: str) -> FoundDate:
    side = _SIDE.match(text, match.end())
    word = ("before" if side["before"] else "after") if side and "ago" not in match.re.groupindex else ""
    return FoundDate(match.start(), match.end(), found, word, problem)


def _group(match: re.Match[str], name: str) -> str:
    return (match.groupdict().get(name) or "") if name in match.re.groupindex else ""


def _year(match: re.Match[str], today: date) -> int:
    if year := _group(match, "year"):
        return number(year)
    if word := _group(match, "word"):
        return today.year + {"大前": -3, "前年": -2, "去年": -1, "旧年": -1, "明年": 1, "后年": 2, "大后": 3}.get(
            word[:2], 0
        )
    short = number(_group(match, "short"))
    return short + (2000 if short <= today.year % 100 + 10 else 1900)


def _by_parts(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    """A year with what follows it."""
    month, day = _group(match, "month"), _group(match, "day") or _group(match, "bare")
    if month and _group(match, "end"):
        day = str(monthrange(_year(match, today), number(month))[1])
    if feast := _group(match, "feast"):
        month = str(_FEASTS[feast])
    if _group(match, "late") and _year(match, today) >= today.year:  # of a year that is over it may be any month
        month = "12"
    return _checked(_year(match, today), number(month) if month else None, number(day) if day else None)


def _short_year(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    """«21年»; two numbers in a row (二三年) count years, and so does a year far off."""
    short = _group(match, "short")
    year = _year(match, today)
    in_a_row = not short.isascii() and number(short[1]) == number(short[0]) + 1
    if in_a_row or not today.year - 45 <= year <= today.year + 10:
        return None, ""
    return _by_parts(match, today, prefer)


def _short_numbers(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    """«18.3»: only where it can't be a day of the year (11.6) and the year is near."""
    short = _group(match, "short")
    month, day = int(match["month"]), _group(match, "day")
    near = 2000 <= _year(match, today) <= today.year + 6
    if not near or month > 12 or (not day and 1 <= int(short) <= 12 and short[0] != "0"):
        return None, ""
    return _by_parts(match, today, prefer)


def _year_last(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    """«15/3/2027», «3/15/2027»; of «5/3/2027» only the year is sure."""
    year, one, two = int(match["year"]), int(match["one"]), int(match["two"])
    if one != two and one <= 12 and two <= 12:
        return PartialDate(year), ""
    return _checked(year, min(one, two), max(one, two))


def _checked(year: int, month: int | None, day: int | None) -> Found:
    """The date if there is such a one; else as much of it as there is, and what to correct."""
    if month is not None and not 1 <= month <= 12:
        return PartialDate(year), f"没有{month}月，请核对日期，例如：2019年3月1日。"
    if month is not None and day is not None and not 1 <= day <= monthrange(year, month)[1]:
        return PartialDate(year, month), f"{year}年{month}月没有{day}日，请核对日期。"
    return PartialDate(year, month, day), ""


def _without_year(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    month, day = number(match["month"]), _group(match, "day")
    if not 1 <= month <= 12:
        return PartialDate(today.year), f"没有{month}月，请核对日期，例如：2019年3月1日。"
    step = 1 if prefer == "future" else -1
    for year in range(today.year, today.year + 9 * step, step):
        found, problem = _checked(year, month, number(day) if day else None)
        if found and not problem and (found.last >= today if prefer == "future" else found.first <= today):
            return found, ""
    return _checked(today.year, month, number(day))


def _by_day(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    days = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}[match["near"]]
    return PartialDate.of(today + timedelta(days=days)), ""


_TO_END = re.compile("(?:就|才|要|会)*(?:到期|过期|期满|失效)(?!了)")


def _by_weekday(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    """«下周三»; without a word before it, the day of this week."""
    weeks = {"上": -1, "下": 1, "下下": 2}.get(match["near"] or "", 0)
    monday = today - timedelta(days=today.weekday())
    days = "一二三四五六日".find(match["weekday"].replace("天", "日"))
    if not match["near"] and days < today.weekday() and _TO_END.match(match.string, match.end()):
        weeks = 1  # «周一到期», said on a Thursday
    return PartialDate.of(monday + timedelta(days=7 * weeks + days)), ""


def _by_week(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    """«上周»: the month, where the whole week is in one."""
    monday = today + timedelta(days={"上": -7, "下": 7}.get(match["near"], 0) - today.weekday())
    sunday = monday + timedelta(days=6)
    return (PartialDate.month_of(monday) if monday.month == sunday.month else None), ""


def _by_month(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    back = {"上": 1, "上上": 2, "下": -1, "下下": -2}.get(match["near"], 0)
    month, day = months_before(today.replace(day=1), back), _group(match, "day") or _group(match, "bare")
    if _group(match, "end"):
        day = str(monthrange(month.year, month.month)[1])
    return _checked(month.year, month.month, number(day) if day else None)


def _year_end(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    return PartialDate(today.year, 12), ""


def _ago(match: re.Match[str], today: date, prefer: Prefer) -> Found:
    """«三年前»; «19年前» may as well mean before 2019, so it is left alone."""
    count, unit = match["ago"], match["unit"]
    if unit == "年" and count.isascii() and (count[0] == "0" or 12 < int(count) <= today.year % 100):
        return None, ""
    if unit == "天":
        return PartialDate.of(today - timedelta(days=number(count))), ""
    months = 6 if count == "半" else number(count) * (12 if unit == "年" else 1)
    day = months_before(today, months + (6 if match["half"] else 0))
    year_only = unit == "年" and count != "半" and not match["half"]
    return (PartialDate(day.year) if year_only else PartialDate.month_of(day)), ""


def _rules() -> Iterator[tuple[str, Reader]]:
    numbers = r"(?P<month>\d{1,2})(?:\s?[./-]\s?|月)(?P<day>\d{1,2})\s?[日号]?(?!\d)"
    first = r"(?<![\d./])(?P<one>\d{1,2})(?P<sep>[./-])(?P<two>\d{1,2})(?P=sep)"
    yield rf"{first}(?P<year>{_CENTURY})(?!\d)", _year_last
    yield rf"{_YEAR4}\s?[年./-]\s?{numbers}", _by_parts
    yield rf"(?<!\d)(?P<year>{_CENTURY})(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)", _by_parts
    yield rf"{_YEAR4}\s?年?的?{_REST}", _by_parts
    yield rf"{_BY_WORD}的?{_REST}", _by_parts
    yield rf"{_COUNTED}{_YEAR2}\s?年{_REST}", _by_parts
    yield rf"(?:{_YEAR4}\s?年?|{_BY_WORD}|{_COUNTED}{_YEAR2}\s?年){_FEAST}", _by_parts
    yield rf"{_YEAR4}\s?[./-]\s?(?P<month>0?[1-9]|1[0-2])(?![\d./]|\s?-\s?(?!{_CENTURY})\d)", _by_parts
    yield rf"(?<!\d)(?P<year>20[0-4]\d)(?P<month>0[1-9]|1[0-2]){_NOT_AMOUNT}", _by_parts
    yield rf"(?<![\d./-])(?P<month>0?[1-9]|1[0-2])[./-](?P<year>{_CENTURY})(?![\d./-])", _by_parts
    both = r"(?P<sep>[./-])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    yield rf"{_SHORT_SEP}{both}{_NOT_AMOUNT}", _short_numbers
    yield rf"{_SHORT_SEP}[./](?P<month>\d{{1,2}}){_NOT_AMOUNT}", _short_numbers
    yield rf"{_YEAR4}\s?年(?!版|修订|第)(?:度(?!假))?{_ROUGH}", _by_parts
    yield rf"(?<!\d)(?P<year>20[0-4]\d|199\d)(?!\d){_AFTER_BARE}", _by_parts
    yield rf"{_BY_WORD}{_ROUGH}", _by_parts
    ago = r"(?P<ago>\d{1,2}|[一两二三四五六七八九]?十[一二三四五六七八九]?|[一两二三四五六七八九半])"
    since = r"(?:多|来)?(?P<half>半)?(?:之前|以前|前(?![来往后面期端天台]))"
    unit = r"\s?(?:个\s?)?(?P<unit>年|月|天)(?<!\d月)"
    yield rf"(?<![\d到期满.第])(?<!有效期){ago}{unit}{since}", _ago
    yield rf"{_COUNTED}{_YEAR2}\s?年(?!版){_COUNTING}{_ROUGH}", _short_year
    yield r"(?<!\d)(?P<short>0\d|1\d|2\d)\s?年(?=之前|以前)", _short_year
    yield (
        rf"(?P<near>上上|上|下下|下|这|本)\s?个?月(?!份额)(?:的?(?:{_DAY}|{_BARE_DAY})|的?(?P<end>最后一天))?",
        _by_month,
    )
    yield r"(?<![年个上下这本每\d〇零一二三四五六七八九十腊冬正])(?P<near>)月[底末]", _by_month
    yield r"(?<![\d今去明前后本当每周年])年[底末](?=前?[就要才]{0,2}(?:到期|过期|期满|失效))", _year_end
    yield r"(?P<near>下下|下|这|本|上)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?!年|期)", _by_weekday
    yield r"(?P<near>上|下|这|本)个?(?:周|星期|礼拜)(?![一二三四五六日天末年\d]|期(?!满))", _by_week
    yield r"(?P<near>大前|大后|前|昨|今|明|后)[天日儿](?!安全|消防)", _by_day
    yield rf"{_MONTH_COUNTED}{_MONTH}(?:份|\s?{_DAY})?", _without_year


_SIGNS: dict[Reader, str] = {_short_year: "年", _ago: "前", _by_month: "月", _without_year: "月"}
"""What a text must have for any of a reader's rules to fit: looking for a sign costs less than for a rule."""
_RULES = tuple((re.compile(pattern), read) for pattern, read in _rules())
