"""Generated models, and documents that fit them or nearly do."""

from __future__ import annotations

from typing import Any, Literal

from hypothesis import strategies as st
from pydantic import create_model

from weirflow import Field, Model

NAMES = st.sampled_from(["alpha", "beta", "gamma_ray", "delta", "x"])
TEXTS = st.text(alphabet="ab é0", max_size=4)
WHOLE = st.integers(-5, 5)
REAL = st.floats(-5, 5).filter(lambda number: not number.is_integer())
SCALARS = st.none() | st.booleans() | WHOLE | REAL | TEXTS
JSON_VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)


@st.composite
def leaves(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """A type without others in it, and limits that some value keeps."""
    kind = draw(st.sampled_from(["bool", "int", "float", "str", "literal", "any"]))
    if kind == "int":
        low = draw(st.integers(-3, 3))
        return int, draw(st.sampled_from([{}, {"ge": low, "le": low + 3}, {"gt": low}, {"multiple_of": 2}]))
    if kind == "float":
        return float, draw(st.sampled_from([{}, {"ge": -1.5}, {"lt": 2.5}]))
    if kind == "str":
        return str, draw(st.sampled_from([{}, {"min_length": 1, "max_length": 3}, {"pattern": "^a|b"}]))
    if kind == "literal":
        return draw(st.sampled_from([Literal["a", "b"], Literal[1, "one"], Literal[2, 3]])), {}
    return (bool if kind == "bool" else Any), {}


@st.composite
def shapes(draw: st.DrawFn, depth: int = 2, path: str = "Shape") -> type[Model]:
    """A model of up to four fields; models, lists and maps of them below."""
    fields: dict[str, Any] = {}
    for name in draw(st.lists(NAMES, min_size=1, max_size=4, unique=True)):
        annotation, limits = draw(leaves())
        wrap = draw(st.sampled_from(["plain", "plain", "optional", "list", "map", "model"]))
        if wrap == "model" and depth:
            annotation, limits = draw(shapes(depth - 1, path + name.title())), {}
        elif wrap == "list":
            annotation, limits = list[annotation], draw(st.sampled_from([{}, {"min_length": 1}, {"max_length": 2}]))  # type: ignore[valid-type]
        elif wrap == "map":
            annotation, limits = dict[str, annotation], draw(st.sampled_from([{}, {"max_length": 1}]))  # type: ignore[valid-type]
        flags = {"configurable": draw(st.booleans()), "shared": draw(st.booleans())}
        if wrap == "optional":
            fields[name] = (annotation | None, Field(None, **limits, **flags))
        else:
            fields[name] = (annotation, Field(**limits, **flags))
    return create_model(path, __base__=Model, **fields)


@st.composite
def near_documents(draw: st.DrawFn, schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """A value that the schema is likely to take, or to refuse for a small reason."""
    if draw(st.integers(0, 14)) == 0:
        return draw(JSON_VALUES)
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return draw(near_documents(draw(st.sampled_from(schema["anyOf"])), root))
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    match schema.get("type"):
        case "object" if "properties" in schema:
            names = [name for name in schema["properties"] if draw(st.integers(0, 9))]
            return {name: draw(near_documents(schema["properties"][name], root)) for name in names}
        case "object":
            inner = schema.get("additionalProperties")
            values = near_documents(inner, root) if isinstance(inner, dict) else JSON_VALUES
            return draw(st.dictionaries(TEXTS, values, max_size=3))
        case "array":
            inner = schema.get("items")
            values = near_documents(inner, root) if isinstance(inner, dict) else JSON_VALUES
            return draw(st.lists(values, max_size=3))
        case "string":
            return draw(TEXTS)
        case "boolean":
            return draw(st.booleans())
        case "integer":
            return draw(WHOLE)
        case "number":
            return draw(WHOLE | REAL)
    return draw(JSON_VALUES)
