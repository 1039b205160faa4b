"""What people say of a node's open definitions: where it stands, and what is refused."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from projects.errors import ProjectError
from projects.models import Flow, Node
from tests.projects.world import MESSAGE, add, document, edit, schema, undo
from weirflow.schema.edited import edited_schema

pytestmark = pytest.mark.both_databases

N = "aaaaaaaaaaaa"
ORDER = {"type": "object", "properties": {"id": {"type": "integer"}}}


def deep(levels: int) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "null"}
    for _ in range(levels):
        made = {"type": "array", "items": made}
    return made


def test_it_stands_beside_the_others_of_its_port_until_it_is_taken_out(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(N, "open"))
    edit(owner, flow, schema(N, MESSAGE, schema=ORDER), schema(N, "key Old", schema={"type": "null"}))
    assert document(flow)["nodes"][0]["schemas"] == {"in": {MESSAGE: ORDER, "key Old": {"type": "null"}}}
    assert Node.objects.get(pk=N).dirty
    edit(owner, flow, schema(N, "key Old"))
    edit(owner, flow, schema(N, MESSAGE))
    assert document(flow)["nodes"][0]["schemas"] == {}


def test_the_resource_has_its_definitions_under_readable_keys_with_their_identities() -> None:
    assert edited_schema({MESSAGE: ORDER, "key Old": {"type": "null"}}) == {
        "$defs": {
            "Old": {"type": "null", "configurable": True},
            "message": {**ORDER, "configurable": True, "x-id": MESSAGE},
        }
    }


@pytest.mark.parametrize(
    ("op", "code", "field"),
    [
        (schema("bbbbbbbbbbbb", MESSAGE, schema={}), "unknown_node", "/id"),
        (schema(N, MESSAGE, "out", schema={}), "unknown_port", "/port"),
        (schema(N, "test.Other", schema={}), "unknown_definition", "/definition"),
        (schema(N, "key A", "fixed", schema={}), "unknown_definition", "/definition"),
        (schema(N, MESSAGE, schema=[1]), "invalid_operation", "/schema"),
        (schema(N, MESSAGE, schema={"type": "words"}), "invalid_schema", "/schema/type"),
        (schema(N, MESSAGE, schema={"properties": {"a": {"minimum": "1"}}}), "invalid_schema", None),
        (schema(N, MESSAGE, schema={"$ref": "#"}), "invalid_schema", "/schema"),
        (schema(N, MESSAGE, schema={"items": {"$ref": "#/$defs/message"}}), "invalid_schema", "/schema"),
        (schema(N, MESSAGE, schema={"$defs": {"A": {"$ref": "#/$defs/A"}}}), "invalid_schema", "/schema"),
        (schema(N, MESSAGE, schema={"description": "x" * 200_000}), "schema_too_large", "/schema"),
        (schema(N, MESSAGE, schema=deep(120)), "not_json", None),
        (schema(N, MESSAGE, schema={"const": 2**70}), "not_json", None),
        (schema(N, MESSAGE, schema={"const": float("nan")}), "not_json", None),
        (schema(N, MESSAGE, schema={"const": "\ud800"}), "not_json", None),
        (schema(N, MESSAGE, schema={"const": "\0"}), "not_json", None),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, dict) else None,
)
def test_what_cannot_be_used_is_refused_and_nothing_stands(
    owner: User, flow: Flow, op: dict[str, Any], code: str, field: str | None
) -> None:
    edit(owner, flow, add(N, "open"))
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, op)
    assert (refused.value.code, refused.value.op) == (code, 0)
    if field is not None:
        assert refused.value.field == field
    assert Node.objects.get(pk=N).schemas == {}


def test_what_was_said_of_a_definition_that_the_component_lost_can_be_taken_out(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(N, "open"))
    Node.objects.filter(pk=N).update(schemas={"gone": {MESSAGE: ORDER}})
    edit(owner, flow, schema(N, MESSAGE, "gone"))
    assert Node.objects.get(pk=N).schemas == {}


@pytest.mark.parametrize("again", [True, False], ids=["the same said again", "something else said"])
def test_what_somebody_else_says_since_stands_through_an_undo(
    owner: User, colleague: User, flow: Flow, again: bool
) -> None:
    edit(owner, flow, add(N, "open"))
    said = edit(owner, flow, schema(N, MESSAGE, schema=ORDER))
    theirs = ORDER if again else {"type": "null"}
    edit(colleague, flow, schema(N, MESSAGE), schema(N, MESSAGE, schema=theirs))
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, said)
    assert refused.value.code == "undo_conflict"
    assert document(flow)["nodes"][0]["schemas"] == {"in": {MESSAGE: theirs}}
