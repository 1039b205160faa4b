"""The database: which one, whether it keeps what it was told, and whether its tables are those of this version."""

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.utils import Error

from config.database import shared
from config.doctor.finding import Said, error, note, ok, warning

OLDEST = 130000
SKEW_SECONDS = 5.0
SPARE_CONNECTIONS = 20


def look() -> Iterator[Said]:
    try:
        connection.ensure_connection()
    except Error as broken:
        yield error(
            f"The database does not take us: {_reason(broken)}.",
            "See that it runs, that WEIRFLOW_DATABASE_URL names it, and that its pg_hba.conf lets this user in.",
        )
        return
    yield from _postgres() if shared() else _sqlite()
    yield from _migrations()


def _reason(broken: Exception) -> str:
    """Its first line, without the parameters of the connection that follow."""
    text = str(broken).strip().splitlines()
    return text[0].rpartition("failed: ")[2].rstrip(".") if text else type(broken).__name__


def _sqlite() -> Iterator[Said]:
    yield note("SQLite: one web process, on one machine.", "For a team set WEIRFLOW_DATABASE_URL to a PostgreSQL.")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        answer = cursor.fetchone()[0]
    if answer != "ok":
        yield error("The database file is damaged.", "Stop Weirflow and restore the last backup.")


def _postgres() -> Iterator[Said]:
    version = int(_show("server_version_num"))
    if version < OLDEST:
        yield error(f"PostgreSQL {_show('server_version')} is too old.", "Use PostgreSQL 13 or newer.")
    else:
        yield ok(f"PostgreSQL {_show('server_version')} answers.")
    if _show("server_encoding") != "UTF8":
        yield error(f"The database's encoding is {_show('server_encoding')}.", "Make one anew with ENCODING 'UTF8'.")
    for setting in ("fsync", "full_page_writes"):
        if _show(setting) == "off":
            yield error(f"{setting} is off: a power cut may destroy the database.", f"Set {setting} = on.")
    if _show("synchronous_commit") == "off":
        yield warning(
            "synchronous_commit is off: a crash may take back edits that were acknowledged.",
            "Set synchronous_commit = on, at least for this database or user.",
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        first = cursor.fetchone()[0]
        cursor.execute("SELECT pg_backend_pid(), extract(epoch FROM clock_timestamp())")
        second, clock = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_stat_activity")
        used = cursor.fetchone()[0]
    if first != second:
        yield error(
            "A pool between us and PostgreSQL changes the session between statements: the locks that keep two web "
            "processes apart do not hold.",
            "Connect to PostgreSQL itself, or set the pool to pool_mode = session.",
        )
    skew = abs(float(clock) - time.time())
    if skew > SKEW_SECONDS:
        yield warning(f"The clock of the database differs from ours by {skew:.0f} s.", "Run an NTP client on both.")
    most = int(_show("max_connections"))
    if most - used < SPARE_CONNECTIONS:
        yield warning(f"{used} of {most} connections are in use.", "Raise max_connections: a web process takes 6.")


def _show(setting: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [setting])
        return cursor.fetchone()[0]


def _migrations() -> Iterator[Said]:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    applied, known = executor.loader.applied_migrations, executor.loader.disk_migrations
    unknown = [name for name in applied if name not in known and name[0] in executor.loader.migrated_apps]
    if unknown:
        yield error(
            "The tables are of a newer version of Weirflow than this one.",
            "Run the newer version, or restore the backup that was made before the upgrade.",
        )
    elif plan:
        yield warning(f"{len(plan)} migrations are not applied.", "Run manage.py migrate, or start a web process.")
    else:
        yield ok("The tables are those of this version.")
