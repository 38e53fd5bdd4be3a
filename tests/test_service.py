"""What a conversation keeps, what it must not keep, what goes when it is forgotten; and reloading."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from bot import links
from bot.clock import ZONE
from bot.mind import MindKeeper
from bot.reply import Message, Reply, Status
from bot.service import Service
from bot.store import Store

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 23, 12, tzinfo=ZONE)
ME, OTHER = "one", "two"
SECRETS = (
    *("单雄信", "欧阳小明", "110101199003071234", "11010119900307123X", "110101 19900307 1234"),
    *("13800138000", "138-0013-8000", "zhang.san@example.org", "0755-12345678"),
)


@dataclass(slots=True)
class Desk:
    """A service over a file, and the conversation of a person."""

    path: Path
    service: Service

    def say(self, text: str = "", choose: str = "", who: str = ME) -> Reply:
        return asyncio.run(self.service.say(who, "test", Message(text=text, choose=choose)))

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table, read through a connection of its own."""
        with closing(sqlite3.connect(self.path)) as other:
            names = [row[0] for row in other.execute("select name from sqlite_master where type = 'table'")]
            return {name: other.execute(f"select * from [{name}]").fetchall() for name in names}


def opened(path: Path, keeper: MindKeeper) -> Desk:
    return Desk(path, Service(Store(path), keeper, lambda: NOON))


@pytest.fixture
def desk(tmp_path: Path, keeper: MindKeeper) -> Iterator[Desk]:
    made = opened(tmp_path / "xiaoan.db", keeper)
    yield made
    made.service.store.close()


def test_a_conversation_goes_on_after_the_store_was_closed(desk: Desk, keeper: MindKeeper) -> None:
    desk.say(choose="f.plan")
    asked = desk.say("有").node
    desk.service.store.close()
    again = opened(desk.path, keeper)
    assert again.say("继续").node == asked == "registered"
    again.service.store.close()


def test_what_was_said_can_be_shown_again(desk: Desk) -> None:
    desk.say("初始注册要什么材料")
    turns = desk.service.turns(ME)
    assert [(turn.said, turn.reply["entry"]) for turn in turns] == [("初始注册要什么材料", "materials-initial")]


def test_one_persons_answers_are_not_the_others(desk: Desk) -> None:
    desk.say(choose="f.plan")
    desk.say("有")
    assert desk.say("继续", who=OTHER).node is None


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_that_tells_who_wrote_reaches_the_file(desk: Desk, secret: str) -> None:
    desk.say(f"我叫{secret}，初始注册要什么材料" if secret in SECRETS[:2] else f"我的是{secret}，初始注册要什么材料")
    desk.say(f"我叫{secret}，我那个飞碟的事怎么办" if secret in SECRETS[:2] else f"联系我{secret}，飞碟的事怎么办")
    desk.say("转人工")
    desk.service.store.close()
    held = [path.name for path in desk.path.parent.iterdir() if secret.encode() in path.read_bytes()]
    assert not held


@pytest.mark.parametrize("name", ["解晓东", "欧阳小明", "阿不都·热合曼", "李𬍛"])
def test_a_name_given_when_asked_is_not_in_the_file(desk: Desk, name: str) -> None:
    desk.say(choose="f.login")
    desk.say("能登录，密码一直没改过")
    desk.say(name)
    desk.service.store.close()
    assert not [path.name for path in desk.path.parent.iterdir() if name.encode() in path.read_bytes()]


def _left_with_both(desk: Desk) -> list[str]:
    """A row of each of two people in every table that has a column for whose it is; one of these is new."""
    for who in (ME, OTHER):
        desk.say("你好", who=who)
    filled = []
    with closing(sqlite3.connect(desk.path)) as other, other:
        other.execute("create table of_another_messenger (conversation text, chat integer)")
        for table in desk.rows():
            columns = other.execute(f"pragma table_info([{table}])").fetchall()
            if "conversation" not in [column[1] for column in columns]:
                continue
            for row, who in enumerate((ME, OTHER)):
                held = {column[1]: _filler(column, row) for column in columns} | {"conversation": who}
                marks = ", ".join("?" for _ in held)
                other.execute(
                    f"insert or replace into {table} ({', '.join(held)}) values ({marks})", list(held.values())
                )
            filled.append(table)
    return filled


def test_whatever_table_holds_something_of_a_conversation_it_goes(desk: Desk) -> None:
    """Messengers' tables too: what waits to be answered, where the person is reached."""
    filled = _left_with_both(desk)
    assert {"turns", "updates", "telegram_people", "of_another_messenger"} <= set(filled)
    asyncio.run(desk.service.forget(ME))
    rows = desk.rows()
    assert [name for name, held in rows.items() for row in held if ME in row] == []
    assert all(any(OTHER in row for row in rows[table]) for table in filled)


def test_whatever_table_holds_something_of_an_old_conversation_it_goes(desk: Desk) -> None:
    _left_with_both(desk)
    with closing(sqlite3.connect(desk.path)) as other, other:
        other.execute("update conversations set updated = '2025-01-01T00:00:00+08:00' where id = ?", [ME])
    assert asyncio.run(desk.service.prune(365)) == 1
    assert [name for name, held in desk.rows().items() for row in held if ME in row] == []


