"""A schema from a value: what can be said about something of which only an example is known."""

from __future__ import annotations

from typing import Any

from weirflow.errors import JSON
from weirflow.schema.types import type_of
from weirflow.schema.walk import Schema

DEPTH_LIMIT = 8
FIELDS_LIMIT = 200
#: Items of a list that are looked at, and characters of a text that stands as an example.
ITEMS_LIMIT = 20
EXAMPLE_LIMIT = 200


def inferred(*values: JSON) -> Schema:
    """The schema of values like these (at least one); deep or wide parts are left open. Fields that all have are
    required, plain values stand as `examples`.
    """
    return _common([_inferred(value, 0, [FIELDS_LIMIT]) for value in values])


def _inferred(value: JSON, depth: int, left: list[int]) -> Schema:
    if value is None or depth > DEPTH_LIMIT or left[0] <= 0:
        return {}
    left[0] -= 1
    kind = type_of(value)
    if isinstance(value, dict) and len(value) > left[0]:
        return {"type": kind}
    if isinstance(value, dict):
        fields = {name: _inferred(item, depth + 1, left) for name, item in value.items()}
        required = [name for name, item in value.items() if item is not None]
        return {"type": kind, "properties": fields, "required": required}
    if isinstance(value, list):
        items = [_inferred(item, depth + 1, left) for item in value[:ITEMS_LIMIT]]
        return {"type": kind, "items": _common(items)} if items else {"type": kind}
    if isinstance(value, str) and len(value) > EXAMPLE_LIMIT:
        return {"type": kind}
    return {"type": kind, "examples": [value]}


def _common(schemas: list[Schema]) -> Schema:
    """What all of them are."""
    first = schemas[0]
    types = {schema.get("type") for schema in schemas}
    if types == {"integer", "number"}:
        return {**first, "type": "number"}
    if len(types) > 1:
        return {}
    if first.get("type") == "object":
        if not all("properties" in schema for schema in schemas):
            return {"type": "object"}
        fields: dict[str, list[Any]] = {}
        for schema in schemas:
            for name, field in schema["properties"].items():
                fields.setdefault(name, []).append(field)
        required = [name for name in first["required"] if all(name in schema["required"] for schema in schemas)]
        return {**first, "properties": {name: _common(found) for name, found in fields.items()}, "required": required}
    if first.get("type") == "array":
        items = [schema["items"] for schema in schemas if "items" in schema]
        return {**first, "items": _common(items)} if items else first
    return first
