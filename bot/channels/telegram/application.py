"""小安 on Telegram: runs beside the page in one event loop, over the same service; by polling, or by webhook."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping
from functools import partial
from urllib.parse import urlsplit

from starlette.types import ASGIApp
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.channels.arrivals import Arrivals, Handling, Pause, ended
from bot.channels.telegram import CHANNEL
from bot.channels.telegram import wording as wt
from bot.channels.telegram.api import ALLOWED, Api, Discretion, make_api
from bot.channels.telegram.budget import Budget
from bot.channels.telegram.incoming import lane, slim, user_of
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.links import Links
from bot.channels.telegram.pace import Pace, Rates
from bot.channels.telegram.private import Private
from bot.channels.telegram.public import Public
from bot.channels.telegram.sending import Sender, patiently
from bot.channels.telegram.setup import set_up
from bot.channels.telegram.tables import Tables
from bot.channels.telegram.updates import Updates
from bot.channels.telegram.webhook import PATH, Webhook, secret_of
from bot.channels.update_table import Json, Received, Write
from bot.clock import now
from bot.config import TOKEN_VARIABLE, Config
from bot.service import Service
from bot.store import StoreError
from knowledge.redaction import redact

log = logging.getLogger(__name__)
_GRACE_SECONDS = 2.0
_STOP_SECONDS = 2.5
"""Within this the channel ends by itself once it has been told to: what is being answered has the grace for it."""
_PORTS = (None, 443, 80, 88, 8443)
_LONGEST_PAUSE = 60.0
_CONFLICT_PAUSES = (2.0, 4.0, 8.0, 16.0, 30.0)
"""How long each time another poller is in the way; after that it is there to stay."""
_CONFLICT_SECONDS = 300.0
"""What is counted together: two that throw each other out may both get something in between."""
_MOST_WAITING = 2_000
"""The load from which on no more updates are fetched; they are safe at Telegram."""
_PRUNE_SECONDS = 3600.0


class Telegram:
    """The channel. `run` until it is cancelled or can't go on; what it can't go on for is told by `outcome`."""

    def __init__(
        self, service: Service, config: Config, token: str, *, api: Api | None = None, pause: Pause = asyncio.sleep
    ) -> None:
        self._config = config
        self._service = service
        self._pause = pause
        address = webhook_address(config)
        if config.text("public_url") and not address:
            log.warning(wt.NEEDS_HTTPS)
        self._api = api or make_api(token, config.text("telegram_api"))
        self._discretion = Discretion(token)
        self._store = service.store
        self.tables = Tables(service.store, now)
        handling = Handling(self._handle, self._failed, lane, self._kept)
        self.arrivals = Arrivals(service.store, CHANNEL, handling, now, pause)
        rates = Rates(*(config.whole(f"telegram_{n}") for n in ("per_second", "chat_per_second", "group_per_minute")))
        self._pace = Pace(rates, pause)
        self._sender = Sender(self._api, self._pace, pause, self._moved)
        self._updates: Updates | None = None
        self.webhook = Webhook(self.arrivals, secret_of(token), address) if address else None
        self._conflicts: list[float] = []
        self.outcome = ""
        self.task: asyncio.Task[None]
        self.ready = asyncio.Event()

    def mount(self, app: ASGIApp) -> ASGIApp:
        """The page with the webhook's address before it, where there is one."""
        return self.webhook.before(app) if self.webhook else app

    async def run(self) -> None:
        """Everything, until cancelled. Ends by itself only where another program or a wrong token makes it useless."""
        with self._discretion:
            try:
                await self._connect()
                await self._serve()
            except InvalidToken:
                self.outcome = wt.BAD_LOGIN
            except Conflict:
                self.outcome = wt.SECOND_POLLER
            except Exception:
                log.exception(wt.STOPPED_BY_MISTAKE)
                self.outcome = wt.STOPPED_BY_MISTAKE
            finally:
                self.ready.set()
                await self._end()
        if self.outcome:
            self._service.stopped.add(CHANNEL)
            log.error(self.outcome)

    async def _end(self) -> None:
        await self.arrivals.stop(_GRACE_SECONDS)
        if self._updates:
            await self._updates.stop()
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._api.shutdown()

    async def _connect(self) -> None:
        """Wait for Telegram, then take up what an earlier process left undone."""
        await patiently(self._api.initialize, self._pause, "getMe")
        self._updates = self._assembled()
        self.arrivals.recover()

    def _assembled(self) -> Updates:
        service, tables, sender = self._service, self.tables, self._sender
        links = Links(self._api.username, tables)
        return Updates(
            self._api,
            self.arrivals,
            tables,
            sender,
            Private(service, tables, self.arrivals.table),
            Public(service, tables, self._config, self._api, sender, self._pace, links),
            Inline(service, links),
            Budget(self._config.whole("messages_per_minute")),
        )

    async def _serve(self) -> None:
        chores = asyncio.create_task(self._chores())
        try:
            if self.webhook and await self._listening(self.webhook):
                await asyncio.Event().wait()
            await self._poll()
        finally:
            await ended(chores)

    async def _listening(self, webhook: Webhook) -> bool:
        """Whether Telegram brings updates from now on."""
        params: Json = {
            "url": webhook.address,
            "secret_token": webhook.secret,
            "allowed_updates": list(ALLOWED),
            "max_connections": 40,
        }
        try:
            await patiently(lambda: self._api.call("setWebhook", params), self._pause, "setWebhook")
        except BadRequest as error:
            log.error(wt.WEBHOOK_REFUSED.format(url=webhook.address, error=error.message))
            return False
        webhook.open()
        self._say(wt.WEBHOOK.format(name=self._api.username, url=webhook.address))
        return True

    async def _poll(self) -> None:
        """Fetch updates. They are on disk before the next request tells Telegram to forget them.

        No offset is ever stored: numbers begin anew after a quiet week, and what comes twice is known by its number.
        """
        await patiently(lambda: self._api.call("deleteWebhook", {}), self._pause, "deleteWebhook")
        self._say(wt.POLLING.format(name=self._api.username))
        offset = 0
        while True:
            updates = await self._fetched(offset)
            if updates:
                await self._taken(updates)
            offset = max((int(u["update_id"]) + 1 for u in updates), default=0)
            while self.arrivals.load > _MOST_WAITING:
                await self._pause(0.5)

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
                if len(self._conflicts) == len(_CONFLICT_PAUSES):
                    raise
                seconds = _CONFLICT_PAUSES[len(self._conflicts)]
                self._conflicts.append(now)
                log.warning(wt.CONFLICT.format(seconds=seconds))
                await self._pause(seconds)

    async def _taken(self, updates: list[Json]) -> None:
        """On disk; while the database can't be used the next request waits, and so Telegram keeps them."""
        delay = 1.0
        while True:
            try:
                await self.arrivals.take(updates)
                return
            except (sqlite3.Error, StoreError) as error:
                log.error(wt.NOT_KEPT.format(error=error, seconds=delay))
                await self._pause(delay)
                delay = min(delay * 2, _LONGEST_PAUSE)

    async def _chores(self) -> None:
        """The bot's page once; old rows away, now and then. What fails is told and holds up nothing else."""
        try:
            await set_up(self._api, self._sender)
        except Exception as error:  # an older Bot API server of one's own does not know every method
            log.warning(wt.PAGE_NOT_SET.format(error=type(error).__name__))
        while True:
            try:
                await self._prune()
            except (sqlite3.Error, StoreError) as error:
                log.warning(wt.NOT_PRUNED.format(error=error))
            await asyncio.sleep(_PRUNE_SECONDS)

    async def _prune(self) -> None:
        await self.arrivals.table.prune()
        await self._store.write(self.tables.prune, long=True)
        await self._store.empty_log()

    async def _handle(self, received: Received) -> Write | None:
        assert self._updates is not None  # noqa: S101
        return await self._updates.handle(received)

    async def _failed(self, received: Received) -> None:
        assert self._updates is not None  # noqa: S101
        await self._updates.failed(received)

    def _kept(self, update: Json) -> tuple[str, Json]:
        """Whose an update is, and of it nothing that is not read, no name and no number."""
        readings = self._service.keeper.mind.readings
        return self.tables.conversation(user_of(update)), slim(update, lambda text: redact(text, readings))

    async def _moved(self, old: int, new: int) -> None:
        await self._store.write(self.tables.move_group(old, new))

    def _say(self, words: str) -> None:
        log.info(words)
        self.ready.set()


def webhook_address(config: Config) -> str:
    """Where Telegram is to bring updates; empty for polling, where it would bring none."""
    public = config.text("public_url").rstrip("/")
    parts = urlsplit(public)
    return public + PATH if parts.scheme == "https" and parts.port in _PORTS else ""


def token_of(environment: Mapping[str, str] = os.environ) -> str:
    """The bot's token; empty where none is set."""
    return environment.get(TOKEN_VARIABLE, "").strip()


@contextlib.asynccontextmanager
async def running(
    service: Service, config: Config, environment: Mapping[str, str] = os.environ
) -> AsyncIterator[Telegram | None]:
    """The channel in the background while the block runs; None where no token is set."""
    if not (token := token_of(environment)):
        yield None
        return
    channel = Telegram(service, config, token)
    channel.task = asyncio.create_task(channel.run())
    try:
        yield channel
    finally:
        await ended(channel.task, patience=_STOP_SECONDS)
