"""Dates as people write them, stretches of time, and anniversaries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.dates import find_dates
from flows.partial_date import PartialDate, months_before, years_after
from flows.spans import find_spans

TODAY = date(2026, 11, 23)


def _isos(text: str, today: date = TODAY) -> list[str]:
    return [found.date.iso for found in find_dates(text, today)]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("18年3月", "2018-03"),
        ("2018.3.1", "2018-03-01"),
        ("2018/03", "2018-03"),
        ("2018-3-1", "2018-03-01"),
        ("20180301", "2018-03-01"),
        ("201803取得", "2018-03"),
        ("18.3", "2018-03"),
        ("18-3-5", "2018-03-05"),
        ("２０１８．３．５", "2018-03-05"),
        ("15/3/2018", "2018-03-15"),
        ("3/15/2018", "2018-03-15"),
        ("3.3.2018", "2018-03-03"),
        ("5/3/2018", "2018"),
        ("03-2018", "2018-03"),
        ("2018年的3月5日", "2018-03-05"),
        ("2018 年 3 月 5 號", "2018-03-05"),
        ("2018年3月5号下午", "2018-03-05"),
        ("去年6月", "2025-06"),
        ("前年国庆那几天拿到的", "2024-10"),
        ("去年腊月下来的", "2025-12"),
        ("2020年2月的最后一天", "2020-02-29"),
        ("下周三到期", "2026-12-02"),
        ("22年五一发的证", "2022-05"),
        ("有效期到一三年六月二十，后来改行", "2013-06-20"),
        ("前年", "2024"),
        ("今年", "2026"),
        ("大前年", "2023"),
        ("大后年", "2029"),
        ("明年2月", "2027-02"),
        ("上周", "2026-11"),
        ("上个礼拜到期", "2026-11"),
        ("上周期满", "2026-11"),
        ("上个月", "2026-10"),
        ("上个月5号", "2026-10-05"),
        ("下个月", "2026-12"),
        ("上上个月", "2026-09"),
        ("月底", "2026-11"),
        ("下个月最后一天", "2026-12-31"),
        ("前年夏天", "2024"),
        ("今天", "2026-11-23"),
        ("昨天", "2026-11-22"),
        ("大前天", "2026-11-20"),
        ("明天", "2026-11-24"),
        ("二〇一九年三月", "2019-03"),
        ("二零一九年十二月三十一日", "2019-12-31"),
        ("一九年三月", "2019-03"),
        ("零八年", "2008"),
        ("08年注册过一次", "2008"),
        ("99年考的", "1999"),
        ("我21年注册的", "2021"),
        ("我21年在上一家公司注册的", "2021"),
        ("13年考的证", "2013"),
        ("有18年的证", "2018"),
        ("19年pass的我", "2019"),
        ("2020的证，最近在准备考研", "2020"),
        ("有效期到30年5月", "2030-05"),
        ("她的注册证今年11月底到期", "2026-11"),
        ("九月份跳到现在这家", "2026-09"),
        ("三月一号", "2026-03-01"),
        ("12月5日", "2025-12-05"),
        ("11月23日", "2026-11-23"),
        ("2月29日", "2024-02-29"),
        ("3年前", "2023"),
        ("10年前考的", "2016"),
        ("两个月前", "2026-09"),
        ("一年半前", "2025-05"),
        ("20天前", "2026-11-03"),
    ],
)
def test_a_date_as_people_write_it(text: str, iso: str) -> None:
    assert _isos(text) == [iso]


@pytest.mark.parametrize(
    "text",
    [
        "5年内",
        "48学时",
        "12306",
        "11位注册证号",
        "第十批",
        "每周",
        "上周期末",
        "一个周期满了",
        "干了21年",
        "21年工龄",
        "工作8年",
        "工作21年",
        "从业12年了",
        "13年工作经验",
        "有15年了",
        "拿证15年",
        "二三年",
        "零几年",
        "18年3个月",
        "3年2个月",
        "满3个月",
        "提前3个月",
        "三月内",
        "还有3个月到期",
        "每年3月",
        "价格18.3元",
        "24.5分",
        "3.5",
        "11.25",
        "300元",
        "1800万",
        "2018-2019",
        "13800138000",
        "110101199003071234",
        "04123456789",
        "2019年版",
        "19年前",
        "期满前3个月内",
        "取得资格证书后5年内",
        "到期3个月前",
        "我叔62了",
        "前面的步骤",
        "以后年度",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert _isos(text) == []


@pytest.mark.parametrize(
    ("text", "isos"),
    [
        ("2018年3月1日至2023年2月28日", ["2018-03-01", "2023-02-28"]),
        ("2020.11-2025.11", ["2020-11", "2025-11"]),
        ("27/3/2018-26/3/2021", ["2018-03-27", "2021-03-26"]),
        ("2015年注册的，有效期到2018年10月8日，干了21年", ["2015", "2018-10-08"]),
        ("上个月离职，有效期到后年", ["2026-10", "2028"]),
        ("2018年取得，2019年3月注册", ["2018", "2019-03"]),
    ],
)
def test_several_dates_in_order(text: str, isos: list[str]) -> None:
    assert _isos(text) == isos


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("2019年3月1日前", "before"),
        ("2019年3月1日之前取得", "before"),
        ("一九年三月份之前的", "before"),
        ("2012年以前", "before"),
        ("19年之前", "before"),
        ("2019年3月1日后", "after"),
        ("5月1日以后", "after"),
        ("2019年3月1日后来", ""),
        ("2019年3月1日", ""),
        ("3年前", ""),
    ],
)
def test_before_and_after(text: str, side: str) -> None:
    assert [found.side for found in find_dates(text, TODAY)] == [side]


@pytest.mark.parametrize(
    ("text", "iso"),
    [("2019年2月30日", "2019-02"), ("2019-02-30", "2019-02"), ("20190230", "2019-02"), ("2019年13月", "2019")],
)
def test_impossible_dates_are_reported(text: str, iso: str) -> None:
    (found,) = find_dates(text, TODAY)
    assert found.date.iso == iso
    assert "核对" in found.problem


def test_without_a_year_the_future_can_be_meant() -> None:
    (found,) = find_dates("3月1日到期", TODAY, prefer="future")
    assert found.date.iso == "2027-03-01"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("还有20天到期", "2026-12-13"),
        ("还差10天期满", "2026-12-03"),
        ("就剩一天了", "2026-11-24"),
        ("还有3个月到期", "2027-02"),
        ("剩两个月", "2027-01"),
        ("半年后", "2027-05"),
        ("半年後到期", "2027-05"),
        ("证还有半年到期,延续要交哪些", "2027-05"),
        ("离有效期满还剩八个月", "2027-07"),
        ("证上有效期就剩一个来月了", "2026-12"),
        ("还有一年半到期", "2028-05"),
        ("还剩1年零3个月", "2028-02"),
        ("3个月就到期了", "2027-02"),
        ("过期半年了", "2026-05"),
        ("有效期过了两个月才发现", "2026-09"),
        ("证断了两年", "2024-11"),
    ],
)
def test_time_left_and_time_passed(text: str, iso: str) -> None:
    (found,) = find_spans(text, TODAY)
    assert found.date.iso == iso


@pytest.mark.parametrize(
    "text",
    [
        "5年内",
        "期满前3个月内",
        "还有3年工作经验",
        "超过5年",
        "干了21年",
        "2019年3月1日后",
        "劳动合同签了三年",
        "到期前3个月",
    ],
)
def test_what_is_no_time_left(text: str) -> None:
    assert find_spans(text, TODAY) == ()


_CHINESE = "〇一二三四五六七八九"


def _spelt(n: int) -> str:
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _CHINESE[tens] + "十") + (_CHINESE[ones] if ones else "")


_DAY_FORMS: list[Callable[[date], str]] = [
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year}年{d.month:02}月{d.day:02}号",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}/{d.month:02}/{d.day:02}",
    lambda d: d.isoformat(),
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d:%y}年{d.month}月{d.day}日",
    lambda d: "".join(_CHINESE[int(c)] for c in str(d.year)) + f"年{_spelt(d.month)}月{_spelt(d.day)}日",
    lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    lambda d: f"{d.year}．{d.month}．{d.day}",
]
_MONTH_FORMS: list[Callable[[date], str]] = [
    lambda d: f"{d.year}年{d.month}月",
    lambda d: f"{d:%y}年{d.month}月份",
    lambda d: f"{d.year}-{d.month:02}",
    lambda d: f"{d.year}.{d.month}",
    lambda d: "".join(_CHINESE[int(c)] for c in f"{d:%y}") + f"年{_spelt(d.month)}月",
]
_DAYS = st.dates(date(2000, 1, 1), date(2035, 12, 31))


@given(
    _DAYS,
    st.sampled_from(_DAY_FORMS),
    st.sampled_from(["{}", "证是{}取得的", "有效期到{}，", "我叫王芳，{}拿证，没注册"]),
)
def test_a_day_comes_back_however_written(day: date, form: Callable[[date], str], around: str) -> None:
    text = around.format(form(day))
    (found,) = find_dates(text, TODAY)
    assert (found.date.first, found.date.exact, text[found.start : found.end]) == (day, True, form(day))


@given(_DAYS, st.sampled_from(_MONTH_FORMS))
def test_a_month_comes_back_however_written(day: date, form: Callable[[date], str]) -> None:
    assert _isos(f"证是{form(day)}取得的") == [f"{day:%Y-%m}"]


@given(_DAYS, st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_day_without_year_is_the_nearest_past_one(day: date, today: date) -> None:
    (found,) = find_dates(f"{day.month}月{day.day}日", today)
    assert found.date.first <= today
    assert today - found.date.first < timedelta(days=366 if (day.month, day.day) != (2, 29) else 8 * 366)


@given(st.text(alphabet="0123456789٣.-/年月日号前后底去今明上下个二〇一九三十半还有剩到期 ，", max_size=40))
def test_any_text_is_read_without_failing(text: str) -> None:
    for found in (*find_dates(text, TODAY), *find_spans(text, TODAY)):
        assert 0 <= found.start < found.end <= len(text)
        assert PartialDate.parse(found.date.iso) == found.date


@given(_DAYS, st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]))
def test_partial_dates_are_stored_as_text(day: date, form: str) -> None:
    stored = PartialDate.parse(day.strftime(form))
    assert stored.iso == day.strftime(form)
    assert stored.first <= day <= stored.last


def test_partial_dates_know_their_ends() -> None:
    assert PartialDate.parse("2024-02").last == date(2024, 2, 29)
    assert PartialDate.parse("2018").first == date(2018, 1, 1)


@pytest.mark.parametrize("iso", ["", "18", "2018-3", "2018-13", "2018-00", "2019-02-29", "2018-03-05T00", "２０１８"])
def test_other_texts_are_no_stored_dates(iso: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.parse(iso)


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        (date(2020, 2, 29), 5, date(2025, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2019, 3, 2), 5, date(2024, 3, 2)),
        (date(2028, 2, 29), -1, date(2027, 2, 28)),
    ],
)
def test_years_after(day: date, years: int, then: date) -> None:
    assert years_after(day, years) == then


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2027, 5, 31), 3, date(2027, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2027, 2, 23), 3, date(2026, 11, 23)),
        (date(2026, 11, 30), -3, date(2027, 2, 28)),
    ],
)
def test_months_before(day: date, months: int, then: date) -> None:
    assert months_before(day, months) == then


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(1, 10))
def test_anniversaries_keep_the_day_or_end_the_month(day: date, years: int) -> None:
    then = years_after(day, years)
    assert (then.year, then.month) == (day.year + years, day.month)
    assert then.day == day.day or (day.month, day.day, then.day) == (2, 29, 28)
    assert years_after(day, years) == months_before(day, -12 * years)


def test_a_week_in_two_months_is_no_month() -> None:
    assert _isos("下周到期", date(2026, 11, 27)) == []
    assert _isos("下周到期", date(2026, 11, 20)) == ["2026-11"]
