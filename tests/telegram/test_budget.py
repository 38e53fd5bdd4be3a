"""A person who writes too much is told once, and slows nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.telegram.budget import Budget
from bot.channels.telegram.tables import groups_in
from bot.limits import MOST_KEYS
from bot.mind import MindKeeper

from .fake import FakeTelegram
from .kit import at_work
from .timing import Time
from .town import Town

pytestmark = pytest.mark.anyio


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


async def test_a_flood_of_people_frees_nobody_who_goes_on_writing() -> None:
    budget = Budget(1, lambda: 0.0)
    budget.spend(0)
    for person in range(1, 2 * MOST_KEYS):
        budget.spend(person)
        assert budget.wait(0) == 60
    assert len(budget._people) == MOST_KEYS


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


async def test_what_is_not_answered_costs_nothing(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, group = town.person("王芳"), town.group("注安交流", bot=None)
    async with at_work(fake, keeper, tmp_path, messages_per_minute="2") as xiaoan:
        group.set_bot("member", wang)
        for _ in range(5):
            wang.say("收到", group.chat)
        assert "出处" in (await xiaoan.say(wang, "初始注册需要什么材料")).text


async def test_a_group_is_left_and_moved_whatever_was_said_before(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, group = town.person("王芳"), town.group("注安交流", bot=None)
    async with at_work(fake, keeper, tmp_path, messages_per_minute="1") as xiaoan:
        group.set_bot("member", wang)
        await xiaoan.say(wang, "你好")
        group.set_bot("left", wang)
        await xiaoan.settled()
        assert groups_in(xiaoan.service.store.path) == []
