"""Durable updates: repeats, order, a crash between deciding and sending, webhook manners."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.channels.arrivals import KEPT, Arrivals, Handling, Received, Write
from bot.channels.telegram.api import Api, make_api
from bot.channels.telegram.webhook import PATH, secret_of
from bot.clock import ZONE
from bot.mind import MindKeeper
from bot.store import Store

from .fake import FakeTelegram
from .kit import QUICK, Running, at_once, at_work
from .server import Address
from .town import Town
from .transport import InProcess
from .webhook import SECRET_HEADER

pytestmark = pytest.mark.anyio
PUBLIC = "https://xiaoan.example"
NOW = datetime(2026, 11, 23, 12, tzinfo=ZONE)


class Desk:
    """Arrivals whose handling is noted. `troubles` come up one after the other, each in handling one update."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path)
        self.now = NOW
        self.handled: list[int] = []
        self.failed: list[int] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.troubles: list[Exception] = []
        self.along: Write | None = None
        handling = Handling(self._handle, self._failed, lambda update: update["lane"], lambda update: ("", update))
        self.arrivals = Arrivals(self.store, "test", handling, lambda: self.now, at_once)

    async def _handle(self, one: Received) -> Write | None:
        if one.update["lane"] in self.gates:
            await self.gates[one.update["lane"]].wait()
        if self.troubles:
            raise self.troubles.pop(0)
        self.handled.append(one.id)
        return self.along

    async def _failed(self, one: Received) -> None:
        self.failed.append(one.id)

    async def take(self, *numbers: int, lane: str = "a") -> None:
        await self.arrivals.take([{"update_id": number, "lane": lane} for number in numbers])

    def undone(self) -> list[int]:
        return [row["id"] for row in self.store.read("select id from updates where done is null")]


@asynccontextmanager
async def desk(path: Path) -> AsyncIterator[Desk]:
    made = Desk(path)
    try:
        yield made
    finally:
        await made.arrivals.stop(0)
        made.store.close()


async def test_what_comes_twice_is_handled_once(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        await one.take(1, 2, 1)
        await one.take(2, 3)
        await one.arrivals.idle()
        assert one.handled == [1, 2, 3]


async def test_a_chat_keeps_its_order_and_others_overtake_it(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        one.gates["a"] = asyncio.Event()
        await one.take(3, 1, 2, lane="a")
        await one.take(4, lane="b")
        while one.handled != [4]:  # noqa: ASYNC110
            await asyncio.sleep(0)
        one.gates["a"].set()
        await one.arrivals.idle()
        assert one.handled == [4, 1, 2, 3]


async def test_what_was_not_done_is_taken_up_by_the_next(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        one.gates["a"] = asyncio.Event()
        await one.take(1, 2)
    async with desk(tmp_path / "x.db") as one:
        assert one.arrivals.recover() == 2
        await one.arrivals.idle()
        assert one.handled == [1, 2]


async def test_a_number_given_out_anew_after_days_is_no_repeat(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        await one.take(900)
        await one.arrivals.idle()
        one.now += KEPT + timedelta(hours=1)
        await one.arrivals.prune()
        await one.take(5, 900)
        await one.arrivals.idle()
        assert one.handled == [900, 5, 900]


async def test_numbers_that_begin_anew_lower_are_fetched(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        await xiaoan.say(wang, "你好")
        await fake.until(lambda: not fake.updates.waiting)
        fake.updates.jump(1000)
        await xiaoan.say(wang, "初始注册需要什么材料")
        assert len(fake.sent(wang.chat)) == 2


async def test_an_update_telegram_brings_again_is_not_answered_again(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    for _ in range(2):  # a restart in between
        async with at_work(fake, keeper, tmp_path) as xiaoan:
            if not fake.updates.history:
                await xiaoan.say(wang, "你好")
            fake.updates.again(fake.updates.history[0]["update_id"])
            await xiaoan.settled()
    assert len(fake.sent(wang.chat)) == 1


async def test_a_crash_between_deciding_and_sending_repeats_only_the_sending(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        await xiaoan.say(wang, "给我办理方案")
        await xiaoan.say(wang, "有")
        fake.faults.hang("sendMessage")
        wang.say("上一步")
        while not xiaoan.service.store.read("select id from updates where outgoing > ''"):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    asked_again = len(fake.sent(wang.chat))
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        shown = await xiaoan.after(wang)
        turns = xiaoan.service.turns(xiaoan.channel.tables.conversation(wang.id))
        assert (len(fake.sent(wang.chat)) - asked_again, [turn.said for turn in turns].count("上一步")) == (1, 1)
        assert "还没有" in shown.labels


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
    async with at_work(fake, keeper, folder, api=api, config=settings(**QUICK, public_url=PUBLIC)) as xiaoan:
        app = xiaoan.channel.mount(create_app(xiaoan.service, settings()))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        task = asyncio.create_task(server._serve([sock]))
        try:
            yield xiaoan, root
        finally:
            await fake.close()
            server.should_exit = True
            await task


async def test_a_webhook_brings_updates_and_the_page_stays(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    async with listening(fake, keeper, tmp_path) as (_, root), aiohttp.ClientSession() as session:
        wang = town.person("王芳")
        wang.say("初始注册需要什么材料")
        assert "出处" in (await fake.heard(wang.chat))[0].text
        async with session.get(f"{root}/healthz") as answer:
            assert answer.status == 200


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


async def test_aiohttp_carries_files_and_errors(
    fake: FakeTelegram, town: Town, telegram: Address, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path, api=make_api(fake.token, telegram.root)) as xiaoan:
        await xiaoan.say(wang, "给我办理方案")
        for text in ("有", "注册过", "2027年2月23日", "都没变", "其他", "其他单位", "广东", "能登录，用自己的密码"):
            await xiaoan.say(wang, text)
        fake.faults.gateway("sendDocument")
        await xiaoan.tap(wang, "存成文件")
        assert [upload.name for upload in fake.world.files.values()] == ["办理方案.md"]
    assert fake.violations == []


async def test_the_bots_page_is_set_once(fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path) -> None:
    for _ in range(2):
        async with at_work(fake, keeper, tmp_path) as xiaoan:
            await fake.until(lambda: bool(fake.called("getChatMenuButton")))
            await xiaoan.settled()
    assert [c.method for c in fake.calls if c.method.startswith("setMy")] == [
        "setMyCommands", "setMyCommands", "setMyDescription", "setMyShortDescription",
    ]  # fmt: skip
    assert fake.violations == []


async def test_in_process_requests_close(fake: FakeTelegram) -> None:
    async with make_api(fake.token, "https://telegram.invalid", lambda: InProcess(fake)) as api:
        assert api.username == "xiaoan_test_bot"
