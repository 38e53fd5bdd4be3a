"""A group becomes a supergroup, with another number and its messages numbered anew, while answers are on their way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.mind import MindKeeper

from .fake import FakeTelegram
from .kit import Running, at_work
from .town import Town

pytestmark = pytest.mark.anyio
ASKS = "@xiaoan_test_bot 换了单位要交什么材料？"


class Gate:
    """Holds the next message or edit until it is opened."""

    def __init__(self) -> None:
        self.held = asyncio.Event()
        self.open = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        if seconds == 7:
            self.held.set()
            await self.open.wait()
        await asyncio.sleep(0)


@asynccontextmanager
async def gated(fake: FakeTelegram, keeper: MindKeeper, folder: Path) -> AsyncIterator[tuple[Running, Gate]]:
    gate = Gate()
    async with at_work(fake, keeper, folder, pause=gate.pause) as xiaoan:
        yield xiaoan, gate


async def test_an_answer_on_its_way_follows_the_group_and_stands_under_nobody_elses_message(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, group = town.person("王芳"), town.group("注安交流", small=True)
    async with gated(fake, keeper, tmp_path) as (xiaoan, gate):
        fake.faults.too_many("sendMessage", retry_after=7)
        wang.say(ASKS, group.chat)
        await asyncio.wait_for(gate.held.wait(), 10)
        new = group.migrate(wang)
        gate.open.set()
        await xiaoan.settled()
    assert fake.sent(group.chat) == []
    assert ["reply_to_message" in message.body for message in fake.sent(new.chat)] == [False]


async def test_an_edit_on_its_way_is_said_anew_in_the_supergroup(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, group = town.person("王芳"), town.group("注安交流", small=True)
    async with gated(fake, keeper, tmp_path) as (xiaoan, gate):
        wang.say("大家好", group.chat)
        asked = wang.say(ASKS, group.chat)
        await xiaoan.settled()
        (earlier,) = fake.sent(group.chat)
        fake.faults.too_many("editMessageText", retry_after=7)
        wang.edit(asked, "@xiaoan_test_bot 延续注册提前多久办？")
        await asyncio.wait_for(gate.held.wait(), 10)
        new = group.migrate(wang)
        wang.say(ASKS, new.chat)
        (other,) = await fake.heard(new.chat)
        gate.open.set()
        await xiaoan.settled()
    assert other.id == earlier.id
    assert ["延续" in message.text for message in fake.sent(new.chat)] == [False, True]


async def test_what_the_admins_chose_counts_in_the_supergroup_from_its_first_message(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, admin, group = town.person("王芳"), town.person("管理"), town.group("注安交流", small=True)
    group.chat.members[admin.id] = "administrator"
    async with gated(fake, keeper, tmp_path) as (xiaoan, gate):
        admin.say("/xiaoan 关闭", group.chat)
        await xiaoan.settled()
        fake.faults.too_many("sendMessage", retry_after=7)
        admin.say("/xiaoan", group.chat)  # the old group waits
        await asyncio.wait_for(gate.held.wait(), 10)
        new = group.migrate(admin)
        wang.say(ASKS, new.chat)
        admin.say("/xiaoan", new.chat)  # answered in any mode, after the question
        assert "不说话" in (await fake.heard(new.chat))[0].text
        gate.open.set()
        await xiaoan.settled()
