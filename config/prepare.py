"""What has to be true before the web process serves: tables as the code wants them, static files collected."""

import hashlib
import logging
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

logger = logging.getLogger(__name__)
MARK = "collected"


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
