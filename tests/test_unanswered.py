"""The list of what 小安 could not answer, over a real database."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import ZONE
from bot.mind import MindKeeper
from bot.reply import Message
from bot.service import Service
from bot.store import Store, StoreError
from bot.unanswered import report


def test_each_question_stands_once_with_how_often_it_was_asked(tmp_path: Path, keeper: MindKeeper) -> None:
    store = Store(tmp_path / "x.db")
    service = Service(store, keeper)

    async def ask() -> None:
        for person in ("a", "b"):
            await service.say(person, "web", Message(text="注册收费吗"))
        await service.say("a", "web", Message(text="转人工 我的章丢了，电话13800138000"))

    asyncio.run(ask())
    store.close()
    head, *lines = report(tmp_path / "x.db")
    assert "2 个" in head
    assert "要人工" in lines[0]
    assert "13800138000" not in "".join(lines)
    assert lines[1].startswith("2次")


def test_entries_marked_useless_stand_after_the_questions_the_newest_first(tmp_path: Path, keeper: MindKeeper) -> None:
    store, days = Store(tmp_path / "x.db"), itertools.count(1)
    service = Service(store, keeper, lambda: datetime(2026, 11, next(days), tzinfo=ZONE))

    async def mark() -> None:
        for person, choice in (
            *(("a", "n.contract-pages"), ("b", "y.contract-pages"), ("a", "y.initial-deadline")),
            *(("a", "n.password-reset"), ("b", "n.password-reset")),
        ):
            await service.say(person, "web", Message(choose=choice))

    asyncio.run(mark())
    store.close()
    *_, head, first, second = report(tmp_path / "x.db")
    assert "2 个" in head
    assert (first.split()[:2], first.split()[-1]) == (["没用2", "有用0"], "password-reset")
    assert (second.split()[:2], second.split()[-1]) == (["没用1", "有用1"], "contract-pages")


def test_a_database_of_any_name_is_read_and_no_other_made(tmp_path: Path) -> None:
    path = tmp_path / "a#b?c%41.db"
    Store(path).close()
    assert list(report(path))
    assert all(found.name.startswith(path.name) for found in tmp_path.iterdir())


def test_nothing_is_left_beside_a_database_that_is_only_read(tmp_path: Path) -> None:
    Store(tmp_path / "x.db").close()
    assert len(list(report(tmp_path / "x.db"))) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["x.db"]


def test_what_is_in_the_log_of_a_database_in_use_is_read(tmp_path: Path) -> None:
    insert = "insert into unanswered (conversation, question, wants_person, at) values ('a', '为什么', 0, '2026-11-23')"
    with closing(Store(tmp_path / "x.db")) as store:
        store.write_now(lambda connection: connection.execute(insert))
        assert "为什么" in "".join(report(tmp_path / "x.db"))


def test_without_a_database_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="make run"):
        list(report(tmp_path / "none.db"))
