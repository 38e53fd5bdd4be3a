"""What one message led to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reply import Reply
from bot.state import State


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message led to, and what is to be kept of it."""

    state: State
    reply: Reply
    said: str  # what the person said, scrubbed
    unanswered: str = ""  # a question for the support team, scrubbed
    nearest: str = ""
    wants_person: bool = False
    feedback: tuple[str, bool] | None = None
