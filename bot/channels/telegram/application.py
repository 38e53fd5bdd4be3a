"""小安 on Telegram: runs beside the page in one event loop, over the same service; by polling, or by webhook."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping
from urllib.parse import urlsplit

from starlette.types import ASGIApp
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.assistant import LONGEST
from bot.channels.arrivals import Arrivals, Handling, Pause, ended
from bot.channels.claim import Claim
from bot.channels.telegram import CHANNEL
from bot.channels.telegram import wording as wt
from bot.channels.telegram.api import Api, Discretion, make_api
from bot.channels.telegram.budget import Budget
from bot.channels.telegram.incoming import edited, lane, slim, user_of
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.intake import PATIENCE, Intake, Stopped
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
_MEMBERS = 4
"""So many members of a group, asking as fast as they may, get all that may be said there."""
_PORTS = (None, 443, 80, 88, 8443)
_PRUNE_SECONDS = 3600.0


class Telegram:
    """The channel. `run` until it is cancelled or can't go on; what it can't go on for is told by `outcome`."""

    def __init__(
        self,
        service: Service,
        config: Config,
        token: str,
        *,
        polling: bool = False,
        api: Api | None = None,
        pause: Pause = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`polling`: no page runs here that could have a webhook, and the one of the settings is left alone. `clock`
        gives the seconds by which Telegram's limits are kept, and goes on while `pause` waits."""
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
        handling = Handling(self._handle, self._failed, lane, self._kept, edited)
        self.arrivals = Arrivals(service.store, CHANNEL, handling, now, pause)
        rates = Rates(*(config.whole(f"telegram_{n}") for n in ("per_second", "chat_per_second", "group_per_minute")))
        self._pace = Pace(rates, pause, clock)
        self._sender = Sender(self._api, self._pace, pause, self._moved)
        self._updates: Updates | None = None
        self.webhook = Webhook(self.arrivals, secret_of(token), address) if address and not polling else None
        self._intake = Intake(self._api, self.arrivals, pause, self._say, self.webhook, address if polling else "")
        self._claim = Claim(self._store.path.resolve().with_name(f"{self._store.path.name}.{CHANNEL}"))
        self.outcome = ""
        self.task: asyncio.Task[None]
        self.ready = asyncio.Event()

    def mount(self, app: ASGIApp) -> ASGIApp:
        """The page with the webhook's address before it, where there is one."""
        return self.webhook.before(app) if self.webhook else app

    async def run(self) -> None:
        """Everything, until cancelled. Ends by itself only where another program or a wrong token makes it useless."""
        with self._discretion, contextlib.closing(self._claim):
            try:
                await self._connect()
                await self._serve()
            except InvalidToken:
                self.outcome = wt.BAD_LOGIN
            except Conflict:
                self.outcome = wt.SECOND_POLLER
            except Stopped as error:
                self.outcome = str(error)
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
        if self.webhook:
            self.webhook.close()
        await self.arrivals.stop(_GRACE_SECONDS)
        if self._updates:
            await self._updates.stop()
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._api.shutdown()

    async def _connect(self) -> None:
        """Wait for Telegram, then take up what an earlier process left undone."""
        await self._alone()
        await patiently(self._api.initialize, self._pause, "getMe")
        self._updates = self._assembled()
        self.arrivals.recover()

    async def _alone(self) -> None:
        """At a restart the process before may still be answering: it is given time to end.

        Raises:
            Stopped: it stays.
        """
        for seconds in PATIENCE:
            if self._claim.take():
                return
            log.warning(wt.SAME_DATABASE_YET.format(seconds=seconds))
            await self._pause(seconds)
        if not self._claim.take():
            raise Stopped(wt.SAME_DATABASE.format(path=self._store.path))

    def _assembled(self) -> Updates:
        service, tables, sender = self._service, self.tables, self._sender
        links = Links(self._api.username, tables)
        return Updates(
            self._api,
            self.arrivals,
            tables,
            sender,
            Private(service, tables, self.arrivals.table, self._api.username),
            Public(service, tables, self._config, self._api, sender, self._pace, links),
            Inline(service, links),
            Budget(self._config.whole("messages_per_minute")),
            Budget(max(1, self._config.whole("telegram_group_per_minute") // _MEMBERS)),
        )

    async def _serve(self) -> None:
        chores = asyncio.create_task(self._chores())
        try:
            await self._intake.run()
        finally:
            await ended(chores)

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
        return self.tables.conversation(user_of(update)), slim(update, lambda text: redact(text, readings, LONGEST + 1))

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
    service: Service, config: Config, environment: Mapping[str, str] = os.environ, *, polling: bool = False
) -> AsyncIterator[Telegram | None]:
    """The channel in the background while the block runs; None where no token is set."""
    if not (token := token_of(environment)):
        yield None
        return
    channel = Telegram(service, config, token, polling=polling)
    channel.task = asyncio.create_task(channel.run())
    try:
        yield channel
    finally:
        await ended(channel.task, patience=_STOP_SECONDS)
