"""A private chat, as a person sees it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.channels.telegram import wording as wt
from bot.mind import MindKeeper

from .clock import ManualClock
from .fake import FakeTelegram
from .kit import Running, at_work
from .town import Town

pytestmark = pytest.mark.anyio
WHOLE = ("给我办理方案", "有", "从没注册过")
"""The taps that lead to the first date."""
PLANNED = (
    "给我办理方案",
    "有",
    "注册过",
    "2027年2月23日",
    "都没变",
    "其他行业",
    "其他单位",
    "广东",
    "能登录，用自己的密码",
)


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


@pytest.mark.parametrize("before", [PLANNED[:2], PLANNED])
async def test_an_explanation_tapped_beside_a_plan_is_one_like_any(
    xiaoan: Running, town: Town, before: tuple[str, ...]
) -> None:
    wang = town.person("王芳")
    for text in before:
        card = await xiaoan.say(wang, text)
    wang.start("e_materials-change")
    shown = await xiaoan.after(wang)
    assert {"凭什么", "有用", "没用"} <= set(shown.labels)
    assert ("上一步" in shown.labels) == (before != PLANNED)
    assert "依据" in (await xiaoan.say(wang, "凭什么")).text
    assert ("存成文件" in card.labels) == (before == PLANNED)


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


async def test_a_date_is_tapped_year_month_day(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    wang.start()
    await xiaoan.after(wang)
    for label in (*WHOLE, "2023年", "« 换一年", "« 更早", "更晚 »", "2023年", "5月", "« 换一个月", "3月"):
        shown = await xiaoan.tap(wang, label)
    assert "31" in shown.labels
    shown = await xiaoan.tap(wang, "15")
    kept = xiaoan.service.state(xiaoan.channel.tables.conversation(wang.id)).answers
    assert (kept["cert_date"], len(fake.sent(wang.chat))) == ("2023-03-15", 2)


async def test_starting_again_at_the_first_question_says_so(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    wang.start()
    await xiaoan.after(wang)
    for label in ("给我办理方案", "重来"):
        shown = await xiaoan.tap(wang, label)
    again = wang.tap(shown, "重来")
    await xiaoan.settled()
    assert again.answer is not None
    assert "第一个问题" in again.answer["text"]


async def test_a_month_alone_will_do(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    wang.start()
    await xiaoan.after(wang)
    for label in (*WHOLE, "2018年", "3月", "只记得到月：2018年3月"):
        await xiaoan.tap(wang, label)
    assert xiaoan.service.state(xiaoan.channel.tables.conversation(wang.id)).answers["cert_date"] == "2018-03"


async def test_a_date_can_be_typed_and_the_old_keyboard_goes(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    wang.start()
    await xiaoan.after(wang)
    for label in WHOLE:
        asked = await xiaoan.tap(wang, label)
    new = await xiaoan.say(wang, "18年3月")
    assert (new is asked, asked.buttons, bool(new.buttons)) == (False, [], True)


async def test_a_date_button_of_an_older_question_goes_on_with_the_open_one(
    xiaoan: Running, town: Town, fake: FakeTelegram
) -> None:
    wang = town.person("王芳")
    wang.start()
    await xiaoan.after(wang)
    for label in WHOLE:
        asked = await xiaoan.tap(wang, label)
    await xiaoan.say(wang, "18年3月")
    before = xiaoan.service.state(xiaoan.channel.tables.conversation(wang.id)).answers
    wang.tap(asked, data="d.2020!", stale=True)
    await xiaoan.settled()
    assert xiaoan.service.state(xiaoan.channel.tables.conversation(wang.id)).answers == before


async def test_earlier_answers_are_a_button_away(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    wang.start()
    await xiaoan.after(wang)
    for label in WHOLE:
        asked = await xiaoan.tap(wang, label)
    labels = asked.labels
    facts = await xiaoan.tap(wang, "改前面的回答")
    assert any(label.startswith("改：") for label in facts.labels)
    assert (await xiaoan.tap(wang, "不改了")).labels == labels
    await xiaoan.tap(wang, "改前面的回答")
    again = await xiaoan.tap(wang, next(label for label in facts.labels if label.startswith("改：")))
    assert "从没注册过" in again.labels or "有" in again.labels


async def test_why_and_useful(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    answer = await xiaoan.say(wang, "换了单位要交什么材料")
    tap = wang.tap(answer, "有用")
    await xiaoan.settled()
    assert tap.answer == {"text": "谢谢，记下了"} | {k: v for k, v in (tap.answer or {}).items() if k != "text"}
    assert ("有用" in answer.labels, "凭什么" in answer.labels) == (False, True)
    assert len(xiaoan.service.store.read("select * from feedback where useful = 1")) == 1
    wang.tap(answer, "凭什么")
    assert "的依据" in (await xiaoan.after(wang)).text
    assert "出处" in answer.text


async def test_the_plan_comes_with_calendar_and_file(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    await xiaoan.say(wang, "给我办理方案")
    for text in ("有", "注册过", "2027年2月23日", "都没变", "其他", "其他单位", "广东", "能登录，用自己的密码"):
        plan = await xiaoan.say(wang, text)
    assert {"日历文件", "存成文件"} <= set(plan.labels)
    for label in ("日历文件", "存成文件"):
        wang.tap(plan, label)
    await xiaoan.settled()
    files = {upload.name: upload.content for upload in fake.world.files.values()}
    assert files["办理方案.ics"].startswith(b"BEGIN:VCALENDAR")
    assert files["办理方案.md"].decode().startswith("# ")


async def test_an_edited_question_has_its_answer_edited(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    question = wang.say("初始注册需要什么材料")
    answer = await xiaoan.after(wang)
    before = answer.text
    wang.edit(question, "延续注册提前多久办")
    await xiaoan.settled()
    assert (len(fake.sent(wang.chat)), answer.text != before) == (1, True)


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "document", "contact", "dice", "game"])
async def test_what_is_no_text_gets_a_hint(xiaoan: Running, town: Town, kind: str) -> None:
    wang = town.person("王芳")
    wang.send(kind)
    assert "文字" in (await xiaoan.after(wang)).text


async def test_a_tap_after_the_message_was_deleted_goes_on_below(
    xiaoan: Running, town: Town, fake: FakeTelegram
) -> None:
    wang = town.person("王芳")
    shown = await xiaoan.say(wang, "给我办理方案")
    data = shown.buttons[0]["callback_data"]
    shown.deleted = True
    wang.tap(shown, data=data, stale=True)
    new = await xiaoan.after(wang)
    assert "从没注册过" in new.labels


async def test_a_tap_answered_too_late_still_counts(
    xiaoan: Running, town: Town, fake: FakeTelegram, clock: ManualClock
) -> None:
    wang = town.person("王芳")
    shown = await xiaoan.say(wang, "给我办理方案")
    with fake.updates.shuffled():  # it lies at Telegram for three minutes
        wang.tap(shown, "有")
        clock.advance(180)
    assert "从没注册过" in (await xiaoan.after(wang)).labels


async def test_a_button_of_an_earlier_version_says_so_and_goes_on(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    shown = await xiaoan.say(wang, "给我办理方案")
    wang.tap(shown, data="a.00000000.gone.gone", stale=True)
    assert "旧的版本" in (await xiaoan.after(wang)).text


async def test_a_button_nobody_knows_is_no_dead_end(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    shown = await xiaoan.say(wang, "换了单位要交什么材料")
    for data in ("e.gone", "zz", "d.", "d.x-y!", "t.edit", "t.keep", "t.ics", "b.gone", "a.", "a.x", "f.gone"):
        tap = wang.tap(shown, data=data, stale=True)
        await xiaoan.settled()
        assert tap.answer is not None, data


async def test_a_blocked_bot_keeps_quiet_and_answers_others(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang, li = town.person("王芳"), town.person("李强")
    fake.faults.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    wang.say("你好")
    await xiaoan.settled()
    assert "出处" in (await xiaoan.say(li, "初始注册需要什么材料")).text


async def test_cancel_and_resume(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    await xiaoan.say(wang, "/plan")
    await xiaoan.say(wang, "有")
    left = await xiaoan.say(wang, "/cancel")
    assert "先到这儿" in left.text
    assert "从没注册过" in (await xiaoan.say(wang, "/resume")).labels


async def test_typing_is_shown_when_an_answer_takes_longer(
    xiaoan: Running, town: Town, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.updates.MOMENT", 0.05)
    fake.faults.hang("sendMessage")
    wang = town.person("王芳")
    wang.say("你好")
    await fake.until(lambda: bool(fake.called("sendChatAction")))
    assert fake.called("sendChatAction")[0].params["action"] == "typing"


async def test_a_location_that_moves_is_answered_once(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    place = wang.send("location")
    for step in range(5):
        wang.move(place, 39.9 + step / 100)
    await xiaoan.settled()
    assert len(fake.sent(wang.chat)) == 1


async def test_an_edited_answer_changes_that_answer(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    for text in ("给我办理方案", "有", "从没注册过"):
        await xiaoan.say(wang, text)
    told = wang.say("2018年3月")
    asked = await xiaoan.after(wang)
    count, before = len(fake.sent(wang.chat)), asked.text
    wang.edit(told, "2022年3月")
    await xiaoan.settled()
    kept = xiaoan.service.state(xiaoan.channel.tables.conversation(wang.id)).answers
    assert kept["cert_date"] == "2022-03"
    assert (len(fake.sent(wang.chat)), asked.text != before, bool(asked.buttons)) == (count, True, True)


async def test_an_answer_edited_into_nonsense_is_asked_again(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    for text in ("给我办理方案", "有", "从没注册过"):
        asked = await xiaoan.say(wang, text)
    question = asked.text.splitlines()[-1]
    told = wang.say("2018年3月")
    await xiaoan.after(wang)
    wang.edit(told, "2018年33月")
    assert question in (await xiaoan.after(wang)).text


async def test_a_question_in_mid_plan_is_edited_where_it_is_answered(
    xiaoan: Running, town: Town, fake: FakeTelegram
) -> None:
    wang = town.person("王芳")
    for text in ("给我办理方案", "有"):
        await xiaoan.say(wang, text)
    question = wang.say("初始注册要啥材料")
    answer = await xiaoan.after(wang)
    before, labels = answer.text, answer.labels
    wang.edit(question, "变更注册要啥材料")
    assert await xiaoan.after(wang) is answer
    assert (answer.text != before, answer.labels[:2]) == (True, labels[:2])
    asks = await xiaoan.say(wang, "从没注册过")
    wang.edit(question, "延续注册要啥材料")
    assert await xiaoan.after(wang) is asks
    assert ("延续" in answer.text, "从没注册过" in answer.labels, bool(asks.buttons)) == (True, False, True)


async def test_the_open_question_stands_once(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    answer = await xiaoan.say(wang, "换了单位要交什么材料")
    for text in ("给我办理方案", "有"):
        await xiaoan.say(wang, text)
    wang.tap(answer, "没用")
    await xiaoan.settled()
    assert sum("从没注册过" in shown.labels for shown in fake.sent(wang.chat)) == 1


@pytest.mark.parametrize(("label", "says"), [("凭什么", "的依据"), ("有用", "谢谢"), ("没用", "谢谢")])
async def test_a_button_may_be_typed(xiaoan: Running, town: Town, label: str, says: str) -> None:
    wang = town.person("王芳")
    await xiaoan.say(wang, "换了单位要交什么材料")
    assert says in (await xiaoan.say(wang, label)).text


@pytest.mark.parametrize("label", ["日历文件", "存成文件"])
async def test_a_file_may_be_asked_for_by_its_buttons_words(
    xiaoan: Running, town: Town, fake: FakeTelegram, label: str
) -> None:
    wang = town.person("王芳")
    for text in PLANNED:
        await xiaoan.say(wang, text)
    await xiaoan.say(wang, label)
    assert len(fake.called("sendDocument")) == 1


async def test_what_is_no_text_repeats_the_open_question(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    asked = await xiaoan.say(wang, "给我办理方案")
    labels = asked.labels
    wang.send("sticker")
    again = await xiaoan.after(wang)
    assert (again.labels, asked.labels) == (labels, [])
    assert "文字" in fake.sent(wang.chat)[-2].text


@pytest.mark.parametrize(
    "text",
    [
        "/forget\n谢谢",
        "/forget。",
        "/forget@xiaoan_test_bot，谢谢",
        "/FORGET",
        "／forget",
        "/forget🙏",
        "/forget\u200b",
    ],
)
async def test_a_command_ends_at_a_line_end_or_a_mark(xiaoan: Running, town: Town, text: str) -> None:
    wang = town.person("王芳")
    await xiaoan.say(wang, "给我办理方案")
    assert "都删掉了" in (await xiaoan.say(wang, text)).text
    await xiaoan.say(wang, "给我办理方案")
    assert "先到这儿" in (await xiaoan.say(wang, "/cancel\n谢谢")).text


@pytest.mark.parametrize("text", ["/forget吗", "/忘记"])
async def test_what_is_asked_with_a_slash_is_no_command(xiaoan: Running, town: Town, text: str) -> None:
    wang = town.person("王芳")
    await xiaoan.say(wang, "给我办理方案")
    assert "都删掉了" not in (await xiaoan.say(wang, text)).text


@pytest.mark.parametrize("text", ["/nosuch", "/forget@another_bot", "/human@another_bot 证书丢了"])
async def test_a_command_there_is_not_is_told_and_handed_to_nobody(xiaoan: Running, town: Town, text: str) -> None:
    told = await xiaoan.say(town.person("王芳"), text)
    assert told.text == wt.NO_COMMAND
    assert xiaoan.service.store.read("select * from unanswered") == []


async def test_a_command_that_is_passed_on_is_not_obeyed(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    await xiaoan.say(wang, "给我办理方案")
    wang.forward("/forget", wang.chat)
    await xiaoan.settled()
    assert not any("都删掉了" in message.text for message in fake.sent(wang.chat))


async def test_what_is_said_behind_the_command_for_a_person_is_handed_on(xiaoan: Running, town: Town) -> None:
    await xiaoan.say(town.person("王芳"), "/human\n证书丢了找谁补")
    (row,) = xiaoan.service.store.read("select question from unanswered where wants_person")
    assert row["question"] == "证书丢了找谁补"


async def test_another_bot_is_not_answered(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    robot = town.person("机器人")
    robot.user["is_bot"] = True
    robot.say("初始注册需要什么材料")
    await xiaoan.settled()
    assert fake.sent(robot.chat) == []


async def test_an_album_gets_one_hint(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    for _ in range(3):
        wang.send("photo", album="77")
    await xiaoan.settled()
    assert len(fake.sent(wang.chat)) == 1


async def test_a_button_of_another_dialogue_is_no_old_version(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    asked = await xiaoan.say(wang, "我要准备哪些材料")
    data = asked.buttons[0]["callback_data"]
    for text in ("/forget", "给我办理方案"):
        await xiaoan.say(wang, text)
    wang.tap(asked, data=data, stale=True)
    await xiaoan.settled()
    assert not any("旧的版本" in shown.text for shown in fake.sent(wang.chat))


async def test_who_leaves_at_the_first_question_is_offered_nothing_to_go_on_with(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    await xiaoan.say(wang, "/plan")
    left = await xiaoan.say(wang, "/cancel")
    assert ("继续" in left.labels, "还记着" in left.text) == (False, False)


async def test_typing_that_is_under_way_ends_with_the_channel(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.updates.MOMENT", 0.0)
    people = [town.person(name) for name in ("王芳", "李强")]
    fake.faults.hang("sendChatAction", times=2)
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        fake.faults.cut("sendMessage", times=2)
        for person in people:
            person.say("你好")
        await xiaoan.settled()
    assert [task for task in asyncio.all_tasks() if "quietly" in str(task.get_coro())] == []
