"""What a schema says about the values it takes, without a validator: their types, and whether a plain value fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weirflow.errors import JSON
from weirflow.schema.walk import Schema, listed_in, reference, resolved

_MOST_CHOICES = 1_000


def type_of(value: JSON) -> str:
    """The JSON type of a value; a whole number is an `integer`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    names = {float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "object")


def types_of(schema: Any, root: Schema) -> set[str]:
    """The types that `schema` allows; empty when it allows any."""
    found: set[str] = set()
    for part in _members(schema, root):
        types = _stated(part)
        if not types:
            return set()
        found |= types
    return found


def _stated(schema: Schema) -> set[str]:
    """The types of a schema that is no union."""
    stated = schema.get("type")
    if isinstance(stated, str):
        return {stated}
    if isinstance(stated, list):
        return {name for name in stated if isinstance(name, str)}
    if "const" in schema:
        return {type_of(schema["const"])}
    if isinstance(schema.get("enum"), list):
        return {type_of(value) for value in schema["enum"]}
    if "properties" in schema:
        return {"object"}
    return {"array"} if "items" in schema or "prefixItems" in schema else set()


def _members(schema: Any, root: Schema) -> Iterator[Schema]:
    """The schema with its reference followed; for a union those of its members, and of theirs, each once. What says
    its type beside the union's members is no union.
    """
    waiting: list[Any] = [schema]
    seen: set[str | int] = set()
    while waiting:
        part = waiting.pop()
        if not isinstance(part, dict):
            yield {}
            continue
        # A definition that several members refer to is one; with words beside the reference, it is the member's own.
        mark = (reference(part) if len(part) == 1 else None) or id(part)
        if mark in seen:
            continue
        seen.add(mark)
        part = resolved(part, root)
        members = members_of(part)
        if members and "type" not in part:
            # The same union is reached by every reference to it, each with words of its own.
            if id(members) not in seen:
                seen.add(id(members))
                waiting.extend(reversed(members))
        else:
            yield part


def members_of(schema: Schema) -> list[Any]:
    """The members of a union; empty for none."""
    return listed_in(schema, "anyOf") or listed_in(schema, "oneOf")


def choices(schema: Any, root: Schema) -> list[JSON]:
    """The values that a person chooses from: of an `enum`, or of a union made of constants, or of a list's items; null
    left out.
    """
    found: list[JSON] = []
    for part in _members(schema, root):
        items = part.get("items")
        for one in _members(items, root) if isinstance(items, dict) else (part,):
            values = [one["const"]] if "const" in one else listed_in(one, "enum")
            found.extend(value for value in values if value is not None)
        if len(found) >= _MOST_CHOICES:
            break
    return found


def misfit(value: JSON, schema: Any, root: Schema) -> str:
    """Why a value does not fit, as the end of a sentence; empty if it does as far as its own type and limits go: what
    is inside objects and lists is not looked at.
    """
    if not isinstance(schema, dict):
        return ""
    schema = resolved(schema, root)
    reasons = [_misfit(value, schema)]
    if members_of(schema):
        own = [] if "type" in schema else [reasons.pop()]
        members = [_misfit(value, part) for part in _members({"anyOf": members_of(schema)}, root)]
        reasons += own + (members[:1] if all(members) else [])
    return next((reason for reason in reasons if reason), "")


def _misfit(value: JSON, schema: Schema) -> str:
    types, actual = _stated(schema), type_of(value)
    if types and actual not in types and not (actual == "integer" and "number" in types):
        return f"is {actual}, not {' or '.join(sorted(types))}"
    if "const" in schema and value != schema["const"]:
        return f"is not {schema['const']!r}"
    if isinstance(schema.get("enum"), list) and value not in schema["enum"]:
        return f"is none of {', '.join(map(repr, schema['enum']))}"
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return _number_misfit(value, schema)
    return _length_misfit(value, schema) if isinstance(value, str | list | dict) else ""


def limit_in(schema: Schema, keyword: str) -> float | None:
    """The number under a keyword such as `minimum`; None where that is no number."""
    value = schema.get(keyword)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number_misfit(value: float, schema: Schema) -> str:
    low, above = limit_in(schema, "minimum"), limit_in(schema, "exclusiveMinimum")
    high, below = limit_in(schema, "maximum"), limit_in(schema, "exclusiveMaximum")
    if low is not None and value < low:
        return f"is below {low}"
    if high is not None and value > high:
        return f"is above {high}"
    if above is not None and value <= above:
        return f"is not above {above}"
    return f"is not below {below}" if below is not None and value >= below else ""


def _length_misfit(value: str | list[JSON] | dict[str, JSON], schema: Schema) -> str:
    suffix = "Length" if isinstance(value, str) else "Items" if isinstance(value, list) else "Properties"
    least, most = limit_in(schema, "min" + suffix), limit_in(schema, "max" + suffix)
    if least is not None and len(value) < least:
        return f"is shorter than {least}"
    return f"is longer than {most}" if most is not None and len(value) > most else ""
