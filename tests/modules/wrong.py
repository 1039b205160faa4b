"""Values that do not fit a field, found from its schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from weirflow import JSON
from weirflow.schema.walk import resolved
from weirflow.services import PortSpec


def wrong_settings(ports: Iterable[PortSpec]) -> Iterator[tuple[str, JSON]]:
    """Each field of the settings with values that it may not have."""
    schema = next(port.schema for port in ports if port.name == "_settings")
    for name, field in _fields(schema):
        for value in _wrong(field):
            yield name, value


def wrong_messages(schema: dict[str, Any], good: JSON) -> Iterator[tuple[str, JSON]]:
    """The JSON pointer of a field, and the message with it missing, wrong, or unknown."""
    if not schema.get("properties") or not isinstance(good, dict):
        return
    yield "/noSuchField", {**good, "noSuchField": 1}
    for name in schema.get("required", ()):
        yield f"/{name}", {key: value for key, value in good.items() if key != name}
    for name, field in _fields(schema):
        for value in _wrong(field):
            yield f"/{name}", {**good, name: value}


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, field in schema.get("properties", {}).items():
        # The runtime's own; it is no part of the component's settings.
        if name != "enableErrorPort":
            yield name, resolved(field, schema)


def _wrong(field: dict[str, Any]) -> Iterator[JSON]:
    kind = field.get("type")
    if kind in ("string", "integer", "number", "boolean"):
        yield ["no", "such", "type"]
    elif kind in ("array", "object"):
        yield 7
    if "enum" in field:
        yield "no such choice"
    if kind == "string" and "maxLength" in field:
        yield "x" * (field["maxLength"] + 1)
    if kind in ("integer", "number"):
        yield "soon"
        if "minimum" in field:
            yield field["minimum"] - 1
        if "maximum" in field:
            yield field["maximum"] + 1
    if kind == "array" and "maxItems" in field and field["maxItems"] <= 10_000:
        yield [None] * (field["maxItems"] + 1)
