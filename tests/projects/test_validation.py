"""What an edit may hold: every refusal names the operation, the field and a way out, and changes nothing."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from projects.catalogue import Component, Port
from projects.errors import ProjectError
from projects.models import Change, Flow, Node
from projects.operations.schemas import faults, literal_secrets
from tests.projects.test_undo import moved, setting
from tests.projects.world import CATALOGUE, add, edit, wire

A, B = "aaaaaaaaaaaa", "bbbbbbbbbbbb"
E1 = str(uuid.uuid4())
NESTED: dict[str, Any] = {}
_inner = NESTED
for _ in range(2_000):
    _inner["k"] = {}
    _inner = _inner["k"]

DOUBLING: dict[str, Any] = {f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(40)}

REFUSED = [
    ({"op": "explode"}, "invalid_operation", "/"),
    ("not an object", "invalid_operation", "/"),
    (add("A" * 12), "invalid_operation", "/id"),
    (add("short"), "invalid_operation", "/id"),
    (add(B, x=1_000_001), "invalid_operation", "/x"),
    (add(B, x=1.5), "invalid_operation", "/x"),
    (add(B, x=True), "invalid_operation", "/x"),
    (add(B, label="x" * 201), "invalid_operation", "/label"),
    (add(B, extra=1), "invalid_operation", "/extra"),
    (add(B, settings=[1]), "invalid_operation", "/settings"),
    (add(B, module="../etc"), "invalid_operation", "/module"),
    (moved(A), "invalid_operation", "/fields"),
    (moved(A, label=None), "invalid_operation", "/fields"),
    (setting(A, value=1), "invalid_operation", "/path"),
    (setting(A, *["k"] * 33, value=1), "invalid_operation", "/path"),
    (setting(A, -1, value=1), "invalid_operation", None),
    (setting(A, 0, value=1), "no_such_place", "/0"),
    (setting(A, "list", 5, value=1), "no_such_place", "/list/5"),
    (setting(A, "max_history", "deeper", value=1), "no_such_place", "/max_history/deeper"),
    (setting(A, "max_history", value=float("nan")), "not_json", None),
    (setting(A, "text", value="\ud800"), "not_json", None),
    (setting(A, "text", value="a\x00b"), "not_json", None),
    (moved(A, label="a\x00b"), "not_json", None),
    (setting(A, "text", value=NESTED), "not_json", None),
    (setting(A, "text", value="x" * 600_000), "settings_too_large", "/settings"),
    (setting(A, "text", value="x" * 2_100_000), "change_too_large", None),
    (add(B, "unheard_of"), "unknown_component", "/component"),
    (add(B, "counter", settings={"max_history": "many"}), "invalid_settings", "/max_history"),
    (setting(A, "max_history", value=-1), "invalid_settings", "/max_history"),
    (setting(A, "list", 1, value="x"), "invalid_settings", "/list/1"),
    (setting(A, "token", value="hunter2"), "secret_literal", "/token"),
    (setting(A, "token", value=12), "secret_literal", "/token"),
    (setting(A, "nested", value={"key": "hunter2"}), "secret_literal", "/nested/key"),
    (add(B, "counter", settings={"token": "hunter2"}), "secret_literal", "/token"),
    (wire(E1, A, B), "unknown_node", "/id"),
    ({"op": "set_mapping", "id": E1, "mapping": {}}, "unknown_edge", "/id"),
    ({"op": "delete_edge", "id": "not-a-uuid"}, "invalid_operation", "/id"),
]


@pytest.mark.parametrize(("op", "code", "field"), REFUSED, ids=range(len(REFUSED)))
def test_refused(owner: User, flow: Flow, op: Any, code: str, field: str | None) -> None:
    edit(owner, flow, add(A, "counter", settings={"max_history": 1, "list": [1]}))
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, op)
    error = refused.value
    assert error.code == code
    assert 400 <= error.status < 500
    if field is not None:
        assert error.field == field
        assert error.op == 0
    assert "hunter2" not in error.message
    assert "hunter2" not in str(error.__cause__)
    assert Change.objects.count() == 1
    assert Node.objects.get().settings == {"max_history": 1, "list": [1]}


def test_the_number_of_operations_is_bounded(owner: User, flow: Flow) -> None:
    for ops in ([], [moved(A, x=1)] * 501):
        with pytest.raises(ProjectError) as refused:
            edit(owner, flow, *ops)
        assert refused.value.status in (400, 413)


@pytest.mark.parametrize(
    ("ends", "code", "field"),
    [
        ({"source_port": "nothing"}, "unknown_port", "/source_port"),
        ({"target_port": "nothing"}, "unknown_port", "/target_port"),
        ({"target_port": "_settings"}, "unknown_port", "/target_port"),
        ({"source_port": "in"}, "wrong_direction", "/source_port"),
        ({"target_port": "out"}, "wrong_direction", "/target_port"),
    ],
)
def test_a_wire_goes_from_an_output_to_an_input(
    owner: User, flow: Flow, ends: dict[str, str], code: str, field: str
) -> None:
    edit(owner, flow, add(A), add(B))
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, {**wire(E1, A, B), **ends})
    assert (refused.value.code, refused.value.field, refused.value.op) == (code, field, 0)


def test_ports_that_only_the_running_node_has_can_be_wired(
    owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(owner, flow, add(A), add(B))
    name = Node.objects.get(pk=A).name
    monkeypatch.setitem(CATALOGUE.live, name, {"out_2": Port("out_2", True)})
    edit(owner, flow, {**wire(E1, A, B), "source_port": "out_2"})


@pytest.mark.parametrize(
    ("password", "allowed"), [("hunter2", False), ("{{ $.p }}", True), ("[[secret:a/b]]", True), ("{{ 'x' }}", False)]
)
def test_a_mapping_carries_no_literal_secret(owner: User, flow: Flow, password: str, allowed: bool) -> None:
    edit(owner, flow, add(A), add(B, "counter"))
    op = {**wire(E1, A, B, mapping={"password": password}), "target_port": "increment"}
    if allowed:
        edit(owner, flow, op)
        return
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, op)
    assert (refused.value.code, refused.value.field) == ("secret_literal", "/mapping/password")


def test_what_a_reference_stands_for_is_for_the_node_to_check() -> None:
    schema = {"properties": {"url": {"type": "string", "pattern": "^https://", "maxLength": 12, "secret": True}}}
    assert faults(schema, {"url": "[[secret:slack/url]]"}) == []
    assert [fault.field for fault in faults(schema, {"url": "[[secret:slack]]"})] == ["/url", "/url"]


def test_a_secret_is_found_at_the_end_of_however_many_ways() -> None:
    secret = {"properties": {"key": {"type": "string", "secret": True}}}
    schema = {"$ref": "#/$defs/d0", "$defs": {**DOUBLING, "d40": secret}}
    assert literal_secrets(schema, {"key": "hunter2"}) == {"/key"}


def test_a_reference_to_a_secret_is_allowed(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A, "counter"), setting(A, "token", value="[[secret:mail/password]]"))


def test_a_missing_required_field_does_not_stop_drawing(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A, "counter", settings={}))


def test_an_old_fault_does_not_block_the_way_out(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A, "counter"))
    Node.objects.update(settings={"max_history": "many", "list": "none"})
    edit(owner, flow, setting(A, "max_history", value=5))
    assert Node.objects.get().settings == {"max_history": 5, "list": "none"}


def test_the_operation_at_fault_is_named(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A, "counter"))
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, moved(A, x=1), setting(A, "max_history", value=-1), setting(A, "initial_value", value=1))
    assert refused.value.op == 1


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://example.com/schema"},
        {"$ref": "#"},
        {"$ref": "#/$defs/none"},
        {"type": 5},
        {"description": "x" * (10 * 1024 * 1024)},
        {"$ref": "#/$defs/d0", "$defs": {**DOUBLING, "d40": {"type": "array"}}},
    ],
    ids=["elsewhere", "endless", "nowhere", "no type", "ten mebibytes", "a million million ways"],
)
def test_a_broken_schema_is_the_modules_fault_and_fetches_nothing(
    owner: User, flow: Flow, schema: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Component("common-v1", "broken", {"_settings": Port("_settings", False, schema)})
    monkeypatch.setitem(CATALOGUE.components, "broken", broken)
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, add(A, "broken"))
    assert refused.value.code == "schema_broken"
