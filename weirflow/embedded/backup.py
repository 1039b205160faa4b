"""A copy of the store while it is used, and its way back.

The objects are in memory and never change in place, so a copy shows one moment however long it takes to write. Secrets
stay sealed in it: it is of use only together with `secrets.key`, which a backup of the machine has to hold as well.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from weirflow.embedded.journal import PUT, SCHEMA, SCHEMA_VERSION, SET_VERSION, StoreInUse, schema_version
from weirflow.embedded.records import Record
from weirflow.embedded.vault import KeyMismatch, Vault

KEPT = 7
"""Copies that stay in the folder of the cluster, unless WEIRFLOW_BACKUPS_KEPT says another number; one that is moved
elsewhere does not count."""
MOST_KEPT = 1_000
RESTORE_GAP = 2**32
"""How far a restored store skips ahead: versions that were handed out after the copy was made may have been seen."""


class NoBackup(Exception):
    """A file that cannot be restored, and why."""


def copies_kept() -> int:
    """How many copies stay. Raises NoBackup for a setting that is no such number."""
    text = os.environ.get("WEIRFLOW_BACKUPS_KEPT") or str(KEPT)
    if not text.isdecimal() or not 1 <= int(text) <= MOST_KEPT:
        raise NoBackup(f"WEIRFLOW_BACKUPS_KEPT is {text!r}; it must be from 1 to {MOST_KEPT}")
    return int(text)


def prune(folder: Path, kept: int) -> None:
    """Delete all copies in the folder but the newest, and what a copy under way has left that was not ended. Call it
    while none is written. What cannot be deleted stays for the next time."""
    copies = sorted(folder.glob("cluster-*.db"), key=_written_at)
    for old in (*copies[:-kept], *folder.glob(".cluster-*.part")):
        with suppress(OSError):
            old.unlink()


def _written_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        # Somebody has just moved it away.
        return 0


def write_backup(path: Path, records: Iterable[Record], version: int, vault: Vault) -> None:
    """Write the objects of one moment to a new file, there whole or not at all. Raises OSError, sqlite3.Error."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    database = sqlite3.connect(unfinished, isolation_level=None)
    try:
        database.execute("pragma synchronous = full")
        database.executescript(SCHEMA)
        database.execute(f"pragma user_version = {SCHEMA_VERSION:d}")
        database.execute("begin")
        rows = (
            (one.resource, one.namespace, one.name, one.version, vault.seal(one.resource, one.raw)) for one in records
        )
        database.executemany(PUT, rows)
        database.execute(SET_VERSION, (version,))
        database.execute("commit")
    except BaseException:
        database.close()
        unfinished.unlink(missing_ok=True)
        raise
    database.close()
    unfinished.replace(path)


def restore(backup: Path, directory: Path) -> int:
    """Put a copy in the place of the store in `directory`; the number of its objects. The one that was there is kept
    beside it as `cluster.db.before`. Raises NoBackup, StoreInUse."""
    store = directory / "cluster.db"
    version, count = _checked(backup, Vault.from_file(directory / "secrets.key"))
    before = _version_in_use(store) if store.exists() else 0
    fresh = directory / ".cluster.db.restored"
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    database = sqlite3.connect(fresh, isolation_level=None)
    try:
        _copy(backup, database)
        database.execute(SET_VERSION, (max(before, version) + RESTORE_GAP,))
    finally:
        database.close()
    _put_aside(store, directory / "cluster.db.before")
    fresh.replace(store)
    return count


def _copy(backup: Path, database: sqlite3.Connection) -> None:
    """By SQLite and not byte by byte: of a store that was stopped hard, the newest is in the file beside it."""
    source = sqlite3.connect(f"file:{backup}?mode=ro", uri=True)
    try:
        source.backup(database)
    finally:
        source.close()


def _put_aside(store: Path, place: Path) -> None:
    """With what SQLite kept beside it: found by another store, it would be written into that."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        found, kept = store.with_name(store.name + suffix), place.with_name(place.name + suffix)
        kept.unlink(missing_ok=True)
        if found.exists():
            found.replace(kept)


def _checked(backup: Path, vault: Vault) -> tuple[int, int]:
    """(version, objects) of a copy that is whole and that our key opens."""
    if not backup.is_file():
        raise NoBackup(f"{backup} is not there")
    database = sqlite3.connect(f"file:{backup}?mode=ro", uri=True)
    try:
        if schema_version(database) > SCHEMA_VERSION:
            raise NoBackup(f"{backup} was written by a newer Weirflow: restore it with that one")
        [(found,)] = database.execute("pragma quick_check(1)").fetchall()
        if found != "ok":
            raise NoBackup(f"{backup} is damaged: {found}")
        (version,) = database.execute("select value from meta where name = 'version'").fetchone()
        (count,) = database.execute("select count(*) from objects").fetchone()
        for (body,) in database.execute("select body from objects where resource = 'secrets'"):
            vault.open("secrets", body)
    except sqlite3.Error as error:
        raise NoBackup(f"{backup} is no copy of an embedded cluster: {error}") from error
    except KeyMismatch as error:
        raise NoBackup(
            f"secrets.key does not open the Secrets in {backup}: put back the key they were sealed with"
        ) from error
    finally:
        database.close()
    return int(version), int(count)


def _version_in_use(store: Path) -> int:
    """The newest version of the store that is to be replaced; 0 of one that cannot be read, which is why it is."""
    database = sqlite3.connect(store, isolation_level=None, timeout=0.2)
    try:
        database.execute("pragma locking_mode = exclusive")
        database.execute("begin exclusive")
        (version,) = database.execute("select value from meta where name = 'version'").fetchone()
        return int(version)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreInUse(f"{store} is in use by an embedded cluster: stop it first") from error
        return 0
    except (sqlite3.Error, TypeError):
        return 0
    finally:
        database.close()
