"""Rows written by statements that are kept: Django takes five times as long to save a row as the database.

For the few rows that every edit writes. No signals are sent, and nothing but the row is written.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models


def update_row(row: models.Model, *names: str) -> None:
    """Write these fields of a row that is there. Raises DatabaseError when it is not."""
    text, fields = _update(type(row), names)
    connection = connections[DEFAULT_DB_ALIAS]
    key: Any = row._meta.pk
    values = [*_values(row, fields, connection, add=False), key.get_db_prep_save(row.pk, connection=connection)]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        if cursor.rowcount == 0:
            raise DatabaseError(f"there is no {type(row).__name__} {row.pk} to write to")


def insert_row(row: models.Model) -> None:
    """Write a new row, whose number the database makes."""
    text, fields = _insert(type(row))
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute(text, _values(row, fields, connection, add=True))
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _values(row: models.Model, fields: Sequence[Any], connection: Any, *, add: bool) -> list[Any]:
    return [_written(field, field.pre_save(row, add), connection) for field in fields]


def _written(field: Any, value: Any, connection: Any) -> Any:
    if isinstance(field, models.JSONField) and value is not None:
        return json_column(value)
    return field.get_db_prep_save(value, connection=connection)


def json_column(value: Any) -> str:
    """JSON as either database takes it. What rows hold came as JSON that orjson reads: it is written by it, too."""
    return orjson.dumps(value).decode()


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    meta = model._meta
    fields = [meta.get_field(name) for name in names]
    assert meta.pk is not None
    places = ", ".join(f'"{field.column}" = %s' for field in fields)  # type: ignore[union-attr]
    return f'UPDATE "{meta.db_table}" SET {places} WHERE "{meta.pk.column}" = %s', fields  # noqa: S608


@cache
def _insert(model: type[models.Model]) -> tuple[str, list[Any]]:
    meta = model._meta
    assert meta.pk is not None
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    text = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places}) RETURNING "{meta.pk.column}"'  # noqa: S608
    return text, fields
