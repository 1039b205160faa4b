"""The store's file: SQLite in WAL mode, one commit thread, one fsync for a whole group of writes.

The event loop fills a transaction (statements touch memory only) and a thread commits it, because the commit waits
for the disk. Filling it in the thread would fight the loop for the interpreter lock at every row.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from weirflow.embedded.errors import ApiError, storage_failed, storage_full
from weirflow.embedded.records import Change, Record
from weirflow.embedded.vault import Vault

CHECKPOINT_ROWS = 200
"""Few enough that SQLite does not begin a checkpoint by itself, at 1,000 pages, in a commit that is made at once."""
QUICK_SECONDS = 0.005
"""A disk that takes longer for a commit would hold up the event loop."""
SLOW_SECONDS = 2.0
"""How long after such a commit the thread makes all of them."""
VERSION_STEP = 500
"""How many versions are handed out before the last one is noted: less than each start skips."""
VERSION_GAP = 1_000
"""How far each start skips ahead: a version handed out before a crash or in a lost tail is never handed out again."""

SCHEMA = """
create table if not exists objects (
  resource text not null, namespace text not null, name text not null,
  version integer not null, body blob not null,
  primary key (resource, namespace, name)
);
create table if not exists meta (name text primary key, value integer not null) without rowid;
insert or ignore into meta values ('version', 0);
"""
SCHEMA_VERSION = 1
"""Of the file's tables, in its `user_version`."""
UPGRADES: dict[int, str] = {0: ""}
"""What makes a file of a version one of the next. Version 0 is that of the files before there were versions."""
PUT = """
insert into objects (resource, namespace, name, version, body) values (?, ?, ?, ?, ?)
on conflict (resource, namespace, name) do update set version = excluded.version, body = excluded.body
"""
DELETE = "delete from objects where resource = ? and namespace = ? and name = ?"
SET_VERSION = "update meta set value = ? where name = 'version'"
SET_CLEAN = "insert into meta values ('clean', ?) on conflict (name) do update set value = excluded.value"
"""1: the noted version is the last one that was handed out."""

Done = Callable[[ApiError | None], None]


class StoreInUse(Exception):
    """Another process holds the store's file."""


class StoreTooNew(Exception):
    """The store's file was written by a later program."""


def schema_version(database: sqlite3.Connection) -> int:
    (version,) = database.execute("pragma user_version").fetchone()
    return int(version)


def upgrade(database: sqlite3.Connection, path: Path) -> None:
    """Bring the file's tables up to date, all or nothing. Raises StoreTooNew."""
    version = schema_version(database)
    if version > SCHEMA_VERSION:
        text = f"{path} has form {version}, which a later Weirflow wrote; this one knows {SCHEMA_VERSION}"
        raise StoreTooNew(f"{text}: use the later one, or restore a backup from before")
    while version < SCHEMA_VERSION:
        # One script, since a script commits what is open before it.
        step = f"begin immediate; {UPGRADES[version]} pragma user_version = {version + 1:d}; commit;"
        database.executescript(step)
        version += 1


