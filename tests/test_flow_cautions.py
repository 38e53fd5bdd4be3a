"""Where the published text is silent and it matters: said near the edges, not elsewhere."""

from __future__ import annotations

from datetime import date

import pytest

from tests.flow_kit import made

TODAY = date(2026, 11, 23)
FIRST = {"certificate": "have", "registered": "never"}
AGAIN = {"certificate": "have", "registered": "before", "change": "unchanged"}


@pytest.mark.parametrize(
    ("answers", "entry", "said"),
    [
        ({**FIRST, "cert_date": "2021-12-23"}, "silent-deadline-day", True),
        ({**FIRST, "cert_date": "2021-12-25"}, "silent-deadline-day", False),
        ({**FIRST, "cert_date": "2019-03-01"}, "silent-20190301", True),
        ({**FIRST, "cert_date": "2019-03-02"}, "silent-20190301", False),
        ({**FIRST, "cert_date": "2023"}, "silent-obtained-date", True),
        ({**AGAIN, "valid_to": "2026-12-24"}, "silent-expiry-day", True),
        ({**AGAIN, "valid_to": "2026-12-25"}, "silent-expiry-day", False),
        ({**AGAIN, "valid_to": "2027-02-23"}, "silent-window-day", True),
        ({**AGAIN, "valid_to": "2027-02-26"}, "silent-window-day", False),
    ],
)
def test_silence_is_told_near_its_edge(answers: dict[str, str], entry: str, said: bool) -> None:
    assert (entry in made("type", answers, TODAY).cautions) is said


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("sxx", set()),
        ("lj/yj", {"silent-name-reading"}),
        ("abdrhm+dot", {"silent-name-dot"}),
        ("sxx+unsure", set()),
    ],
)
def test_what_is_doubtful_about_a_name_is_told(name: str, entries: set[str]) -> None:
    plan = made("login", {"login": "never", "before_2012": "later", "name": name}, TODAY)
    assert {entry for entry in plan.cautions if entry.startswith("silent-name")} == entries
