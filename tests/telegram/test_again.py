"""What is done a second time, on purpose or not: an edit, a double tap, a button of an older screen."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from .fake import FakeTelegram
from .kit import Running
from .person import Person
from .state import Stored
from .town import Town

pytestmark = pytest.mark.anyio
DAYS = 24 * 3600


async def said(xiaoan: Running, who: Person, *texts: str) -> Stored:
    """The person's last message, once all are answered."""
    for text in texts:
        message = who.say(text)
        await xiaoan.settled()
    return message


async def edited(xiaoan: Running, who: Person, message: Stored, text: str) -> None:
    who.edit(message, text)
    await xiaoan.settled()


def answers(xiaoan: Running, who: Person) -> Mapping[str, str]:
    return xiaoan.service.state(xiaoan.channel.tables.conversation(who.id)).answers


def open_question(xiaoan: Running, who: Person) -> str:
    return xiaoan.service.asked(xiaoan.channel.tables.conversation(who.id))


# edits


@pytest.mark.parametrize(
    "between",
    [
        ("重来", "有", "注册过"),
        ("上一步", "上一步", "注册过"),
        ("/forget", "给我办理方案", "有", "注册过"),
    ],
)
async def test_an_old_answer_is_never_heard_as_the_answer_to_another_question(
    xiaoan: Running, town: Town, between: tuple[str, ...]
) -> None:
    wang = town.person("王芳")
    old = await said(xiaoan, wang, "给我办理方案", "有", "从没注册过", "2018年3月")
    await said(xiaoan, wang, *between)
    before = answers(xiaoan, wang)
    assert open_question(xiaoan, wang) == "valid_to"
    await edited(xiaoan, wang, old, "2027年3月")
    assert (answers(xiaoan, wang), open_question(xiaoan, wang)) == (before, "valid_to")
    assert "请直接发一条新的" in (await xiaoan.after(wang)).text


