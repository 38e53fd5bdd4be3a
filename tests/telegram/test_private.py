"""A private chat, as a person sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.mind import MindKeeper

from .fake import FakeTelegram
from .kit import Running, at_work
from .town import Town

pytestmark = pytest.mark.anyio


@pytest.fixture
async def xiaoan(fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Running]:
    async with at_work(fake, keeper, tmp_path) as running:
        yield running
    assert fake.violations == []


async def test_start_offers_the_dialogues(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    wang.start()
    assert (await xiaoan.after(wang)).labels == [
        "给我办理方案", "我该办哪种注册", "我该选哪个初审机构", "我要准备哪些材料", "我怎么登录系统",
    ]  # fmt: skip


async def test_a_question_is_answered_with_its_source_and_what_can_follow(xiaoan: Running, town: Town) -> None:
    said = await xiaoan.say(town.person("王芳"), "换了单位要交什么材料")
    assert "出处" in said.text
    assert {"凭什么", "有用", "没用"} <= set(said.labels)


async def test_a_dialogue_stays_in_one_message(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    wang.start()
    await xiaoan.after(wang)
    first = await xiaoan.tap(wang, "给我办理方案")
    asked = first.text
    second = await xiaoan.tap(wang, "有")
    assert second is first
    assert second.text != asked
    back = await xiaoan.tap(wang, "上一步")
    assert (back is first, len(fake.sent(wang.chat))) == (True, 2)
