"""What is left of a dialogue on the screen once it has been forgotten or left."""

from __future__ import annotations

import pytest

from bot.state import State

from .fake import FakeTelegram
from .kit import Running
from .person import Person
from .state import Stored
from .town import Town

pytestmark = pytest.mark.anyio
PLANNED = ("给我办理方案", "还没有")


async def said(xiaoan: Running, who: Person, *texts: str) -> Stored:
    """The answer to the last of several messages."""
    for text in texts:
        shown = await xiaoan.say(who, text)
    return shown


def state(xiaoan: Running, who: Person) -> State:
    return xiaoan.service.state(xiaoan.channel.tables.conversation(who.id))


async def test_what_is_forgotten_is_not_asked_any_more(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    asked = await said(xiaoan, wang, "给我办理方案", "有")
    await xiaoan.say(wang, "/forget")
    assert asked.labels == []
    wang.say("注册过，2027年2月23日到期")  # the answer is on its way when everything is forgotten
    wang.say("/forget")
    await xiaoan.settled()
    assert ["改前面的回答" in shown.labels for shown in fake.sent(wang.chat)[-2:]] == [False, False]


async def test_a_tap_for_a_forgotten_question_is_told_and_answers_nothing(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    old = await said(xiaoan, wang, "给我办理方案", "有", "从没注册过", "2018年3月", "其他行业")
    data = next(button["callback_data"] for button in old.buttons if button["text"] == "还没有聘用单位")
    before = old.text
    for begun in (("/forget",), ("给我办理方案",)):
        newest = await said(xiaoan, wang, *begun)
        labels = newest.labels
        tap = wang.tap(old, data=data, stale=True)
        await xiaoan.settled()
        assert tap.answer is not None
        assert "没有记下" in tap.answer["text"]
        assert (state(xiaoan, wang).answers, old.text, newest.labels) == ({}, before, labels)
    assert state(xiaoan, wang).flow == "plan"


@pytest.mark.parametrize("leave", ["/cancel", "退出", "下一位"])
async def test_a_question_that_was_left_has_no_buttons(xiaoan: Running, town: Town, leave: str) -> None:
    wang = town.person("王芳")
    asked = await said(xiaoan, wang, "给我办理方案", "有", "从没注册过")
    left = await xiaoan.say(wang, leave)
    assert (asked.labels, "给我办理方案" in left.labels) == ([], True)


async def test_a_finished_plan_keeps_its_buttons_whatever_is_said_after_it(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    question = wang.say("初始注册要啥材料")
    await xiaoan.settled()
    card = await said(xiaoan, wang, *PLANNED)
    labels = card.labels
    wang.edit(question, "延续注册提前多久办")
    await xiaoan.settled()
    await xiaoan.say(wang, "退出")
    assert card.labels == labels


@pytest.mark.parametrize("between", [("退出",), ("退出", "凭什么"), ("重新注册要啥材料",)])
async def test_the_answers_of_a_finished_plan_are_a_button_away_and_back(
    xiaoan: Running, town: Town, between: tuple[str, ...]
) -> None:
    wang = town.person("王芳")
    card = await said(xiaoan, wang, *PLANNED)
    labels = card.labels
    await said(xiaoan, wang, *between)
    for label, shown in (("改前面的回答", ["改：中级注安资格证书", "不改了"]), ("不改了", labels)):
        wang.tap(card, label)
        await xiaoan.settled()
        assert card.labels == shown


async def test_where_no_answers_are_left_the_button_says_so(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    card = await said(xiaoan, wang, *PLANNED)
    labels = card.labels
    await xiaoan.say(wang, "/forget")
    tap = wang.tap(card, "改前面的回答")
    await xiaoan.settled()
    assert tap.answer is not None
    assert ("没有可改的回答" in tap.answer["text"], card.labels) == (True, labels)


async def test_the_answers_asked_for_where_the_dialogue_has_gone_on_come_below(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    old = await said(xiaoan, wang, "给我办理方案", "有")
    wang.say("从没注册过")
    wang.tap(old, "改前面的回答")
    assert "2018年" in (await xiaoan.after(wang)).labels
    assert old.labels == []


async def test_buttons_that_have_gone_are_not_brought_back_by_a_rating(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    old = await said(xiaoan, wang, "我要准备哪些材料", "延续注册提前多久办？")
    wang.say("延续注册")
    tap = wang.tap(old, "有用")  # while the answer is on its way
    await xiaoan.settled()
    assert tap.answer is not None
    assert (tap.answer["text"], old.labels) == ("谢谢，记下了", [])
