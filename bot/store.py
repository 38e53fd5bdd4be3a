"""The one SQLite file: many writes are committed at once, and each is answered only after the commit."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlite_utils import Database

from bot.migrations import migrations, missing, newer
from knowledge.errors import XiaoanError

log = logging.getLogger(__name__)
T = TypeVar("T")
Write = Callable[[sqlite3.Connection], Any]
_Outcome = tuple[Any, Exception | None]

_MOST_IN_ONE_COMMIT = 500
_WAIT_FOR_LOCK_SECONDS = 10.0
_TRIES_TO_EMPTY = 20
_WAIT_TO_EMPTY_MS = 100
_BETWEEN_TRIES_SECONDS = 0.05
_LOOK = "请检查路径、权限和磁盘空间，或移走损坏的文件后重试。"
_MOVED = "数据库文件 {path} 不在了，或者换成了别的文件。请放回原来的文件；要用现在的，请重新启动小安。"
_NEWER = (
    "数据库 {path} 是更新的版本建的（有这一版没有的 {steps}）。请改用那个版本的小安，或者在 database 里换一个文件。"
)
_CHANGED = "数据库 {path} 的表被改过，缺少 {missing}。请改回来，或者换回备份。"


class StoreError(XiaoanError):
    """The database can't be used; the message says what to do."""


class _Job(NamedTuple):
    """A write, who waits for it, and whether it is a long one."""

    write: Write
    done: asyncio.Future[Any]
    long: bool


