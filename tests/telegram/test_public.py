"""Groups, comments under channel posts, and inline mode."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot import links
from bot.channels.telegram import policy
from bot.channels.telegram.incoming import Message, read, slim
from bot.channels.telegram.tables import groups_in
from bot.mind import Mind, MindKeeper

from .fake import FakeTelegram
from .kit import Running, at_work
from .person import Person
from .rooms import Group
from .state import Chat, Json, Stored
from .town import Town

pytestmark = pytest.mark.anyio
ASKS = "换了单位要交什么材料？"
SMALL_TALK = [
    "大家好", "哈哈哈", "今天中午吃什么？", "谁有课件发一下", "收到", "谢谢老师", "恭喜恭喜",
    "一级造价师注册要什么材料？",
]  # fmt: skip
NAME = "@xiaoan_test_bot"
CALLS = [
    f"{NAME} 你好", "小安，延续注册提前多久办", f"{NAME} 今天天气怎么样", "小安", "小安！", "小安你好",
    "小安请问延续注册提前多久办", "小安 今天天气怎么样",
]  # fmt: skip
CALLED = [
    f"{ASKS}小安", f"请问小安，{ASKS}", f"请问小安{ASKS}", f"你好小安，{ASKS}", f"嗨小安 {ASKS}",
    f"小安老师，{ASKS}", f"小安老师{ASKS}", f"小安小安，{ASKS}", f"小安啊，{ASKS}",
    f"小安帮我看下{ASKS}", f"小安{ASKS}", "小安变更注册要交什么材料？", f"@小安{ASKS}", f"（小安）{ASKS}",
    f"“小安”{ASKS}",
    f"各位好，小安，{ASKS}", f"早上好！小安，{ASKS}", f"小安…{ASKS}", f"小安能不能说一下{ASKS}",
    f"{ASKS} @小安", f"小安老師，{ASKS}", f"{ASKS}{NAME}",
]  # fmt: skip
SPOKEN_OF = [
    "谢谢小安", "我问小安了", "我家孩子叫小安", f"小安说的对，{ASKS}", f"小安全员，{ASKS}", "小安答得真好",
    f"我昨天问了小安{ASKS}", f"小安姐姐说{ASKS}", "小安老师今天来吗？", "小安也不知道？",
]  # fmt: skip
POINTING = [
    "小安 你说呢", "小安，这个怎么办", "小安说说", "小安，他问的这个你知道吗", "小安来回答", f"{NAME} 怎么说",
    f"{NAME} 👆", f"{NAME}↑", f"问{NAME}", "小安，对吗", "小安解答一下", "小安帮帮他", f"{NAME} ?",
]  # fmt: skip
OTHER_FIELDS = [
    "足球队注册需要什么资料", "护士延续注册提前多久", "律师变更注册需要什么", "CPA注册要什么材料",
    "医疗器械注册证到期前多久可以办延续", "化妆品注册要什么材料", "护照到期前多久可以换", "签证到期前多久可以延续",
    "公司地址变更要什么材料", "学习通密码忘了怎么办",
]  # fmt: skip
NO_FIELD = ["默认密码是什么", "什么时候能下来啊", "合同要盖章吗", "换工作了要交什么材料"]
ASKING_NOTHING = [
    "谁问的变更注册要什么材料来着", "能不能别老问变更注册要什么材料了", "群公告里写了初始注册要什么材料",
    "问：变更注册要交什么材料 答：申请表和合同", "重新注册怎么办？算了我自己查", "延续注册怎么这么麻烦",
    "延续注册提前多久办，这个问题老师昨天讲过", "不知道延续注册提前多久办的看这里", "如何评价注安注册的流程",
]  # fmt: skip
TO_OTHERS = [f"@老李 {ASKS}", f"老李，{ASKS}", f"王老师，{ASKS}", f"{ASKS} @zhangsan"]
OFFICES = [
    "打400-810-1234问问", "考试院电话010-84661114", "客服8008101234", "座机（020）8333 1234，换了单位要交什么材料？",
]  # fmt: skip


async def heard(xiaoan: Running, chat: Chat) -> list[Stored]:
    await xiaoan.settled()
    return xiaoan.fake.sent(chat)


async def test_a_comment_is_answered_under_itself(xiaoan: Running, town: Town) -> None:
    wang, channel = town.person("王芳"), town.channel("注安通知")
    post = channel.post("开始受理")
    comment = wang.comment(post, ASKS)
    (answer,) = await heard(xiaoan, post.group.chat)
    assert (answer.body["reply_to_message"]["message_id"], answer.thread) == (comment.id, post.forwarded.id)
    assert "出处" in answer.text
    assert all("url" in button for button in answer.buttons)


@pytest.mark.parametrize("text", [*SMALL_TALK, "小安全帽多少钱一顶", "小安装公司招人吗", "小安妮你在吗"])
async def test_small_talk_is_left_alone(xiaoan: Running, town: Town, text: str) -> None:
    group = town.group("注安交流")
    town.person("王芳").say(text, group.chat)
    assert await heard(xiaoan, group.chat) == []


def test_half_a_character_makes_a_question_no_other(mind: Mind) -> None:
    assert policy.asks(mind, "换了\ud83d单位要交什么材料？")


@pytest.mark.parametrize("text", CALLS)
async def test_whoever_addresses_it_is_answered(xiaoan: Running, town: Town, text: str) -> None:
    group = town.group("注安交流")
    town.person("王芳").say(text, group.chat)
    assert len(await heard(xiaoan, group.chat)) == 1


async def test_its_name_under_a_question_answers_that_question(xiaoan: Running, town: Town) -> None:
    group = town.group("注安交流")
    town.person("管理").say("/xiaoan 点名", group.chat)
    question = town.person("王芳").say("延续注册提前多久办", group.chat)
    town.person("李强").say(NAME, group.chat, reply_to=question)
    assert "延续" in (await heard(xiaoan, group.chat))[-1].text


@pytest.mark.parametrize("text", OTHER_FIELDS)
@pytest.mark.parametrize("title", ["注安交流", "车友会"])
async def test_questions_of_other_fields_are_left_alone(xiaoan: Running, town: Town, text: str, title: str) -> None:
    group = town.group(title)
    town.person("王芳").say(text, group.chat)
    assert await heard(xiaoan, group.chat) == []


@pytest.mark.parametrize("text", NO_FIELD)
async def test_what_names_no_field_is_of_ours_only_where_the_talk_is(xiaoan: Running, town: Town, text: str) -> None:
    elsewhere, wanted = town.group("车友会"), town.group("安全圈")
    wang = town.person("王芳")
    wang.say(text, elsewhere.chat)
    assert await heard(xiaoan, elsewhere.chat) == []
    wanted.say_as_group("/xiaoan 有把握")
    for chat in (wanted.chat, town.group("中级注册安全工程师").chat):
        wang.say(text, chat)
        assert "出处" in (await heard(xiaoan, chat))[-1].text


async def test_what_names_the_field_is_answered_anywhere(xiaoan: Running, town: Town) -> None:
    group, channel = town.group("车友会"), town.channel("通知")
    town.person("王芳").say("延续注册要什么材料？", group.chat)
    town.person("李强").comment(channel.post("注安注册开始了"), "合同要盖章吗")
    assert len(await heard(xiaoan, group.chat)) == len(await heard(xiaoan, channel.discussion.chat)) == 1


@pytest.mark.parametrize("text", [*ASKING_NOTHING, *TO_OTHERS])
async def test_who_asks_nothing_or_asks_another_is_left_alone(xiaoan: Running, town: Town, text: str) -> None:
    group = town.group("注安交流")
    town.person("王芳").say(text, group.chat)
    assert await heard(xiaoan, group.chat) == []


@pytest.mark.parametrize(
    "told",
    [
        {"entities": [{"type": "text_mention", "offset": 0, "length": 2, "user": {"id": 7, "first_name": "老李"}}]},
        {"external_reply": {"origin": {"type": "hidden_user", "sender_user_name": "老李", "date": 0}}},
    ],
)
def test_what_names_a_person_or_replies_elsewhere_is_for_others(told: Json) -> None:
    raw = {"message_id": 1, "chat": {"id": -1, "type": "group"}, "from": {"id": 8}, "text": f"老李{ASKS}", "date": 0}
    update = {"update_id": 1, "message": raw | told}
    for seen in (update, slim(update, str)):
        message = read(seen)
        assert isinstance(message, Message)
        assert policy.read(message, 9, NAME[1:]).elsewhere


@pytest.mark.parametrize("text", ["求变更注册材料清单", "跪求初始注册流程", "各位老师，换了单位要交什么材料"])
async def test_a_plain_request_of_the_field_is_answered(xiaoan: Running, town: Town, text: str) -> None:
    group = town.group("注安交流")
    town.person("王芳").say(text, group.chat)
    assert "出处" in (await heard(xiaoan, group.chat))[-1].text


async def quiet_group(xiaoan: Running, town: Town) -> Group:
    """A group where only who calls it is answered."""
    group = town.group("注安交流")
    group.say_as_group("/xiaoan 点名")
    await xiaoan.settled()
    return group


@pytest.mark.parametrize("text", CALLED)
async def test_its_name_is_heard_wherever_it_calls(xiaoan: Running, town: Town, text: str) -> None:
    group = await quiet_group(xiaoan, town)
    town.person("王芳").say(text, group.chat)
    assert "变更注册" in (await heard(xiaoan, group.chat))[-1].text


@pytest.mark.parametrize("text", SPOKEN_OF)
async def test_who_speaks_of_it_does_not_call_it(xiaoan: Running, town: Town, text: str) -> None:
    group = await quiet_group(xiaoan, town)
    town.person("王芳").say(text, group.chat)
    assert len(await heard(xiaoan, group.chat)) == 1


@pytest.mark.parametrize("text", POINTING)
async def test_words_that_point_to_a_question_are_answered_with_it(xiaoan: Running, town: Town, text: str) -> None:
    group = await quiet_group(xiaoan, town)
    question = town.person("王芳").say("延续注册提前多久办", group.chat)
    town.person("李强").say(text, group.chat, reply_to=question)
    assert "期满前3个月" in (await heard(xiaoan, group.chat))[-1].text


async def test_a_part_that_is_quoted_is_what_is_asked(xiaoan: Running, town: Town) -> None:
    group = await quiet_group(xiaoan, town)
    said = town.person("王芳").say("换了单位要交什么材料？延续注册提前多久办？", group.chat)
    town.person("李强").say("小安帮帮他", group.chat, reply_to=said, quote="延续注册提前多久办？")
    answer = (await heard(xiaoan, group.chat))[-1].text
    assert "期满前3个月" in answer
    assert "变更注册" not in answer


async def test_a_reply_to_it_is_meant_for_it(xiaoan: Running, town: Town) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    wang.say(ASKS, group.chat)
    (answer,) = await heard(xiaoan, group.chat)
    wang.say("延续注册提前多久办", group.chat, reply_to=answer)
    assert len(await heard(xiaoan, group.chat)) == 2


async def test_an_edited_question_has_its_answer_edited_and_taken_back(
    xiaoan: Running, town: Town, fake: FakeTelegram
) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    question = wang.say(ASKS, group.chat)
    (answer,) = await heard(xiaoan, group.chat)
    before = answer.text
    wang.edit(question, "延续注册提前多久办？")
    assert await heard(xiaoan, group.chat) == [answer]
    assert answer.text != before
    wang.edit(question, "没事了")
    assert await heard(xiaoan, group.chat) == []


async def pressed(xiaoan: Running, who: Person, button: Json) -> Stored:
    """What a person sees who presses a button that leads into the private chat."""
    payload = button["url"].partition("?start=")[2]
    assert len(payload) <= 64
    who.start(payload)
    return await xiaoan.after(who)


async def told_in_public(xiaoan: Running, who: Person, group: Group, year: int = 18) -> Json:
    """The button into the private chat under what a person told about themselves."""
    who.say(f"{NAME} 我{year}年3月拿的证一直没注册，在中石化下面的炼油厂，广东的，能登录系统，怎么办", group.chat)
    return (await heard(xiaoan, group.chat))[-1].buttons[-1]


def kept(xiaoan: Running, who: Person) -> Mapping[str, str]:
    return xiaoan.service.state(xiaoan.channel.tables.conversation(who.id)).answers


async def test_the_button_carries_what_was_said_into_the_private_chat(xiaoan: Running, town: Town) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    await pressed(xiaoan, wang, await told_in_public(xiaoan, wang, group))
    assert kept(xiaoan, wang)["cert_date"] == "2018-03"


async def test_nobody_elses_case_is_filled_in(xiaoan: Running, town: Town) -> None:
    group, wang, li = town.group("注安交流"), town.person("王芳"), town.person("李强")
    button = await told_in_public(xiaoan, wang, group)
    for text in ("给我办理方案", "有", "从没注册过", "2022年6月1日"):
        await xiaoan.say(li, text)
    before = kept(xiaoan, li)
    await pressed(xiaoan, li, button)
    assert kept(xiaoan, li) == before
    assert "2018" not in str(xiaoan.fake.sent(li.chat)[-1].body)


async def test_what_was_answered_before_stands_until_the_person_says_otherwise(
    xiaoan: Running, town: Town, fake: FakeTelegram
) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    for text in ("给我办理方案", "有", "从没注册过", "2022年6月1日"):
        await xiaoan.say(wang, text)
    asks = await pressed(xiaoan, wang, await told_in_public(xiaoan, wang, group))
    assert "2018年3月" in asks.text
    assert kept(xiaoan, wang)["cert_date"] == "2022-06-01"
    await xiaoan.tap(wang, "按群里说的改过来")
    assert kept(xiaoan, wang)["cert_date"] == "2018-03"
    assert asks.buttons == []


async def test_a_button_of_somebody_elses_link_changes_nothing(xiaoan: Running, town: Town) -> None:
    group, wang, li = town.group("注安交流"), town.person("王芳"), town.person("李强")
    token = (await told_in_public(xiaoan, wang, group))["url"].partition("?start=s_")[2]
    shown = await xiaoan.say(li, "给我办理方案")
    li.tap(shown, data=f"t.take.{token}", stale=True)
    await xiaoan.settled()
    assert "cert_date" not in kept(xiaoan, li)


async def test_an_address_somebody_made_brings_no_answers(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    for answers in ({"k": "13800138000"}, {"has_cert": "yes"}):
        wang.start(f"l_{links.make('plan', answers)}")
        await xiaoan.settled()
    assert kept(xiaoan, wang) == {}
    assert xiaoan.fake.sent(wang.chat)[-1].buttons


async def test_of_a_link_only_what_fits_the_dialogue_is_taken(xiaoan: Running, town: Town) -> None:
    wang = town.person("王芳")
    tables, store = xiaoan.channel.tables, xiaoan.service.store
    answers = {"k": "13800138000", "cert_date": "加微信", "province": "广东"}
    token, write = tables.put_link(links.make("plan", answers), tables.conversation(wang.id))
    await store.write(write)
    wang.start(f"s_{token}")
    await xiaoan.settled()
    assert kept(xiaoan, wang) == {"province": "广东"}


async def test_public_answers_know_nothing_private(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    for text in ("给我办理方案", "有", "从没注册过", "2018年3月"):
        await xiaoan.say(wang, text)
    for person in (wang, town.person("李强")):
        person.say("初始注册需要什么材料？", group.chat)
    mine, other = await heard(xiaoan, group.chat)
    assert mine.text == other.text


@pytest.mark.parametrize("number", ["11010519491231002X", "13812345678", "138 1234 5678", "138，1234，5678"])
@pytest.mark.parametrize("asks", ["", "初始注册需要什么材料？"])
async def test_who_posts_a_number_is_warned_and_it_is_not_repeated(
    xiaoan: Running, town: Town, number: str, asks: str
) -> None:
    group = town.group("注安交流")
    town.person("王芳").say(f"我的是{number}，{asks}", group.chat)
    (answer,) = await heard(xiaoan, group.chat)
    assert "删掉那条消息" in answer.text
    assert number not in str(answer.body["text"]) + str(answer.buttons)
    assert ("出处" in answer.text) == bool(asks)


async def test_admins_decide_when_it_speaks(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    group, admin, wang = town.group("注安交流"), town.person("管理"), town.person("王芳")
    group.chat.members[admin.id] = "administrator"
    wang.say("/xiaoan 关闭", group.chat)
    assert "只有群管理员" in (await heard(xiaoan, group.chat))[-1].text
    admin.say("/xiaoan 关闭", group.chat)
    assert "不说话" in (await heard(xiaoan, group.chat))[-1].text
    wang.say(f"{NAME} 延续注册提前多久办", group.chat)
    assert len(await heard(xiaoan, group.chat)) == 2
    group.say_as_group("/xiaoan 点名")
    assert "点名才答" in (await heard(xiaoan, group.chat))[-1].text
    wang.say(ASKS, group.chat)
    assert len(await heard(xiaoan, group.chat)) == 3
    wang.say(f"{NAME} {ASKS}", group.chat)
    assert len(await heard(xiaoan, group.chat)) == 4


@pytest.mark.parametrize(
    ("command", "told"),
    [("/xiaoan 打开", "好的。小安在本群：点名"), ("/xiaoan有把握", "好的。小安在本群：有把握"),
     ("/xiaoan 闭嘴", "好的。小安在本群：不说话"), ("/xiaoan 随便", "没有这个设置")],
)  # fmt: skip
async def test_a_setting_there_is_not_is_not_taken_for_done(
    xiaoan: Running, town: Town, command: str, told: str
) -> None:
    group = town.group("注安交流")
    group.say_as_group(command)
    assert told in (await heard(xiaoan, group.chat))[-1].text


async def test_an_anonymous_admin_and_a_channel_are_people(xiaoan: Running, town: Town) -> None:
    channel = town.channel("注安通知")
    channel.discussion.say_as_group(ASKS)
    channel.discussion.say_as_channel(channel, ASKS)
    assert len(await heard(xiaoan, channel.discussion.chat)) == 2


async def test_machines_are_left_alone(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    channel, group, robot = town.channel("注安通知"), town.group("注安交流"), town.person("机器人")
    robot.user["is_bot"] = True
    robot.say(f"{NAME} {ASKS}", group.chat)
    post = channel.post(ASKS)
    channel.edit(post, f"{NAME} {ASKS}")
    assert (await heard(xiaoan, group.chat), await heard(xiaoan, channel.discussion.chat)) == ([], [])


async def test_a_group_that_becomes_a_supergroup_keeps_its_setting(
    xiaoan: Running, town: Town, fake: FakeTelegram
) -> None:
    group, admin, wang = town.group("注安交流", small=True), town.person("管理"), town.person("王芳")
    group.chat.members[admin.id] = "administrator"
    admin.say("/xiaoan 关闭", group.chat)
    await heard(xiaoan, group.chat)
    new = group.migrate(admin)
    wang.say(ASKS, new.chat)
    assert await heard(xiaoan, new.chat) == []


async def test_it_says_hello_when_added_and_forgets_when_put_out(xiaoan: Running, town: Town) -> None:
    group, admin = town.group("注安交流", bot=None), town.person("管理")
    group.set_bot("member", admin)
    assert "小安" in (await heard(xiaoan, group.chat))[0].text
    assert groups_in(xiaoan.service.store.path) == [group.chat.id]
    group.set_bot("left", admin)
    await xiaoan.settled()
    assert groups_in(xiaoan.service.store.path) == []


async def test_a_question_deleted_meanwhile_gets_no_answer(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    wang.delete(wang.say(ASKS, group.chat))
    assert await heard(xiaoan, group.chat) == []


async def test_inline_offers_explanations(xiaoan: Running, town: Town, fake: FakeTelegram) -> None:
    wang = town.person("王芳")
    ask = wang.ask_inline("变更 材料")
    empty = wang.ask_inline("")
    await fake.until(lambda: ask.answer is not None and empty.answer is not None)
    assert "materials-change" in [result["id"] for result in ask.results][:3]
    assert len(empty.results) >= 5
    group = town.group("闲聊")
    sent = wang.choose(ask, "materials-change", group.chat)
    assert "出处" in sent.text
    assert await heard(xiaoan, group.chat) == []
    wang.start(sent.buttons[0]["url"].partition("?start=")[2])
    assert "出处" in (await xiaoan.after(wang)).text


async def test_inline_without_a_match_still_offers_the_private_chat(
    xiaoan: Running, town: Town, fake: FakeTelegram
) -> None:
    ask = town.person("王芳").ask_inline("🎉" * 40)
    await fake.until(lambda: ask.answer is not None)
    assert ask.answer is not None
    assert ask.answer["button"]["start_parameter"]


@pytest.mark.parametrize("text", OFFICES)
async def test_numbers_of_offices_are_not_warned_of(xiaoan: Running, town: Town, text: str) -> None:
    group = town.group("注安交流")
    town.person("王芳").say(text, group.chat)
    assert "删掉那条消息" not in str([found.text for found in await heard(xiaoan, group.chat)])


@pytest.mark.parametrize("text", ["/电话13812345678", "/help 13812345678", "/note@other_bot +86 138 1234 5678"])
async def test_a_number_behind_a_slash_is_warned_of_too(xiaoan: Running, town: Town, text: str) -> None:
    group = town.group("注安交流")
    town.person("王芳").say(text, group.chat)
    (answer,) = await heard(xiaoan, group.chat)
    assert "删掉那条消息" in answer.text


async def test_an_edited_command_has_its_answer_edited(xiaoan: Running, town: Town) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    asked = wang.say(f"/ask{NAME} 换了单位要交什么材料", group.chat)
    (answer,) = await heard(xiaoan, group.chat)
    before = answer.text
    wang.edit(asked, f"/ask{NAME} 延续注册提前多久办")
    assert await heard(xiaoan, group.chat) == [answer]
    assert answer.text != before


async def test_what_was_decided_in_public_is_not_decided_again_after_a_crash(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    number = 0
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        for _ in range(2):  # as if the answer had been in two messages, of which one went out before the crash
            wang.say(ASKS, group.chat)
        await xiaoan.settled()
        number = fake.updates.history[-1]["update_id"]
        raw = [{"method": "sendMessage", "params": {"chat_id": group.chat.id, "text": text}} for text in ("一", "二")]
        sql = "update updates set done = null, payload = ?, outgoing = ?, sent = 1 where id = ?"
        payload = json.dumps(fake.updates.history[-1])
        await xiaoan.service.store.write(lambda c: c.execute(sql, [payload, json.dumps(raw), number]))
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        await xiaoan.settled()
        assert [found.text for found in fake.sent(group.chat)][2:] == ["二"]
