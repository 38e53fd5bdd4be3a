"""A person who writes too much is told once a minute, and slows nobody; what must work all the same does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.telegram.budget import Budget, Warnings
from bot.channels.telegram.tables import groups_in
from bot.limits import MOST_KEYS
from bot.mind import MindKeeper
from tests.web_kit import settings

from .fake import FakeTelegram
from .kit import at_work
from .timing import Time
from .town import Town

pytestmark = pytest.mark.anyio
ASKS, OTHER = "换了单位要交什么材料？", "延续注册提前多久办？"


async def test_a_budget_tells_once_and_opens_again() -> None:
    time = Time()
    budget = Budget(3, time.clock)
    for _ in range(3):
        assert budget.wait(1) == 0
        budget.spend(1)
    assert [(budget.wait(1), budget.tell(1)) for _ in range(2)] == [(60, True), (60, False)]
    assert budget.wait(2) == 0
    time.now = 59
    assert (budget.wait(1), budget.tell(1)) == (1, False)
    time.now = 61
    assert budget.wait(1) == 0
    for _ in range(3):
        budget.spend(1)
    assert budget.tell(1)


async def test_warnings_are_few() -> None:
    time = Time()
    warnings = Warnings(time.clock)
    assert [warnings.may(-1, person) for person in (1, 1, 2, 3, 4, 5, 6)] == [True, False, *[True] * 4, False]
    assert warnings.may(-2, 1)
    time.now = 61
    assert [warnings.may(-1, person) for person in (1, 6)] == [False, True]
    time.now = 3661
    assert warnings.may(-1, 1)


async def test_a_flood_of_people_frees_nobody_who_goes_on_writing() -> None:
    budget = Budget(1, lambda: 0.0)
    budget.spend(0)
    for person in range(1, 2 * MOST_KEYS):
        budget.spend(person)
        assert budget.wait(0) == 60
    assert len(budget._seen) == MOST_KEYS


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


async def test_forget_and_privacy_work_beyond_the_budget(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path, messages_per_minute="2") as xiaoan:
        for text in ("你好", ASKS, OTHER):
            shown = await xiaoan.say(wang, text)
        assert "有点快" in shown.text
        assert "/forget" in (await xiaoan.say(wang, "/privacy")).text
        assert "删掉" in (await xiaoan.say(wang, "/forget")).text
        assert xiaoan.service.store.read("select * from conversations") == []


async def test_inline_words_have_a_budget_of_their_own(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path, messages_per_minute="5") as xiaoan:
        asks = [wang.ask_inline("变更 材料"[: length % 5 + 1]) for length in range(6)]
        assert "出处" in (await xiaoan.say(wang, ASKS)).text
    assert [ask.answer is not None for ask in asks] == [*[True] * 5, False]


async def test_in_a_group_too_much_is_told_once_where_it_is_for_xiaoan_and_the_rest_goes_on(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, group = town.person("王芳"), town.group("注安交流")
    group.chat.members[wang.id] = "administrator"
    async with at_work(fake, keeper, tmp_path, messages_per_minute="1") as xiaoan:
        question = wang.say(ASKS, group.chat)
        await xiaoan.settled()
        (answer,) = fake.sent(group.chat)
        before = answer.text
        wang.say(OTHER, group.chat)
        calls = [wang.say(f"小安，{OTHER}", group.chat) for _ in range(3)]
        wang.edit(question, OTHER)
        wang.say("我的身份证11010519491231002X", group.chat)
        wang.say("/xiaoan 关闭", group.chat)
        await xiaoan.settled()
    _, notice, warning, setting = fake.sent(group.chat)
    assert "有点快" in notice.text
    assert notice.body["reply_to_message"]["message_id"] == calls[0].id
    assert answer.text != before
    assert "删掉那条消息" in warning.text
    assert "不说话" in setting.text


async def test_warnings_do_not_keep_an_admins_word_waiting(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    time, limits = Time(), settings(telegram_group_per_minute="20", telegram_chat_per_second="1")
    admin, group = town.person("管理"), town.group("招聘")
    group.chat.members[admin.id] = "administrator"
    async with at_work(fake, keeper, tmp_path, pause=time.pause, clock=time.clock, config=limits) as xiaoan:
        for number in range(60):
            town.person(f"某{number}").say(f"注安招聘，联系138{number:08d}", group.chat)
        admin.say("/xiaoan 关闭", group.chat)
        await xiaoan.settled()
    *warnings, setting = fake.sent(group.chat)
    assert ("不说话" in setting.text, len(warnings), time.now < 10) == (True, 5, True)


async def test_a_member_who_asks_and_asks_leaves_the_others_their_share(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    group, loud, calm = town.group("注安交流"), town.person("王芳"), town.person("李强")
    async with at_work(fake, keeper, tmp_path, telegram_group_per_minute="20") as xiaoan:
        for _ in range(30):
            loud.say(f"小安，{ASKS}", group.chat)
        asked = calm.say(f"小安，{OTHER}", group.chat)
        await xiaoan.settled()
        assert [m.body["reply_to_message"]["message_id"] for m in fake.sent(group.chat)].count(asked.id) == 1
        assert len(fake.sent(group.chat)) == 7  # five answers, a word to go slower, and the other's answer