def _filler(column: tuple[object, ...], row: int) -> object:
    return row + 900 if column[2] == "INTEGER" else f"x{row}"


def test_forgetting_leaves_nothing_of_one_and_all_of_the_other(desk: Desk) -> None:
    for who in (ME, OTHER):
        desk.say("我2018年3月拿的证，一直没注册", who=who)
        desk.say("初始注册要什么材料", who=who)
        desk.say(choose="n.materials-initial", who=who)
        desk.say("转人工", who=who)
    kept = len(desk.service.turns(OTHER))
    asyncio.run(desk.service.forget(ME))
    left = [(name, row) for name, rows in desk.rows().items() for row in rows if ME in row]
    assert (left, len(desk.service.turns(OTHER))) == ([], kept)


def test_what_is_forgotten_can_not_be_read_from_the_file(desk: Desk) -> None:
    desk.say("我们单位搬到了飞碟坪新区八十八号")
    asyncio.run(desk.service.forget(ME))
    desk.service.store.close()
    assert "飞碟坪".encode() not in desk.path.read_bytes()


def test_after_forgetting_one_begins_anew(desk: Desk) -> None:
    desk.say(choose="f.plan")
    desk.say("有")
    asyncio.run(desk.service.forget(ME))
    assert (desk.say("继续").node, desk.service.turns(ME)[0].said) == (None, "继续")


def test_a_turn_under_way_does_not_bring_back_what_is_forgotten(desk: Desk) -> None:
    async def both() -> None:
        await asyncio.gather(desk.service.forget(ME), desk.service.say(ME, "test", Message(text="谢谢")))

    desk.say("我18年3月拿的证一直没注册")
    asyncio.run(both())
    assert desk.service.state(ME).answers == {}


def test_a_tick_that_waits_does_not_bring_back_what_is_forgotten(desk: Desk) -> None:
    async def both() -> None:
        await asyncio.gather(desk.service.forget(ME), desk.service.tick(ME, "key", "form", True))

    desk.say("我18年3月拿的证一直没注册")
    asyncio.run(both())
    assert desk.rows()["conversations"] == []


@pytest.mark.parametrize(
    "text",
    ["啊" * 1993 + "13812345678", "换一个人，王强，2028年6月到期", "王强2018年拿的证，李娜2020年拿的证"],
    ids=["cut", "next", "several"],
)
def test_what_stands_for_a_person_is_not_kept_in_part_either(desk: Desk, text: str) -> None:
    desk.say(text)
    kept = str(desk.rows())
    assert not any(part in kept for part in ("1381234", "王强", "李娜"))


def test_what_was_answered_meanwhile_is_not_handed_on(desk: Desk) -> None:
    desk.say("今天月亮为什么这么圆呢")
    desk.say("延续注册要什么材料")
    desk.say("转人工")
    desk.say("转人工")
    handed = desk.service.store.read("select question from unanswered where wants_person = 1")
    assert "月亮" not in str([row["question"] for row in handed])


def test_feedback_is_kept_and_the_last_word_counts(desk: Desk) -> None:
    desk.say("初始注册要什么材料")
    desk.say(choose="y.materials-initial")
    desk.say(choose="n.materials-initial")
    assert [(row[1], row[2]) for row in desk.rows()["feedback"]] == [("materials-initial", 0)]


def test_a_question_without_an_answer_is_kept_for_people(desk: Desk) -> None:
    assert desk.say("注册要交多少钱").status is Status.UNANSWERED
    desk.say("转人工")
    rows = desk.service.store.read("select question, wants_person from unanswered order by id")
    assert [(row["question"], row["wants_person"]) for row in rows] == [
        ("注册要交多少钱", 0),
        ("注册要交多少钱", 1),
    ]


def test_ticks_stay_with_their_plan(desk: Desk, keeper: MindKeeper) -> None:
    for text in ("给我办理方案", "还没有"):
        desk.say(text)
    asyncio.run(desk.service.tick(ME, "key", "form", True))
    asyncio.run(desk.service.tick(ME, "key", "photo", True))
    asyncio.run(desk.service.tick(ME, "key", "form", False))
    assert desk.service.state(ME).ticks == {"key": ("photo",)}


def test_ticks_outlive_an_answer_that_changes_nothing_of_the_materials(desk: Desk) -> None:
    for text in ("给我办理方案", "有", "注册过", "2027年2月23日", "都没变", "其他", "其他单位", "广东"):
        desk.say(text)
    card = desk.say("能登录，用自己的密码").card
    assert card is not None
    asyncio.run(desk.service.tick(ME, card.key, card.materials[0].id, True))
    desk.say("我叫仇建国")
    after = desk.service.card(ME)
    assert after is not None
    assert desk.service.state(ME).ticks[after.key] == (card.materials[0].id,)


def test_the_ticks_of_another_plan_are_kept(desk: Desk) -> None:
    desk.say("你好")
    for key in ("first", "second"):
        asyncio.run(desk.service.tick(ME, key, "form", True))
    assert desk.service.state(ME).ticks == {"first": ("form",), "second": ("form",)}