class Journal:
    """The file behind the store. One group is in flight at a time; `commit` calls `done` back in the event loop."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self.path = path
        self._vault = vault
        self._database = self._connect()
        self._groups: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, Done] | None] = queue.SimpleQueue()
        self._noted = self._version = 0
        self._rows = 0
        """Written since the last checkpoint."""
        self._quick_from = 0.0
        """The loop's time from which a write that is alone may be committed at once."""
        self._thread = threading.Thread(target=self._run, name="store-commit", daemon=True)
        self._thread.start()

    def _connect(self) -> sqlite3.Connection:
        # Made before SQLite opens it, which gives its companions (-wal) the same mode.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        database = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=0.2)
        try:
            # Exclusive: one cluster per file, and no shared-memory index beside it.
            database.execute("pragma locking_mode = exclusive")
            database.execute("pragma journal_mode = wal")
            database.execute("pragma synchronous = full")
            database.execute("pragma journal_size_limit = 16777216")
            database.execute("pragma cache_size = -2048")
            database.execute("pragma temp_store = memory")
            database.executescript(SCHEMA)
            upgrade(database, self.path)
        except StoreTooNew:
            database.close()
            raise
        except sqlite3.OperationalError as error:
            database.close()
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise StoreInUse(
                    f"{self.path} is in use by another embedded cluster; stop that one, or set WEIRFLOW_HOME"
                ) from error
            raise self.problem(error) from error
        return database

    def load(self) -> tuple[int, int, Iterator[Record]]:
        """The oldest version a watch may go on from, the version to go on with, and every stored object."""
        noted: dict[str, int] = dict(self._database.execute("select name, value from meta"))
        before, start = noted["version"], noted["version"] + VERSION_GAP
        try:
            self._database.execute(SET_VERSION, (start,))
            self._database.execute(SET_CLEAN, (0,))
            self._noted = self._version = start
        except sqlite3.Error as error:
            raise self.problem(error) from error
        rows = self._database.execute("select resource, namespace, name, version, body from objects")
        return (
            before if before and noted.get("clean") else start,
            start,
            (
                Record(kind, namespace, name, version, self._vault.open(kind, body))
                for kind, namespace, name, version, body in rows
            ),
        )

    def commit(self, changes: Iterable[Change], version: int, done: Done, *, alone: bool = False) -> None:
        """Write `changes` as one transaction. `done(None)` means: on disk; `done(error)`: nothing of it was kept.

        `alone`: it is one write that nobody else's joined. On a quick disk it is committed at once: to wake the thread
        and to be woken by it takes longer (docs/adr/0095).
        """
        try:
            self._database.execute("begin immediate")
            for statement, rows in self._runs(changes):
                self._database.executemany(statement, rows)
                self._rows += len(rows)
            self._version = version
            if version - self._noted >= VERSION_STEP:
                self._database.execute(SET_VERSION, (version,))
                self._noted = version
        except sqlite3.Error as error:
            self._rollback()
            # Not at once: the caller has not yet noted that this group is in flight.
            asyncio.get_running_loop().call_soon(done, self.problem(error))
            return
        loop = asyncio.get_running_loop()
        if alone and loop.time() >= self._quick_from and self._rows < CHECKPOINT_ROWS:
            began = loop.time()
            problem = self._commit()
            if loop.time() - began > QUICK_SECONDS:
                self._quick_from = loop.time() + SLOW_SECONDS
            loop.call_soon(done, problem)
        else:
            self._groups.put((loop, done))

    def _runs(self, changes: Iterable[Change]) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
        """Puts and deletes in their order, neighbours of one sort together."""
        statement, rows = "", list[tuple[object, ...]]()
        for change in changes:
            new = change.new
            wanted = PUT if new else DELETE
            if wanted != statement and rows:
                yield statement, rows
                rows = []
            statement = wanted
            if new:
                body = self._vault.seal(new.resource, new.raw)
                rows.append((new.resource, new.namespace, new.name, new.version, body))
            else:
                rows.append(change.record.position)
        if rows:
            yield statement, rows

    def _run(self) -> None:
        while (group := self._groups.get()) is not None:
            loop, done = group
            problem = self._commit()
            if self._rows >= CHECKPOINT_ROWS:
                self._checkpoint()
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits for this answer any more
                loop.call_soon_threadsafe(done, problem)

    def _commit(self) -> ApiError | None:
        try:
            self._database.execute("commit")
        except sqlite3.Error as error:
            self._rollback()
            return self.problem(error)
        return None

    def _checkpoint(self) -> None:
        """Bring what is in the log into the file, which waits for the disk twice: never on the event loop."""
        self._rows = 0
        with contextlib.suppress(sqlite3.Error):  # the log grows a little longer, and the next one tries again
            self._database.execute("pragma wal_checkpoint(passive)")

    def _rollback(self) -> None:
        self._noted = 0  # what was noted may be undone
        with contextlib.suppress(sqlite3.Error):
            if self._database.in_transaction:
                self._database.execute("rollback")

    def problem(self, error: sqlite3.Error) -> ApiError:
        """The disk's failure in the API's form: full is 507, everything else 500."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return storage_full(str(self.path))
        return storage_failed(str(self.path), str(error))

    def limit_pages(self, pages: int) -> None:
        """Let the file grow to at most `pages` database pages of 4 KiB; beyond that a write is refused as full."""
        self._database.execute(f"pragma max_page_count = {pages:d}")

    def close(self) -> None:
        """Wait for the group in flight and let go of the file."""
        self._groups.put(None)
        self._thread.join()
        with contextlib.suppress(sqlite3.Error):  # as after a crash, then: who watched lists again
            self._database.execute("begin")
            self._database.execute(SET_VERSION, (self._version,))
            self._database.execute(SET_CLEAN, (1,))
            self._database.execute("commit")
        self._database.close()
