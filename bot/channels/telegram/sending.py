"""Carries out actions: paced, repeated while Telegram can't be reached, never stuck on what can't be done any more."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from telegram import InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.arrivals import Later, Pause
from bot.channels.telegram import wording as wt
from bot.channels.telegram.actions import Action, in_supergroup
from bot.channels.telegram.api import Api
from bot.channels.telegram.pace import COUNTED, Pace
from bot.channels.telegram.text import untagged
from bot.channels.update_table import Json

log = logging.getLogger(__name__)
T = TypeVar("T")
_LONGEST_PAUSE = 60.0
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message",
    "message_id_invalid",
)
_NOTHING_TO_DO = (
    "message is not modified",
    "query is too old",
    "message to be replied not found",
    "message to delete not found",
    "message can't be deleted",
    "chat not found",
    "have no rights to send",
    "not enough rights",
)


class Sender:
    """Sends for one bot."""

    def __init__(self, api: Api, pace: Pace, pause: Pause, moved: Callable[[int, int], Awaitable[None]]) -> None:
        """`moved` is told when a group has become a supergroup under another number."""
        self._api = api
        self._pace = pace
        self._pause = pause
        self._moved = moved

    async def do(self, action: Action) -> Json | None:
        """Do it; the resulting message, or None where nothing came of it.

        Raises:
            Later: Telegram did not take the token this time. Where it has been withdrawn, whoever fetches the updates,
                or looks after the webhook, ends the channel.
        """
        try:
            found = await self._steadily(action)
        except ChatMigrated as error:
            await self._moved(int(action.params["chat_id"]), error.new_chat_id)
            there = in_supergroup(action, error.new_chat_id)
            return await self.do(there) if there else None
        except InvalidToken:
            raise Later(wt.NOT_ACCEPTED.format(method=action.method)) from None
        except Forbidden:
            return None  # blocked, or put out of the group
        except BadRequest as error:
            return await self._refused(action, error.message)
        return found if isinstance(found, dict) else None

    async def _refused(self, action: Action, why: str) -> Json | None:
        reason = why.lower()  # python-telegram-bot capitalises
        if any(known in reason for known in _GONE) and action.instead:
            return await self.do(action.instead)
        if "can't parse entities" in reason and "parse_mode" in action.params:
            log.error("Telegram 读不懂一条消息的格式，改发纯文字：%s", why)
            return await self.do(plain(action))
        if not any(known in reason for known in (*_GONE, *_NOTHING_TO_DO)):
            log.error("Telegram 拒绝了 %s：%s", action.method, why)
        return None

    async def _steadily(self, action: Action) -> Any:
        """Again and again while the way is blocked; only this chat waits."""

        async def once() -> Any:
            if action.method in COUNTED:
                await self._pace.turn(int(action.params["chat_id"]))
            return await self._api.call(action.method, _prepared(action))

        return await patiently(once, self._pause, action.method)

    async def quietly(self, call: Awaitable[T]) -> T | None:
        """Something that does no harm when it fails."""
        try:
            return await call
        except TelegramError:
            return None


async def patiently(call: Callable[[], Awaitable[T]], pause: Pause, what: str) -> T:
    """Call until Telegram has answered: while it can't be reached, and when it wants us to wait.

    Raises:
        TelegramError: what it refuses.
    """
    delay = 1.0
    while True:
        try:
            return await call()
        except RetryAfter as error:
            await pause(seconds_of(error))
        except BadRequest:  # a NetworkError to the library, but no trouble of the network
            raise
        except NetworkError as error:
            log.warning(wt.UNREACHABLE.format(what=what, error=error.message, seconds=delay))
            await pause(delay)
            delay = min(delay * 2, _LONGEST_PAUSE)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def plain(action: Action) -> Action:
    """The same without marks."""
    kept = {name: value for name, value in action.params.items() if name != "parse_mode"}
    return replace(action, params=kept | {"text": untagged(str(kept.get("text", "")))})


def _prepared(action: Action) -> Json:
    file = action.params.get("document")
    if not isinstance(file, dict):
        return action.params
    return action.params | {"document": InputFile(file["text"].encode(), filename=file["name"])}
