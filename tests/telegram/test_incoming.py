"""What is read of an update, and what of it lies on disk."""

from __future__ import annotations

import json
import re
import time

import pytest

from bot.channels.telegram.incoming import KINDS, Ask, Message, Tap, lane, read, slim, user_of, without_addresses

from . import spec
from .fake import FakeTelegram
from .state import Json
from .town import Town


def scene(fake: FakeTelegram, town: Town) -> list[Json]:
    """One update of every kind."""
    wang, channel = town.person("王芳菲", username="wangfangfei"), town.channel("注安通知")
    group = town.group("注安交流", small=True)
    first = wang.say("你好")
    wang.edit(first, "我叫王芳菲，电话13812345678")
    wang.send("photo", caption="身份证11010519491231002X")
    wang.send("contact")
    wang.say("在吗", reply_to=first)
    wang.comment(channel.post("开始受理"), "怎么办")
    channel.discussion.say_as_channel(channel, "大家看看")
    wang.say("大家好", group.chat)
    group.set_bot("administrator", wang)
    group.migrate(wang)
    wang.ask_inline("王芳菲 变更")
    wang.tap(first, data="f.plan", stale=True)
    first.deleted = True
    wang.tap(first, data="f.plan", stale=True)
    wang.block()
    return fake.updates.history


def hidden(text: str) -> str:
    for word in ("王芳菲", "13812345678", "11010519491231002X"):
        text = text.replace(word, "…")
    return text


def test_what_is_on_disk_reads_like_what_came(fake: FakeTelegram, town: Town) -> None:
    for update in scene(fake, town):
        kept = json.loads(json.dumps(slim(update, lambda text: text)))
        assert (read(kept), lane(kept), user_of(kept)) == (read(update), lane(update), user_of(update))


def test_what_is_on_disk_tells_nobody(fake: FakeTelegram, town: Town) -> None:
    kept = json.dumps([slim(update, hidden) for update in scene(fake, town)], ensure_ascii=False)
    for word in ("王芳菲", "wangfangfei", "13812345678", "13800000000", "11010519491231002X", "某人", "注安"):
        assert word not in kept


def test_kinds_are_told_apart(fake: FakeTelegram, town: Town) -> None:
    kinds = [type(read(update)) for update in scene(fake, town)]
    assert {Message, Tap, Ask} <= set(kinds)
    assert None not in [read(update) for update in scene(fake, town)]


@pytest.mark.skipif(not spec.present(), reason="the published schema is not at hand")
def test_every_kind_of_message_the_bot_api_knows_is_something_said() -> None:
    kinds = re.compile(r"Optional\. (?:The m|M)essage (?:is an? |contains )(?!service)")
    assert {name for name, told in spec.fields_of("Message") if kinds.match(told)} == {*KINDS}


@pytest.mark.parametrize("update", [{}, {"update_id": 1, "poll": {}}])
def test_what_does_not_concern_us_is_nothing(update: Json) -> None:
    assert read(update) is None
    assert lane(update) == "i0"


def test_a_word_without_end_is_gone_through_once() -> None:
    began = time.process_time()
    without_addresses("a" * 50_000)
    assert time.process_time() - began < 1
