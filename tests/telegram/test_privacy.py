"""What stays of a person: nothing that tells who it is, and after /forget nothing at all."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.mind import MindKeeper

from .fake import FakeTelegram
from .kit import at_work
from .timing import standstill
from .town import Town

pytestmark = pytest.mark.anyio


def everything(path: Path) -> dict[str, list[str]]:
    """Every row of every table, through a connection of its own."""
    with sqlite3.connect(path) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        found = {n: [repr(row) for row in connection.execute(f'select * from "{n}"')] for n in names}
    connection.close()
    return found


async def test_nothing_tells_who_it_was(fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path) -> None:
    wang = town.person("王芳菲", username="wangfangfei")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        await xiaoan.say(wang, "我叫王芳菲，手机13812345678，初始注册需要什么材料")
        rows = everything(tmp_path / "xiaoan.db")
        reached = rows.pop("telegram_people")
    assert [str(wang.id) in row for row in reached] == [True]
    told = "\n".join(row for kept in rows.values() for row in kept if kept is not rows.get("telegram_answers"))
    for word in ("王芳菲", "wangfangfei", "13812345678"):
        assert word not in told


def bytes_of(folder: Path) -> bytes:
    """Everything that lies on the disk, the log beside the database too."""
    return b"".join(path.read_bytes() for path in folder.glob("xiaoan.db*"))


async def test_forget_leaves_nothing_in_any_table(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, li = town.person("王芳"), town.person("李强")
    group = town.group("注安交流")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        wang.say("换了单位要交什么材料？", group.chat)
        wang.say("@xiaoan_test_bot 我18年3月拿的证一直没注册，在广东的炼油厂，怎么办", group.chat)
        for text in ("初始注册需要什么材料", "今天晚上有雨吗", "给我办理方案", "有", "从没注册过", "转人工"):
            await xiaoan.say(wang, text)
        answer = await xiaoan.say(wang, "延续注册提前多久办")
        wang.tap(answer, answer.labels[0])
        await xiaoan.say(li, "初始注册需要什么材料")
        who = xiaoan.channel.tables.conversation(wang.id)
        rows = everything(tmp_path / "xiaoan.db")
        assert any(who in row for row in rows["telegram_links"])
        assert "删掉" in (await xiaoan.say(wang, "/forget")).text
        rows = everything(tmp_path / "xiaoan.db")
        assert "今天晚上有雨吗".encode() not in bytes_of(tmp_path)
        assert who.encode() not in bytes_of(tmp_path)
    left = {table: row for table, kept in rows.items() for row in kept if who in row or str(wang.id) in row}
    assert left == {}
    assert len(rows["conversations"]) == 1
    assert [row for row in rows["updates"] if "初始" in row or "延续" in row] == []


async def test_forget_finds_what_could_not_be_answered_yet(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, group = town.person("王芳"), town.group("注安交流")
    held, gate, pause = standstill()
    async with at_work(fake, keeper, tmp_path, pause=pause) as xiaoan:
        who = xiaoan.channel.tables.conversation(wang.id)
        fake.faults.too_many("sendMessage")
        wang.say("@xiaoan_test_bot 我18年3月拿的证一直没注册，在广东的炼油厂，怎么办", group.chat)
        wang.say("@xiaoan_test_bot 我的证2019年拿的，一直没注册，怎么办", group.chat)
        await asyncio.wait_for(held.wait(), 10)
        assert any("炼油厂" in row for row in everything(tmp_path / "xiaoan.db")["updates"])
        wang.say("/forget")
        await fake.heard(wang.chat)
        assert not any("炼油厂" in row for row in everything(tmp_path / "xiaoan.db")["updates"])
        assert "炼油厂".encode() not in bytes_of(tmp_path)
        gate.set()  # the answers that were still on their way
        await xiaoan.settled()
        assert len(fake.sent(group.chat)) == 2
        rows = everything(tmp_path / "xiaoan.db")
        assert {table: row for table, kept in rows.items() for row in kept if who in row} == {}


async def test_what_is_said_right_after_forget_is_answered(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        await xiaoan.say(wang, "你好")
        with fake.updates.shuffled():
            wang.say("/forget")
            wang.say("延续注册提前多久办")
        await xiaoan.settled()
        again = fake.updates.history[-1]["update_id"]
        fake.updates.again(again)
        await xiaoan.settled()
    assert sum("延续" in message.text for message in fake.sent(wang.chat)) == 1


async def test_what_waits_on_disk_tells_nobody(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳菲", username="wangfangfei")
    held, _, pause = standstill()
    async with at_work(fake, keeper, tmp_path, pause=pause):
        fake.faults.too_many("sendMessage")
        wang.say("我叫王芳菲，手机13812345678，初始注册需要什么材料")
        await asyncio.wait_for(held.wait(), 10)
        waiting = everything(tmp_path / "xiaoan.db")["updates"]
        assert [("初始注册" in row) for row in waiting] == [True]
        for word in ("王芳菲", "wangfangfei", "13812345678"):
            assert word.encode() not in bytes_of(tmp_path)


async def test_the_same_person_has_another_digest_in_another_database(
    fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path
) -> None:
    made = []
    for name in ("a", "b", "a"):
        (tmp_path / name).mkdir(exist_ok=True)
        async with at_work(fake, keeper, tmp_path / name) as xiaoan:
            made.append(xiaoan.channel.tables.conversation(700_000_001))
    assert made[0] == made[2] != made[1]
    assert made[0].startswith("tg-")


async def test_privacy_says_what_is_kept(fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path) -> None:
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        assert "/forget" in (await xiaoan.say(town.person("王芳"), "/privacy")).text


async def test_what_is_done_leaves_only_its_number(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        await xiaoan.say(town.person("王芳"), "你好")
        (row,) = xiaoan.service.store.read("select * from updates")
        assert (row["payload"], row["outgoing"], row["conversation"]) == ("", "", "")
