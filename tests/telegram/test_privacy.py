"""What stays of a person: nothing that tells who it is, and after /forget nothing at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.mind import MindKeeper

from .fake import FakeTelegram
from .kit import at_work
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


async def test_forget_leaves_nothing_in_any_table(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, li = town.person("王芳"), town.person("李强")
    group = town.group("注安交流")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        wang.say("换了单位要交什么材料？", group.chat)
        for text in ("初始注册需要什么材料", "今天晚上有雨吗", "给我办理方案", "有", "从没注册过", "转人工"):
            await xiaoan.say(wang, text)
        answer = await xiaoan.say(wang, "延续注册提前多久办")
        wang.tap(answer, answer.labels[0])
        await xiaoan.say(li, "初始注册需要什么材料")
        who = xiaoan.channel.tables.conversation(wang.id)
        assert "删掉" in (await xiaoan.say(wang, "/forget")).text
        rows = everything(tmp_path / "xiaoan.db")
    left = {table: row for table, kept in rows.items() for row in kept if who in row or str(wang.id) in row}
    assert left == {}
    assert len(rows["conversations"]) == 1
    assert [row for row in rows["updates"] if "初始" in row or "延续" in row] == []


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
