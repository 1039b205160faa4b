"""Two people at the same flow: different fields never collide, and a collision names who."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from projects.errors import ProjectError
from projects.models import Flow, Membership, Node, Role
from tests.projects.test_undo import moved, setting
from tests.projects.world import EMPTY, add, document, edit, undo, wire

pytestmark = pytest.mark.both_databases

A, B = "aaaaaaaaaaaa", "bbbbbbbbbbbb"
E1 = str(uuid.uuid4())


@pytest.mark.parametrize(
    ("first", "second", "stored", "label"),
    [
        (
            setting(A, "max_history", value=1),
            setting(A, "initial_value", value=2),
            {"max_history": 1, "initial_value": 2},
            "",
        ),
        (setting(A, "n", "x", value=1), setting(A, "n", "y", value=2), {"n": {"x": 1, "y": 2}}, ""),
        (setting(A, "n", value={"x": 1}), setting(A, "n", "y", value=2), {"n": {"x": 1, "y": 2}}, ""),
        (setting(A, "max_history", value=1), setting(A, "max_history", value=2), {"max_history": 2}, ""),
        (setting(A, "max_history", value=1), moved(A, label="L"), {"max_history": 1}, "L"),
        (setting(A, "list", 0, value=1), setting(A, "max_history", value=2), {"list": [1], "max_history": 2}, ""),
    ],
)
def test_edits_from_the_same_revision_merge(
    owner: User,
    colleague: User,
    flow: Flow,
    first: dict[str, Any],
    second: dict[str, Any],
    stored: dict[str, Any],
    label: str,
) -> None:
    seen = edit(owner, flow, add(A, "counter")).rev
    edit(owner, flow, first, base_rev=seen)
    edit(colleague, flow, second, base_rev=seen)
    node = Node.objects.get(pk=A)
    assert (node.settings, node.label) == (stored, label)


@pytest.mark.parametrize(
    "op",
    [
        moved(B, label="Late"),
        setting(B, "k", value=1),
        {"op": "delete_node", "id": B},
        wire(E1, A, B),
    ],
)
def test_an_edit_of_what_somebody_deleted_names_them(
    owner: User, colleague: User, flow: Flow, op: dict[str, Any]
) -> None:
    seen = edit(owner, flow, add(A), add(B)).rev
    edit(colleague, flow, {"op": "delete_node", "id": B})
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, moved(A, x=1), op, base_rev=seen)
    error = refused.value
    assert (error.code, error.status, error.by, error.op) == ("node_deleted", 409, "colleague", 1)
    assert "UTC" in error.message


def test_a_list_that_moved_refuses_an_index_read_before(owner: User, colleague: User, flow: Flow) -> None:
    seen = edit(owner, flow, add(A, "counter", settings={"list": [1, 2, 3]})).rev
    edit(colleague, flow, setting(A, "list", 0), base_rev=seen)
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, setting(A, "list", 1, value=9), base_rev=seen)
    assert (refused.value.code, refused.value.by) == ("list_changed", "colleague")
    edit(owner, flow, setting(A, "list", 1, value=9))
    assert Node.objects.get(pk=A).settings == {"list": [2, 9]}


def test_items_of_a_list_that_kept_its_length_merge(owner: User, colleague: User, flow: Flow) -> None:
    seen = edit(owner, flow, add(A, "counter", settings={"list": [1, 2, 3]})).rev
    edit(colleague, flow, setting(A, "list", 0, value=7), base_rev=seen)
    edit(owner, flow, setting(A, "list", 1, value=9), base_rev=seen)
    assert Node.objects.get(pk=A).settings == {"list": [7, 9, 3]}


@pytest.mark.parametrize("base_rev", [-1, 10_000])
def test_a_revision_that_never_was_is_refused(owner: User, flow: Flow, base_rev: int) -> None:
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, add(A), base_rev=base_rev)
    assert refused.value.code == "unknown_revision"


def test_a_refusal_says_what_is_gone_and_which_change_brings_it_back(owner: User, colleague: User, flow: Flow) -> None:
    seen = edit(owner, flow, add(A), add(B, label="Greeting")).rev
    gone = edit(colleague, flow, {"op": "delete_node", "id": B})
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, wire(E1, A, B), base_rev=seen)
    assert "deleted the node Greeting at" in refused.value.message
    assert refused.value.as_error()["thing"] == B
    assert refused.value.as_error()["change"] == gone.rev
    undo(owner, flow, gone)
    edit(owner, flow, wire(E1, A, B), base_rev=seen)


def mapped(**fields: Any) -> dict[str, Any]:
    return {"op": "set_mapping", "id": E1, "mapping": fields}


@pytest.mark.parametrize(
    ("first", "second", "stored"),
    [
        ({"a": 1, "b": 0}, {"a": 0, "b": 2}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 0}, {"a": 2, "b": 0}, {"a": 2, "b": 0}),
        ({"a": 0}, {"a": 3, "b": 0}, {"a": 3}),
        ({"a": 0, "b": 0, "c": 4}, {"b": 0}, {"b": 0, "c": 4}),
        ({"a": {"x": 1}, "b": 0}, {"a": {"y": 2}, "b": 0}, {"a": {"y": 2}, "b": 0}),
        ({"a": [1], "b": 0}, {"a": 0, "b": "{{ $.c }}"}, {"a": [1], "b": "{{ $.c }}"}),
    ],
)
def test_fields_of_one_mapping_that_two_people_change_merge(
    owner: User, colleague: User, flow: Flow, first: dict[str, Any], second: dict[str, Any], stored: dict[str, Any]
) -> None:
    seen = edit(owner, flow, add(A), add(B), wire(E1, A, B, mapping={"a": 0, "b": 0})).rev
    edit(owner, flow, mapped(**first), base_rev=seen)
    change = edit(colleague, flow, mapped(**second), base_rev=seen)
    assert flow.edges.get().mapping == stored
    assert change.ops == [mapped(**stored)]


def test_a_mapping_made_on_the_newest_counts_as_it_is(owner: User, colleague: User, flow: Flow) -> None:
    edit(owner, flow, add(A), add(B), wire(E1, A, B, mapping={"a": 0}))
    edit(owner, flow, mapped(a=1))
    edit(colleague, flow, mapped(b=2))
    assert flow.edges.get().mapping == {"b": 2}


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (Role.OPERATOR, 403), (None, 404)])
def test_who_lost_the_right_to_edit_undoes_nothing(
    owner: User, colleague: User, flow: Flow, role: str | None, status: int
) -> None:
    change = edit(colleague, flow, add(A))
    membership = Membership.objects.filter(project=flow.project, user=colleague)
    membership.delete() if role is None else membership.update(role=role)
    before = document(flow)
    for attempt in (lambda: undo(colleague, flow, change), lambda: undo(colleague, flow, change, force=True)):
        with pytest.raises(ProjectError) as refused:
            attempt()
        assert refused.value.status == status
        assert document(flow) == before
    undo(owner, flow, change)
    assert document(flow) == EMPTY
