"""Rows of a database as JSON, and no more of them than wanted."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from weirflow import JSON, Fail


@dataclass(slots=True)
class Rows:
    """What a query has given. ``changed``: rows that it wrote; None where the database does not say."""

    most: int
    most_bytes: int
    columns: list[str] = field(default_factory=list)
    rows: list[dict[str, JSON]] = field(default_factory=list)
    changed: int | None = None
    _size: int = 0

    def name(self, columns: Sequence[str]) -> None:
        """The columns; of several with one name the later ones get a number, so that none hides another."""
        taken: set[str] = set()
        for column in columns:
            name, number = column, 2
            while name in taken:
                name, number = f"{column}_{number}", number + 1
            taken.add(name)
            self.columns.append(name)

    def add(self, values: Sequence[Any]) -> None:
        """One more row. Raises `Fail`."""
        if len(self.rows) >= self.most:
            raise Fail(
                f"the query gives more than {self.most:,} rows; add a LIMIT or a condition, or raise 'Most rows'",
                code="too_many_rows",
                permanent=True,
            )
        row = dict(zip(self.columns, map(_json, values), strict=True))
        self._size += sum(len(value) if isinstance(value, str) else 16 for value in row.values()) + 8 * len(row)
        if self._size > self.most_bytes:
            raise Fail(
                f"the query gives more than {self.most_bytes:,} bytes; ask for fewer rows or columns, or raise "
                "'Most bytes'",
                code="too_many_bytes",
                permanent=True,
            )
        self.rows.append(row)


def _json(value: Any) -> JSON:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes | memoryview | bytearray):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        # All of its digits: a number of JSON would lose some.
        return str(value)
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _json(one) for key, one in value.items()}
    return str(value)


def as_text(value: JSON) -> JSON:
    """A parameter for a database that knows no lists and objects: those as JSON."""
    # Not by the fast writer, which takes no whole numbers past 64 bits.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
