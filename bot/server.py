"""Runs the web page: one event loop with the store and the messenger, and a stop that loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import uvicorn

from bot.channels.web import create_app
from bot.channels.web import wording as ww
from bot.config import TOKEN_VARIABLE, Config
from bot.opening import opened, stop_on_signals
from bot.service import Service
from knowledge.errors import XiaoanError

Mount = Callable[[Any], Any]  # puts something in front of an ASGI app
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
    asyncio.run(_run(config))


async def _run(config: Config) -> None:
    stop = stop_on_signals()
    async with opened(config) as service, beside(service, config) as mount:
        await serve(service, config, stop, mount)
    say(ww.STOPPED_IN_TROUBLE.format(troubles="\n".join(told)) if (told := service.store.troubles) else ww.STOPPED)


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
    say(ww.READY.format(url=url_of(*listening.getsockname()[:2])))
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await task


def url_of(host: str, port: int) -> str:
    """What to type into a browser; an IPv6 address stands in brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


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
        raise ServerError(_refused(error, host, port)) from error


def _refused(error: OSError, host: str, port: int) -> str:
    """Why nothing can listen there, and what to change."""
    if error.errno == errno.EADDRINUSE:
        return ww.PORT_TAKEN.format(host=host, port=port)
    if error.errno == errno.EACCES:
        return ww.PORT_FORBIDDEN.format(host=host, port=port)
    return ww.HOST_WRONG.format(host=host, port=port, error=error.strerror or error)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
