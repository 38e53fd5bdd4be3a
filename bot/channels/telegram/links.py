"""Links from public places into the private chat. What was said there is kept for who said it, and comes with no link.

Everybody in a group sees the button, so its address holds no answer: only a token, which opens the answers to one
person. Anybody else who presses it gets the dialogue alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot import links
from bot.channels.telegram.private import ENTRY, LINK, SHORT_LINK
from bot.channels.telegram.tables import Tables
from bot.channels.update_table import Write

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

    def dialogue(self, flow: str, answers: Mapping[str, str], user: int) -> tuple[str, list[Write]]:
        """A dialogue, with the answers of a person; and what must be kept for it."""
        bare, link = links.make(flow, {}), links.make(flow, answers)
        if link == bare:  # nothing of it may be carried: a name alone
            return self.url(LINK + bare), []
        short, write = self._tables.put_link(link, self._tables.conversation(user))
        return self.url(SHORT_LINK + short), [write]
