"""Tables for `kubectl get`, and objects reduced to their metadata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from weirflow.embedded.errors import bad_request
from weirflow.embedded.kinds import Column, JsonObject, Kind

META_VERSION = "meta.k8s.io/v1"
INCLUDE = ("", "Metadata", "Object", "None")
NAME = {"name": "Name", "type": "string", "format": "name", "description": "Name of the object.", "priority": 0}
STEP = re.compile(r"\.((?:\\.|[^.\[\\])+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]")


def at(path: str) -> Callable[[JsonObject], Any]:
    """A cell that shows the value at a dotted path, or nothing."""
    return json_path("." + path)


def as_text(value: Callable[[JsonObject], Any]) -> Callable[[JsonObject], Any]:
    """A cell of a column declared as string: other values are written out."""

    def text(found: JsonObject) -> str | None:
        shown = value(found)
        return shown if shown is None or isinstance(shown, str) else str(shown)

    return text


def json_path(path: str) -> Callable[[JsonObject], Any]:
    """A cell for a column's JSONPath: field steps (`.a`, `\\.` for a dot in a name, `['a']`) and list indices."""
    steps = [
        int(index) if index else re.sub(r"\\(.)", r"\1", field or quoted) for field, index, quoted in STEP.findall(path)
    ]

    def value(found: Any) -> Any:
        for step in steps:
            if isinstance(step, int):
                found = found[step] if isinstance(found, list) and step < len(found) else None
            else:
                found = found.get(step) if isinstance(found, dict) else None
        return found

    return value


def age(value: JsonObject, field: str = "") -> str:
    """Time since creation (or since the time in `field`), as kubectl writes ages: `42s`, `5m30s`, `3h`, `2d`."""
    text = value.get(field) if field else value["metadata"].get("creationTimestamp")
    if not text:
        return "<unknown>"
    return since(datetime.fromisoformat(text))


def since(moment: datetime) -> str:
    """The time from `moment` until now; a time without an offset is in UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return duration(max(0, int((datetime.now(UTC) - moment).total_seconds())))


def duration(seconds: int) -> str:
    """Seconds in at most two units."""
    if seconds < 120:
        return f"{seconds}s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if minutes < 10:
        return f"{minutes}m{seconds % 60}s" if seconds % 60 else f"{minutes}m"
    if hours < 3:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    if days < 2:
        return f"{hours}h"
    if days < 8:
        return f"{days}d{hours % 24}h" if hours % 24 else f"{days}d"
    return f"{days}d"


def metadata_only(value: JsonObject) -> JsonObject:
    return {"kind": "PartialObjectMetadata", "apiVersion": META_VERSION, "metadata": value["metadata"]}


def definitions(kind: Kind) -> list[JsonObject]:
    """`columnDefinitions`: the name, then the kind's own columns."""
    return [
        NAME,
        *(
            {
                "name": column.name,
                "type": column.type,
                "format": column.format,
                "description": column.description,
                "priority": column.priority,
            }
            for column in kind.columns
        ),
    ]


def row(kind: Kind, value: JsonObject, include: str) -> JsonObject:
    """One row; `include` is the query's includeObject."""
    shown = {"None": None, "Object": value}.get(include, metadata_only(value))
    return {"cells": [value["metadata"]["name"], *(cell(column, value) for column in kind.columns)], "object": shown}


def cell(column: Column, value: JsonObject) -> Any:
    found = column.value(value)
    if column.type == "date" and isinstance(found, str):
        try:
            return since(datetime.fromisoformat(found))
        except ValueError:
            return found
    return found


def table(kind: Kind, values: Iterable[JsonObject], include: str, metadata: JsonObject) -> JsonObject:
    check_include(include)
    return {
        "kind": "Table",
        "apiVersion": META_VERSION,
        "metadata": metadata,
        "columnDefinitions": definitions(kind),
        "rows": [row(kind, value, include) for value in values],
    }


def check_include(include: str) -> None:
    if include not in INCLUDE:
        raise bad_request(
            f'Unable to convert to Table as requested: includeObject: Invalid value: "{include}": must be '
            "'Metadata', 'Object', 'None', or empty"
        )
