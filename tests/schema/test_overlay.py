"""What is known about a definition, laid over a schema that has it."""

from __future__ import annotations

from typing import Any

import pytest

from weirflow.schema.definitions import Definitions, union
from weirflow.schema.document import Definition, Document
from weirflow.schema.overlay import overlaid

Schema = dict[str, Any]


def port(**definitions: Schema) -> Schema:
    """A port whose message has a field for each definition."""
    fields = {key.lower(): {"$ref": f"#/$defs/{key}"} for key in definitions}
    return {"type": "object", "properties": fields, "$defs": definitions}


def shape(**fields: str) -> Schema:
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in fields.items()}}


def laid(real: Schema, *known: Schema, edited: bool = True, same_port: Schema | None = None) -> Schema:
    found = [Document(one).definition(key, edited=edited) for one in known for key in one["$defs"]]
    at_path = {}
    if same_port is not None:
        document = Document(same_port)
        at_path = {path: document.definition(key, edited=True) for key, path in document.paths.items()}
    return overlaid(Document(real), Definitions.best(found), at_path).schema


OPEN: Schema = {"x-id": "m.Context", "configurable": True, "title": "Context"}
RICH = {**shape(name="string"), "x-id": "m.Context", "required": ["name"], "path": "$.elsewhere", "shared": True}
COMPONENTS = {**shape(id="integer"), "x-id": "m.Context"}
OTHERS = {**OPEN, "x-id": "n.Context"}
NAME = shape(name="string")
GO_OPEN: Schema = {"type": "object", "path": "$.context", "configurable": True}
GO_RICH = {**shape(name="string"), "path": "$.context"}

