"""A date as far as it is known, and the arithmetic of periods in years and months."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year; stored as «2018-03-05», «2018-03» or «2018»."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a day needs its month")
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def parse(cls, iso: str) -> PartialDate:
        """The date that `iso` states.

        Raises:
            ValueError: it is not such a text, or the day does not exist.
        """
        found = _ISO.match(iso)
        if not found:
            raise ValueError(f"日期应写成 2018、2018-03 或 2018-03-05，不是“{iso}”")
        return cls(*(int(part) for part in found.groups() if part))

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """A day that is fully known."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def month_of(cls, day: date) -> PartialDate:
        """The month a day is in."""
        return cls(day.year, day.month)

    @property
    def iso(self) -> str:
        """The text it is stored as."""
        parts = (f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part))
        return "-".join(parts)

    @property
    def first(self) -> date:
        """The earliest day it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.day is not None


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: where it stands, and how it was meant."""

    start: int
    end: int
    date: PartialDate  # with a problem: as much of it as exists
    side: str = ""  # "before" (…之前) or "after" (…之后)
    problem: str = ""  # why there is no such day, as said to the person


def years_after(day: date, years: int) -> date:
    """The corresponding day `years` later; 29 February becomes the 28th where there is none.

    dateutil's relativedelta, as 民法典 arts. 201 and 202 count periods: the corresponding day of the last month ends
    the period, and where it is missing the last day of that month does. The published notes do not say how they count.
    """
    return day + relativedelta(years=years)


def months_before(day: date, months: int) -> date:
    """The corresponding day `months` earlier (later, if negative); a day that is missing becomes the month's last.

    Counted as in `years_after`: three months before 2027-05-31 is 2027-02-28.
    """
    return day - relativedelta(months=months)
