"""The fake world: what persons do becomes updates both schemas accept; time closes what it closes for real."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from . import limits, schema, spec
from .clock import ManualClock
from .fake import FakeTelegram, FakeWasWrong
from .formatting import read_text, utf16
from .person import NotPossible, Person
from .state import Json
from .town import Town

pytestmark = pytest.mark.anyio
KEYBOARD: Json = {"inline_keyboard": [[{"text": "初始注册", "callback_data": "f:initial"}]]}


async def updates(fake: FakeTelegram, **params: object) -> list[Json]:
    answer = await fake.call("getUpdates", params)
    assert answer["ok"], answer
    found: list[Json] = answer["result"]
    return found


async def asked(fake: FakeTelegram, person: Person) -> int:
    """The bot shows a keyboard; gives the message id."""
    answer = await fake.call("sendMessage", {"chat_id": person.id, "text": "选一个", "reply_markup": KEYBOARD})
    return int(answer["result"]["message_id"])


async def everything(fake: FakeTelegram, town: Town) -> None:
    """All a person can do, once."""
    wang, li = town.person("王芳", username="wangfang"), town.person("李强", language=None)
    wang.start("from-channel_1")
    said = wang.say("初始注册要什么材料 https://example.org @someone /help")
    wang.edit(said, "延续注册要什么材料")
    for kind in ("photo", "voice", "document", "location", "contact", "sticker"):
        wang.send(kind)
    shown = fake.world.messages[wang.id, await asked(fake, wang)]
    wang.tap(shown, "初始注册")
    wang.delete(shown)
    wang.tap(shown, data="f:initial", stale=True)
    ask = wang.ask_inline("材料")
    article = {
        "type": "article",
        "id": "a",
        "title": "材料",
        "input_message_content": {"message_text": "见<b>通知</b>"},
    }
    article["reply_markup"] = KEYBOARD
    await fake.call("answerInlineQuery", {"inline_query_id": ask.id, "results": [article]})
    wang.tap(wang.choose(ask, "a"), "初始注册")
    group = town.group("注安交流", small=True, bot=None)
    group.set_bot("member", by=li)
    li.say("@xiaoan_test_bot 在吗", group.chat)
    big = group.migrate(li)
    big.set_bot("administrator", by=li)
    first = li.say("延续什么时候办", big.chat)
    wang.say("我也想知道", reply_to=first)
    big.say_as_group("请看置顶")
    channel = town.channel("注安通知", bot="administrator")
    post = channel.post("开始受理")
    channel.edit(post, "开始受理(更正)")
    comment = li.comment(post, "我是建筑的,交给谁")
    wang.comment(post, "同问", reply_to=comment)
    big.say_as_channel(channel, "转告各位")
    wang.block()
    wang.unblock()


async def test_every_update_passes_both_schemas(fake: FakeTelegram, town: Town) -> None:
    await everything(fake, town)
    assert len(fake.updates.history) >= 30
    assert [schema.update_errors(update) for update in fake.updates.history if schema.update_errors(update)] == []


def test_the_published_schema_was_consulted() -> None:
    if not spec.present():
        pytest.skip("../shared/telegram/api.min.json is not here; aiogram's types checked alone")
    assert spec.type_errors("Update", {"update_id": "1"}) == ["Update.update_id: str is not Integer"]


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1},
        {"update_id": "1", "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}},
        {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": "1", "type": "private"}}},
        {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private", "name": "x"}}},
        {"update_id": 1, "message": {"message_id": 1, "date": "2026-11-23", "chat": {"id": 1, "type": "private"}}},
        {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1, "type": "private"}}},
        {"update_id": 1, "massage": {}},
    ],
)
def test_a_wrong_update_is_caught_by_the_types_alone(update: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec, "present", lambda: False)
    assert schema.update_errors(update) != []


def test_the_fake_refuses_to_make_up_what_cannot_be(fake: FakeTelegram) -> None:
    with pytest.raises(FakeWasWrong, match="private"):
        fake.emit("message", {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "secret"}}, "x")


async def test_a_tap_can_be_answered_for_150_seconds_and_once(
    fake: FakeTelegram, town: Town, clock: ManualClock
) -> None:
    wang = town.person("王芳")
    wang.start()
    shown = fake.world.messages[wang.id, await asked(fake, wang)]
    early, late = wang.tap(shown), wang.tap(shown)
    clock.advance(150)
    answers = [await fake.call("answerCallbackQuery", {"callback_query_id": early.id}) for _ in range(2)]
    clock.advance(1)
    answers.append(await fake.call("answerCallbackQuery", {"callback_query_id": late.id}))
    assert [answer["ok"] for answer in answers] == [True, False, False]


async def test_updates_are_kept_24_hours(fake: FakeTelegram, town: Town, clock: ManualClock) -> None:
    town.person("王芳").say("早")
    clock.advance(limits.UPDATE_LIFE)
    town.person("李强").say("晚")
    assert [u["message"]["text"] for u in await updates(fake)] == ["晚"]


async def test_an_update_comes_until_a_higher_offset_confirms_it(fake: FakeTelegram, town: Town) -> None:
    wang = town.person("王芳")
    for word in "甲乙丙":
        wang.say(word)
    numbers = [u["update_id"] for u in fake.updates.history]
    assert [u["update_id"] for u in await updates(fake, limit=2)] == numbers[:2]
    assert [u["update_id"] for u in await updates(fake, offset=numbers[1])] == numbers[1:]
    assert [u["update_id"] for u in await updates(fake, offset=-1)] == numbers[2:]
    assert await updates(fake, offset=numbers[2] + 1) == []


async def test_a_long_poll_wakes_with_the_first_message(fake: FakeTelegram, town: Town) -> None:
    poll = asyncio.create_task(updates(fake, timeout=50))
    await asyncio.sleep(0)
    town.person("王芳").say("你好")
    assert [u["message"]["text"] for u in await poll] == ["你好"]


async def test_a_long_poll_ends_empty_after_at_most_50_seconds(fake: FakeTelegram, clock: ManualClock) -> None:
    poll = asyncio.create_task(updates(fake, timeout=600))
    await asyncio.sleep(0)
    clock.advance(50)
    assert await poll == []


async def test_a_lost_confirmation_brings_the_same_update_again(fake: FakeTelegram, town: Town) -> None:
    town.person("王芳").say("你好")
    first = await updates(fake)
    after = first[0]["update_id"] + 1
    assert await updates(fake, offset=after) == []
    fake.updates.again(first[0]["update_id"])
    assert [await updates(fake, offset=after), await updates(fake, offset=after)] == [first, []]


async def test_kinds_the_bot_did_not_ask_for_do_not_come(fake: FakeTelegram, town: Town) -> None:
    await updates(fake, allowed_updates=["callback_query"])
    town.person("王芳").say("你好")
    assert await updates(fake) == []


async def test_a_second_poller_throws_the_first_out(fake: FakeTelegram) -> None:
    first = asyncio.create_task(fake.call("getUpdates", {"timeout": 50}))
    await asyncio.sleep(0)
    await updates(fake)
    assert (await first)["description"].startswith("Conflict: terminated by other getUpdates request")


async def test_a_comment_carries_the_thread_and_the_post(fake: FakeTelegram, town: Town) -> None:
    post = town.channel("注安通知").post("开始受理")
    comment = town.person("王芳").comment(post, "交给谁").body
    assert comment["reply_to_message"]["is_automatic_forward"]
    assert comment["reply_to_message"]["sender_chat"]["type"] == "channel"
    assert (comment["message_thread_id"], post.forwarded.body["from"]["id"]) == (post.forwarded.id, 777000)


async def test_an_answer_to_a_comment_stays_in_its_thread(fake: FakeTelegram, town: Town) -> None:
    post = town.channel("注安通知").post("开始受理")
    comment = town.person("王芳").comment(post, "交给谁")
    answer = {"chat_id": post.group.chat.id, "text": "省级", "reply_parameters": {"message_id": comment.id}}
    assert (await fake.call("sendMessage", answer))["result"]["message_thread_id"] == post.forwarded.id


async def test_a_migrated_group_names_its_successor(fake: FakeTelegram, town: Town) -> None:
    small = town.group("注安交流", small=True)
    big = small.migrate(town.person("李强"))
    refused = await fake.call("sendMessage", {"chat_id": small.chat.id, "text": "好"})
    assert refused["parameters"] == {"migrate_to_chat_id": big.chat.id}


async def test_a_blocked_bot_is_told_so_until_unblocked(fake: FakeTelegram, town: Town) -> None:
    wang = town.person("王芳")
    wang.start()
    wang.block()
    refused = await fake.call("sendMessage", {"chat_id": wang.id, "text": "好"})
    wang.start()
    assert refused["description"] == "Forbidden: bot was blocked by the user"
    assert (await fake.call("sendMessage", {"chat_id": wang.id, "text": "好"}))["ok"]


async def test_privacy_mode_lets_only_replies_and_named_commands_through(fake: FakeTelegram, town: Town) -> None:
    group, wang = town.group("注安交流", privacy=True), town.person("王芳")
    await fake.call("sendMessage", {"chat_id": group.chat.id, "text": "大家好"})
    wang.say("吃了吗", group.chat)
    wang.say("/help@xiaoan_test_bot", group.chat)
    wang.say("材料呢", reply_to=fake.sent(group.chat)[0])
    assert [u["message"]["text"] for u in await updates(fake)] == ["/help@xiaoan_test_bot", "材料呢"]


async def test_people_cannot_do_what_clients_do_not_offer(fake: FakeTelegram, town: Town) -> None:
    wang = town.person("王芳")
    with pytest.raises(NotPossible, match="1-64 characters"):
        wang.start("不行")
    with pytest.raises(NotPossible, match="no such button"):
        wang.tap(wang.say("你好"), "下一步")


@given(st.text(alphabet="ab安😀 \n&<>\"'", max_size=40))
def test_escaped_text_comes_out_as_it_went_in(source: str) -> None:
    escaped = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    text, entities = read_text(f"<b>{escaped}</b>", "HTML")
    assert text == source.strip()
    assert [e["length"] for e in entities] == ([utf16(source.strip())] if source.strip() else [])


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ('<a href="https://e.cn/?a=1&amp;b=2">这里</a>', "这里", [("text_link", 0, 2)]),
        ("😀<b>粗<i>斜</i></b>", "😀粗斜", [("bold", 2, 2), ("italic", 3, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ("  <u>a</u>\n", "a", [("underline", 0, 1)]),
        ("&#23433;&nbsp;", "安&nbsp;", []),
        ("/start 好", "/start 好", [("bot_command", 0, 6)]),
    ],
)
def test_markup_becomes_entities(source: str, text: str, kinds: list[tuple[str, int, int]]) -> None:
    read, entities = read_text(source, "HTML")
    assert (read, [(e["type"], e["offset"], e["length"]) for e in entities]) == (text, kinds)
