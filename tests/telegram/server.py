"""The fake over HTTP: /bot<token>/<method> as the real one, /sim/… to move the world from another process."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from .clock import SystemClock
from .errors import ApiError, ConnectionCut, GarbledAnswer
from .fake import TOKEN, FakeTelegram
from .sim import Simulation
from .state import Json, Upload

MAX_BODY = 60 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Address:
    """Where a running fake is found. PTB: Application.builder().base_url(a.base_url).base_file_url(a.base_file_url)."""

    host: str
    port: int

    @property
    def root(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.root}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.root}/file/bot"


async def _read(request: web.Request) -> tuple[dict[str, str], dict[str, Upload], Json | None]:
    """Query, form or multipart fields as text, files apart; a JSON body as it is."""
    fields = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise ApiError(400, "Bad Request: can't parse request JSON object") from None
        return fields, {}, dict(body)
    files: dict[str, Upload] = {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[key] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            fields[key] = str(value)
    return fields, files, None


async def _call(fake: FakeTelegram, request: web.Request) -> Json:
    if request.match_info["token"] != fake.token:
        raise ApiError(401, "Unauthorized")
    fields, files, body = await _read(request)
    method = request.match_info["method"]
    return await (fake.call_form(method, fields, files) if body is None else fake.call(method, fields | body))


def application(fake: FakeTelegram) -> web.Application:
    """The web application around one fake."""

    async def bot_api(request: web.Request) -> web.StreamResponse:
        try:
            answer = await _call(fake, request)
        except ApiError as error:
            answer = error.body()
        except ConnectionCut:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        except GarbledAnswer as garbled:
            return web.Response(status=garbled.status, text="<html>Bad Gateway</html>", content_type="text/html")
        return web.json_response(answer, status=200 if answer["ok"] else answer["error_code"])

    simulation = Simulation(fake)

    async def sim(request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.text() or "{}")
        try:
            done = await simulation.act(request.match_info["action"], body)
        except (KeyError, ValueError, TypeError, StopIteration) as error:
            return web.json_response({"ok": False, "error": repr(error)}, status=400)
        return web.json_response({"ok": True, "result": done})

    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_route("*", "/bot{token}/{method}", bot_api)
    app.router.add_post("/sim/{action}", sim)
    return app


@asynccontextmanager
async def serving(fake: FakeTelegram, port: int = 0) -> AsyncIterator[Address]:
    """Serve a fake on a loopback port (0: any free one) while the block runs."""
    runner = web.AppRunner(application(fake), handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        yield Address("127.0.0.1", int(runner.addresses[0][1]))
    finally:
        await fake.close()
        await runner.cleanup()


async def _forever(port: int, token: str, checked: bool) -> None:
    fake = FakeTelegram(clock=SystemClock(), token=token, checked=checked)
    async with serving(fake, port) as address:
        print(json.dumps({"base_url": address.base_url, "token": token, "sim": f"{address.root}/sim"}), flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main() -> None:
    """Run alone, in real time; the first line printed tells where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="loopback port, 0 for any free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--unchecked", action="store_true", help="leave the schemas out, to measure a bot's speed")
    chosen = parser.parse_args()
    try:
        asyncio.run(_forever(chosen.port, chosen.token, not chosen.unchecked))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
