"""The clock, in the zone where the deadlines are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
Clock = Callable[[], datetime]


def now() -> datetime:
    """The time where the deadlines are."""
    return datetime.now(ZONE)
