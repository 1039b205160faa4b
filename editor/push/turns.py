"""Which process pushes a project, where several share the database: the one that holds its lock there.

A lock of the database session, so that it goes with the process, however that ends. Every write to the cluster tests
that it meets what it was made for; but a process that read its rows before an edit, and looks at the cluster after
another has pushed that, would put the old rows back over it. With SQLite there is one process, and nothing to take.
"""

from django.db import connection

SPACE = 0x5765_6972
"""Keeps our locks apart from those that others take in the same database."""


def take(project: str) -> bool:
    """Whether this process may push the project now. On the database thread, as `give`: the lock is its session's."""
    return _ask("pg_try_advisory_lock", project)


def give(project: str) -> None:
    """Another process may. A lock that went with a broken connection is not missed."""
    _ask("pg_advisory_unlock", project)


def _ask(function: str, project: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, hashtext(%s))", [SPACE, project])
        return bool(cursor.fetchone()[0])