def _held(error: Exception) -> bool:
    """Whether another program holds the database."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def unusable(path: Path, error: Exception) -> StoreError:
    """The error to tell a person, with what to do about it."""
    what = "别的程序正占着它，请稍等再试，或者先关掉那个程序。" if _held(error) else _LOOK
    return StoreError(f"用不了数据库 {path}：{error}。{what}")


def read_only(path: Path) -> closing[sqlite3.Connection]:
    """A connection, closed behind a `with`, to a database that may be in use: it is only read, and none is made.

    While it is in use there is a log beside it. Without one SQLite would make it, which a folder may not allow.
    """
    how = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    return closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{how}", uri=True))


class Store:
    """Reads at once, writes in groups: what comes while one group is being committed is the next. A write's result is
    there when it is safely on disk.

    The statements of a write are run on the event loop, in microseconds; only the commit, which waits for the disk, has
    a thread. A thread for the statements too would have to be given the interpreter for each of them.
    """

    def __init__(self, path: Path, patience: float = _WAIT_FOR_LOCK_SECONDS) -> None:
        """Open, or create, the database and bring its tables up to date.

        Args:
            patience: seconds that a write waits for another program that writes.

        Raises:
            StoreError: the file can't be opened, is not a database, or not one of this program.
        """
        self.path = path
        self.patience = patience
        self.troubles: list[str] = []  # why it can't be used, since a write last succeeded
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with Database(_connect(path)) as db:
                if steps := newer(db):
                    raise StoreError(_NEWER.format(path=path, steps="、".join(steps)))
                migrations.apply(db)
                _check_tables(path, db)
            self._reader, self._writer = _connect(path), _connect(path)
            self._writer.execute("pragma busy_timeout = 0")  # it is waited for without holding up the loop
            self._file = path.stat()
        except (OSError, sqlite3.Error) as error:
            raise unusable(path, error) from error
        self._jobs: list[_Job] = []
        self._writing: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._closed = False

    def read(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """The rows of a query, at once: ask only for what an index finds, for everybody waits meanwhile.

        Raises:
            sqlite3.Error: the database can't be read.
        """
        try:
            return self._reader.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            self._failed(error)
            raise

    async def write(self, write: Callable[[sqlite3.Connection], T], *, long: bool = False) -> T:
        """Run a write and wait until it is committed. What is given up before its turn is not written.

        Args:
            long: it goes through many rows; it is run in the thread, and other writes wait for it.

        Raises:
            StoreError: the store is closed, or its file is gone.
            sqlite3.Error: it could not be written; nothing of it was.
        """
        if self._closed:
            raise StoreError("数据库已经关闭，请重新启动小安。")
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.append(_Job(write, done, long))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_groups())
        return await done

    def write_now(self, write: Callable[[sqlite3.Connection], T]) -> T:
        """Run a write and commit it, on a connection of its own: where no event loop runs yet.

        Raises:
            sqlite3.Error: it could not be written; nothing of it was.
        """
        with closing(_connect(self.path)) as connection:
            connection.execute("begin immediate")
            result = write(connection)
            connection.execute("commit")
            return result

    async def empty_log(self) -> None:
        """Empty the log beside the database: what has been deleted could still be read there."""
        if not self._in_place():  # to open it would make an empty one
            return
        await asyncio.to_thread(_empty_log, self.path)

    def secret(self, name: str) -> str:
        """A random word of this database, made once.

        Raises:
            sqlite3.Error: it could not be written.
        """

        def make(connection: sqlite3.Connection) -> str:
            connection.execute("insert or ignore into salts (name, value) values (?, ?)", [name, secrets.token_hex(32)])
            return str(connection.execute("select value from salts where name = ?", [name]).fetchone()[0])

        return self.write_now(make)

    def sound(self) -> bool:
        """Whether all goes well, as far as is known."""
        return not self._closed and not self.troubles and self._in_place()

    async def look(self) -> None:
        """Find out that the file is gone while nobody writes; after a failure, whether a write succeeds again."""
        if self.troubles or not self._in_place():
            with contextlib.suppress(sqlite3.Error, StoreError):  # it has been logged
                await self.write(self._try)

    async def finish(self) -> None:
        """Take no more writes, and wait until all are committed."""
        self._closed = True
        if self._writing is not None:
            await self._writing
        if not self._in_place():
            self._failed(self._moved())

    def close(self) -> None:
        """Close the file. A commit under way is waited for; what is queued still was never acknowledged."""
        self._closed = True
        self._thread.shutdown()
        self._writer.close()
        self._reader.close()

    # inside

    async def _write_groups(self) -> None:
        while self._jobs:
            group, self._jobs = self._jobs[:_MOST_IN_ONE_COMMIT], self._jobs[_MOST_IN_ONE_COMMIT:]
            await self._write_group([job for job in group if not job.done.cancelled()])

    async def _write_group(self, group: list[_Job]) -> None:
        """One transaction for all; a write that fails is undone alone and told so. Raises nothing: somebody waits."""
        try:
            if not self._in_place():
                raise self._moved()
            before = self._writer.total_changes
            await self._begin()
            outcomes = [await self._attempted(job) for job in group]
            await self._in_thread(self._writer.execute, "commit")
            if self._writer.total_changes > before and not any(problem for _, problem in outcomes):
                self._succeeded()
        except Exception as error:  # the next group is written whatever happens, and each who waits is told
            self._undo()
            outcomes = [(None, error) for _ in group]
        for _, problem in outcomes:
            self._failed(problem)
        for job, (result, problem) in zip(group, outcomes, strict=True):
            if job.done.cancelled():
                continue
            if problem is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(problem)

    async def _begin(self) -> None:
        """Begin, once no other program writes."""
        until = time.monotonic() + self.patience
        while True:
            try:
                self._writer.execute("begin immediate")
            except sqlite3.OperationalError as error:
                if not _held(error) or time.monotonic() > until:
                    raise
                await asyncio.sleep(_BETWEEN_TRIES_SECONDS)
            else:
                return

    async def _attempted(self, job: _Job) -> _Outcome:
        if job.long:
            return await self._in_thread(_attempt, self._writer, job.write)
        return _attempt(self._writer, job.write)

    def _in_thread(self, work: Callable[..., T], *values: object) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, work, *values)

    def _try(self, connection: sqlite3.Connection) -> None:
        """Change something, as any write does; where the tables have been changed, many would fail after it."""
        _check_tables(self.path, Database(connection))
        values = ["try", secrets.token_hex(4)]
        connection.execute("insert or replace into salts (name, value) values (?, ?)", values)

    def _in_place(self) -> bool:
        """Whether the file is the one that was opened: what goes into another, or none, is lost."""
        try:
            return os.path.samestat(self.path.stat(), self._file)
        except OSError:
            return False

    def _moved(self) -> StoreError:
        return StoreError(_MOVED.format(path=self.path))

    def _failed(self, error: Exception | None) -> None:
        """Log it once, not for everybody who comes meanwhile; what a write raises of its own is its caller's."""
        if isinstance(error, (sqlite3.Error, StoreError)):
            told = str(error if isinstance(error, StoreError) else unusable(self.path, error))
            if told not in self.troubles:
                self.troubles.append(told)
                log.error(told)

    def _succeeded(self) -> None:
        if self.troubles:
            log.warning("数据库 %s 又能用了", self.path)
        self.troubles.clear()

    def _undo(self) -> None:
        with contextlib.suppress(sqlite3.Error):  # the disk may be gone; SQLite undoes it when it is back
            if self._writer.in_transaction:
                self._writer.execute("rollback")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT_FOR_LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma secure_delete = on")  # what is deleted is overwritten
    return connection


def _check_tables(path: Path, db: Database) -> None:
    if columns := missing(db):
        raise StoreError(_CHANGED.format(path=path, missing="、".join(columns)))


def _empty_log(path: Path) -> None:
    """Tries a few times: whoever empties it already SQLite tells and does not wait for; readers and the writer it waits
    for, but here not for long, since somebody waits to be told. Where one holds on, the log stays for the next time."""
    with contextlib.suppress(sqlite3.OperationalError), closing(_connect(path)) as connection:
        connection.execute(f"pragma busy_timeout = {_WAIT_TO_EMPTY_MS}")
        for _ in range(_TRIES_TO_EMPTY):
            busy, _, _ = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
            if not busy:
                return
            time.sleep(_BETWEEN_TRIES_SECONDS)


def _attempt(connection: sqlite3.Connection, write: Write) -> _Outcome:
    connection.execute("savepoint one")
    try:
        result = write(connection)
    except Exception as error:  # whatever a write raises belongs to its caller, not to the batch
        if not connection.in_transaction:  # a full disk: SQLite has undone the whole batch
            raise
        connection.execute("rollback to one")
        connection.execute("release one")
        return None, error
    connection.execute("release one")
    return result, None
