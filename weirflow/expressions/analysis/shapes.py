"""What is known of a value: the JSON Schemas, one of which it fits, with references, choices and unions resolved.

Schemas may contain themselves and may be large: only what is asked for is resolved, and never more than
`MOST_ALTERNATIVES` of it. What is given up counts as unknown, never as absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from weirflow.expressions.analysis.findings import Schema

MOST_ALTERNATIVES = 24
_MOST_HOPS = 32
"""References followed one after the other."""
_MOST_LOOKED_AT = 200
"""Alternatives that are gone through, equal ones included."""

_KIND_OF_TYPE = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "array": "list",
    "object": "object",
    "null": "null",
}
_TYPE_OF_KIND = {"text": "string", "number": "number", "boolean": "boolean", "list": "array", "object": "object"}
_OBJECT_WORDS = ("properties", "required", "additionalProperties", "patternProperties")
_LIST_WORDS = ("items", "prefixItems")


@dataclass(frozen=True, slots=True)
class Shape:
    """`alternatives` are schemas without references, each of one kind or of any; with none the value is anything."""

    alternatives: tuple[Schema, ...]
    root: Schema

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds it may have (those of `values.KINDS`); empty if that is not known."""
        kinds = [kind_of_schema(each) for each in self.alternatives]
        return frozenset() if None in kinds else frozenset(kind for kind in kinds if kind)

    @property
    def is_known(self) -> bool:
        return bool(self.kinds)

    @property
    def nullable(self) -> bool:
        return "null" in self.kinds

    def without_null(self) -> Shape:
        return Shape(tuple(each for each in self.alternatives if kind_of_schema(each) != "null"), self.root)

    def or_null(self) -> Shape:
        return self if not self.alternatives or self.nullable else union((self, null(self.root)), self.root)

    def of_kind(self, *kinds: str) -> Shape:
        """Only the alternatives of these kinds."""
        return Shape(tuple(each for each in self.alternatives if kind_of_schema(each) in kinds), self.root)

    def schema(self) -> Schema:
        """As one JSON Schema, with the definitions of its root where it refers to them."""
        if not self.alternatives:
            return {}
        one = dict(self.alternatives[0]) if len(self.alternatives) == 1 else {"anyOf": list(self.alternatives)}
        definitions: Schema = {word: self.root[word] for word in ("$defs", "definitions") if word in self.root}
        return {**one, **definitions} if _refers(one) else one


def kind_of_schema(schema: Schema) -> str | None:
    """The one kind of a resolved schema, None for any."""
    declared = schema.get("type")
    if isinstance(declared, str):
        return _KIND_OF_TYPE.get(declared)
    if any(word in schema for word in _OBJECT_WORDS):
        return "object"
    return "list" if any(word in schema for word in _LIST_WORDS) else None


def anything(root: Schema) -> Shape:
    return Shape((), root)


def null(root: Schema) -> Shape:
    return Shape(({"type": "null"},), root)


def of_kinds(kinds: Iterable[str], root: Schema) -> Shape:
    """Any value of these kinds; of any kind if there are none."""
    return Shape(tuple({"type": _TYPE_OF_KIND.get(kind, kind)} for kind in sorted(kinds)), root)


def union(shapes: Iterable[Shape], root: Schema) -> Shape:
    """Any of these; unknown if one of them is, or if there are too many."""
    found: list[Schema] = []
    for shape in shapes:
        if not shape.alternatives:
            return anything(root)
        found += [each for each in shape.alternatives if each not in found]
    return Shape(tuple(found), root) if len(found) <= MOST_ALTERNATIVES else anything(root)


def shape_of(schema: Any, root: Schema) -> Shape:
    """The shape that a schema inside `root` describes."""
    found: list[Schema] = []
    for number, each in enumerate(_resolved(schema, root, _MOST_HOPS)):
        if each is None or len(found) >= MOST_ALTERNATIVES or number >= _MOST_LOOKED_AT:
            return anything(root)
        if each not in found:
            found.append(each)
    return Shape(tuple(found), root) if found else anything(root)


def _resolved(schema: Any, root: Schema, hops: int) -> Iterator[Schema | None]:
    """The alternatives of a schema; None for one that says nothing or is given up."""
    if not isinstance(schema, dict) or hops == 0:
        yield None
        return
    if "$ref" in schema:
        target = _referred(schema["$ref"], root)
        beside = {word: value for word, value in schema.items() if word not in ("$ref", "$defs", "definitions")}
        merged = {**target, **beside} if isinstance(target, dict) else None
        yield from _resolved(merged, root, hops - 1)
        return
    for word in ("anyOf", "oneOf"):
        if isinstance(schema.get(word), list) and schema[word]:
            rest = {key: value for key, value in schema.items() if key != word}
            for branch in schema[word]:
                yield from _resolved(_both(rest, branch, root), root, hops - 1)
            return
    if isinstance(schema.get("allOf"), list) and schema["allOf"]:
        merged = {key: value for key, value in schema.items() if key != "allOf"}
        for branch in schema["allOf"]:
            merged = _both(merged, branch, root)
        yield from _resolved(merged, root, hops - 1)
        return
    yield from _by_kind(schema)


def _by_kind(schema: Schema) -> Iterator[Schema | None]:
    declared = schema.get("type")
    if isinstance(declared, list):
        yield from ({**schema, "type": each} for each in declared)
        return
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if declared is None and isinstance(values, list):
        types = dict.fromkeys(_type_of(value) for value in values)
        yield from ({**schema, "type": each} for each in types)
        return
    kind = kind_of_schema(schema)
    yield schema if declared is not None or kind is None else {"type": _TYPE_OF_KIND[kind], **schema}


def _both(one: Schema, other: Any, root: Schema) -> Schema:
    """Two schemas that both hold, put together word by word; good enough to look fields up."""
    hops = _MOST_HOPS
    while isinstance(other, dict) and "$ref" in other and hops:
        target = _referred(other["$ref"], root)
        other = {**target, **{k: v for k, v in other.items() if k != "$ref"}} if isinstance(target, dict) else {}
        hops -= 1
    if not isinstance(other, dict):
        return one
    merged = {**one, **other}
    for word in ("properties", "patternProperties"):
        if isinstance(one.get(word), dict) and isinstance(other.get(word), dict):
            merged[word] = {**one[word], **other[word]}
    if isinstance(one.get("required"), list) and isinstance(other.get("required"), list):
        merged["required"] = [*one["required"], *other["required"]]
    return merged


def _referred(reference: Any, root: Schema) -> Any:
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    found: Any = root
    for step in reference[1:].split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or key not in found:
            return None
        found = found[key]
    return found


def _type_of(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")


def _refers(schema: Any) -> bool:
    waiting = [schema]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "$ref" in item:
                return True
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return False
