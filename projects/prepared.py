"""Queries written once: Django takes ten times as long to write most queries as the database to answer them.

For the handful that every edit asks. What they say is still a queryset; only its text and the reading of its rows are
kept.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class _Place:
    """Stands where the value with this index will be."""

    index: int


class Prepared(Generic[M]):
    """`write` makes the queryset from its values, which must not decide about its form: no lists, no None.

    Called with the values, it answers the rows as a list. The values are sent as they are, without the conversion of
    the field they are compared with; UUIDs alone are brought into the database's form.
    """

    def __init__(self, write: Callable[..., models.QuerySet[M]]) -> None:
        self._write = write
        self._by_vendor: dict[str, _Statement[M]] = {}

    def __call__(self, *values: Any) -> list[M]:
        connection = connections[DEFAULT_DB_ALIAS]
        statement = self._by_vendor.get(connection.vendor)
        if statement is None:
            statement = self._by_vendor[connection.vendor] = _Statement(self._write(*_places(values)))
        return statement.rows(connection, values)

    def first(self, *values: Any) -> M | None:
        """The first row, or None."""
        return next(iter(self(*values)), None)


class PreparedValues:
    """The same for a queryset of `values_list`, unions too: called with the values, it answers tuples as the database
    has them. For columns that are plain in every database: texts and numbers."""

    def __init__(self, write: Callable[..., models.QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._write = write
        self._by_vendor: dict[str, tuple[str, Sequence[Any]]] = {}

    def __call__(self, *values: Any) -> list[tuple[Any, ...]]:
        connection = connections[DEFAULT_DB_ALIAS]
        statement = self._by_vendor.get(connection.vendor)
        if statement is None:
            queryset = self._write(*_places(values))
            statement = queryset.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
            self._by_vendor[connection.vendor] = statement
        text, parameters = statement
        with connection.cursor() as cursor:
            cursor.execute(text, _filled(connection, parameters, values))
            return list(cursor.fetchall())


class _Statement(Generic[M]):
    """The text of a query and how its rows become objects."""

    def __init__(self, queryset: models.QuerySet[M]) -> None:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self._text, self._parameters = compiler.as_sql()
        start, end, self._names = _own_columns(compiler)
        self._own = slice(start, end)
        self._model = queryset.model
        # The stubs are of a later Django.
        populators = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        self._related = populators
        self._converters = list(compiler.get_converters([column[0] for column in compiler.select]).items())

    def rows(self, connection: Any, values: Sequence[Any]) -> list[M]:
        with connection.cursor() as cursor:
            cursor.execute(self._text, _filled(connection, self._parameters, values))
            found = [list(row) for row in cursor.fetchall()]
        return [self._read(row, connection) for row in found]

    def _read(self, row: list[Any], connection: Any) -> M:
        for position, (converters, expression) in self._converters:
            for convert in converters:
                row[position] = convert(row[position], expression, connection)
        made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for related in self._related:
            related.populate(row, made)
        return made


def _places(values: Sequence[Any]) -> list[RawSQL]:
    return [RawSQL("%s", (_Place(index),)) for index in range(len(values))]


def _filled(connection: Any, parameters: Sequence[Any], values: Sequence[Any]) -> list[Any]:
    """The statement's parameters with the values in their places."""
    if not connection.features.has_native_uuid_field:
        values = [value.hex if isinstance(value, uuid.UUID) else value for value in values]
    return [values[p.index] if isinstance(p, _Place) else p for p in parameters]


def _own_columns(compiler: Any) -> tuple[int, int, list[str]]:
    """Where the model's own columns stand in a row, and the names of their fields."""
    positions = compiler.klass_info["select_fields"]
    start, end = positions[0], positions[-1] + 1
    return start, end, [column[0].target.attname for column in compiler.select[start:end]]
