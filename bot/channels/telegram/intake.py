"""How updates come in: brought to the webhook, which is looked after, or fetched by polling."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from telegram.error import BadRequest, Conflict

from bot.channels.arrivals import Arrivals, Pause
from bot.channels.telegram import wording as wt
from bot.channels.telegram.api import ALLOWED, Api
from bot.channels.telegram.sending import patiently
from bot.channels.telegram.webhook import Webhook
from bot.channels.update_table import Json
from bot.store import StoreError

log = logging.getLogger(__name__)
PATIENCE = (2.0, 4.0, 8.0, 16.0, 30.0)
"""How long each time another program is in the way; after that it is there to stay."""
_CONFLICT_SECONDS = 300.0
"""What is counted together: two that throw each other out may both get something in between."""
_LONGEST_PAUSE = 60.0
_MOST_WAITING = 2_000
"""The load from which on no more updates are fetched; they are safe at Telegram."""
_LOOK_SECONDS = 60.0
"""How often it is looked whether updates are still brought here."""


class Stopped(Exception):
    """The channel can't go on; the message says why, and what to do."""


class Intake:
    """Brings the updates of one bot to its arrivals."""

    def __init__(
        self,
        api: Api,
        arrivals: Arrivals,
        pause: Pause,
        say: Callable[[str], None],
        webhook: Webhook | None,
        spared: str,
    ) -> None:
        """`say` is told once updates come in. `spared`: the address of a webhook that is not to be taken away, for
        another program of the same settings listens there."""
        self._api = api
        self._arrivals = arrivals
        self._pause = pause
        self._say = say
        self._webhook = webhook
        self._spared = spared
        self._conflicts: list[float] = []

    async def run(self) -> None:
        """Until cancelled.

        Raises:
            Stopped, Conflict: another program takes the updates, and goes on taking them.
            InvalidToken: the token is wrong, or has been withdrawn.
        """
        if self._webhook and await self._listening(self._webhook):
            await self._look_after(self._webhook)
        await self._poll()

    async def _asked(self, method: str, params: Json | None = None) -> Any:
        return await patiently(lambda: self._api.call(method, params or {}), self._pause, method)

    # webhook

    async def _listening(self, webhook: Webhook) -> bool:
        """Whether Telegram brings updates from now on."""
        try:
            await self._set(webhook)
        except BadRequest as error:
            log.error(wt.WEBHOOK_REFUSED.format(url=webhook.address, error=error.message))
            return False
        webhook.open()
        self._say(wt.WEBHOOK.format(name=self._api.username, url=webhook.address))
        return True

    async def _set(self, webhook: Webhook) -> None:
        params: Json = {
            "url": webhook.address,
            "secret_token": webhook.secret,
            "allowed_updates": list(ALLOWED),
            "max_connections": 40,
        }
        await self._asked("setWebhook", params)

    async def _look_after(self, webhook: Webhook) -> None:
        """Nobody tells when another program takes the webhook away. Once it is set again: that was a program started
        by mistake, which then ends. If it is gone the next time too, the other one insists.

        Raises:
            Stopped: it does, or Telegram did not let it be set again.
        """
        missed = False
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            hook: Json = await self._asked("getWebhookInfo")
            if hook["url"] == webhook.address:
                missed = False
                _tell_trouble(hook)
                continue
            if missed:
                raise Stopped(wt.WEBHOOK_TAKEN.format(wanted=webhook.address, found=hook["url"]))
            missed = True
            with contextlib.suppress(BadRequest):
                await self._set(webhook)
                log.warning(wt.WEBHOOK_MISSED.format(wanted=webhook.address, found=hook["url"]))

    # polling

    async def _poll(self) -> None:
        """Fetch updates. They are on disk before the next request tells Telegram to forget them.

        No offset is ever stored: numbers begin anew after a quiet week, and what comes twice is known by its number.
        """
        await self._without_webhook()
        self._say(wt.POLLING.format(name=self._api.username))
        offset = 0
        while True:
            updates = await self._fetched(offset)
            if updates:
                await self._taken(updates)
            offset = max((int(u["update_id"]) + 1 for u in updates), default=0)
            while self._arrivals.load > _MOST_WAITING:
                await self._pause(0.5)

    async def _without_webhook(self) -> None:
        """Where one is set, Telegram gives nothing to who asks.

        Raises:
            Stopped: it must not be taken away.
        """
        found = (await self._asked("getWebhookInfo"))["url"]
        if found and found == self._spared:
            raise Stopped(wt.WEBHOOK_IN_USE.format(url=found))
        if found:
            log.warning(wt.WEBHOOK_DROPPED.format(url=found))
            await self._asked("deleteWebhook")

    async def _fetched(self, offset: int) -> list[Json]:
        """The next updates. At a restart the poller before may still be there for a moment: it is given time to end.

        Raises:
            Conflict: it stays, or there is one time and again.
        """
        while True:
            try:
                return await patiently(partial(self._api.raw_updates, offset), self._pause, "getUpdates")
            except Conflict:
                now = time.monotonic()
                self._conflicts = [at for at in self._conflicts if at > now - _CONFLICT_SECONDS]
                if len(self._conflicts) == len(PATIENCE):
                    raise
                seconds = PATIENCE[len(self._conflicts)]
                self._conflicts.append(now)
                log.warning(wt.CONFLICT.format(seconds=seconds))
                await self._pause(seconds)

    async def _taken(self, updates: list[Json]) -> None:
        """On disk; while the database can't be used the next request waits, and so Telegram keeps them."""
        delay = 1.0
        while True:
            try:
                await self._arrivals.take(updates)
                return
            except (sqlite3.Error, StoreError) as error:
                log.error(wt.NOT_KEPT.format(error=error, seconds=delay))
                await self._pause(delay)
                delay = min(delay * 2, _LONGEST_PAUSE)


def _tell_trouble(hook: Json) -> None:
    """What holds updates up on their way here, only Telegram knows."""
    if hook.get("pending_update_count") and hook.get("last_error_message"):
        log.warning(wt.WEBHOOK_TROUBLE.format(count=hook["pending_update_count"], error=hook["last_error_message"]))
