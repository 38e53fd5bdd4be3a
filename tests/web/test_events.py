"""The streams of open pages: told at once of what this process saves, soon of what others do, so many and no more."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from starlette.requests import Request

from bot.channels.web import events
from bot.channels.web.events import Events
from bot.channels.web.sessions import Sessions
from bot.mind import MindKeeper
from bot.reply import Message
from bot.service import Service
from bot.store import Store
from tests.web_kit import TODAY, settings

ME = "one"


def streams(service: Service, closing: asyncio.Event) -> Events:
    return Events(service, Sessions(settings(), "key"), closing, 2)


async def news(lines: AsyncIterator[str]) -> str:
    """The next line that tells of a turn."""
    return await anext(line async for line in lines if "event: turns" in line)


async def page(here: Events, address: str, gone: asyncio.Event, told: list[int]) -> None:
    """Another person's page: asks for a stream, notes the answer's status and stays until it is gone."""
    secret = Sessions(settings(), "key").of(Request({"type": "http", "headers": []})).secret
    headers = [(b"cookie", f"xiaoan={secret}".encode())]
    scope = {"type": "http", "method": "GET", "query_string": b"", "client": (address, 1), "headers": headers}

    async def receive() -> dict[str, str]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(_: object) -> None:
        pass

    response = await here.serve(Request(scope))
    told.append(response.status_code)
    await response(scope, receive, send)


@pytest.fixture
def service(keeper: MindKeeper, store: Store) -> Service:
    return Service(store, keeper, lambda: TODAY)


async def told(service: Service, write: Callable[[], Awaitable[object]], seconds: float) -> str:
    """What an open stream tells after a write."""
    lines = streams(service, asyncio.Event())._lines(ME, 0)
    waiting = asyncio.create_task(news(lines))
    await asyncio.sleep(0.1)
    await write()
    return await asyncio.wait_for(waiting, seconds)


def test_what_is_saved_here_is_told_at_once(service: Service, loop: asyncio.Runner) -> None:
    assert "data: 1" in loop.run(told(service, lambda: service.say(ME, "web", Message(text="你好")), 5))


def test_what_is_forgotten_here_is_told_at_once(service: Service, loop: asyncio.Runner) -> None:
    async def both() -> str:
        await service.say(ME, "web", Message(text="你好"))
        lines = streams(service, asyncio.Event())._lines(ME, 1)
        waiting = asyncio.create_task(news(lines))
        await asyncio.sleep(0.1)
        await service.forget(ME)
        return await asyncio.wait_for(waiting, 5)

    assert "data: 0" in loop.run(both())


def test_what_another_process_writes_is_found(
    service: Service, tmp_path: Path, loop: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_LOOK_SECONDS", 0.2)
    with contextlib.closing(Store(tmp_path / "x.db")) as store:
        other = Service(store, service.keeper, lambda: TODAY)
        assert "data: 1" in loop.run(told(service, lambda: other.say(ME, "web", Message(text="你好")), 5))


def test_a_stream_ends_at_once_when_it_is_time(service: Service, loop: asyncio.Runner) -> None:
    async def ended() -> list[str]:
        closing = asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, closing.set)
        async with asyncio.timeout(5):
            return [line async for line in streams(service, closing)._lines(ME, 0)]

    assert loop.run(ended())
    assert not service._listeners


def test_an_address_has_so_many_streams_and_no_more(service: Service, loop: asyncio.Runner) -> None:
    async def both() -> list[list[int]]:
        here, gone = streams(service, asyncio.Event()), asyncio.Event()
        at_once: list[int] = []
        addresses = (*["192.0.2.1"] * 3, "192.0.2.2")
        pages = [asyncio.create_task(page(here, address, gone, at_once)) for address in addresses]
        await asyncio.sleep(0)  # each has asked, and none has got a line
        gone.set()
        await asyncio.gather(*pages)
        later: list[int] = []
        await page(here, "192.0.2.1", gone, later)
        return [at_once, later]

    assert loop.run(both()) == [[200, 200, 204, 200], [200]]


def test_a_page_that_asks_while_the_server_stops_comes_back(service: Service, loop: asyncio.Runner) -> None:
    async def asked() -> int:
        closing, told = asyncio.Event(), list[int]()
        closing.set()
        await page(streams(service, closing), "192.0.2.1", asyncio.Event(), told)
        return told[0]

    assert loop.run(asked()) == 200
