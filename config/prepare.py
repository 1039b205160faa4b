"""What has to be true before the web process serves: tables as the code wants them, static files collected."""

import fcntl
import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import database

logger = logging.getLogger(__name__)
MARK = "collected"
ALONE_SECONDS = 300.0
LOCK = 0x5765_6972_666C_6F77


class PrepareError(Exception):
    """What has to be true before serving is not, and somebody has to look."""


@contextmanager
def alone() -> Iterator[None]:
    """A context that one process at a time is in: of this machine, and of all that share the database.

    A lock file, which goes with the process; at PostgreSQL a lock of the session. Raises `PrepareError` when another
    process has not come out of it for five minutes.
    """
    until = time.monotonic() + ALONE_SECONDS
    with (settings.WEIRFLOW_HOME / "prepare.lock").open("w") as file:
        _wait(until, lambda: _taken(file))
        if not database.shared():
            yield
            return
        with connection.cursor() as cursor:
            _wait(until, lambda: _asked(cursor))
            yield
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _wait(until: float, take: Callable[[], bool]) -> None:
    while not take():
        if time.monotonic() > until:
            raise PrepareError("Another process has been preparing the database for minutes: see what it waits for.")
        time.sleep(0.05)


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _asked(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])


def migrate() -> None:
    """Brings the tables up to date; says so only when there was something to do."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        logger.info("bringing the database up to date")
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def collect_static_files() -> None:
    """Collects, hashes and compresses static files when one was added, removed or changed since the last time."""
    print_of_now = _print_of(settings.STATICFILES_DIRS)
    mark = settings.STATIC_ROOT / MARK
    if mark.is_file() and mark.read_text() == print_of_now:
        return
    logger.info("collecting static files")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, skip_checks=True)
    mark.write_text(print_of_now)


def _print_of(folders: list[Path]) -> str:
    """A fingerprint of names, sizes and times of all files below the folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                about = path.stat()
                digest.update(f"{path.relative_to(folder)}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