async def test_an_old_answer_is_not_heard_in_another_dialogue(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    old = await said(xiaoan, wang, "我怎么登录系统", "忘了密码")
    await said(xiaoan, wang, "给我办理方案", "有", "注册过")
    before = answers(xiaoan, wang)
    await edited(xiaoan, wang, old, "2027年3月")
    assert (answers(xiaoan, wang), open_question(xiaoan, wang)) == (before, "valid_to")


async def test_a_question_between_is_not_heard_as_an_answer(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    aside = await said(xiaoan, wang, "给我办理方案", "有", "注册过", "初始注册要啥材料")
    await edited(xiaoan, wang, aside, "2027年3月")
    assert "valid_to" not in answers(xiaoan, wang)


async def test_what_did_not_fit_may_be_set_right_while_it_is_asked(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    wrong = await said(xiaoan, wang, "给我办理方案", "有", "从没注册过", "2018年33月")
    await edited(xiaoan, wang, wrong, "2018年3月")
    assert answers(xiaoan, wang)["cert_date"] == "2018-03"
    await edited(xiaoan, wang, wrong, "2019年3月")
    assert answers(xiaoan, wang)["cert_date"] == "2019-03"


@pytest.mark.parametrize("after", [(), ("换了单位要交什么材料？",)])
async def test_a_question_opened_by_an_edit_stands_there_with_its_buttons(
    xiaoan: Running, town: Town, after: tuple[str, ...]
) -> None:
    wang = town.person("王芳")
    typo = await said(xiaoan, wang, "初始注册要啥材料")
    answer = await xiaoan.after(wang)
    for text in after:
        await xiaoan.say(wang, text)
    await edited(xiaoan, wang, typo, "我18年3月拿的证一直没注册，怎么办")
    assert ("逾期初始注册" in answer.text, "业务" in answer.text) == (True, True)
    assert {"其他行业", "退出"} <= set(answer.labels)
    wang.tap(answer, "其他行业")
    await xiaoan.settled()
    assert (answers(xiaoan, wang)["business"], open_question(xiaoan, wang)) == ("other", "employer")


WORDS = ["上一步", "重来", "凭什么", "有用", "转人工 我的证书丢了", "/forget", "我怎么登录系统", "2018年3月"]


@pytest.mark.parametrize("word", WORDS)
async def test_an_edit_that_changes_nothing_does_nothing(
    xiaoan: Running, town: Town, fake: FakeTelegram, word: str
) -> None:
    wang = town.person("王芳")
    once = await said(xiaoan, wang, "给我办理方案", "有", "从没注册过", word)
    sql = "select (select count(*) from turns), (select count(*) from unanswered), (select state from conversations)"
    before = tuple(xiaoan.service.store.read(sql)[0]), len(fake.calls)
    await edited(xiaoan, wang, once, word)
    calls = [call.method for call in fake.calls[before[1] :] if call.method != "getUpdates"]
    assert (tuple(xiaoan.service.store.read(sql)[0]), calls) == (before[0], [])


@pytest.mark.parametrize(
    "word", ["上一步。", "转人工 我的证书丢了", "帮我转人工", "/forget", "/cancel@xiaoan_test_bot"]
)
async def test_an_edit_is_no_command(xiaoan: Running, town: Town, word: str) -> None:
    wang = town.person("王芳")
    typo = await said(xiaoan, wang, "给我办理方案", "有", "从没注册过", "上不")
    before = answers(xiaoan, wang)
    await edited(xiaoan, wang, typo, word)
    assert "请重新发一条" in (await xiaoan.after(wang)).text
    assert (answers(xiaoan, wang), open_question(xiaoan, wang)) == (before, "cert_date")
    assert xiaoan.service.store.read("select * from unanswered where wants_person") == []


@pytest.mark.parametrize(("days", "heard"), [(1, True), (3, False)])
async def test_an_edit_of_what_is_not_known_any_more_is_left_alone(
    xiaoan: Running, town: Town, fake: FakeTelegram, days: int, heard: bool
) -> None:
    wang, group = town.person("王芳"), town.group("注安交流")
    asks = "换了单位要交什么材料？"
    for question in (wang.say(asks), wang.say(asks, group.chat)):
        await xiaoan.settled()
        await xiaoan.service.store.write(lambda c: c.execute("delete from telegram_answers"))
        question.body["date"] -= days * DAYS
        before = len(fake.sent(question.chat))
        await edited(xiaoan, wang, question, asks)
        assert (len(fake.sent(question.chat)) > before) == heard


async def test_of_several_edits_that_wait_only_the_newest_is_carried_out(
    xiaoan: Running, town: Town, fake: FakeTelegram
) -> None:
    wang, group = town.person("王芳"), town.group("注安交流")
    for chat in (wang.chat, group.chat):
        question, other = wang.say("换了单位要交什么材料？", chat), wang.say("初始注册要啥材料？", chat)
        await xiaoan.settled()
        for number in range(9):
            wang.edit(question, f"初始注册要啥材料{'？' * number}")
        wang.edit(other, "换了单位要交什么材料？")
        wang.edit(question, "延续注册提前多久办？")
        await xiaoan.settled()
        assert [("期满前3个月" in shown.text, "单位更名" in shown.text) for shown in fake.sent(chat)] == [
            (True, False),
            (False, True),
        ]
    assert len(fake.called("editMessageText")) == 4


async def test_nothing_can_be_read_from_what_tells_that_a_text_is_the_same(xiaoan: Running, town: Town) -> None:
    await said(xiaoan, town.person("王芳"), "我的电话13812345678")
    (row,) = xiaoan.service.store.read("select digest from telegram_answers")
    assert len(row["digest"]) == 4


# taps

DATED = [
    ("从没注册过", "2019年", "3月", "15"),
    ("从没注册过", "2021年", "11月", "只记得到月：2021年11月"),
    ("注册过", "2026年", "11月", "只记得到月：2026年11月"),
]


@pytest.mark.parametrize("taps", DATED)
async def test_a_date_tapped_twice_answers_one_question(
    xiaoan: Running, town: Town, fake: FakeTelegram, taps: tuple[str, ...]
) -> None:
    once, twice = town.person("王芳"), town.person("李强")
    for who in (once, twice):
        await said(xiaoan, who, "给我办理方案", "有")
        for label in taps[:-1]:
            shown = await xiaoan.tap(who, label)
        for _ in range(1 if who is once else 2):
            who.tap(shown, taps[-1])
        await xiaoan.settled()
    assert answers(xiaoan, twice) == answers(xiaoan, once)
    first, second = fake.sent(once.chat)[-1], fake.sent(twice.chat)[-1]
    assert (second.labels, "没对上" in second.text) == (first.labels, False)


@pytest.mark.parametrize("data", ["d.2018!", "d.2018-03", "d.2018.y"])
async def test_a_date_button_of_an_earlier_version_says_so_and_the_question_is_asked_anew(
    xiaoan: Running, town: Town, data: str
) -> None:
    wang = town.person("王芳")
    await said(xiaoan, wang, "给我办理方案", "有", "从没注册过")
    before = answers(xiaoan, wang)
    shown = await xiaoan.after(wang)
    tap = wang.tap(shown, data=data, stale=True)
    await xiaoan.settled()
    assert tap.answer is not None
    assert "旧版本" in tap.answer["text"]
    assert (answers(xiaoan, wang), "2018年" in shown.labels) == (before, True)


@pytest.mark.parametrize("data", ["t.edit", "t.keep"])
async def test_the_answers_asked_for_under_a_deleted_message_come_below(
    xiaoan: Running, town: Town, fake: FakeTelegram, data: str
) -> None:
    wang = town.person("王芳")
    await said(xiaoan, wang, "给我办理方案", "有")
    shown = await xiaoan.after(wang)
    shown.deleted = True
    wang.tap(shown, data=data, stale=True)
    assert "从没注册过" in (await xiaoan.after(wang)).labels
