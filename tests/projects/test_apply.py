"""An edit becomes rows, a Change and dirty marks, or nothing."""

import uuid

import pytest
from django.contrib.auth.models import User

from projects.actions import do_apply_changes
from projects.errors import ProjectError
from projects.models import Change, Edge, Flow, Node, Removed
from tests.projects.world import CATALOGUE, EMPTY, add, client_op, document, edit, undo, wire

pytestmark = pytest.mark.both_databases

A, B, C = "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"
E1, E2 = str(uuid.uuid4()), str(uuid.uuid4())


def test_a_batch_adds_nodes_and_wires(owner: User, flow: Flow) -> None:
    before = flow.rev
    change = edit(owner, flow, add(A, label="One", x=24, settings={"k": [1]}), add(B), wire(E1, A, B, mapping={"a": 1}))
    assert [op["op"] for op in change.ops] == ["add_node", "add_node", "add_edge"]
    assert (change.prev_rev, change.rev) == (before, before + 1)
    flow.refresh_from_db()
    assert (flow.rev, flow.node_count, flow.edge_count) == (change.rev, 2, 1)
    node = Node.objects.get(pk=A)
    assert (node.label, node.x, node.settings, node.dirty, node.desired_rev) == (
        "One",
        24,
        {"k": [1]},
        True,
        change.rev,
    )
    assert node.name == f"{flow.project.resource_name}.common-v1.anything-{A}"
    assert Edge.objects.get(pk=E1).mapping == {"a": 1}


def test_a_batch_is_all_or_nothing(owner: User, flow: Flow) -> None:
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, add(A), {"op": "set_node", "id": B, "fields": {"label": "?"}})
    assert (refused.value.code, refused.value.status, refused.value.op) == ("unknown_node", 404, 1)
    assert not Node.objects.exists()
    assert not Change.objects.exists()


def test_a_repeat_answers_the_first_result(owner: User, flow: Flow) -> None:
    key = client_op()
    first = do_apply_changes(owner, flow, flow.rev, [add(A)], key, CATALOGUE)
    again = do_apply_changes(owner, flow, flow.rev, [add(A)], key, CATALOGUE)
    assert again.pk == first.pk
    assert Node.objects.count() == 1


def test_a_repeat_under_another_name_is_refused(owner: User, colleague: User, flow: Flow) -> None:
    key = client_op()
    do_apply_changes(owner, flow, flow.rev, [add(A)], key, CATALOGUE)
    with pytest.raises(ProjectError) as refused:
        do_apply_changes(colleague, flow, flow.rev, [add(B)], key, CATALOGUE)
    assert refused.value.code == "client_op_id_taken"


def test_deleting_a_node_takes_its_wires_along_and_marks_the_neighbours(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A), add(B), add(C), wire(E1, A, B), wire(E2, B, C))
    Node.objects.update(dirty=False, applied_uid="u1")
    change = edit(owner, flow, {"op": "delete_node", "id": B})
    assert sorted(op["op"] for op in change.ops) == ["delete_edge", "delete_edge", "delete_node"]
    assert change.ops[-1] == {"op": "delete_node", "id": B}
    assert not Edge.objects.exists()
    assert set(Node.objects.filter(dirty=True).values_list("pk", flat=True)) == {A, C}
    assert Removed.objects.get().uid == "u1"


def test_a_position_marks_only_its_node(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A), add(B), wire(E1, A, B))
    Node.objects.update(dirty=False)
    edit(owner, flow, {"op": "set_node", "id": A, "fields": {"x": 48, "y": -24}})
    assert [node.pk for node in Node.objects.filter(dirty=True)] == [A]


def test_one_wire_between_two_ports(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A), add(B), wire(E1, A, B))
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, wire(E2, A, B))
    assert (refused.value.code, refused.value.status) == ("edge_exists", 409)
    replaced = edit(owner, flow, {"op": "delete_edge", "id": E1}, wire(E2, A, B))
    assert [op["op"] for op in replaced.ops] == ["delete_edge", "add_edge"]


def test_a_taken_id_is_refused_without_saying_where(owner: User, flow: Flow, stranger: User) -> None:
    from projects.actions import do_create_flow

    elsewhere = do_create_flow(stranger, stranger.memberships.get().project, "Theirs")
    edit(stranger, elsewhere, add(A))
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, add(A))
    assert refused.value.code == "id_taken"
    assert document(flow) == EMPTY


def test_add_and_delete_in_one_batch_leaves_nothing(owner: User, flow: Flow) -> None:
    change = edit(owner, flow, add(A), {"op": "delete_node", "id": A})
    assert document(flow) == EMPTY
    assert not Removed.objects.exists()
    undo(owner, flow, change)
    assert document(flow) == EMPTY
