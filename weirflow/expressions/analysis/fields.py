"""Looking into shapes: the fields of objects and the items of lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from weirflow.expressions.analysis.findings import Schema
from weirflow.expressions.analysis.shapes import Shape, anything, kind_of_schema, shape_of, union
from weirflow.expressions.limits import STEPS, Refusal
from weirflow.expressions.patterns import matches


@dataclass(frozen=True, slots=True)
class Found:
    """What stands under a name or an index.

    `certainly` there, `maybe` there, `never`, or `open`: the schema does not describe it.
    """

    shape: Shape
    presence: Literal["certainly", "maybe", "never", "open"]


def field_of(shape: Shape, name: str) -> Found:
    """The field `name` of a value of this shape; `length` of a list is its length."""
    if not shape.alternatives:
        return Found(anything(shape.root), "open")
    parts = [_field_of_one(each, name, shape.root) for each in shape.alternatives]
    return _together(parts, shape.root)


def item_of(shape: Shape, index: int) -> Found:
    """The item at `index` of a value of this shape."""
    if not shape.alternatives:
        return Found(anything(shape.root), "open")
    parts = [_item_of_one(each, index, shape.root) for each in shape.alternatives]
    return _together(parts, shape.root)


def children_of(shape: Shape) -> Found:
    """Any one field or item of a value of this shape."""
    if not shape.alternatives:
        return Found(anything(shape.root), "open")
    shapes: list[Shape] = []
    presence: Literal["maybe", "never", "open"] = "never"
    for each in shape.alternatives:
        kind = kind_of_schema(each)
        if kind in ("object", None):
            names = _properties(each)
            shapes += [shape_of(part, shape.root) for part in names.values()]
            others = each.get("additionalProperties", not names)
            if others is not False and kind == "object" and isinstance(others, dict):
                shapes.append(shape_of(others, shape.root))
            elif others is True or kind is None:
                presence = "open"
        if kind == "list":
            inside = list(_item_schemas(each))
            shapes += [shape_of(part, shape.root) for part in inside]
            presence = "open" if not inside else presence
    if presence == "never" and shapes:
        presence = "maybe"
    return Found(union(shapes, shape.root) if shapes and presence != "open" else anything(shape.root), presence)


def names_of(shape: Shape) -> dict[str, Schema]:
    """The declared fields, of all alternatives."""
    return {name: part for each in shape.alternatives for name, part in _properties(each).items()}


def requires(shape: Shape, name: str) -> bool:
    """Whether every object of this shape has the field."""
    objects = [each for each in shape.alternatives if kind_of_schema(each) == "object"]
    return bool(objects) and all(name in _required(each) for each in objects)


def is_closed(shape: Shape) -> bool:
    """Whether no object of this shape may have fields that are not declared."""
    objects = [each for each in shape.alternatives if kind_of_schema(each) == "object"]
    return len(objects) == len(shape.alternatives) > 0 and all(
        each.get("additionalProperties") is False and "patternProperties" not in each for each in objects
    )


def _together(parts: list[Found], root: Schema) -> Found:
    there = [part for part in parts if part.presence != "never"]
    if not there:
        return Found(anything(root), "never")
    if any(part.presence == "open" for part in there):
        return Found(anything(root), "open")
    certain = len(there) == len(parts) and all(part.presence == "certainly" for part in there)
    return Found(union((part.shape for part in there), root), "certainly" if certain else "maybe")


def _field_of_one(schema: Schema, name: str, root: Schema) -> Found:
    kind = kind_of_schema(schema)
    if kind is None:
        return Found(anything(root), "open")
    if kind == "list" and name == "length":
        return Found(Shape(({"type": "integer"},), root), "certainly")
    if kind != "object":
        return Found(anything(root), "never")
    properties = _properties(schema)
    if name in properties:
        part = shape_of(properties[name], root)
        certain = name in _required(schema) or _has_default(properties[name])
        return Found(part, "certainly" if certain else "maybe")
    patterns = schema.get("patternProperties")
    for pattern, part in patterns.items() if isinstance(patterns, dict) else ():
        if _matches(pattern, name):
            return Found(shape_of(part, root), "maybe")
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        return Found(shape_of(others, root), "maybe")
    # Where fields are declared and nothing is said of others, a name that is not among them is most likely a slip.
    if others is True or (others is None and not properties):
        return Found(anything(root), "open")
    return Found(anything(root), "never")


def _item_of_one(schema: Schema, index: int, root: Schema) -> Found:
    kind = kind_of_schema(schema)
    if kind is None:
        return Found(anything(root), "open")
    if kind != "list":
        return Found(anything(root), "never")
    first = schema.get("prefixItems")
    if isinstance(first, list) and 0 <= index < len(first):
        certain = index < _least_items(schema)
        return Found(shape_of(first[index], root), "certainly" if certain else "maybe")
    inside = list(_item_schemas(schema))
    if not inside:
        return Found(anything(root), "never" if schema.get("items") is False else "open")
    certain = (index if index >= 0 else -index - 1) < _least_items(schema)
    return Found(union((shape_of(part, root) for part in inside), root), "certainly" if certain else "maybe")


def _item_schemas(schema: Schema) -> Iterator[Schema]:
    first = schema.get("prefixItems")
    yield from (part for part in first if isinstance(part, dict)) if isinstance(first, list) else ()
    if isinstance(schema.get("items"), dict) and schema["items"]:
        yield schema["items"]


def _properties(schema: Schema) -> dict[str, Schema]:
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _required(schema: Schema) -> list[Any]:
    required = schema.get("required")
    return required if isinstance(required, list) else []


def _least_items(schema: Schema) -> int:
    least = schema.get("minItems")
    return least if isinstance(least, int) else 0


def _has_default(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("default") is not None


def _matches(pattern: str, name: str) -> bool:
    """Whether a field's name fits the pattern, as far as can be told."""
    try:
        return matches(pattern, name, [STEPS])
    except Refusal:
        return True
