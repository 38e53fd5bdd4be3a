"""Runs the web page: one event loop with the store, a watch on the knowledge files, a stop that loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import uvicorn

from bot import wording_web as ww
from bot.channels.telegram import TOKEN_VARIABLE
from bot.channels.web import create_app
from bot.config import Config
from bot.mind import MindKeeper
from bot.service import Service
from bot.store import Store
from knowledge.decide import Limits
from knowledge.errors import XiaoanError

log = logging.getLogger(__name__)
Mount = Callable[[Any], Any]  # puts something in front of an ASGI app
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_GRACE_SECONDS = 1
_BACKLOG = 256


class ServerError(XiaoanError):
    """The page can't be served; the message says what to change."""


class _Uncancelled(logging.Filter):
    """A request cut short by the stop is no crash: no traceback for each."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


_UNCANCELLED = _Uncancelled()


class _Server(uvicorn.Server):
    """Leaves the signals to `run`, so that the store is closed before the process ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(config: Config) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        ServerError: nothing can listen there.
        KnowledgeError, FlowError, StoreError: what is to be served can't be used.
    """
    logging.basicConfig(level=config.text("log_level").upper(), format="%(asctime)s %(levelname)s %(message)s")
    asyncio.run(_run(config))


async def _run(config: Config) -> None:
    stop = told_to_stop()
    async with opened(config) as service, beside(service, config) as mount:
        await serve(service, config, stop, mount)
    say(ww.STOPPED)


def told_to_stop() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.set)
    return stop


@contextlib.asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Service]:
    """The service over its store, with the knowledge kept fresh; all is on disk when it is left."""
    keeper = MindKeeper(Limits(config.number("answer_at"), config.number("ask_at")))
    store = Store(Path(config.text("database")))
    gc.collect()
    gc.freeze()  # a quarter of a million objects that stay: the collector need not go through them again and again
    done = threading.Event()
    threading.Thread(target=_watch, args=(keeper, config.whole("reload_seconds"), done), daemon=True).start()
    try:
        yield Service(store, keeper)
    finally:
        done.set()
        await asyncio.to_thread(store.close)


@contextlib.asynccontextmanager
async def beside(service: Service, config: Config) -> AsyncIterator[Mount]:
    """The messenger, where one is set up; gives the place of its webhook in front of the page."""
    if not os.environ.get(TOKEN_VARIABLE):
        yield lambda app: app
        return
    from bot.channels.telegram.application import running

    async with running(service, config) as channel:
        yield channel.mount if channel else lambda app: app


async def serve(service: Service, config: Config, stop: asyncio.Event, mount: Mount = lambda app: app) -> None:
    """The web page until `stop` is set; streams that are open end at once, requests have a second."""
    listening = _listen(config)
    logging.getLogger("uvicorn.error").addFilter(_UNCANCELLED)
    server = _Server(_settings(mount(create_app(service, config, stop))))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    host, port = listening.getsockname()[:2]
    say(ww.READY.format(url=f"http://{host}:{port}"))
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await task


def say(words: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _settings(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,  # addresses are nobody's business
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=15,
    )


def _listen(config: Config) -> socket.socket:
    host, port = config.text("host"), config.whole("port")
    try:
        return socket.create_server((host, port), family=_family(host), backlog=_BACKLOG)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ServerError(ww.PORT_TAKEN.format(host=host, port=port, error=reason)) from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _watch(keeper: MindKeeper, seconds: int, done: threading.Event) -> None:
    """Take up edits of the knowledge; whatever goes wrong, look again.

    A thread that dies with the process: a reload under way must not hold up the stop.
    """
    while not done.wait(seconds):
        try:
            keeper.renew()
        except Exception:
            log.exception("查看知识文件时出错，%d 秒后再看", seconds)
