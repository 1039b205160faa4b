"""The places in a JSON Schema where another schema stands. Pure; knows no keyword's meaning beyond that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

ONE = ("items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else", "unevaluatedItems",
       "unevaluatedProperties")  # fmt: skip
MANY = ("anyOf", "oneOf", "allOf", "prefixItems")
NAMED = ("properties", "$defs", "patternProperties", "dependentSchemas")

_DEFINITIONS = "#/$defs/"


def named_in(schema: Mapping[str, Any], keyword: str) -> dict[str, Any]:
    """The schemas by name under a keyword such as `properties`; none where that is no object."""
    value = schema.get(keyword)
    return value if isinstance(value, dict) else {}


def listed_in(schema: Mapping[str, Any], keyword: str) -> list[Any]:
    """The members under a keyword such as `anyOf`, `required` or `enum`; none where that is no list."""
    value = schema.get(keyword)
    return value if isinstance(value, list) else []


def inner(schema: Schema) -> Iterator[Schema]:
    """The schemas directly inside `schema`, definitions included, in the order of the document."""
    for keyword, value in schema.items():
        if keyword in ONE and isinstance(value, dict):
            yield value
        elif keyword in MANY and isinstance(value, list):
            yield from (item for item in value if isinstance(item, dict))
        elif keyword in NAMED and isinstance(value, dict):
            yield from (item for item in value.values() if isinstance(item, dict))


def rebuilt(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """A copy of `schema` with every schema in it, itself last, given through `change`; values are shared."""
    copy: Schema = {}
    for keyword, value in schema.items():
        if keyword in ONE and isinstance(value, dict):
            copy[keyword] = rebuilt(value, change)
        elif keyword in MANY and isinstance(value, list):
            copy[keyword] = [rebuilt(item, change) if isinstance(item, dict) else item for item in value]
        elif keyword in NAMED and isinstance(value, dict):
            copy[keyword] = {
                name: rebuilt(item, change) if isinstance(item, dict) else item for name, item in value.items()
            }
        else:
            copy[keyword] = value
    return change(copy)


def reference(schema: Schema) -> str | None:
    """The key in `$defs` that `schema` refers to; None without a reference of that form."""
    target = schema.get("$ref")
    if not isinstance(target, str) or not target.startswith(_DEFINITIONS):
        return None
    key = target.removeprefix(_DEFINITIONS)
    return None if "/" in key else key.replace("~1", "/").replace("~0", "~")


def reference_to(key: str) -> str:
    """The `$ref` to the definition `key`."""
    return _DEFINITIONS + key.replace("~", "~0").replace("/", "~1")


def with_references(schema: Schema, keys: dict[str, str]) -> Schema:
    """A copy of `schema` whose references lead to other keys (`old -> new`), those of discriminators too."""

    def change(part: Schema) -> Schema:
        key = reference(part)
        if key in keys:
            part["$ref"] = reference_to(keys[key])
        discriminator = part.get("discriminator")
        if isinstance(discriminator, dict) and isinstance(discriminator.get("mapping"), dict):
            mapping = {
                value: reference_to(keys.get(key, key)) if (key := reference({"$ref": target})) else target
                for value, target in discriminator["mapping"].items()
            }
            part["discriminator"] = {**discriminator, "mapping": mapping}
        return part

    return rebuilt(schema, change)


def resolved(schema: Schema, root: Schema) -> Schema:
    """`schema` with its reference followed; keywords beside `$ref` win. A reference that leads nowhere, or round in a
    circle, gives what stands beside it.
    """
    definitions = named_in(root, "$defs")
    seen: set[str] = set()
    while (key := reference(schema)) is not None:
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        target = definitions.get(key)
        if not isinstance(target, dict) or key in seen:
            return beside
        seen.add(key)
        schema = {**target, **beside}
    return schema


def reachable(root: Schema, keys: Iterable[str]) -> set[str]:
    """Those of `keys`, and of the definitions that they refer to, which `root` defines."""
    definitions = named_in(root, "$defs")
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key in found or not isinstance(definitions.get(key), dict):
            continue
        found.add(key)
        parts = [definitions[key]]
        while parts:
            part = parts.pop()
            target = reference(part)
            if target is not None:
                waiting.append(target)
            parts.extend(inner(part))
    return found
