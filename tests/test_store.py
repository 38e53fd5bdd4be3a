"""The store: what is acknowledged is on disk, a failing write harms no other, a damaged file is said plainly."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Store, StoreError

pytestmark = pytest.mark.anyio
INSERT = "insert into unanswered (conversation, question, at) values (?, ?, ?)"
KEPT = "select question from unanswered order by id"

# Writes for ever, and prints a number only when its write has been acknowledged.
WRITER = """
import asyncio
import sys
from pathlib import Path
from bot.store import Store

async def write_for_ever(path, number):
    store = Store(Path(path))
    insert = "insert into unanswered (conversation, question, at) values ('k', ?, '')"
    while True:
        batch = [store.write(lambda c, n=n: c.execute(insert, [n])) for n in range(number, number + 8)]
        for done in asyncio.as_completed([asyncio.create_task(noted(one, n)) for n, one in enumerate(batch, number)]):
            print(await done, flush=True)
        number += 8

async def noted(write, number):
    await write
    return number

asyncio.run(write_for_ever(sys.argv[1], int(sys.argv[2])))
"""


def adding(text: str) -> Callable[[sqlite3.Connection], object]:
    """A write of one row."""
    return lambda connection: connection.execute(INSERT, ["a", text, ""])


def kept(store: Store) -> list[str]:
    """What is written."""
    return [row["question"] for row in store.read(KEPT)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "x.db")
    yield opened
    opened.close()


async def test_a_write_can_be_read_once_it_is_acknowledged(store: Store) -> None:
    await store.write(lambda c: c.execute(INSERT, ["a", "为什么", "2026-11-23"]))
    assert kept(store) == ["为什么"]


async def test_a_failing_write_is_told_so_and_harms_no_other(store: Store) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute(INSERT, ["a", "half", ""])
        raise RuntimeError("no")

    writes = [*(adding(str(n)) for n in range(3)), fail, *(adding(str(n)) for n in range(3, 6))]
    outcomes = await asyncio.gather(*(store.write(write) for write in writes), return_exceptions=True)
    assert [str(found) for found in outcomes if isinstance(found, Exception)] == ["no"]
    assert isinstance(outcomes[3], RuntimeError)
    assert kept(store) == list("012345")


async def test_what_nobody_waits_for_any_more_is_not_written(store: Store) -> None:
    go = threading.Event()
    first = asyncio.create_task(store.write(lambda c: go.wait(20), long=True))
    await asyncio.sleep(0)
    given_up = asyncio.create_task(store.write(adding("given up")))
    await asyncio.sleep(0)
    given_up.cancel()
    go.set()
    await first
    await store.write(adding("next"))
    assert kept(store) == ["next"]


async def test_a_long_write_holds_up_other_writes_and_nothing_else(store: Store) -> None:
    go = threading.Event()
    long = asyncio.create_task(store.write(lambda c: go.wait(20), long=True))
    other = asyncio.create_task(store.write(adding("other")))
    for _ in range(10):
        await asyncio.sleep(0.001)
    assert not long.done()
    assert not other.done()
    assert kept(store) == []
    go.set()
    assert await long
    await other
    assert kept(store) == ["other"]


async def test_a_failure_is_logged_once_and_seen_until_a_write_succeeds_again(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    pages = store.read("pragma page_count")[0][0]
    store._writer.execute(f"pragma max_page_count = {pages}")  # a disk that is full
    for _ in range(3):
        with pytest.raises(sqlite3.OperationalError, match="full"):
            await store.write(adding("x" * 100_000))
    assert [str(store.path) in line and "full" in line for line in caplog.messages] == [True]
    assert not store.sound()
    store._writer.execute("pragma max_page_count = 10000")
    await store.write(lambda connection: None)  # nothing of it goes to the disk
    assert not store.sound()
    await store.look()
    assert store.sound()
    assert len(caplog.messages) == 2


async def test_tables_that_were_changed_are_logged_and_seen_until_they_are_as_before(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    rename = "alter table unanswered rename column {} to {}"
    store._writer.execute(rename.format("question", "asked"))
    with pytest.raises(sqlite3.OperationalError):
        kept(store)
    await store.look()
    assert ["question" in line for line in caplog.messages] == [True, True]
    assert not store.sound()
    store._writer.execute(rename.format("asked", "question"))
    await store.look()
    assert store.sound()


@pytest.mark.parametrize("then", ["gone", "another"])
async def test_a_file_that_was_moved_away_takes_no_more_writes(
    store: Store, caplog: pytest.LogCaptureFixture, then: str
) -> None:
    beside = store.path.rename(store.path.with_name("moved.db"))
    if then == "another":
        store.path.touch()
    assert not store.sound()
    await store.look()
    with pytest.raises(StoreError, match="重新启动"):
        await store.write(adding("lost"))
    await store.empty_log()
    assert store.path.exists() == (then == "another")
    assert len(caplog.messages) == 1
    beside.rename(store.path)
    await store.look()
    assert store.sound()


async def test_another_program_that_writes_is_waited_for(store: Store) -> None:
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        waiting = asyncio.create_task(store.write(adding("x")))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        other.execute("commit")
    await waiting
    assert kept(store) == ["x"]


async def test_another_program_that_never_ends_is_told_after_a_while(store: Store) -> None:
    store.patience = 0.1
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await store.write(adding("lost"))
    await store.write(adding("next"))
    assert kept(store) == ["next"]


async def test_a_long_reader_does_not_hold_up_who_wants_the_log_emptied(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store._TRIES_TO_EMPTY", 2)
    await store.write(adding("x"))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute(KEPT).fetchall()
        await store.write(adding("y"))
        await asyncio.wait_for(store.empty_log(), store.patience)
    await store.empty_log()
    assert store.path.with_name("x.db-wal").stat().st_size == 0


async def test_finishing_commits_what_is_queued(tmp_path: Path) -> None:
    store = Store(tmp_path / "x.db")
    writes = [asyncio.create_task(store.write(adding(str(n)))) for n in range(100)]
    await asyncio.sleep(0)
    await store.finish()
    store.close()
    assert all(write.done() and not write.exception() for write in writes)
    with closing(Store(tmp_path / "x.db")) as again:
        assert len(kept(again)) == 100


async def test_what_comes_while_it_finishes_is_written_or_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "x.db")

    async def hurry() -> int:
        count = 0
        while True:
            try:
                await store.write(adding("x"))
            except StoreError:
                return count
            count += 1

    hasty = [asyncio.create_task(hurry()) for _ in range(4)]
    await store.write(adding("x"))
    await store.finish()
    accepted = 1 + sum(await asyncio.gather(*hasty))
    assert len(kept(store)) == accepted > 4
    store.close()


async def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="重新启动"):
        await store.write(adding("x"))


async def test_a_write_that_ends_the_transaction_is_told_so_and_the_next_is_written(store: Store) -> None:
    with pytest.raises(sqlite3.Error):
        await store.write(lambda connection: connection.execute("commit"))
    await store.write(adding("next"))
    assert kept(store) == ["next"]


async def test_a_writer_without_a_connection_keeps_nobody_waiting(store: Store) -> None:
    store._writer.close()
    with pytest.raises(sqlite3.ProgrammingError):
        await store.write(adding("x"))


def test_before_there_is_a_loop_it_is_written_at_once(store: Store) -> None:
    assert store.write_now(lambda c: c.execute(INSERT, ["a", "now", ""]).rowcount) == 1

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute(INSERT, ["a", "half", ""])
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        store.write_now(fail)
    assert kept(store) == ["now"]


def test_a_file_that_is_no_database_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("not a database, but long enough to be taken for one" * 100)
    with pytest.raises(StoreError, match="用不了数据库"):
        Store(tmp_path / "x.db")


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path, next_number, acknowledged = tmp_path / "x.db", 0, set[int]()
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(next_number)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            seen = [int(process.stdout.readline()) for _ in range(60)]
            process.send_signal(signal.SIGKILL)
            seen += [int(line) for line in process.stdout if line.endswith("\n")]
        acknowledged.update(seen)
        next_number = max(seen) + 1000
    with closing(Store(path)) as store:
        lost = acknowledged - {int(question) for question in kept(store)}
    assert not lost, f"lost {sorted(lost)[:5]}"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("insert into _sqlite_migrations (migration_set, name) values ('xiaoan', 'future')", "更新的版本.*future"),
        ("alter table turns rename column said to heard", "缺少 turns.said"),
    ],
)
def test_a_database_of_another_version_is_refused(tmp_path: Path, change: str, says: str) -> None:
    Store(tmp_path / "x.db").close()
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as connection:
        connection.execute(change)
    with pytest.raises(StoreError, match=says):
        Store(tmp_path / "x.db")