def test_a_dialogue_that_has_been_taken_away_is_left(desk: Desk) -> None:
    desk.say(choose="f.plan")
    gone = "update conversations set state = replace(state, '\"plan\"', '\"gone\"')"
    desk.service.store.write_now(lambda connection: connection.execute(gone))
    assert desk.say("怎么登录").answers
    assert desk.say("重来").flow == "plan"


def test_what_is_old_goes_and_the_plan_of_one_who_comes_back_stays(desk: Desk) -> None:
    for who in (ME, OTHER):
        desk.say("我该办哪种注册", who=who)
        desk.say("有", who=who)
        desk.say("飞碟的事怎么办", who=who)
        desk.say(choose="y.materials-initial", who=who)
    old = "2025-01-01T00:00:00+08:00"
    with closing(sqlite3.connect(desk.path)) as other:
        for table in ("turns", "unanswered", "feedback"):
            other.execute(f"update {table} set at = ?", [old])
        other.execute("update conversations set updated = ? where id = ?", [old, OTHER])
        other.commit()
    desk.say("初始注册要什么材料")
    assert asyncio.run(desk.service.prune(365)) == 1
    left = desk.rows()
    assert not [row for rows in left.values() for row in rows if OTHER in row]
    assert [row[3] for row in left["turns"]] == ["初始注册要什么材料"]
    assert desk.service.state(ME).answers == {"certificate": "have"}


def test_the_newest_turns_can_be_had_without_the_rest(desk: Desk) -> None:
    for text in ("你好", "怎么登录", "初始注册要什么材料"):
        desk.say(text)
    assert [turn.said for turn in desk.service.turns(ME, most=2)] == ["怎么登录", "初始注册要什么材料"]
    assert (desk.service.said(ME), desk.service.newest(ME)) == (3, desk.service.turns(ME)[-1].id)


def test_ticks_at_the_same_time_are_all_kept(desk: Desk) -> None:
    async def quickly() -> None:
        await asyncio.gather(*(desk.service.tick(ME, "key", name, True) for name in "abc"))

    desk.say("你好")
    asyncio.run(quickly())
    assert desk.service.state(ME).ticks == {"key": ("a", "b", "c")}


def test_a_link_opens_its_dialogue_with_what_it_knows(desk: Desk) -> None:
    token = links.make("type", {"certificate": "have"})
    reply = asyncio.run(desk.service.open_link(ME, "test", token))
    assert reply is not None
    assert (reply.flow, reply.node) == ("type", "registered")


def test_a_link_keeps_only_what_its_dialogue_asks_for(desk: Desk) -> None:
    hostile = {"certificate": "have", "k": "13800138000", "registered": "13800138000", "province": "加微信领证不用考"}
    asyncio.run(desk.service.open_link(ME, "test", links.make("plan", hostile)))
    assert desk.service.state(ME).answers == {"certificate": "have"}


def test_a_link_overrides_what_was_answered_only_where_that_was_said(desk: Desk) -> None:
    for text in ("我该办哪种注册", "有", "从没注册过", "2022年6月1日"):
        desk.say(text)
    token = links.make("type", {"certificate": "have", "registered": "never", "cert_date": "2018-03"})
    asyncio.run(desk.service.open_link(ME, "test", token))
    assert desk.service.state(ME).answers["cert_date"] == "2022-06-01"
    asyncio.run(desk.service.open_link(ME, "test", token, override=True))
    assert desk.service.state(ME).answers["cert_date"] == "2018-03"


def test_a_link_that_can_not_be_opened_leaves_nothing_of_it(desk: Desk) -> None:
    def along(connection: sqlite3.Connection, reply: Reply) -> None:
        raise sqlite3.OperationalError

    token = links.make("type", {"certificate": "have"})
    with pytest.raises(sqlite3.OperationalError):
        asyncio.run(desk.service.open_link(ME, "test", token, along))
    assert not desk.rows()["conversations"]


@pytest.mark.parametrize("token", ["", "x", links.make("nothing", {})])
def test_a_link_of_nobody_opens_nothing(desk: Desk, token: str) -> None:
    assert asyncio.run(desk.service.open_link(ME, "test", token)) is None
    assert not desk.rows()["conversations"]


def test_turns_of_one_conversation_wait_for_each_other(desk: Desk) -> None:
    async def both() -> list[Reply]:
        messages = [Message(choose="f.plan"), *(Message(text="有") for _ in range(3))]
        return list(await asyncio.gather(*(desk.service.say(ME, "test", message) for message in messages)))

    assert [reply.node for reply in asyncio.run(both())][:2] == ["certificate", "registered"]
    assert len(desk.service.turns(ME)) == 4


def test_the_day_is_that_of_the_place_of_the_deadlines(tmp_path: Path, keeper: MindKeeper) -> None:
    late = datetime.fromisoformat("2026-11-22T17:00:00+00:00")
    store = Store(tmp_path / "x.db")
    assert Service(store, keeper, lambda: late).today() == date(2026, 11, 23)
    store.close()
