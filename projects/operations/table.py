"""The rows of one model that a change touches."""

import uuid
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

from django.db import models

from projects.models import Flow

M = TypeVar("M", bound=models.Model)


class Table(Generic[M]):
    """Read once, edited in memory, written once. `key` says by what a row is known, before it has a primary key too."""

    def __init__(self, model: type[M], key: Callable[[M], Hashable]) -> None:
        self._model, self._key = model, key
        self.rows: dict[Any, M] = {}
        self._new: dict[Any, M] = {}
        self._changed: dict[Any, set[str]] = {}
        self._gone: dict[Any, M] = {}

    def know(self, rows: Iterable[M]) -> None:
        """Takes in rows as the database has them."""
        self.rows.update((self._key(row), row) for row in rows)

    def add(self, row: M) -> None:
        self.rows[self._key(row)] = self._new[self._key(row)] = row

    def touch(self, row: M, fields: Iterable[str]) -> None:
        """Notes that `fields` of the row hold new values."""
        self._changed.setdefault(self._key(row), set()).update(fields)

    def remove(self, row: M) -> None:
        key = self._key(row)
        del self.rows[key]
        self._changed.pop(key, None)
        if self._new.pop(key, None) is None:
            self._gone[key] = row

    @property
    def grows(self) -> bool:
        """Whether there is anything to insert."""
        return bool(self._new)

    @property
    def added(self) -> int:
        """How many rows more there will be."""
        return len(self._new) - len(self._gone)

    def stored(self, flow: Flow) -> int:
        """How many rows the flow had before this change."""
        return self._model._default_manager.filter(flow=flow).count()

    def taken(self) -> uuid.UUID | None:
        """The primary key of a new row that somebody has already."""
        keys = [row.pk for row in self._new.values()]
        found: uuid.UUID | None = self._model._default_manager.filter(pk__in=keys).values_list("pk", flat=True).first()
        return found

    def delete(self) -> None:
        """Deletes what was removed. A row may have been added again under the same key."""
        if self._gone:
            self._model._default_manager.filter(pk__in=[row.pk for row in self._gone.values()]).delete()

    def insert(self) -> None:
        """Raises IntegrityError for a new row whose primary key is taken."""
        if self._new:
            self._model._default_manager.bulk_create(self._new.values(), batch_size=100)

    def update(self) -> None:
        """Writes the fields that changed."""
        for key, fields in self._changed.items():
            if key not in self._new:
                self.rows[key].save(update_fields=list(fields))
