"""Sending through troubles: patient, and only the chat concerned waits."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.channels.telegram import intake
from bot.channels.telegram import wording as wt
from bot.channels.telegram.api import make_api
from bot.mind import MindKeeper

from .fake import FakeTelegram
from .kit import at_work
from .town import Town
from .transport import InProcess

pytestmark = pytest.mark.anyio


async def test_429_is_waited_out_by_its_chat_alone(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    held: list[float] = []
    gate = asyncio.Event()

    async def pause(seconds: float) -> None:
        if seconds == 7:
            held.append(seconds)
            await gate.wait()

    wang, li = town.person("王芳"), town.person("李强")
    async with at_work(fake, keeper, tmp_path, pause=pause) as xiaoan:
        fake.faults.too_many("sendMessage", retry_after=7)
        wang.say("你好")
        await fake.until(lambda: bool(held))
        li.say("你好")
        assert len(await fake.heard(li.chat)) == 1
        assert fake.sent(wang.chat) == []
        gate.set()
        await xiaoan.settled()
        assert len(fake.sent(wang.chat)) == 1


async def test_a_chat_that_must_wait_long_stops_nobodys_updates(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_MOST_WAITING", 30)
    held, gate = asyncio.Event(), asyncio.Event()

    async def pause(seconds: float) -> None:
        if seconds == 3600:
            held.set()
            await gate.wait()
        await asyncio.sleep(0)

    wang, li, group = town.person("王芳"), town.person("李强"), town.group("注安交流")
    async with at_work(fake, keeper, tmp_path, pause=pause) as xiaoan:
        fake.faults.too_many("sendMessage", retry_after=3600)
        wang.say("换了单位要交什么材料？", group.chat)
        await asyncio.wait_for(held.wait(), 10)
        for _ in range(40):
            wang.say("哈哈", group.chat)
        await fake.until(lambda: xiaoan.channel.arrivals.backlog > 40)
        li.say("你好")
        assert len(await fake.heard(li.chat)) == 1
        gate.set()
        await xiaoan.settled()
        assert len(fake.sent(group.chat)) == 1


@pytest.mark.parametrize(
    ("kind", "options", "most"),
    [
        ("gateway", {"status": 502, "times": 3}, 1),
        ("refuse", {"code": 500, "description": "Internal Server Error", "times": 2}, 1),
        ("cut", {"times": 2}, 1),
        ("hang", {}, 1),
        ("cut", {"after": True}, 2),  # the acknowledgement was cut off: it can't be known that it arrived
    ],
)
async def test_a_broken_way_is_tried_again(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path, kind: str, options: dict[str, int], most: int
) -> None:
    wang = town.person("王芳")
    api = make_api(fake.token, "https://telegram.invalid", lambda: InProcess(fake, patience=0.2))
    async with at_work(fake, keeper, tmp_path, api=api) as xiaoan:
        getattr(fake.faults, kind)("sendMessage", **options)
        wang.say("你好")
        await xiaoan.settled()
        assert 1 <= len(fake.sent(wang.chat)) <= most


@pytest.mark.parametrize(("code", "why"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_a_token_that_is_not_taken_once_costs_neither_answer_nor_order(
    fake: FakeTelegram,
    town: Town,
    keeper: MindKeeper,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    code: int,
    why: str,
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        fake.faults.refuse("sendMessage", code, why)
        wang.say("你好")
        wang.say("延续注册提前多久办")
        await xiaoan.settled()
        assert ["延续" in message.text for message in fake.sent(wang.chat)] == [False, True]
        assert xiaoan.channel.outcome == ""
    assert wt.NOT_ACCEPTED.format(method="sendMessage") in caplog.text


async def test_text_that_telegram_can_not_parse_goes_out_plain(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        fake.faults.refuse("sendMessage", 400, "Bad Request: can't parse entities: Unsupported start tag")
        answer = await xiaoan.say(town.person("王芳"), "初始注册需要什么材料")
        assert "<" not in answer.text
        assert "出处" in answer.text
