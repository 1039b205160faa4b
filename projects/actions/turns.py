"""Taking away what somebody owns: one after the other.

Whether a project keeps an owner hangs on rows of people, memberships, teams and what is shared with them. Two owners
who leave at once would each still see the other, whichever of these rows are locked; so those who take something away
wait for each other, in the whole installation. It is rare, and takes milliseconds.
"""

from django.db import connection, transaction

SPACE, OWNERS = 0x5765_6972, 1
"""The first keeps our locks apart from those that others take in the same database (editor/push/turns.py)."""


def wait_for_turn() -> None:
    """Nobody else takes an owner away until this transaction ends. Before any row is locked, so that no two wait for
    each other. With SQLite each transaction that writes is alone as it is."""
    assert transaction.get_connection().in_atomic_block
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SPACE, OWNERS])
