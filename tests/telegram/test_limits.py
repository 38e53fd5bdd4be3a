"""Telegram's limits and troubles: paced, patient, and only the chat concerned waits."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.channels.telegram import wording as wt
from bot.channels.telegram.api import make_api
from bot.channels.telegram.budget import Budget
from bot.channels.telegram.pace import Pace, Rates
from bot.mind import MindKeeper

from .fake import TOKEN, FakeTelegram
from .kit import at_work
from .server import Address
from .town import Town
from .transport import InProcess

pytestmark = pytest.mark.anyio


class Time:
    """A clock that pausing moves."""

    def __init__(self) -> None:
        self.now = 0.0

    async def pause(self, seconds: float) -> None:
        self.now += seconds

    def clock(self) -> float:
        return self.now


async def went(rates: Rates, chats: list[int]) -> list[tuple[float, int]]:
    """When each message went, one after the other."""
    time = Time()
    pace = Pace(rates, time.pause, time.clock)
    found = []
    for chat in chats:
        await pace.turn(chat)
        found.append((time.now, chat))
    return found


async def test_no_more_than_thirty_a_second_in_all() -> None:
    times = [at for at, _ in await went(Rates(), list(range(1, 101)))]
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[30:], strict=False))


async def test_one_a_second_in_a_chat() -> None:
    assert [at for at, _ in await went(Rates(), [7] * 5)] == [0, 1, 2, 3, 4]


async def test_twenty_a_minute_in_a_group() -> None:
    times = [at for at, _ in await went(Rates(), [-7] * 41)]
    assert (times[19], times[20], times[40]) == (19, 60, 120)


async def test_a_budget_tells_once_and_opens_again() -> None:
    time = Time()
    budget = Budget(3, time.clock)
    for _ in range(3):
        assert budget.wait(1) == 0
        budget.spend(1)
    assert [(budget.wait(1), budget.tell(1)) for _ in range(2)] == [(60, True), (60, False)]
    assert budget.wait(2) == 0
    time.now = 61
    assert budget.wait(1) == 0
    for _ in range(3):
        budget.spend(1)
    assert budget.tell(1)


async def test_a_flood_gets_one_notice_and_slows_nobody(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    loud, calm = town.person("王芳"), town.person("李强")
    async with at_work(fake, keeper, tmp_path, messages_per_minute="5") as xiaoan:
        for _ in range(50):
            loud.say("你好")
        answer = await xiaoan.say(calm, "初始注册需要什么材料")
        assert "出处" in answer.text
        assert len(fake.sent(loud.chat)) == 6
        assert "有点快" in fake.sent(loud.chat)[-1].text


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


async def test_polling_outlives_errors(fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path) -> None:
    fake.faults.gateway("getMe", times=2)
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        for kind, options in (("gateway", {}), ("cut", {}), ("too_many", {"retry_after": 2})):
            getattr(fake.faults, kind)("getUpdates", **options)
            assert (await xiaoan.say(town.person("王芳"), "你好")).text


async def test_text_that_telegram_can_not_parse_goes_out_plain(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        fake.faults.refuse("sendMessage", 400, "Bad Request: can't parse entities: Unsupported start tag")
        answer = await xiaoan.say(town.person("王芳"), "初始注册需要什么材料")
        assert "<" not in answer.text
        assert "出处" in answer.text


async def test_a_second_poller_stops_with_a_clear_message(
    fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path
) -> None:
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        fake.faults.refuse("getUpdates", 409, "Conflict: terminated by other getUpdates request")
        town = Town(fake)
        town.person("王芳").say("你好")  # ends the poll that is open
        await fake.until(lambda: xiaoan.channel.outcome != "")
        assert xiaoan.channel.outcome == wt.SECOND_POLLER


async def test_a_wrong_token_is_told_without_it(
    fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = make_api("1:wrong", "https://telegram.invalid", lambda: InProcess(fake))
    async with at_work(fake, keeper, tmp_path, api=wrong) as xiaoan:
        assert xiaoan.channel.outcome == wt.BAD_LOGIN
    assert "1:wrong" not in caplog.text


async def test_the_token_is_in_no_log(
    fake: FakeTelegram,
    town: Town,
    telegram: Address,
    keeper: MindKeeper,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    api = make_api(fake.token, telegram.root)
    async with at_work(fake, keeper, tmp_path, api=api) as xiaoan:
        fake.faults.cut("sendMessage")
        fake.faults.gateway("getUpdates")
        town.person("王芳").say("你好")
        await xiaoan.settled()
        logging.getLogger("x").error("GET https://api.telegram.org/bot%s/getMe", TOKEN)
        try:
            raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except ValueError:
            logging.getLogger("x").exception("failed")
    assert "GET https://api.telegram.org/bot…/getMe" in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN.partition(":")[2] not in caplog.text
