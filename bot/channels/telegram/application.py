"""小安 on Telegram: runs beside the page in one event loop, over the same service; by polling, or by webhook."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

from starlette.types import ASGIApp
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.arrivals import Arrivals, Json, Received, Write, ended
from bot.channels.telegram import CHANNEL, TOKEN_VARIABLE
from bot.channels.telegram import wording as wt
from bot.channels.telegram.api import ALLOWED, Api, Discretion, make_api
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.links import Links
from bot.channels.telegram.pace import Pace, Rates
from bot.channels.telegram.private import Private
from bot.channels.telegram.public import Public
from bot.channels.telegram.sending import Pause, Sender, seconds_of
from bot.channels.telegram.setup import set_up
from bot.channels.telegram.tables import Tables
from bot.channels.telegram.updates import Budget, Updates, lane
from bot.channels.telegram.webhook import PATH, Webhook, secret_of
from bot.clock import now
from bot.config import Config
from bot.service import Service

log = logging.getLogger(__name__)
_GRACE_SECONDS = 3.0
_LONGEST_PAUSE = 60.0
_MOST_WAITING = 2_000
"""Updates in hand from which on no more are fetched; they are safe at Telegram."""
_PRUNE_SECONDS = 6 * 3600.0


class Telegram:
    """The channel. `run` until it is cancelled or can't go on; what it can't go on for is told by `outcome`."""

    def __init__(
        self, service: Service, config: Config, token: str, *, api: Api | None = None, pause: Pause = asyncio.sleep
    ) -> None:
        self._config = config
        self._service = service
        self._pause = pause
        self._address = webhook_address(config)
        self._api = api or make_api(token, config.text("telegram_api"))
        self._discretion = Discretion(token)
        self._store = service.store
        self.tables = Tables(service.store, now)
        self.arrivals = Arrivals(service.store, CHANNEL, self._handle, lane, now)
        rates = Rates(*(config.whole(f"telegram_{n}") for n in ("per_second", "chat_per_second", "group_per_minute")))
        self._pace = Pace(rates, pause)
        self._sender = Sender(self._api, self._pace, pause, self._moved)
        self._updates: Updates | None = None
        self.webhook = Webhook(self.arrivals, secret_of(token)) if self._address else None
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
                await self.arrivals.stop(_GRACE_SECONDS)
                with contextlib.suppress(TelegramError, RuntimeError):
                    await self._api.shutdown()
        if self.outcome:
            log.error(self.outcome)

    async def _connect(self) -> None:
        """Wait for Telegram, then take up what an earlier process left undone."""
        delay = 1.0
        while True:
            try:
                await self._api.initialize()
                break
            except NetworkError as error:
                delay = await self._trouble(error, delay)
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
            Private(service, tables, self.arrivals),
            Public(service, tables, self._config, self._api, sender, self._pace, links),
            Inline(service, links),
            Budget(self._config.whole("messages_per_minute")),
        )

    async def _serve(self) -> None:
        chores = asyncio.create_task(self._chores())
        try:
            if self.webhook:
                await self._listen(self.webhook)
            else:
                await self._poll()
        finally:
            await ended(chores)

    async def _listen(self, webhook: Webhook) -> None:
        await self._persist(
            "setWebhook",
            {
                "url": self._address,
                "secret_token": webhook.secret,
                "allowed_updates": list(ALLOWED),
                "max_connections": 40,
            },
        )
        webhook.open()
        self._say(wt.WEBHOOK.format(name=self._api.username, url=self._address))
        await asyncio.Event().wait()

    async def _poll(self) -> None:
        """Fetch updates. They are on disk before the next request tells Telegram to forget them.

        No offset is ever stored: numbers begin anew after a quiet week, and what comes twice is known by its number.
        """
        await self._persist("deleteWebhook", {})
        self._say(wt.POLLING.format(name=self._api.username))
        offset, delay = 0, 1.0
        while True:
            try:
                updates = await self._api.raw_updates(offset)
            except RetryAfter as error:
                await self._pause(seconds_of(error))
                continue
            except NetworkError as error:
                delay = await self._trouble(error, delay)
                continue
            if updates:
                await self.arrivals.take(updates)
            offset, delay = max((int(u["update_id"]) + 1 for u in updates), default=0), 1.0
            while self.arrivals.backlog > _MOST_WAITING:
                await self._pause(0.5)

    async def _persist(self, method: str, params: Json) -> None:
        delay = 1.0
        while True:
            try:
                await self._api.call(method, params)
                return
            except RetryAfter as error:
                await self._pause(seconds_of(error))
            except NetworkError as error:
                delay = await self._trouble(error, delay)

    async def _trouble(self, error: NetworkError, delay: float) -> float:
        log.warning(wt.UNREACHABLE.format(error=error.message, seconds=delay))
        await self._pause(delay)
        return min(delay * 2, _LONGEST_PAUSE)

    async def _chores(self) -> None:
        """The bot's page once; old rows away, now and then."""
        await set_up(self._api, self._sender)
        while True:
            await self.arrivals.prune()
            await self._store.write(self.tables.prune)
            await asyncio.sleep(_PRUNE_SECONDS)

    async def _handle(self, received: Received) -> Write | None:
        assert self._updates is not None  # noqa: S101
        return await self._updates.handle(received)

    async def _moved(self, old: int, new: int) -> None:
        await self._store.write(self.tables.move_group(old, new))

    def _say(self, words: str) -> None:
        log.info(words)
        self.ready.set()


def webhook_address(config: Config) -> str:
    """Where Telegram is to bring updates; empty for polling."""
    public = config.text("public_url").rstrip("/")
    parts = urlsplit(public)
    local = parts.hostname in ("127.0.0.1", "localhost")
    return public + PATH if parts.scheme == "https" or local else ""


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
        await ended(channel.task)
