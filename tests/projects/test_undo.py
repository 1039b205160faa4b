"""Undo: what was written goes back, unless somebody else wrote there since."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from projects import last_state
from projects.errors import ProjectError
from projects.models import Change, Edge, Flow, Node, Removed
from tests.projects.world import MESSAGE, add, client_op, document, edit, schema, undo, wire

pytestmark = pytest.mark.both_databases

A, B, C, D = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc", "oooooooooooo"
E1, E2 = (str(uuid.UUID(int=number, version=4)) for number in (1, 2))


def moved(node_id: str, **fields: Any) -> dict[str, Any]:
    return {"op": "set_node", "id": node_id, "fields": fields}


def setting(node_id: str, *path: str | int, **value: Any) -> dict[str, Any]:
    return {"op": "set_setting", "id": node_id, "path": list(path), **value}


START = [
    add(A, "counter", label="Visits", comment="c", settings={"max_history": 10, "list": [1, 2], "nested": {}}),
    add(B),
    add(C),
    wire(E1, B, C, mapping={"a": 1}),
    add(D, "open"),
    schema(D, "key Old", schema={"type": "number"}),
]

EDITS = [
    [add("dddddddddddd", label="New")],
    [moved(A, label="Other", x=240)],
    [moved(A, label="1"), moved(A, label="2")],
    [setting(A, "max_history", value=20)],
    [setting(A, "max_history")],
    [setting(A, "initial_value", value=0)],
    [setting(A, "new", "deep", "er", value={"k": None})],
    [setting(A, "list", 0, value=9)],
    [setting(A, "list", 2, value=3)],
    [setting(A, "list", 0)],
    [setting(A, "nothing", "here")],
    [schema(D, MESSAGE, schema={"type": "string"}), schema(D, MESSAGE, schema={"type": "null"})],
    [schema(D, "key Old")],
    [schema(D, "key Old"), {"op": "delete_node", "id": D}],
    [{"op": "delete_node", "id": D}],
    [{"op": "delete_node", "id": B}],
    [{"op": "delete_node", "id": A}, {"op": "delete_node", "id": B}],
    [{"op": "delete_edge", "id": E1}],
    [{"op": "set_mapping", "id": E1, "mapping": {"b": [1]}}],
    [{"op": "set_delivery", "id": E1, "timeout_ms": 500, "retry_policy": None}],
    [
        {"op": "set_delivery", "id": E1, "timeout_ms": None, "retry_policy": {"maxAttempts": 3}},
        {"op": "delete_edge", "id": E1},
    ],
    [wire(E2, C, B)],
    [{"op": "delete_edge", "id": E1}, wire(E2, B, C)],
    [add("dddddddddddd"), wire(E2, "dddddddddddd", B), {"op": "delete_node", "id": "dddddddddddd"}],
    [{"op": "delete_node", "id": A}, add(A, label="Another")],
]


@pytest.mark.parametrize("ops", EDITS, ids=lambda ops: "+".join(op["op"] for op in ops))
def test_undo_and_redo_are_exact(owner: User, flow: Flow, ops: list[dict[str, Any]]) -> None:
    edit(owner, flow, *START)
    before = document(flow)
    change = edit(owner, flow, *ops)
    after = document(flow)
    taken_back = undo(owner, flow, change)
    assert document(flow) == before
    assert taken_back.undoes == change.rev
    again = undo(owner, flow, taken_back)
    assert document(flow) == after
    undo(owner, flow, again)
    assert document(flow) == before


@pytest.mark.parametrize(
    ("mine", "theirs", "code"),
    [
        (moved(A, label="Mine"), moved(A, label="Theirs"), "undo_conflict"),
        (moved(A, label="Mine"), moved(A, x=9), None),
        (setting(A, "max_history", value=1), setting(A, "max_history", value=2), "undo_conflict"),
        (setting(A, "max_history", value=1), setting(A, "initial_value", value=2), None),
        (setting(A, "max_history", value=1), setting(A, "max_history"), "undo_conflict"),
        (setting(A, "nested", "one", value=1), setting(A, "nested", "two", value=2), None),
        (setting(A, "list", 0, value=5), setting(A, "list", 1, value=6), None),
        (moved(A, label="Mine"), {"op": "delete_node", "id": A}, "node_deleted"),
        (schema(D, "key Old", schema={"type": "null"}), schema(D, "key Old"), "undo_conflict"),
        (schema(D, "key Old", schema={"type": "null"}), schema(D, MESSAGE, schema={}), None),
        ({"op": "set_mapping", "id": E1, "mapping": {"m": 1}}, {"op": "delete_edge", "id": E1}, "edge_deleted"),
        (
            {"op": "set_mapping", "id": E1, "mapping": {"m": 1}},
            {"op": "set_mapping", "id": E1, "mapping": {"t": 1}},
            "undo_conflict",
        ),
        (
            {"op": "set_delivery", "id": E1, "timeout_ms": 1, "retry_policy": None},
            {"op": "set_delivery", "id": E1, "timeout_ms": 2, "retry_policy": None},
            "undo_conflict",
        ),
        (
            {"op": "set_delivery", "id": E1, "timeout_ms": 1, "retry_policy": None},
            {"op": "set_mapping", "id": E1, "mapping": {"t": 1}},
            None,
        ),
        (wire(E2, C, B), {"op": "set_mapping", "id": E2, "mapping": {"t": 1}}, "undo_conflict"),
        ({"op": "delete_edge", "id": E1}, wire(E2, B, C), "edge_exists"),
        ({"op": "delete_edge", "id": E1}, {"op": "delete_node", "id": B}, "node_deleted"),
        (add("dddddddddddd"), moved("dddddddddddd", label="Theirs"), "undo_conflict"),
        (add("dddddddddddd"), wire(E2, "dddddddddddd", B), "undo_conflict"),
    ],
)
def test_undo_after_somebody_else(
    owner: User, colleague: User, flow: Flow, mine: dict[str, Any], theirs: dict[str, Any], code: str | None
) -> None:
    edit(owner, flow, *START)
    change = edit(owner, flow, mine)
    edit(colleague, flow, theirs)
    if code is None:
        undo(owner, flow, change)
        return
    now = document(flow)
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, change)
    assert (refused.value.code, refused.value.status) == (code, 409)
    if code != "edge_exists":
        assert refused.value.by == "colleague"
    assert document(flow) == now


def test_force_takes_others_wires_along_and_can_be_undone(owner: User, colleague: User, flow: Flow) -> None:
    edit(owner, flow, add(A))
    mine = edit(owner, flow, add(B))
    edit(colleague, flow, wire(E1, A, B))
    before = document(flow)
    forced = undo(owner, flow, mine, force=True)
    assert [op["op"] for op in forced.ops] == ["delete_edge", "delete_node"]
    undo(colleague, flow, forced)
    assert document(flow) == before


def test_own_wires_go_along_without_asking(owner: User, flow: Flow) -> None:
    mine = edit(owner, flow, add(A))
    edit(owner, flow, add(B), wire(E1, A, B))
    undo(owner, flow, mine)
    assert not Edge.objects.exists()


def test_a_change_is_undone_once(owner: User, colleague: User, flow: Flow) -> None:
    change = edit(owner, flow, add(A))
    taken_back = undo(colleague, flow, change)
    assert not Change.objects.get(pk=change.pk).as_message()["undoable"]
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, change)
    assert (refused.value.code, refused.value.by) == ("undo_conflict", "colleague")
    undo(owner, flow, taken_back)
    assert Change.objects.get(pk=change.pk).as_message()["undoable"]


def test_undo_is_idempotent(owner: User, flow: Flow) -> None:
    from projects.actions import do_undo

    change = edit(owner, flow, add(A))
    key = client_op()
    assert do_undo(owner, flow, change.rev, key).pk == do_undo(owner, flow, change.rev, key).pk


def test_an_unknown_change_is_not_found(owner: User, flow: Flow) -> None:
    from projects.actions import do_undo

    with pytest.raises(ProjectError) as refused:
        do_undo(owner, flow, 999, client_op())
    assert refused.value.status == 404


def test_a_node_comes_back_with_its_name_and_last_state(
    owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(owner, flow, add(A, "counter"))
    name = Node.objects.get(pk=A).name
    Node.objects.update(applied_uid="u1", dirty=False)
    monkeypatch.setattr(last_state, "_supplier", lambda names: {name: {"counter-value": "42"}} if name in names else {})
    deletion = edit(owner, flow, {"op": "delete_node", "id": A})
    assert Removed.objects.get().resource_name == name
    undo(owner, flow, deletion)
    node = Node.objects.get(pk=A)
    assert (node.name, node.last_state, node.dirty, node.applied_uid) == (name, {"counter-value": "42"}, True, "")
    assert not Removed.objects.exists()


def test_a_state_that_was_never_restored_is_not_lost_by_deleting_again(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A, "counter"))
    Node.objects.update(last_state={"counter-value": "7"})
    deletion = edit(owner, flow, {"op": "delete_node", "id": A})
    undo(owner, flow, deletion)
    assert Node.objects.get(pk=A).last_state == {"counter-value": "7"}


def test_of_a_batch_the_rest_can_be_taken_back(owner: User, colleague: User, flow: Flow) -> None:
    edit(owner, flow, *START)
    mine = edit(owner, flow, moved(A, x=240), moved(B, x=240), moved(C, x=240))
    edit(colleague, flow, moved(B, x=480))
    edit(colleague, flow, {"op": "delete_node", "id": C})
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, mine)
    assert refused.value.as_error()["ways"] == ["rest"]
    undone = undo(owner, flow, mine, rest=True)
    assert undone.ops == [moved(A, x=0)]
    undo(owner, flow, undone)
    assert Node.objects.get(pk=A).x == 240


def test_where_nothing_is_left_there_is_no_rest(owner: User, colleague: User, flow: Flow) -> None:
    edit(owner, flow, *START)
    mine = edit(owner, flow, moved(A, x=240))
    edit(colleague, flow, moved(A, x=480))
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, mine, rest=True)
    assert (refused.value.code, refused.value.ways) == ("undo_conflict", [])


def test_the_same_value_written_again_by_somebody_else_is_theirs(owner: User, colleague: User, flow: Flow) -> None:
    edit(owner, flow, *START)
    mine = edit(owner, flow, moved(A, label="Orders"))
    theirs = edit(colleague, flow, moved(A, label="Orders"))
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, mine)
    assert (refused.value.code, refused.value.by) == ("undo_conflict", "colleague")
    undo(colleague, flow, theirs)
    undo(owner, flow, mine)
    assert Node.objects.get(pk=A).label == "Visits"


def test_somebody_elses_edit_counts_also_below_ones_own(owner: User, colleague: User, flow: Flow) -> None:
    mine = edit(owner, flow, add(A))
    edit(colleague, flow, moved(A, label="Theirs"))
    edit(owner, flow, moved(A, x=24))
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, mine)
    assert (refused.value.by, refused.value.ways) == ("colleague", ["force"])
    undo(owner, flow, mine, force=True)
    assert not Node.objects.exists()


def test_what_came_back_and_was_deleted_by_somebody_else_stays_deleted(
    owner: User, colleague: User, flow: Flow
) -> None:
    edit(owner, flow, add(A), add(B), wire(E1, A, B))
    for thing in ({"op": "delete_edge", "id": E1}, {"op": "delete_node", "id": A}):
        mine = edit(owner, flow, thing)
        edit(colleague, flow, wire(E1, A, B) if thing["id"] == E1 else add(A))
        edit(colleague, flow, thing)
        before = document(flow)
        with pytest.raises(ProjectError, match="Bring it back anyway"):
            undo(owner, flow, mine)
        assert document(flow) == before
