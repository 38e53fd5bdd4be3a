"""The calendar file: its days, its alarms, and that opening it again changes nothing twice."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from icalendar import Calendar, Component

from bot.calendar_file import calendar
from bot.clock import ZONE
from bot.guide import Guide
from bot.mind import Mind
from bot.reply import Card
from bot.state import State

STAMP = datetime(2026, 11, 23, 12, tzinfo=ZONE)
RENEWAL = {"certificate": "have", "registered": "before", "valid_to": "2027-02-23", "change": "unchanged"}


def card(mind: Mind) -> Card:
    made = Guide(mind, State(answers=RENEWAL, flow="type"), STAMP.date()).card()
    assert made is not None
    return made


def test_each_day_lasts_a_day_and_is_told_ahead(mind: Mind) -> None:
    (event,) = Calendar.from_ical(calendar(card(mind), STAMP)).walk("VEVENT")
    assert event.decoded("dtstart") == date(2027, 2, 23)
    assert event.decoded("dtend") == date(2027, 2, 24)
    assert _told(event) == [ringing(1, 24), ringing(2, 16), ringing(2, 22)]


def test_what_would_have_been_told_already_is_left_out(mind: Mind) -> None:
    (event,) = Calendar.from_ical(calendar(card(mind), datetime(2027, 2, 16, 10, tzinfo=ZONE))).walk("VEVENT")
    assert _told(event) == [ringing(2, 22)]


def ringing(month: int, day: int) -> datetime:
    """Nine in the morning of a day."""
    return datetime(2027, month, day, 9, tzinfo=ZONE)


def _told(event: Component) -> list[datetime]:
    """When the alarms of a day ring."""
    begins = datetime.combine(event.decoded("dtstart"), time.min, ZONE)
    return [begins + alarm.decoded("trigger") for alarm in event.walk("VALARM")]


def test_a_day_keeps_its_identity_however_often_the_file_is_made(mind: Mind) -> None:
    files = [calendar(card(mind), STAMP + timedelta(days=n)) for n in range(2)]
    first, again = ([str(event["uid"]) for event in Calendar.from_ical(file).walk("VEVENT")] for file in files)
    assert first == again
    assert len(set(first)) == len(first)


def test_words_with_marks_of_the_format_come_back_whole(mind: Mind) -> None:
    (event,) = Calendar.from_ical(calendar(card(mind), STAMP)).walk("VEVENT")
    assert (str(event["summary"]), str(event["description"])) == (
        f"注安注册：{card(mind).events[0].title}",
        card(mind).events[0].detail,
    )


def test_a_reminder_says_how_many_days_are_left(mind: Mind) -> None:
    (event,) = Calendar.from_ical(calendar(card(mind), STAMP)).walk("VEVENT")
    told = [str(alarm["description"]) for alarm in event.walk("VALARM")]
    assert [words.split("，")[0] for words in told] == ["注安注册：30天后", "注安注册：7天后", "注安注册：1天后"]
