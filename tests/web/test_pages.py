"""The helpers of the pages: dates put together from fields, addresses as links, nothing let through unescaped."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.assets import FOLDER
from bot.channels.web.pages import date_text, linked, web_link
from tests.web_kit import Page


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_the_date_field_says_the_day_chosen(day: date) -> None:
    assert date_text(day.isoformat(), "", "") == f"{day.year}年{day.month}月{day.day}日"


@pytest.mark.parametrize(("year", "month", "text"), [("2018", "3", "2018年3月"), ("2018", "", "2018年"), ("", "3", "")])
def test_a_rough_date(year: str, month: str, text: str) -> None:
    assert date_text("", year, month) == text


@given(st.text())
def test_text_with_addresses_is_escaped(text: str) -> None:
    assert Page(linked(text)).all("script") == []
    assert {t for t, _ in Page(str(linked(text))).elements} <= {"a"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        ("javascript:alert(1)", ""),
        ('https://example.org/"onclick=', ""),
        (None, ""),
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(url: str | None, shown: str) -> None:
    assert web_link(url) == shown


def test_the_page_has_one_small_scale_of_type() -> None:
    sizes = re.findall(r"font-size: ([^;]+);", (FOLDER / "app.css").read_text(encoding="utf-8"))
    assert {size for size in sizes if not size.startswith("var(")} == {"100%", "11pt"}  # of the screen, of paper
    assert len(set(sizes)) <= 2 + 6