CASES: list[tuple[str, Schema, Schema, bool, Schema]] = [
    (
        "what is known takes the place of what is open, which keeps its flags and loses required",
        OPEN,
        RICH,
        False,
        {**shape(name="string"), **OPEN},
    ),
    ("what says nothing never replaces", COMPONENTS, OPEN, True, COMPONENTS),
    ("what somebody edited replaces what the component says", COMPONENTS, RICH, True, {**NAME, "x-id": "m.Context"}),
    ("what a component says does not replace what another says", COMPONENTS, RICH, False, COMPONENTS),
    ("another identity is another definition", OTHERS, RICH, True, OTHERS),
    ("without identities the key decides", GO_OPEN, GO_RICH, True, {**GO_RICH, "configurable": True}),
    ("a key is enough where only one side has an identity", GO_OPEN, RICH, True, {**shape(name="string"), **GO_OPEN}),
    ("and the other way round", OPEN, GO_RICH, True, {**shape(name="string"), **OPEN}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("real", "known", "edited", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_overlay(real: Schema, known: Schema, edited: bool, expected: Schema) -> None:
    schema = port(Context=real)
    assert laid(schema, port(Context=known), edited=edited) == {**schema, "$defs": {"Context": expected}}


def test_a_key_that_could_mean_two_identities_means_none() -> None:
    real = port(Context=GO_OPEN)
    assert laid(real, port(Context=RICH), port(Context={**RICH, "x-id": "n.Context"})) == real


def test_within_one_port_the_path_tells_what_was_called_otherwise() -> None:
    before = {**port(OldName=GO_RICH), "properties": {"context": {"$ref": "#/$defs/OldName"}}}
    assert laid(port(Context=GO_OPEN), same_port=before)["$defs"]["Context"]["properties"] == GO_RICH["properties"]
    # Told by another port, the same path means nothing.
    assert laid(port(Context=GO_OPEN), before) == port(Context=GO_OPEN)


def test_a_schema_without_definitions_is_left_alone() -> None:
    document = Document(shape(a="string"))
    assert overlaid(document, Definitions.best([Document(port(Context=RICH)).definition("Context")])) is document


def test_what_a_definition_refers_to_comes_along_under_a_free_name() -> None:
    known = {
        "$defs": {
            "Context": {
                "x-id": "m.Context",
                "properties": {
                    "item": {"$ref": "#/$defs/Item"},
                    "same": {"$ref": "#/$defs/Same"},
                    "self": {"$ref": "#/$defs/Context"},
                },
            },
            "Item": {"type": "object", "properties": {"parent": {"$ref": "#/$defs/Item"}}},
            "Same": {"type": "string"},
        }
    }
    real = port(Context=OPEN, Item={"type": "string"}, Same={"type": "string"})
    found = Definitions.best([Document(known).definition("Context")])
    result = overlaid(Document(real), found).schema
    assert result["$defs"]["Context"]["properties"] == {
        "item": {"$ref": "#/$defs/Item2"},
        "same": {"$ref": "#/$defs/Same"},
        "self": {"$ref": "#/$defs/Context"},
    }
    assert result["$defs"]["Item"] == {"type": "string"}
    assert result["$defs"]["Item2"]["properties"] == {"parent": {"$ref": "#/$defs/Item2"}}


def test_two_definitions_that_replace_at_once_do_not_mix_up_their_parts() -> None:
    part = {"type": "object", "properties": {"old": {"type": "string"}}, "configurable": True}
    known = {
        "$defs": {
            "Context": {**OPEN, "properties": {"part": {"$ref": "#/$defs/Part"}}},
            "Part": part,
        }
    }
    edited = {"$defs": {"Part": shape(new="string")}}
    real = port(Context=OPEN, Part=part)
    found = [
        Document(known).definition("Context", edited=True),
        Document(edited).definition("Part", edited=True),
    ]
    result = overlaid(Document(real), Definitions.best(found)).schema
    assert result["$defs"]["Part"]["properties"] == {"new": {"type": "string"}}
    key = result["$defs"]["Context"]["properties"]["part"]["$ref"].rpartition("/")[2]
    assert key != "Part"
    assert result["$defs"][key] == part


def test_a_union_has_the_fields_of_both_and_the_first_is_right() -> None:
    def definition(**fields: Any) -> Definition:
        return Document({"$defs": {"A": {"properties": fields}}}).definition("A")

    one = definition(a={"type": "string"}, deep={"properties": {"x": {"type": "string"}}})
    two = definition(a={"type": "integer"}, b={"type": "integer"}, deep={"properties": {"y": {"type": "string"}}})
    assert union(one, two).schema["properties"] == {
        "a": {"type": "string"},
        "b": {"type": "integer"},
        "deep": {"properties": {"x": {"type": "string"}, "y": {"type": "string"}}},
    }
    assert union(one, one) is one
    assert union(definition(), two) is two


HOSTILE: list[tuple[Any, str]] = [
    ({"properties": 5, "$defs": [1], "anyOf": "x", "items": None, "required": {}}, ""),
    ({"$defs": {"A": 5, "B": {"$ref": 7, "configurable": True}, "C": {"$ref": "#/$defs/C", "shared": True}}}, ""),
    ({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A", "shared": True}}}, ""),
    ({"$defs": {f"D{i}": {"shared": True, "$ref": f"#/$defs/D{i + 1}"} for i in range(3_000)}}, ""),
    ({"enum": [10**30]}, "is no JSON"),
    ({"enum": ["\ud800"]}, "is no JSON"),
    ({"enum": list(range(30_000))}, "has more than 20,000 values"),
    ({"description": "x" * 600_000}, "has more than 512 KiB of text"),
]


@pytest.mark.parametrize(("schema", "problem"), HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_module_sends_is_read_or_refused(schema: Schema, problem: str) -> None:
    document = Document(schema)
    assert document.problem.startswith(problem)
    assert bool(document.problem) == bool(problem)
    found = Definitions.best(document.travelling)
    assert overlaid(document, found).schema == schema
    assert document.root is not None


def test_depth_is_bounded_without_a_stack() -> None:
    schema: Schema = {}
    for _ in range(100_000):
        schema = {"items": schema}
    assert Document(schema).problem == "is nested deeper than 100 levels"
