"""Keeps Telegram's limits: so many messages a second in all, in each chat, and a minute in each group."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.limits import Keyed, Window

COUNTED = frozenset({"sendMessage", "sendDocument", "editMessageText"})
"""What Telegram counts as a message of the bot."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits; Telegram's own by default."""

    per_second: int = 30
    chat_per_second: int = 1
    group_per_minute: int = 20


class Pace:
    """Says when a message may go. Each chat waits for itself alone, then for its turn among all."""

    def __init__(
        self,
        rates: Rates,
        pause: Callable[[float], Awaitable[object]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rates = rates
        self._pause = pause
        self._clock = clock
        self._all = Window(rates.per_second, 1.0)
        self._windows = Keyed(self._made)

    async def turn(self, chat: int) -> None:
        """Wait until a message to this chat may go."""
        windows = self._windows[chat]
        await self._until(max(window.free_at(self._clock()) for window in windows))
        at = self._all.free_at(self._clock())
        self._all.add(at)
        await self._until(at)
        for window in windows:
            window.add(self._clock())

    def full(self, chat: int) -> bool:
        """Whether a message would have to wait: then what nobody asked for is better not said."""
        now = self._clock()
        return chat < 0 and any(w.free_at(now) > now + 5 for w in self._windows[chat])

    async def _until(self, at: float) -> None:
        while (wait := at - self._clock()) > 0:
            await self._pause(wait)

    def _made(self, chat: int) -> tuple[Window, ...]:
        mine = Window(self._rates.chat_per_second, 1.0)
        if chat > 0:
            return (mine,)
        return mine, Window(self._rates.group_per_minute, 60.0)  # groups have negative ids
