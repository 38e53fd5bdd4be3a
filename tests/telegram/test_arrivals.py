"""Durable updates: repeats, order, a database in trouble, mistakes of ours."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.arrivals import Arrivals, Handling, Later, ended
from bot.channels.update_table import KEPT, Json, Received, Write
from bot.clock import ZONE
from bot.store import Store, StoreError

from .kit import at_once

pytestmark = pytest.mark.anyio
PUBLIC = "https://xiaoan.example"
NOW = datetime(2026, 11, 23, 12, tzinfo=ZONE)


class Desk:
    """Arrivals whose handling is noted. `troubles` come up one after the other, each in handling one update."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path)
        self.now = NOW
        self.handled: list[int] = []
        self.failed: list[int] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.troubles: list[Exception] = []
        self.unkept: set[int] = set()
        self.along: Write | None = None
        handling = Handling(self._handle, self._failed, lambda update: update["lane"], self._kept)
        self.arrivals = Arrivals(self.store, "test", handling, lambda: self.now, at_once)

    async def _handle(self, one: Received) -> Write | None:
        if one.update["lane"] in self.gates:
            await self.gates[one.update["lane"]].wait()
        if self.troubles:
            raise self.troubles.pop(0)
        self.handled.append(one.id)
        return self.along

    async def _failed(self, one: Received) -> None:
        self.failed.append(one.id)

    def _kept(self, update: Json) -> tuple[str, Json]:
        if update["update_id"] in self.unkept:
            raise IndexError
        return "", update

    async def take(self, *numbers: int, lane: str = "a") -> None:
        await self.arrivals.take([{"update_id": number, "lane": lane} for number in numbers])

    def undone(self) -> list[int]:
        return [row["id"] for row in self.store.read("select id from updates where done is null")]


@asynccontextmanager
async def desk(path: Path) -> AsyncIterator[Desk]:
    made = Desk(path)
    try:
        yield made
    finally:
        await made.arrivals.stop(0)
        made.store.close()


async def test_what_comes_twice_is_handled_once(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        await one.take(1, 2, 1)
        await one.take(2, 3)
        await one.arrivals.idle()
        assert one.handled == [1, 2, 3]


async def test_half_a_character_holds_up_neither_its_update_nor_the_others(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        one.gates["a"] = asyncio.Event()
        await one.arrivals.take([{"update_id": 1, "lane": "a", "text": "延续\ud83d要"}, {"update_id": 2, "lane": "a"}])
        assert [left.update.get("text") for left in one.arrivals.table.undone()] == ["延续要", None]
        one.gates["a"].set()
        await one.arrivals.idle()
        assert one.handled == [1, 2]


async def test_a_chat_keeps_its_order_and_others_overtake_it(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        one.gates["a"] = asyncio.Event()
        await one.take(3, 1, 2, lane="a")
        await one.take(4, lane="b")
        while one.handled != [4]:  # noqa: ASYNC110
            await asyncio.sleep(0)
        one.gates["a"].set()
        await one.arrivals.idle()
        assert one.handled == [4, 1, 2, 3]


async def test_what_was_not_done_is_taken_up_by_the_next(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        one.gates["a"] = asyncio.Event()
        await one.take(1, 2)
    async with desk(tmp_path / "x.db") as one:
        assert one.arrivals.recover() == 2
        await one.arrivals.idle()
        assert one.handled == [1, 2]


async def test_a_number_given_out_anew_after_days_is_no_repeat(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        await one.take(900)
        await one.arrivals.idle()
        one.now += KEPT + timedelta(hours=1)
        await one.arrivals.table.prune()
        await one.take(5, 900)
        await one.arrivals.idle()
        assert one.handled == [900, 5, 900]


async def test_a_locked_database_is_waited_for_and_the_chat_keeps_its_order(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        one.troubles = [sqlite3.OperationalError("database is locked"), StoreError("closed")]
        await one.take(1, 2, 3)
        await one.arrivals.idle()
        assert (one.handled, one.undone()) == ([1, 2, 3], [])


async def test_what_the_messenger_does_not_allow_now_is_tried_again_before_the_next(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        one.troubles = [Later("not now")] * 5
        await one.take(1, 2)
        await one.arrivals.idle()
        assert (one.handled, one.failed, one.undone()) == ([1, 2], [], [])


async def test_a_done_mark_that_fails_at_first_stops_nobody(tmp_path: Path) -> None:
    locked = iter([True, False])

    def along(_: sqlite3.Connection) -> None:
        if next(locked, False):
            raise sqlite3.OperationalError("disk I/O error")

    async with desk(tmp_path / "x.db") as one:
        one.along = along
        await one.take(1, 2, 3)
        await one.arrivals.idle()
        assert (one.handled, one.undone()) == ([1, 2, 3], [])


async def test_what_is_written_along_may_be_wrong_and_the_update_is_done_all_the_same(tmp_path: Path) -> None:
    def along(_: sqlite3.Connection) -> None:
        raise ValueError

    async with desk(tmp_path / "x.db") as one:
        one.along = along
        await one.take(1)
        await one.arrivals.idle()
        assert (one.handled, one.undone()) == ([1], [])


async def test_a_mistake_of_ours_is_tried_again_and_then_told(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        one.troubles = [ValueError(), ValueError(), ValueError()]
        await one.take(1, 2)
        await one.arrivals.idle()
        assert (one.failed, one.handled, one.undone()) == ([1], [2], [])


async def test_what_nobody_could_answer_for_days_goes(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        one.gates["a"] = asyncio.Event()
        await one.take(1)
        assert one.undone() == [1]
        one.now += KEPT + timedelta(hours=1)
        await one.arrivals.table.prune()
        assert one.undone() == []


async def test_what_is_no_update_holds_up_no_other(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        await one.arrivals.take([{"update_id": 1}, {"update_id": 2, "lane": "a"}])
        await one.arrivals.idle()
        assert one.handled == [2]


async def test_what_can_not_be_prepared_is_kept_without_content_and_told(tmp_path: Path) -> None:
    async with desk(tmp_path / "x.db") as one:
        one.unkept = {1}
        one.gates["a"] = asyncio.Event()
        await one.take(1, lane="a")
        await one.take(2, lane="b")
        kept = one.store.read("select id, payload from updates where done is null and id = 1")
        assert [tuple(row) for row in kept] == [(1, "{}")]
        while one.handled != [2]:  # noqa: ASYNC110
            await asyncio.sleep(0)
        one.troubles = [ValueError(), ValueError(), ValueError()]
        one.gates["a"].set()
        await one.arrivals.idle()
        assert (one.failed, one.handled, one.undone()) == ([1], [2], [])


async def test_what_ends_slowly_is_not_cut_short() -> None:
    steps: list[str] = []
    gate = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await gate.wait()
            steps.append("tidied up")

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    ending = asyncio.create_task(ended(task, patience=60))
    await asyncio.sleep(0)
    gate.set()
    await ending
    assert steps == ["tidied up"]
