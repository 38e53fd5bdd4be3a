"""The store: what is acknowledged is on disk, a failing write harms no other, a damaged file is said plainly."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from bot.store import Store, StoreError

INSERT = "insert into unanswered (conversation, question, at) values (?, ?, ?)"

# Writes for ever, and prints a number only when its write has been acknowledged.
WRITER = """
import sys
from pathlib import Path
from bot.store import Store
store = Store(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    insert = "insert into unanswered (conversation, question, at) values ('k', ?, '')"
    batch = [store.submit(lambda c, n=n: c.execute(insert, [n])) for n in range(number, number + 8)]
    for one in batch:
        one.result()
        print(number, flush=True)
        number += 1
"""


def adding(text: str) -> Callable[[sqlite3.Connection], object]:
    """A write of one row."""
    return lambda connection: connection.execute(INSERT, ["a", text, ""])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "x.db")
    yield opened
    opened.close()


def test_a_write_can_be_read_once_it_is_acknowledged(store: Store) -> None:
    store.submit(lambda c: c.execute(INSERT, ["a", "为什么", "2026-11-23"])).result()
    assert [row["question"] for row in store.read("select question from unanswered")] == ["为什么"]


def test_a_failing_write_is_told_so_and_harms_no_other(store: Store) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute(INSERT, ["a", "half", ""])
        raise RuntimeError("no")

    jobs = [store.submit(adding(str(n))) for n in range(3)]
    bad = store.submit(fail)
    jobs += [store.submit(adding(str(n))) for n in range(3, 6)]
    for job in jobs:
        job.result()
    with pytest.raises(RuntimeError, match="no"):
        bad.result()
    assert [row["question"] for row in store.read("select question from unanswered order by id")] == list("012345")


def test_what_nobody_waits_for_any_more_is_not_written(store: Store) -> None:
    go = threading.Event()
    first = store.submit(lambda c: go.wait(20))
    given_up = store.submit(adding("given up"))
    assert given_up.cancel()
    go.set()
    first.result(timeout=20)
    store.submit(adding("next")).result(timeout=20)
    assert [row["question"] for row in store.read("select question from unanswered")] == ["next"]


def test_closing_commits_what_is_queued(tmp_path: Path) -> None:
    store = Store(tmp_path / "x.db")
    for n in range(100):
        store.submit(adding(str(n)))
    store.close()
    again = Store(tmp_path / "x.db")
    assert again.read("select count(*) from unanswered")[0][0] == 100
    again.close()


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="重新启动"):
        store.submit(lambda c: None)


def test_a_write_that_ends_the_transaction_is_told_so_and_the_next_is_written(store: Store) -> None:
    with pytest.raises(sqlite3.Error):
        store.submit(lambda connection: connection.execute("commit")).result(timeout=20)
    store.submit(adding("next")).result(timeout=20)
    assert [row["question"] for row in store.read("select question from unanswered")] == ["next"]


def test_a_writer_without_a_connection_keeps_nobody_waiting(store: Store) -> None:
    store._connection.close()
    with pytest.raises(sqlite3.ProgrammingError):
        store.submit(adding("x")).result(timeout=20)


def test_what_is_queued_while_it_closes_is_written_or_refused(tmp_path: Path) -> None:
    store, accepted = Store(tmp_path / "x.db"), list[Future[object]]()

    def hurry() -> None:
        with contextlib.suppress(StoreError):
            while True:
                accepted.append(store.submit(adding("x")))

    hasty = [threading.Thread(target=hurry) for _ in range(4)]
    for thread in hasty:
        thread.start()
    while len(accepted) < 50:
        accepted[-1].result(timeout=20) if accepted else None
    store.close()
    for thread in hasty:
        thread.join()
    assert all(done.done() for done in accepted)


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
    store = Store(path)
    kept = {int(row[0]) for row in store.read("select question from unanswered")}
    store.close()
    assert acknowledged <= kept, f"lost {sorted(acknowledged - kept)[:5]}"
