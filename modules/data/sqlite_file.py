"""One SQLite file of a project, in a thread of its own, and fenced in: it is all that a query reaches."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from modules.data.sql_rows import Rows, as_text
from weirflow import JSON, Fail

#: What sorting and grouping take, and pages that are kept, of all files that this process has open: nothing of a query
#: goes to files for a while, which nothing would bound.
_MEMORY = 512 << 20
#: Of one file's pages that are kept, and of its log once what is in it has been taken over; in KiB and bytes.
_CACHE, _LOG = 1_024, 64 << 20
#: How often SQLite asks whether to go on, in steps of its machine: about a millisecond.
_STEPS = 10_000
#: How long a thread waits for another query's lock on the file, of which nothing can call it off, in seconds.
_LOCK_SECONDS = 5.0
#: For the thread to say by itself that its time is up.
_GRACE_SECONDS = 0.1
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_DEEPEST = 4

#: All that a query may do. Not among it: other files (ATTACH, VACUUM), PRAGMA, transactions that outlive a message, and
#: tables that are made by code.
_ALLOWED = frozenset(
    (
        sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_ANALYZE, sqlite3.SQLITE_REINDEX,
        sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_CREATE_INDEX,
        sqlite3.SQLITE_CREATE_VIEW, sqlite3.SQLITE_CREATE_TRIGGER, sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_DROP_VIEW, sqlite3.SQLITE_DROP_TRIGGER,
    )
)  # fmt: skip
_FORBIDDEN_FUNCTIONS = frozenset(("load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"))
_LIMITS = (
    (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
    (sqlite3.SQLITE_LIMIT_LENGTH, 64 << 20),
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200),
    (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 100),
    (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 20),
    (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
)


class SqliteFile:
    """``name`` is a path below ``folder``. Opened by the first query."""

    def __init__(self, folder: Path, name: str, *, read_only: bool, max_bytes: int) -> None:
        self._path = path_below(folder, name)
        self._read_only, self._max_bytes = read_only, max_bytes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"sqlite {self._path.name}")
        self._connection: sqlite3.Connection | None = None

    async def run(self, query: str, parameters: dict[str, JSON], rows: Rows, seconds: float) -> None:
        """Fill ``rows``, within ``seconds`` from now, of which others before may take some. Raises `Fail`."""
        gone, until = threading.Event(), time.monotonic() + seconds
        work = asyncio.get_running_loop().run_in_executor(
            self._thread, self._run, query, parameters, rows, until, seconds, gone
        )
        try:
            async with asyncio.timeout(seconds + _GRACE_SECONDS):
                await asyncio.shield(work)
        except TimeoutError:
            raise _timeout(seconds) from None
        finally:
            # Whatever nobody waits for any more ends at its next look.
            gone.set()
            work.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def close(self) -> None:
        """Close it once what is under way has ended; its thread ends with that."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)

    # In the thread.

    def _run(
        self, query: str, parameters: dict[str, JSON], rows: Rows, until: float, seconds: float, gone: threading.Event
    ) -> None:
        if gone.is_set() or time.monotonic() >= until:
            raise _timeout(seconds)
        try:
            connection = self._connection or self._open(min(_LOCK_SECONDS, seconds))
            connection.set_progress_handler(lambda: gone.is_set() or time.monotonic() >= until, _STEPS)
            cursor = connection.execute(query, {name: as_text(value) for name, value in parameters.items()})
            try:
                if cursor.description is not None:
                    rows.name([column[0] for column in cursor.description])
                    for values in cursor:
                        rows.add(values)
                rows.changed = max(0, cursor.rowcount)
            finally:
                cursor.close()
        except sqlite3.Error as error:
            raise _failure(error, seconds, is_late=time.monotonic() >= until) from None
        except MemoryError:
            raise _too_much() from None
        except (OverflowError, UnicodeError) as error:
            raise Fail(f"a parameter does not fit: {error}", code="invalid_parameter", permanent=True) from None

    def _open(self, seconds: float) -> sqlite3.Connection:
        if not self._path.exists() and self._read_only:
            raise Fail(
                f"there is no file {self._path.name} yet, and only reading is allowed; let another node make it",
                code="no_such_file",
                permanent=True,
            )
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=seconds, isolation_level=None, check_same_thread=False)
        try:
            self._path.chmod(0o600)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            (page,) = connection.execute("PRAGMA page_size").fetchone()
            connection.execute(f"PRAGMA max_page_count = {max(1, self._max_bytes // page)}")
            connection.execute(f"PRAGMA journal_size_limit = {_LOG}")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(f"PRAGMA cache_size = -{_CACHE}")
            connection.execute(f"PRAGMA hard_heap_limit = {_MEMORY}")
            if self._read_only:
                connection.execute("PRAGMA query_only = ON")
            for limit, value in _LIMITS:
                connection.setlimit(limit, value)
            connection.set_authorizer(_authorize)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def path_below(folder: Path, name: str) -> Path:
    """Where ``name`` lies in ``folder``. Raises `Fail` for what would lead out of it, by its name or by a link."""
    parts = name.split("/")
    if len(parts) > _DEEPEST or not all(_NAME.fullmatch(part) for part in parts):
        raise Fail(
            f"the file is a name such as orders.db, or up to {_DEEPEST} such names with / between; correct it",
            code="invalid_file",
            permanent=True,
            field="/file",
        )
    path = folder
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise Fail(
                f"{name} leads elsewhere by a link; name the file itself", code="invalid_file", permanent=True,
                field="/file",
            )  # fmt: skip
    return path


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    if action not in _ALLOWED:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _timeout(seconds: float) -> Fail:
    return Fail(
        f"the query did not end within {seconds:g} s, others of this node before it included; make it cheaper, or give "
        "it more time",
        code="query_timeout",
        retryable=True,
    )


def _too_much() -> Fail:
    return Fail(
        f"the query needs more memory than SQLite has on this host ({_MEMORY >> 20:,} MiB for all nodes together): "
        "sort and group less at once, make an index for the order, or ask for fewer columns",
        code="database_memory",
        retryable=True,
    )


def _failure(error: sqlite3.Error, seconds: float, *, is_late: bool) -> Fail:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name == "SQLITE_INTERRUPT" or is_late:
        return _timeout(seconds)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Fail("another query holds the file; try again", code="database_busy", retryable=True)
    if name.startswith("SQLITE_CONSTRAINT"):
        return Fail(f"the database refuses the row: {error}", code="constraint", permanent=True)
    if name == "SQLITE_AUTH" or "not authorized" in str(error) or "prohibited" in str(error):
        return Fail(
            "queries reach their own file and nothing else: no ATTACH, VACUUM, PRAGMA, extensions or transactions; "
            "leave it out",
            code="not_allowed",
            permanent=True,
        )
    if name == "SQLITE_READONLY":
        return Fail("only reading is allowed; switch 'Read only' off to write", code="read_only", permanent=True)
    if name.startswith("SQLITE_NOMEM") or name == "SQLITE_IOERR_NOMEM":
        return _too_much()
    if name == "SQLITE_FULL":
        return Fail("the file has reached its largest size; delete something", code="database_full", permanent=True)
    if name in ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_CANTOPEN"):
        return Fail(f"the file cannot be used: {error}", code="invalid_file", permanent=True)
    return Fail(f"the query cannot be run: {error}", code="sql_error", permanent=True)
