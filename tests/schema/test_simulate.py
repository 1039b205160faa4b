"""Data that a schema describes, made up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from modules.common import module as common
from modules.http import module as http
from tests.schema.shapes import shapes
from weirflow import Model
from weirflow.schema import schema_of
from weirflow.schema.document import Document
from weirflow.schema.formats import FORMATS, SAMPLES
from weirflow.schema.simulate import VALUES_LIMIT, simulate
from weirflow.schema.validate import check

TREE = {
    "$ref": "#/$defs/Tree",
    "$defs": {
        "Tree": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "below": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
                "parent": {"anyOf": [{"$ref": "#/$defs/Tree"}, {"type": "null"}]},
            },
            "required": ["name", "parent"],
        }
    },
}
CASES: list[tuple[dict[str, Any], Any]] = [
    ({"type": "integer", "default": 7, "enum": [1, 7]}, 7),
    ({"type": "integer", "default": "seven", "enum": [1, 7]}, 1),
    ({"type": "string", "enum": ["a", "b"], "examples": ["b"]}, "a"),
    ({"const": "x"}, "x"),
    ({"type": "string", "format": "email", "examples": ["me@here"]}, "ada@example.org"),
    ({"type": "string", "examples": ["Ada"], "title": "Name"}, "Ada"),
    ({"type": "string", "title": "First name"}, "first name"),
    ({"type": "string", "title": "Name", "minLength": 6}, "namexx"),
    ({"type": "string", "title": "Name", "maxLength": 2}, "na"),
    ({"type": "string", "title": "Path", "pattern": "^/"}, "/"),
    ({"type": "integer"}, 1),
    ({"type": "integer", "minimum": 10}, 10),
    ({"type": "integer", "exclusiveMinimum": 10}, 11),
    ({"type": "integer", "maximum": -3}, -3),
    ({"type": "integer", "minimum": 4, "multipleOf": 5}, 5),
    ({"type": "number"}, 1.5),
    ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.1}, 0.05),
    ({"type": "boolean"}, True),
    ({"type": "array", "items": {"type": "integer"}}, [1]),
    ({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True}, [1, 2, 3]),
    ({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "boolean"}], "items": False}, [1, True]),
    ({"type": "array", "items": {"type": "integer"}, "maxItems": 0}, []),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, {"key": 1}),
    ({"type": "object", "required": ["a"], "additionalProperties": {"type": "integer"}}, {"a": 1, "key": 1}),
    ({"type": ["null", "integer"]}, 1),
    ({"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 5}]}, 5),
    ({"allOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"b": {"const": 2}}}]}, {"a": 1, "b": 2}),
    ({}, None),
    ({"type": "nothing known"}, None),
    (TREE, {"name": "name", "below": [], "parent": None}),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "expected"), CASES, ids=[json.dumps(schema)[:60] for schema, _ in CASES])
def test_simulated(schema: dict[str, Any], expected: Any) -> None:
    assert simulate(Document(schema)) == expected


@pytest.mark.parametrize("format", sorted(SAMPLES))
def test_a_sample_of_a_format_has_it(format: str) -> None:
    assert FORMATS[format](SAMPLES[format])
    assert format == "json" or not FORMATS[format]("no, not this")


@pytest.mark.parametrize("spec", [*common.components.values(), *http.components.values()], ids=lambda spec: spec.name)
def test_what_is_made_up_for_the_shipped_components_fits_their_schemas(spec: Any) -> None:
    for port in spec.ports:
        document = Document(port.schema)
        assert check(document, simulate(document)).errors == []


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes())
def test_what_is_made_up_fits_and_is_the_same_each_time(model: type[Model]) -> None:
    document = Document(schema_of(model))
    made = simulate(document)
    assert check(document, made).errors == []
    assert json.dumps(simulate(Document(schema_of(model)))) == json.dumps(made)


def test_the_size_is_bounded() -> None:
    wide = {"type": "object", "properties": {f"p{index}": {"type": "string"} for index in range(5_000)}}
    assert len(simulate(Document(wide))) == VALUES_LIMIT - 1  # type: ignore[arg-type]
    doubling = {f"d{index}": {"properties": {"a": ref(index + 1), "b": ref(index + 1)}} for index in range(40)}
    schema = {"$ref": "#/$defs/d0", "$defs": {**doubling, "d40": {"type": "string"}}}
    assert len(json.dumps(simulate(Document(schema)))) < 64 * 1024
    assert simulate(Document({"type": "array", "items": {"type": "integer"}, "minItems": 10**9})) is not None
    assert simulate(Document({"type": "string", "minLength": 10**9})) is not None


def ref(index: int) -> dict[str, str]:
    return {"$ref": f"#/$defs/d{index}"}


def test_a_shape_that_cannot_end_ends() -> None:
    endless = {
        "$ref": "#/$defs/A",
        "$defs": {"A": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "required": ["a"]}},
    }
    assert simulate(Document(endless)) is not None


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": 5, "required": "x", "minProperties": "many"},
        {"type": "array", "items": 7, "minItems": "x", "maxItems": []},
        {"type": "string", "minLength": "x", "maxLength": 3, "pattern": 5, "enum": {}},
        {"type": "integer", "minimum": "x", "multipleOf": 0},
        {"anyOf": [5, None], "allOf": 3},
        {"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}},
    ],
)
def test_whatever_a_module_sends_is_survived(schema: dict[str, Any]) -> None:
    simulate(Document(schema))


def ways(members: int, levels: int, last: dict[str, Any]) -> dict[str, Any]:
    """A union of unions: `members` to the power of `levels` ways to the last."""
    unions = {
        f"w{i}": {"anyOf": [{"$ref": f"#/$defs/w{i + 1}", "title": str(n)} for n in range(members)]}
        for i in range(levels)
    }
    return {"$ref": "#/$defs/w0", "$defs": {**unions, f"w{levels}": last}}


def test_a_union_with_countless_ways_is_gone_through_once() -> None:
    schema = ways(100, 10, {"type": "string", "enum": ["x"]})
    assert simulate(Document(schema)) == "x"
    assert simulate(Document({"type": "object", "properties": {"a": {"default": 5, **schema}}, **schema})) is not None
    round_and_round = {"$ref": "#/$defs/A", "$defs": {"A": {"anyOf": [{"$ref": "#/$defs/A", "title": "again"}]}}}
    assert simulate(Document(round_and_round)) is None
