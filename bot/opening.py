"""Puts 小安 together, for whatever channel is to run: the mind kept fresh, the store, the service, the day's chores."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, time
from pathlib import Path

from bot.clock import ZONE, now
from bot.config import Config, limits_of
from bot.mind import MindKeeper
from bot.service import Service
from bot.store import Store, StoreError
from knowledge.names import prepare

log = logging.getLogger(__name__)
SIGNALS = (signal.SIGINT, signal.SIGTERM)
_A_DAY = 24 * 3600.0
_LOOK_SECONDS = 5.0
_BETWEEN_COLLECTIONS = 20_000
"""New objects until the collector looks for circles: an answer makes thousands, and hardly a circle."""


def stop_on_signals() -> asyncio.Event:
    """Set when Ctrl-C or SIGTERM comes; the one who waits for it closes what is open."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.set)
    return stop


@contextlib.asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Service]:
    """The service over its store, with the knowledge kept fresh; all is on disk when it is left.

    Raises:
        KnowledgeError, FlowError, StoreError: what is to be served can't be used.
    """
    keeper = make_keeper(config)
    store = Store(Path(config.text("database")))
    service = Service(store, keeper)
    gc.collect()
    gc.freeze()  # a quarter of a million objects that stay: the collector need not go through them again and again
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    try:
        with kept_fresh(keeper, config.whole("reload_seconds")):
            tasks = [asyncio.create_task(one) for one in (_chores(service, config.whole("keep_days")), _look(store))]
            try:
                yield service
            finally:
                for task in tasks:
                    task.cancel()
    finally:
        await store.finish()
        store.close()


def make_keeper(config: Config, today: date | None = None) -> MindKeeper:
    """The mind with the settings in force. `today` fixes the day on which it is; without it the clock tells.

    Raises:
        KnowledgeError, FlowError: it can't be loaded.
    """
    clock = (lambda: datetime.combine(today, time.min, ZONE)) if today else now
    return MindKeeper(limits_of(config), cache=Path(config.text("cache")), clock=clock)


@contextlib.contextmanager
def kept_fresh(keeper: MindKeeper, seconds: int) -> Iterator[None]:
    """Edits of the knowledge are taken up meanwhile.

    By a thread that dies with the process: a reload under way must not hold up the stop.
    """
    done = threading.Event()
    threading.Thread(target=_watch, args=(keeper, seconds, done), daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _watch(keeper: MindKeeper, seconds: int, done: threading.Event) -> None:
    prepare(keeper.mind.readings)
    while not done.wait(seconds):
        keeper.renew()


async def _chores(service: Service, keep_days: int) -> None:
    """What is old enough goes, at the start and every day."""
    while True:
        try:
            if gone := await service.prune(keep_days):
                log.info("清除了 %d 段超过 %d 天没有动静的对话", gone, keep_days)
        except (sqlite3.Error, StoreError) as error:
            log.warning("清除旧对话没有成功，明天再试：%s", error)
        await asyncio.sleep(_A_DAY)


async def _look(store: Store) -> None:
    """What is wrong with the database is noticed while nobody writes; and that it is over, too."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        await store.look()
