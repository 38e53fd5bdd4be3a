"""The one SQLite file: a single writer thread that commits many writes at once, and answers only after the commit."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlite_utils import Database

from bot.migrations import migrations
from knowledge.errors import XiaoanError

T = TypeVar("T")
Write = Callable[[sqlite3.Connection], Any]
_Job = tuple[Write, "Future[Any]"]

_MOST_IN_ONE_COMMIT = 500
_WAIT_FOR_LOCK_SECONDS = 10.0
_TRIES_TO_EMPTY = 40
_BETWEEN_TRIES_SECONDS = 0.05
_LOOK = "请检查路径、权限和磁盘空间，或移走损坏的文件后重试。"


class StoreError(XiaoanError):
    """The database can't be used; the message says what to do."""


def unusable(path: Path, error: Exception) -> StoreError:
    """The error to tell a person, with what to do about it."""
    held = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    what = "别的程序正占着它，请稍等再试，或者先关掉那个程序。" if held else _LOOK
    return StoreError(f"用不了数据库 {path}：{error}。{what}")


class Store:
    """Reads at once, writes in groups. A write's result is there when it is safely on disk."""

    def __init__(self, path: Path) -> None:
        """Open, or create, the database and bring its tables up to date.

        Raises:
            StoreError: the file can't be opened or is not a database.
        """
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with Database(_connect(path)) as db:
                migrations.apply(db)
            self._reader, self._connection = _connect(path), _connect(path)
        except (OSError, sqlite3.Error) as error:
            raise unusable(path, error) from error
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = threading.Lock()  # so that nothing is queued behind the end of the queue
        self._closed = False
        self._writer = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._writer.start()

    def read(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """The rows of a query, at once: ask only for what an index finds, for everybody waits meanwhile.

        Raises:
            sqlite3.Error: the database can't be read.
        """
        return self._reader.execute(sql, values).fetchall()

    def submit(self, write: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Queue a write; the future is done after its commit.

        Raises:
            StoreError: the store is closed.
        """
        done: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise StoreError("数据库已经关闭，请重新启动小安。")
            self._jobs.put((write, done))
        return done

    async def write(self, write: Callable[[sqlite3.Connection], T]) -> T:
        """Run a write and wait, off the event loop, until it is committed.

        Raises:
            StoreError: the store is closed.
            sqlite3.Error: it could not be written; nothing of it was.
        """
        return await asyncio.wrap_future(self.submit(write))

    async def empty_log(self) -> None:
        """Empty the log beside the database: what has been deleted could still be read there."""
        await asyncio.to_thread(_empty_log, self.path)

    def secret(self, name: str) -> str:
        """A random word of this database, made once.

        Raises:
            StoreError: the store is closed.
            sqlite3.Error: it could not be written.
        """

        def make(connection: sqlite3.Connection) -> str:
            connection.execute("insert or ignore into salts (name, value) values (?, ?)", [name, secrets.token_hex(32)])
            return str(connection.execute("select value from salts where name = ?", [name]).fetchone()[0])

        return self.submit(make).result()

    def sound(self) -> bool:
        """Whether the database answers and its writer is alive."""
        try:
            return self._writer.is_alive() and bool(self.read("select 1 from conversations limit 1") is not None)
        except sqlite3.Error:
            return False

    def close(self) -> None:
        """Commit what is queued, then close."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._writer.join()
        self._reader.close()

    def _run(self) -> None:
        last = False
        while not last:
            batch, last = self._batch()
            _commit(self._connection, batch)
        self._connection.close()

    def _batch(self) -> tuple[list[_Job], bool]:
        """What is queued, up to a limit, and whether it is the last; waits for the first."""
        batch: list[_Job] = []
        while not batch or (len(batch) < _MOST_IN_ONE_COMMIT and not self._jobs.empty()):
            job = self._jobs.get()
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT_FOR_LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma secure_delete = on")  # what is deleted is overwritten
    return connection


def _empty_log(path: Path) -> None:
    """Waits for readers and the writer, and for whoever empties it already, which SQLite tells and does not wait for;
    where one holds on too long the log stays for the next time."""
    with contextlib.suppress(sqlite3.OperationalError), contextlib.closing(_connect(path)) as connection:
        for _ in range(_TRIES_TO_EMPTY):
            busy, _, _ = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
            if not busy:
                return
            time.sleep(_BETWEEN_TRIES_SECONDS)


def _commit(connection: sqlite3.Connection, batch: list[_Job]) -> None:
    """One transaction for all; a write that fails is undone alone and told so. Raises nothing: somebody waits.

    What nobody waits for any more is not written: whoever gave it up may have let others go on.
    """
    results: list[tuple[Future[Any], Any, BaseException | None]] = []
    batch = [(write, done) for write, done in batch if done.set_running_or_notify_cancel()]
    try:
        connection.execute("begin immediate")
        for write, done in batch:
            results.append((done, *_attempt(connection, write)))
        connection.execute("commit")
    except Exception as error:  # the writer outlives whatever happens, and each who waits is told
        _undo(connection)
        results = [(done, None, error) for _, done in batch]
    for done, result, problem in results:
        if problem is None:
            done.set_result(result)
        else:
            done.set_exception(problem)


def _undo(connection: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):  # the disk may be gone; SQLite undoes it when it is back
        if connection.in_transaction:
            connection.execute("rollback")


def _attempt(connection: sqlite3.Connection, write: Write) -> tuple[Any, BaseException | None]:
    connection.execute("savepoint one")
    try:
        result = write(connection)
    except Exception as error:  # whatever a write raises belongs to its caller, not to the batch
        connection.execute("rollback to one")
        return None, error
    finally:
        connection.execute("release one")
    return result, None
