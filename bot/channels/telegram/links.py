"""Links from public places into the private chat, with what was already said filled in."""

from __future__ import annotations

from collections.abc import Mapping

from bot import links
from bot.channels.arrivals import Write
from bot.channels.telegram.private import ENTRY, LINK, SHORT_LINK
from bot.channels.telegram.tables import Tables

_LONGEST = 64
"""Characters of a payload («start parameter»)."""


class Links:
    """Makes t.me links of one bot."""

    def __init__(self, username: str, tables: Tables) -> None:
        self._username = username
        self._tables = tables

    def url(self, payload: str = "") -> str:
        """The private chat, opened with a payload."""
        return f"https://t.me/{self._username}" + (f"?start={payload}" if payload else "")

    def entry(self, name: str) -> str:
        """An explanation, said in private."""
        return self.url(f"{ENTRY}{name}" if len(ENTRY + name) <= _LONGEST else "")

    def dialogue(self, flow: str, answers: Mapping[str, str]) -> tuple[str, Write | None]:
        """A dialogue with answers; where they are too long for the address, what must be kept for it."""
        token = links.make(flow, answers)
        if len(LINK + token) <= _LONGEST:
            return self.url(LINK + token), None
        short, write = self._tables.put_link(token)
        return self.url(SHORT_LINK + short), write
