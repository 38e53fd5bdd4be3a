"""What 小安 does among people: whose words are whose, what it never says aloud, when it keeps quiet."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.channels.telegram.api import Api
from bot.mind import MindKeeper

from .fake import FakeTelegram
from .kit import Running, at_work
from .state import Stored
from .test_public import NAME, kept, pressed
from .timing import standstill
from .town import Town

pytestmark = pytest.mark.anyio
ASKS = "初始注册需要什么材料？"
CASE = "我18年3月拿的证一直没注册，怎么办"


async def answers(xiaoan: Running, town: Town, text: str, *replies: str) -> list[Stored]:
    """The answers to a text in a group, and to what is said under the last of them."""
    group, wang = town.group("注安交流"), town.person("王芳")
    wang.say(text, group.chat)
    await xiaoan.settled()
    for reply in replies:
        wang.say(reply, group.chat, reply_to=xiaoan.fake.sent(group.chat)[-1])
        await xiaoan.settled()
    return xiaoan.fake.sent(group.chat)


async def test_a_case_belongs_to_who_told_it_not_to_who_points_at_it(xiaoan: Running, town: Town) -> None:
    group, wang, li = town.group("注安交流"), town.person("王芳"), town.person("李强")
    told = wang.say(CASE, group.chat)
    await xiaoan.settled()
    li.say(NAME, group.chat, reply_to=told)
    await xiaoan.settled()
    button = xiaoan.fake.sent(group.chat)[-1].buttons[-1]
    await pressed(xiaoan, li, button)
    assert kept(xiaoan, li) == {}
    await pressed(xiaoan, wang, button)
    assert kept(xiaoan, wang)["cert_date"] == "2018-03"


@pytest.mark.parametrize("text", ["小安，我叫张伟，帮我算密码", "小安 没看懂", "小安 😭"])
async def test_nobody_is_asked_to_tell_their_case_in_public(xiaoan: Running, town: Town, text: str) -> None:
    (answer,) = await answers(xiaoan, town, text)
    assert "私下说" in answer.text
    assert not any(words in answer.text for words in ("告诉我", "说说", "张伟"))
    assert answer.buttons


async def test_nothing_is_handed_over_from_a_group_and_nothing_said_to_be(xiaoan: Running, town: Town) -> None:
    (answer,) = await answers(xiaoan, town, "小安 转人工")
    assert "工作人员" not in answer.text
    assert "私下" in answer.text
    assert "转人工" in (await pressed(xiaoan, town.person("李强"), answer.buttons[-1])).text
    assert xiaoan.service.store.read("select * from unanswered") == []


@pytest.mark.parametrize(
    ("text", "carried"), [("小安 我想注册", False), ("小安 我叫王芳菲", False), ("小安 我18年3月拿的证", True)]
)
async def test_what_was_said_is_said_to_be_carried_only_where_it_is(
    xiaoan: Running, town: Town, text: str, carried: bool
) -> None:
    (answer,) = await answers(xiaoan, town, text)
    assert ("已经带上" in answer.text) == carried
    assert ("?start=s_" in answer.buttons[-1]["url"]) == carried
    assert bool(xiaoan.service.store.read("select * from telegram_links")) == carried


async def test_nothing_is_carried_for_an_anonymous_admin(xiaoan: Running, town: Town) -> None:
    group, admin = town.group("注安交流"), town.person("管理")
    group.say_as_group(f"小安 {CASE}")
    await xiaoan.settled()
    (answer,) = xiaoan.fake.sent(group.chat)
    assert "已经带上" not in answer.text
    await pressed(xiaoan, admin, answer.buttons[-1])
    assert kept(xiaoan, admin) == {}


@pytest.mark.parametrize("text", ["wx:13812345678", "13812345678@qq.com 联系我", "电话一三八一二三四五六七八"])
async def test_whatever_the_scrubber_hides_is_warned_of(xiaoan: Running, town: Town, text: str) -> None:
    (answer,) = await answers(xiaoan, town, text)
    assert "删掉那条消息" in answer.text
    assert "138" not in answer.text


async def test_a_forwarded_number_is_warned_of_and_nothing_else_forwarded_is_answered(
    xiaoan: Running, town: Town
) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    for text in ("张三 身份证11010519491231002X，换了单位要交什么材料？", ASKS, f"小安，{ASKS}", f"/help{NAME}"):
        wang.forward(text, group.chat)
    await xiaoan.settled()
    (warning,) = xiaoan.fake.sent(group.chat)
    assert ("删掉那条消息" in warning.text, "出处" in warning.text) == (True, False)


async def test_a_number_is_warned_of_after_a_crash(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    group = town.group("注安交流")
    held, _, pause = standstill()
    async with at_work(fake, keeper, tmp_path, pause=pause) as first:
        fake.faults.too_many("sendMessage")
        town.person("王芳").say("打13812345678找我", group.chat)
        await asyncio.wait_for(held.wait(), 10)
        assert "13812345678" not in str([tuple(row) for row in first.service.store.read("select * from updates")])
    async with at_work(fake, keeper, tmp_path) as second:
        await second.settled()
    assert ["删掉那条消息" in found.text for found in fake.sent(group.chat)] == [True]


@pytest.mark.parametrize("text", ["看 https://www.mem.gov.cn/a?id=123456789012345", "邮箱 zhuce@mem.gov.cn"])
async def test_addresses_of_offices_are_not_warned_of(xiaoan: Running, town: Town, text: str) -> None:
    assert await answers(xiaoan, town, text) == []


async def test_a_shared_card_is_warned_of(xiaoan: Running, town: Town) -> None:
    group = town.group("注安交流")
    town.person("王芳").send("contact", group.chat)
    await xiaoan.settled()
    (answer,) = xiaoan.fake.sent(group.chat)
    assert "删掉那条消息" in answer.text


@pytest.mark.parametrize(("command", "says"), [("forget", "/forget"), ("privacy", "删掉")])
async def test_what_is_kept_is_a_matter_of_the_private_chat(
    xiaoan: Running, town: Town, command: str, says: str
) -> None:
    (answer,) = await answers(xiaoan, town, f"/{command}{NAME}")
    assert "私" in answer.text
    assert says in answer.text
    assert "/forget" in (await pressed(xiaoan, town.person("李强"), answer.buttons[0])).text


async def test_a_reply_to_an_answer_is_heard_after_that_answer(xiaoan: Running, town: Town) -> None:
    *_, answer = await answers(xiaoan, town, ASKS, "那变更呢")
    assert "变更注册上传" in answer.text


async def test_why_in_reply_to_an_answer_tells_its_sources(xiaoan: Running, town: Town) -> None:
    *_, answer = await answers(xiaoan, town, ASKS, "凭什么")
    assert "的依据" in answer.text


async def test_a_question_to_another_person_is_left_alone_unless_it_is_called(xiaoan: Running, town: Town) -> None:
    group, wang, li = town.group("注安交流"), town.person("王芳"), town.person("李强")
    told = li.say("我昨天把材料寄了", group.chat)
    wang.say(ASKS, group.chat, reply_to=told)
    await xiaoan.settled()
    assert xiaoan.fake.sent(group.chat) == []
    li.say(ASKS, group.chat, reply_to=told)
    wang.say(f"小安，{ASKS}", group.chat, reply_to=told)
    await xiaoan.settled()
    assert len(xiaoan.fake.sent(group.chat)) == 2


async def test_a_question_in_a_topic_is_for_everybody(xiaoan: Running, town: Town) -> None:
    group, wang, li = town.group("注安交流"), town.person("王芳"), town.person("李强")
    wang.say(ASKS, group.chat, reply_to=group.topic("材料", li))
    await xiaoan.settled()
    assert len(xiaoan.fake.sent(group.chat)) == 1


@pytest.mark.parametrize("text", ["/ask{name}\n{asks}", "/ask{name}，{asks}", "/help{name}\n", "/help。"])
async def test_a_command_ends_at_a_line_end_or_a_mark(xiaoan: Running, town: Town, text: str) -> None:
    (answer,) = await answers(xiaoan, town, text.format(name=NAME, asks=ASKS))
    assert ("出处" in answer.text) == ("ask" in text)


async def test_a_caption_taken_away_takes_the_answer_along(xiaoan: Running, town: Town) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    asked = wang.send("photo", group.chat, caption=ASKS)
    await xiaoan.settled()
    assert len(xiaoan.fake.sent(group.chat)) == 1
    wang.uncaption(asked)
    await xiaoan.settled()
    assert xiaoan.fake.sent(group.chat) == []


async def test_a_question_changed_where_it_keeps_quiet_now_loses_its_answer(xiaoan: Running, town: Town) -> None:
    group, wang = town.group("注安交流"), town.person("王芳")
    asked = wang.say(ASKS, group.chat)
    await xiaoan.settled()
    group.say_as_group("/xiaoan 关闭。")
    await xiaoan.settled()
    wang.edit(asked, "变更注册需要什么材料？")
    await xiaoan.settled()
    (setting,) = xiaoan.fake.sent(group.chat)
    assert "不说话" in setting.text


async def test_an_admin_is_one_also_when_telegram_stumbles(xiaoan: Running, town: Town) -> None:
    group, admin = town.group("注安交流"), town.person("管理")
    group.chat.members[admin.id] = "administrator"
    xiaoan.fake.faults.gateway("getChatMember")
    admin.say("/xiaoan 关闭", group.chat)
    await xiaoan.settled()
    (setting,) = xiaoan.fake.sent(group.chat)
    assert "不说话" in setting.text


CHATTER = ["👍", "哈哈哈", "好的", "学到了", "有用", "不对", "李强你看看", "嗯嗯", "谢谢", "这机器人真行"]


@pytest.mark.parametrize("text", CHATTER)
async def test_what_people_say_to_an_answer_is_left_alone(xiaoan: Running, town: Town, text: str) -> None:
    assert len(await answers(xiaoan, town, ASKS, text)) == 1


@pytest.mark.parametrize("text", ["转人工", "变更注册的材料", "我18年3月拿的证"])
async def test_what_is_meant_for_it_is_answered_in_a_reply(xiaoan: Running, town: Town, text: str) -> None:
    assert len(await answers(xiaoan, town, ASKS, text)) == 2


async def test_an_answer_that_was_deleted_comes_again_under_the_edited_question(xiaoan: Running, town: Town) -> None:
    wang, post = town.person("王芳"), town.channel("注安通知").post("开始受理")
    asked = wang.comment(post, ASKS)
    await xiaoan.settled()
    xiaoan.fake.sent(post.group.chat)[-1].deleted = True
    wang.edit(asked, "变更注册需要什么材料？")
    await xiaoan.settled()
    (answer,) = xiaoan.fake.sent(post.group.chat)
    assert (answer.body["reply_to_message"]["message_id"], answer.thread) == (asked.id, post.forwarded.id)


@pytest.mark.parametrize("text", [f"@other_bot {ASKS}", "@zhangsan 你延续办了吗？要什么材料"])
async def test_what_is_said_to_somebody_else_is_left_alone(xiaoan: Running, town: Town, text: str) -> None:
    assert await answers(xiaoan, town, text) == []
    assert len(await answers(xiaoan, town, ASKS, text)) == 1


@pytest.mark.parametrize("text", ["小安在吗", "小安在不在？", "/help", f"@zhangsan 问 {NAME} {ASKS}"])
async def test_who_calls_it_is_answered(xiaoan: Running, town: Town, text: str) -> None:
    assert len(await answers(xiaoan, town, text)) == 1


@pytest.mark.parametrize("sees_all", [True, False])
async def test_its_hello_says_when_it_speaks(
    xiaoan: Running, town: Town, monkeypatch: pytest.MonkeyPatch, sees_all: bool
) -> None:
    monkeypatch.setattr(Api, "can_read_all_group_messages", sees_all)
    group, admin = town.group("注安交流", bot=None), town.person("管理")
    group.set_bot("member", admin)
    await xiaoan.settled()
    (hello,) = xiaoan.fake.sent(group.chat)
    assert "有把握也答" in hello.text
    assert ("设为管理员" in hello.text) != sees_all
