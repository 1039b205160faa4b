"""New rows of one model, written by one statement: of what Django takes for many rows, the database has a fifth."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from projects.stored import json_column

#: What the database takes as it is, by the kind of field.
_PLAIN: dict[type[models.Field[Any, Any]], type] = {
    models.CharField: str,
    models.TextField: str,
    models.IntegerField: int,
    models.BooleanField: bool,
}


def insert(rows: Iterable[models.Model]) -> None:
    """As `bulk_create` does for rows whose keys are set, in the open transaction. All rows are of one model, and
    no field of it is filled in by saving. Raises `IntegrityError`.
    """
    new = list(rows)
    if not new:
        return
    model, connection = type(new[0]), connections[DEFAULT_DB_ALIAS]
    fields: list[Any] = list(model._meta.concrete_fields)
    values = attrgetter(*(field.attname for field in fields))
    columns = [_column(field, connection) for field in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    text = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608
    parameters: list[list[Any]] = [
        [
            value if value is None or type(value) is plain else convert(value)
            for (plain, convert), value in zip(columns, values(row), strict=True)
        ]
        for row in new
    ]
    with connection.cursor() as cursor:
        cursor.executemany(text, parameters)
    for row in new:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _column(field: Any, connection: Any) -> tuple[type | None, Callable[[Any], Any]]:
    """The type that goes as it is, and what is done with every other value."""
    target = field
    while target.is_relation:
        target = target.target_field
    if isinstance(target, models.UUIDField):
        if connection.features.has_native_uuid_field:
            return uuid.UUID, lambda value: field.get_db_prep_save(value, connection)
        return None, lambda value: value.hex if type(value) is uuid.UUID else field.get_db_prep_save(value, connection)
    if isinstance(target, models.JSONField):
        return None, json_column
    plain = next((plain for kind, plain in _PLAIN.items() if isinstance(target, kind)), None)
    return plain, lambda value: field.get_db_prep_save(value, connection)
