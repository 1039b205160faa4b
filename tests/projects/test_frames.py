"""Groups and notes: what becomes of the nodes in them, what is refused, and what an undo leaves alone."""

import uuid

import pytest
from django.contrib.auth.models import User

from projects.actions import do_delete_flow
from projects.errors import ProjectError
from projects.models import Change, Flow, Group, Node
from projects.operations.limits import MAX_NOTE_TEXT
from tests.projects.world import add, document, edit, frame, undo

A, B = "a" * 12, "b" * 12
G, H, N, M = (str(uuid.UUID(int=number, version=4)) for number in (1, 2, 3, 4))


def _group_of(node: str) -> str | None:
    group = Node.objects.get(pk=node).group_id
    return str(group) if group else None


def _into(node: str, group: str | None) -> dict[str, object]:
    return {"op": "set_node", "id": node, "fields": {"group": group}}


def test_a_group_and_its_nodes_are_made_in_one_change(owner: User, flow: Flow) -> None:
    change = edit(owner, flow, frame(G, name="Intake", colour="blue"), add(A, group=G), add(B))
    assert _group_of(A) == G
    assert change.ops[1]["group"] == G
    row = document(flow)["groups"][0]
    assert (row["name"], row["colour"], row["collapsed"], row["ports"]) == ("Intake", "blue", False, {})


def test_deleting_a_group_keeps_its_nodes_and_an_undo_puts_them_back_in(owner: User, flow: Flow) -> None:
    edit(owner, flow, frame(G), add(A, group=G), add(B, group=G))
    before = document(flow)
    change = edit(owner, flow, {"op": "delete_group", "id": G})
    assert [op["op"] for op in change.ops] == ["set_node", "set_node", "delete_group"]
    assert (_group_of(A), _group_of(B)) == (None, None)
    undo(owner, flow, change)
    assert document(flow) == before


def test_what_stands_in_a_group_is_no_news_for_the_cluster(owner: User, flow: Flow) -> None:
    edit(owner, flow, frame(G), add(A))
    Node.objects.update(dirty=False)
    edit(owner, flow, _into(A, G), {"op": "set_group", "id": G, "fields": {"collapsed": True, "x": 24}})
    assert not Node.objects.get(pk=A).dirty
    edit(owner, flow, {"op": "set_node", "id": A, "fields": {"group": None, "x": 5}})
    assert Node.objects.get(pk=A).dirty


def test_a_node_goes_into_no_group_of_another_flow(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, other_flow, frame(G))
    edit(owner, flow, add(A))
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, _into(A, G))
    assert (refused.value.code, refused.value.status, refused.value.op) == ("unknown_group", 404, 0)
    with pytest.raises(ProjectError) as taken:
        edit(owner, flow, frame(G))
    assert taken.value.code == "id_taken"


def test_a_group_that_is_gone_names_who_deleted_it(owner: User, colleague: User, flow: Flow) -> None:
    edit(owner, flow, frame(G))
    edit(colleague, flow, {"op": "delete_group", "id": G})
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, {"op": "set_group", "id": G, "fields": {"name": "Late"}})
    assert (refused.value.code, refused.value.by) == ("group_deleted", colleague.get_username())


def test_an_undo_leaves_what_a_colleague_named(owner: User, colleague: User, flow: Flow) -> None:
    edit(owner, flow, frame(G, name="First"))
    mine = edit(owner, flow, {"op": "set_group", "id": G, "fields": {"name": "Mine"}})
    edit(colleague, flow, {"op": "set_group", "id": G, "fields": {"name": "Theirs", "colour": "red"}})
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, mine)
    assert (refused.value.code, refused.value.by) == ("undo_conflict", colleague.get_username())
    assert Group.objects.get().name == "Theirs"


def test_an_undo_that_would_undo_a_colleagues_grouping_says_so_first(owner: User, colleague: User, flow: Flow) -> None:
    edit(owner, flow, add(A))
    made = edit(owner, flow, frame(G, name="Intake"))
    edit(colleague, flow, _into(A, G))
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, made)
    assert refused.value.code == "undo_conflict"
    undo(owner, flow, made, force=True)
    assert _group_of(A) is None
    assert not Group.objects.exists()


def test_a_node_comes_back_without_the_group_that_is_gone(owner: User, flow: Flow) -> None:
    edit(owner, flow, frame(G), add(A, group=G))
    deletion = edit(owner, flow, {"op": "delete_node", "id": A})
    edit(owner, flow, {"op": "delete_group", "id": G})
    undo(owner, flow, deletion)
    assert _group_of(A) is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"colour": "#ff0000"}, "/colour"),
        ({"width": 10}, "/width"),
        ({"text": "x" * (MAX_NOTE_TEXT + 1)}, "/text"),
        ({"html": "<b>"}, "/html"),
    ],
)
def test_what_a_note_cannot_be(owner: User, flow: Flow, fields: dict[str, object], field: str) -> None:
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, frame(H, "note", **fields))
    assert (refused.value.code, refused.value.field) == ("invalid_operation", field)


def test_a_deleted_flow_takes_its_groups_and_notes_along(owner: User, flow: Flow) -> None:
    edit(owner, flow, frame(G), add(A, group=G), frame(H, "note", text="# Why"))
    do_delete_flow(owner, flow)
    assert not Group.objects.exists()


def test_a_note_lies_in_a_group_and_outlives_it(owner: User, flow: Flow) -> None:
    edit(owner, flow, frame(G), frame(N, "note", group=G))
    assert document(flow)["notes"][0]["group"] == G
    out = edit(owner, flow, {"op": "set_note", "id": N, "fields": {"group": None}})
    undo(owner, flow, out)
    assert document(flow)["notes"][0]["group"] == G
    gone = edit(owner, flow, {"op": "delete_group", "id": G})
    assert [op["op"] for op in gone.ops] == ["set_note", "delete_group"]
    assert document(flow)["notes"][0]["group"] is None
    undo(owner, flow, gone)
    assert document(flow)["notes"][0]["group"] == G


def test_a_note_is_said_to_lie_in_a_group_that_is_there(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, other_flow, frame(G))
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, frame(N, "note", group=G))
    assert refused.value.code == "unknown_group"


def test_a_note_that_comes_back_lies_in_its_group_if_that_is_there(owner: User, flow: Flow) -> None:
    edit(owner, flow, frame(G), frame(N, "note", group=G))
    gone = edit(owner, flow, {"op": "delete_note", "id": N})
    back = undo(owner, flow, gone)
    assert document(flow)["notes"][0]["group"] == G
    undo(owner, flow, back)
    edit(owner, flow, {"op": "delete_group", "id": G})
    undo(owner, flow, Change.objects.filter(flow=flow).order_by("-rev")[1])
    assert document(flow)["notes"][0]["group"] is None


def test_a_group_that_moves_to_another_flow_takes_its_notes_along(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, frame(G), frame(N, "note", group=G), frame(M, "note"))
    moved = edit(owner, flow, {"op": "move_group", "id": G, "flow": str(other_flow.pk)})
    assert [note["id"] for note in document(flow)["notes"]] == [M]
    assert [(note["id"], note["group"]) for note in document(other_flow)["notes"]] == [(N, G)]
    told = Change.objects.filter(flow=other_flow).latest("rev").ops[0]
    assert [note["id"] for note in told["notes"]] == [N]
    undo(owner, flow, moved)
    assert {note["id"] for note in document(flow)["notes"]} == {M, N}
    assert document(other_flow)["notes"] == []
