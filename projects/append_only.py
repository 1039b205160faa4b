"""Triggers that keep the audit append-only, whoever has the connection.

An entry can be deleted only while a row of `AuditTrim` says from when on, and never within `FLOOR_DAYS`.
"""

from typing import Any

FLOOR_DAYS = 30
"""No retention is shorter."""

_SQLITE = (
    "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON projects_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    """CREATE TRIGGER audit_kept BEFORE DELETE ON projects_auditentry
    WHEN NOT EXISTS (SELECT 1 FROM projects_audittrim WHERE "before" > OLD.at)
    OR OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-FLOOR days')
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION weirflow_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.at <= now() - interval 'FLOOR days'
               AND EXISTS (SELECT 1 FROM projects_audittrim WHERE "before" > OLD.at) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON projects_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION weirflow_audit_refuse()",
    "CREATE TRIGGER audit_whole BEFORE TRUNCATE ON projects_auditentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION weirflow_audit_refuse()",
)
_REMOVE = {
    "sqlite": ("DROP TRIGGER IF EXISTS audit_unchanged", "DROP TRIGGER IF EXISTS audit_kept"),
    "postgresql": (
        "DROP TRIGGER IF EXISTS audit_kept ON projects_auditentry",
        "DROP TRIGGER IF EXISTS audit_whole ON projects_auditentry",
    ),
}


def install(connection: Any) -> None:
    """Puts the triggers in place; `connection` is Django's."""
    remove(connection)
    _run(connection, {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[connection.vendor])


def remove(connection: Any) -> None:
    """Takes them away: for the way back of the migration, and for tests that empty all tables."""
    _run(connection, _REMOVE[connection.vendor])


def _run(connection: Any, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.replace("FLOOR", str(FLOOR_DAYS)))
