"""The days of a plan as a calendar file (.ics) that phones and computers open."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from icalendar import Alarm, Calendar
from icalendar import Event as Entry

from bot import wording as w
from bot.clock import ZONE
from bot.reply import Card, Event

AHEAD = (30, 7, 1)
"""Days before a day on which it is told: a stamp, a contract, the continuing education take longer than a week."""
_MORNING = timedelta(hours=9)
"""When it is told: a day begins at midnight, when nobody should be woken."""


def calendar(card: Card, stamp: datetime) -> bytes:
    """All days of a plan; a day keeps its identity, so a file opened again changes nothing twice."""
    file = Calendar()
    file.add("prodid", "-//xiaoan//plan//ZH")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", card.title)
    for number, event in enumerate(card.events):
        file.add_component(_entry(event, f"{card.key}-{event.on:%Y%m%d}-{number}@xiaoan", stamp))
    return bytes(file.to_ical())


def _entry(event: Event, uid: str, stamp: datetime) -> Entry:
    entry = Entry()
    entry.add("uid", uid)
    entry.add("dtstamp", stamp)
    entry.add("dtstart", event.on)
    entry.add("dtend", event.on + timedelta(days=1))
    entry.add("summary", w.CALENDAR_TITLE.format(title=event.title))
    entry.add("description", event.detail)
    entry.add("transp", "TRANSPARENT")
    for days in AHEAD:
        trigger = _MORNING - timedelta(days=days)
        if datetime.combine(event.on, time.min, ZONE) + trigger > stamp:
            entry.add_component(_alarm(event, days, trigger))
    return entry


def _alarm(event: Event, days: int, trigger: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", trigger)
    alarm.add("description", w.CALENDAR_ALARM.format(days=days, title=event.title))
    return alarm
