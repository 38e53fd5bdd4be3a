"""A private chat divided into topics: what is answered stays in the topic where it was said."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.mind import MindKeeper

from .fake import FakeTelegram
from .kit import at_work
from .test_private import PLANNED
from .timing import standstill
from .town import Town

pytestmark = pytest.mark.anyio
TOPIC = 77


async def test_every_new_message_stays_in_its_topic(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path, messages_per_minute="20") as xiaoan:
        for text in ("/start", "照片要什么格式", "日历文件", *PLANNED):
            wang.say(text, topic=TOPIC)
            await xiaoan.settled()
        plan = fake.sent(wang.chat)[-1]
        for label in ("存成文件", "日历文件"):
            wang.tap(plan, label)
        fake.faults.refuse("editMessageText", 400, "Bad Request: message to edit not found")
        wang.tap(plan, "上一步")
        for text in ("/privacy", "/forget", *["你好"] * 8):
            wang.say(text, topic=TOPIC)
        await xiaoan.settled()
    assert "有点快" in fake.sent(wang.chat)[-1].text
    assert {shown.thread for shown in fake.sent(wang.chat)} == {TOPIC}
    assert fake.violations == []


async def test_a_topic_is_kept_over_a_crash(fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path) -> None:
    wang = town.person("王芳")
    held, _, pause = standstill()
    async with at_work(fake, keeper, tmp_path, pause=pause):
        fake.faults.too_many("sendMessage")
        wang.say("你好", topic=TOPIC)
        await asyncio.wait_for(held.wait(), 10)
    async with at_work(fake, keeper, tmp_path) as second:
        await second.settled()
    assert [shown.thread for shown in fake.sent(wang.chat)] == [TOPIC]
