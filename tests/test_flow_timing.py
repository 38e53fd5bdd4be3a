"""When a registration can and must be applied for: the day before, the day itself, the day after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.timing import Timing, possible, timing

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("kind", "answers", "start", "end", "deadline"),
    [
        ("初始", {"cert_date": "2023-05-10"}, date(2023, 5, 10), date(2028, 5, 10), date(2028, 5, 10)),
        ("逾期初始", {"cert_date": "2018-03-05"}, date(2024, 3, 2), None, date(2024, 3, 1)),
        ("延续", {"valid_to": "2027-02-23"}, date(2026, 11, 23), date(2027, 2, 23), date(2027, 2, 23)),
        ("变更", {"valid_to": "2029-02-23"}, None, date(2029, 2, 23), None),
        ("变更并同时延续", {"valid_to": "2027-02-23"}, date(2026, 2, 23), date(2027, 2, 23), date(2027, 2, 23)),
        ("重新注册", {"valid_to": "2025-02-23"}, date(2025, 2, 24), None, date(2025, 2, 23)),
    ],
)
def test_the_days_of_each_kind(
    kind: str, answers: dict[str, str], start: date | None, end: date | None, deadline: date | None
) -> None:
    found = timing(kind, answers, TODAY)
    assert (found.start, found.end) == (start, end)
    assert deadline is None or found.deadline == deadline


def test_of_a_rough_date_the_safe_day_counts_and_the_latest_is_told() -> None:
    found = timing("初始", {"cert_date": "2023-05"}, TODAY)
    assert (found.deadline, found.deadline_latest) == (date(2028, 5, 1), date(2028, 5, 31))


@pytest.mark.parametrize("kind", ["延续", "变更", "重新注册", "no such"])
def test_without_a_date_no_day_is_named(kind: str) -> None:
    assert timing(kind, {"valid_to": "unknown"}, TODAY) == Timing()


@given(end=DAYS, today=DAYS)
def test_one_of_the_kinds_is_always_possible(end: date, today: date) -> None:
    answers = {"valid_to": end.isoformat()}
    found = [kind for kind in ("延续", "变更", "重新注册") if possible(kind, answers, today)]
    assert (found == ["重新注册"]) == (today > end)


@given(DAYS, DAYS)
def test_a_rough_month_is_pinned_to_a_day_that_makes_the_kind_right(first: date, today: date) -> None:
    pinned = possible("延续", {"valid_to": f"{first:%Y-%m}", "change": "unchanged"}, today)
    if pinned is not None:
        day = date.fromisoformat(pinned["valid_to"])
        assert f"{day:%Y-%m}" == f"{first:%Y-%m}"
        assert today <= day <= today + timedelta(days=366)
