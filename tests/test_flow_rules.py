"""The dated rules, at the days where they turn."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.rules import Phase, initial_deadline, obtained_in_time, phase, span_of

_DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("obtained", "deadline"),
    [
        ("2010-05-01", "2024-03-01"),
        ("2019-02-28", "2024-03-01"),
        ("2019-03-01", "2024-03-01"),
        ("2019-03-02", "2024-03-02"),
        ("2020-02-29", "2025-02-28"),
        ("2021-11-23", "2026-11-23"),
    ],
)
def test_last_day_of_a_first_application(obtained: str, deadline: str) -> None:
    assert initial_deadline(date.fromisoformat(obtained)).isoformat() == deadline


@pytest.mark.parametrize(
    ("end", "today", "expected"),
    [
        ("2025-03-01", "2024-02-29", Phase.AHEAD),
        ("2025-03-01", "2024-03-01", Phase.EARLY),
        ("2027-02-24", "2026-11-23", Phase.EARLY),
        ("2027-02-23", "2026-11-23", Phase.OPEN),
        ("2027-05-31", "2027-02-28", Phase.OPEN),
        ("2026-11-23", "2026-11-23", Phase.OPEN),
        ("2026-11-22", "2026-11-23", Phase.EXPIRED),
    ],
)
def test_phase_turns_on_the_corresponding_day(end: str, today: str, expected: Phase) -> None:
    assert phase(date.fromisoformat(end), date.fromisoformat(today)) is expected


@given(st.dates(date(2024, 3, 2), date(2035, 12, 31)), _DAYS)
def test_who_obtained_later_than_the_threshold_is_in_time(today: date, obtained: date) -> None:
    assert (initial_deadline(obtained) >= today) == (obtained >= obtained_in_time(today))


@given(_DAYS, _DAYS)
def test_a_later_certificate_never_has_an_earlier_deadline(one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert initial_deadline(first) <= initial_deadline(second)


def test_two_dates_leave_every_day_between_open() -> None:
    span = span_of("2021-12-06/2021-11")
    assert span is not None
    assert (span.first, span.last, span.several) == (date(2021, 11, 1), date(2021, 12, 6), True)


@pytest.mark.parametrize("value", [None, "", "unknown", "soon", "2021-02-30", "2021-1"])
def test_what_is_no_date_gives_no_days(value: str | None) -> None:
    assert span_of(value) is None
