"""The webhook beside the page: updates come in, and nobody else does."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.webhook import PATH, secret_of
from bot.clock import ZONE
from bot.mind import MindKeeper

from .fake import FakeTelegram
from .kit import QUICK, Running, at_work
from .town import Town
from .webhook import SECRET_HEADER

pytestmark = pytest.mark.anyio
PUBLIC = "https://xiaoan.example"
NOW = datetime(2026, 11, 23, 12, tzinfo=ZONE)


@asynccontextmanager
async def listening(
    fake: FakeTelegram, keeper: MindKeeper, folder: Path, api: Api | None = None
) -> AsyncIterator[tuple[Running, str]]:
    """小安 behind a webhook on a loopback port."""
    import uvicorn

    from bot.channels.web import create_app
    from bot.server import _listen
    from tests.web_kit import settings

    sock = _listen(settings(port="0"))
    root = f"http://127.0.0.1:{sock.getsockname()[1]}"
    fake.webhook.behind[PUBLIC] = root
    config = settings(**QUICK, public_url=PUBLIC)
    async with at_work(fake, keeper, folder, api=api, config=config) as xiaoan:
        app = xiaoan.channel.mount(create_app(xiaoan.service, settings()))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        task = asyncio.create_task(server._serve([sock]))
        try:
            yield xiaoan, root
        finally:
            server.should_exit = True
            await task
    await fake.close()


async def test_a_webhook_brings_updates_and_the_page_stays(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    async with listening(fake, keeper, tmp_path) as (_, root), aiohttp.ClientSession() as session:
        wang = town.person("王芳")
        wang.say("初始注册需要什么材料")
        assert "出处" in (await fake.heard(wang.chat))[0].text
        async with session.get(f"{root}/healthz") as answer:
            assert answer.status == 200


async def test_half_a_character_is_no_reason_to_refuse_an_update(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    async with listening(fake, keeper, tmp_path):
        wang = town.person("王芳")
        wang.say("初始注册\ud83d需要什么材料")
        assert "出处" in (await fake.heard(wang.chat))[0].text


@pytest.mark.parametrize("secret", ["", "wrong", "令牌"])
async def test_a_wrong_secret_is_refused_before_the_body_is_read(
    fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path, secret: str
) -> None:
    async with listening(fake, keeper, tmp_path) as (_, root):
        host, port = root.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n{SECRET_HEADER}: {secret}\r\n\r\n"
        writer.write(head.encode())  # and not a byte of the body
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 403")
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 400), (b"{}", 400), (b'{"update_id": "1"}', 400), (b"x" * 1_100_000, 413)],
)
async def test_a_body_that_is_no_update_is_refused(
    fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path, body: bytes, status: int
) -> None:
    async with listening(fake, keeper, tmp_path) as (_, root), aiohttp.ClientSession() as session:
        headers = {SECRET_HEADER: secret_of(fake.token)}
        async with session.post(root + PATH, data=io.BytesIO(body), headers=headers) as answer:
            assert answer.status == status
