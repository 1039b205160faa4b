"""Nodes in several flows: shared, wired there, taken out, moved with their wires and groups, and all of it undone."""

import uuid
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User

from projects.actions import do_create_flow, do_delete_flow, do_delete_project
from projects.errors import ProjectError
from projects.models import Change, Edge, Flow, Group, Node, Share
from projects.operations.apply import Applier
from projects.operations.history import missing
from projects.operations.rows import Rows
from projects.operations.wanted import Wanted
from projects.shown import rows_shown
from tests.projects.world import add, document, edit, frame, undo, wire

pytestmark = pytest.mark.both_databases

A, B, C, D = (letter * 12 for letter in "abcd")
E1, E2, E3 = (str(uuid.UUID(int=number, version=4)) for number in (1, 2, 3))
G = str(uuid.UUID(int=9, version=4))


def _share(node: str, flow: Flow, **more: Any) -> dict[str, Any]:
    return {"op": "share_node", "id": node, "flow": str(flow.pk), **more}


def _unshare(node: str, flow: Flow, **more: Any) -> dict[str, Any]:
    return {"op": "unshare_node", "id": node, "flow": str(flow.pk), **more}


def _move(node: str, flow: Flow, **more: Any) -> dict[str, Any]:
    return {"op": "move_node", "id": node, "flow": str(flow.pk), **more}


def _world(*flows: Flow) -> list[Any]:
    """All that the flows show, without revisions, and whether their counts are right."""
    seen: list[Any] = []
    for flow in flows:
        shown = [{key: value for key, value in row.items() if key != "rev"} for row in rows_shown(flow)]
        fresh = Flow.objects.get(pk=flow.pk)
        assert (fresh.node_count, fresh.edge_count) == (fresh.nodes.count(), fresh.edges.count())
        seen.append((shown, {key: rows for key, rows in document(flow).items() if key != "nodes"}))
    assert all(node.shared == node.shares.count() for node in Node.objects.all())
    return seen


def _row(flow: Flow, node: str) -> dict[str, Any] | None:
    return next((row for row in rows_shown(flow) if row["id"] == node), None)


def test_a_shared_node_is_shown_there_as_foreign_and_is_dirty(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, add(A, label="Orders", x=24))
    Node.objects.update(dirty=False)
    edit(owner, flow, _share(A, other_flow, x=96, y=48))
    there, here = _row(other_flow, A), _row(flow, A)
    assert there is not None
    assert here is not None
    assert there["foreign"] == {"id": str(flow.pk), "name": flow.name}
    assert (there["x"], there["y"], there["label"]) == (96, 48, "Orders")
    assert (here["foreign"], here["shared"], here["x"]) == (None, [str(other_flow.pk)], 24)
    assert Node.objects.get().dirty


def test_the_other_flow_hears_of_it_as_a_change_of_its_own(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, add(A))
    seen = Flow.objects.get(pk=other_flow.pk).rev
    first = edit(owner, flow, _share(A, other_flow))
    follower = Change.objects.get(flow=other_flow)
    assert (follower.prev_rev, follower.rev, follower.follows) == (seen, first.rev + 1, first.rev)
    assert follower.as_message()["undoable"] is False
    assert follower.ops[0]["node"]["foreign"]["name"] == flow.name
    renamed = edit(owner, flow, {"op": "set_node", "id": A, "fields": {"label": "New", "x": 7}})
    echo = Change.objects.filter(flow=other_flow).latest("rev")
    assert (echo.follows, echo.ops) == (renamed.rev, [{"op": "set_node", "id": A, "fields": {"label": "New"}}])
    with pytest.raises(ProjectError) as refused:
        undo(owner, other_flow, echo)
    assert refused.value.code == "undo_conflict"


def test_a_foreign_node_is_placed_and_wired_where_it_is_shown(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, add(A))
    edit(owner, flow, _share(A, other_flow))
    edit(owner, other_flow, add(B), frame(G), wire(E1, A, B))
    edit(owner, other_flow, {"op": "set_node", "id": A, "fields": {"x": 500, "group": G}})
    assert Node.objects.get(pk=A).x == 0
    assert Edge.objects.get().flow_id == other_flow.pk
    assert (_row(other_flow, A) or {})["group"] == G
    with pytest.raises(ProjectError) as refused:
        edit(owner, other_flow, _share(A, flow))
    assert refused.value.code == "foreign_node"
    assert flow.name in refused.value.message


def test_a_foreign_node_is_changed_where_it_is_shown_and_its_home_hears_of_it(
    owner: User, flow: Flow, other_flow: Flow
) -> None:
    third_flow = do_create_flow(owner, flow.project, "Archive")
    edit(owner, flow, add(A, x=5))
    edit(owner, flow, _share(A, other_flow, x=96, y=48))
    edit(owner, flow, _share(A, third_flow))
    Node.objects.update(dirty=False)
    before = _world(flow, other_flow)
    both = {"op": "set_node", "id": A, "fields": {"label": "Orders", "x": 120}}
    change = edit(owner, other_flow, both, {"op": "set_setting", "id": A, "path": ["x"], "value": 1})
    node = Node.objects.get(pk=A)
    assert (node.label, node.settings["x"], node.x, node.dirty) == ("Orders", 1, 5, True)
    assert (_row(other_flow, A) or {})["x"] == 120
    for told in (flow, third_flow):
        echo = Change.objects.filter(flow=told).latest("rev")
        assert (echo.follows, [op["op"] for op in echo.ops]) == (change.rev, ["set_node", "set_setting"])
        assert echo.ops[0]["fields"] == {"label": "Orders"}
    undo(owner, other_flow, change)
    assert _world(flow, other_flow) == before


def test_a_foreign_node_is_not_changed_by_who_may_only_look_at_its_home(
    owner: User, viewer: User, flow: Flow, other_flow: Flow
) -> None:
    edit(owner, flow, add(A))
    edit(owner, flow, _share(A, other_flow))
    setting = {"op": "set_setting", "id": A, "path": ["x"], "value": 1}
    with pytest.raises(ProjectError) as refused:
        edit(viewer, other_flow, setting)
    assert refused.value.status == 403
    # Roles are the project's now; where a flow had roles of its own, the home's would count.
    rows = Rows(flow.project, other_flow, 99)
    rows.load(Wanted(nodes={A}))
    with pytest.raises(ProjectError) as refused:
        Applier(rows, partial(missing, other_flow)).set_setting(A, ["x"], 1, 0)
    assert (refused.value.code, refused.value.status) == ("forbidden", 403)


def test_what_a_colleague_wrote_where_a_node_is_shown_is_not_lost_by_an_undo_at_home(
    owner: User, colleague: User, flow: Flow, other_flow: Flow
) -> None:
    edit(owner, flow, add(A))
    edit(owner, flow, _share(A, other_flow))
    mine = edit(owner, flow, {"op": "set_setting", "id": A, "path": ["x"], "value": 1})
    edit(colleague, other_flow, {"op": "set_setting", "id": A, "path": ["x"], "value": 2})
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, mine)
    assert refused.value.code == "undo_conflict"
    assert Node.objects.get(pk=A).settings["x"] == 2


def test_taking_a_node_out_says_which_wires_would_go(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, add(A), add(C), wire(E2, C, A))
    edit(owner, flow, _share(A, other_flow))
    edit(owner, other_flow, add(B), wire(E1, A, B))
    before = _world(flow, other_flow)
    for at, op in ((flow, _unshare(A, other_flow)), (flow, {"op": "delete_node", "id": A})):
        with pytest.raises(ProjectError) as refused:
            edit(owner, at, op)
        assert refused.value.code == "shared_wired"
        assert other_flow.name in refused.value.message
    Node.objects.update(dirty=False)
    change = edit(owner, flow, _unshare(A, other_flow, wires=True))
    assert [edge.pk for edge in Edge.objects.all()] == [uuid.UUID(E2)]
    assert _row(other_flow, A) is None
    assert set(Node.objects.filter(dirty=True).values_list("pk", flat=True)) == {A, B}
    again = undo(owner, flow, change)
    assert _world(flow, other_flow) == before
    undo(owner, flow, again)
    assert _row(other_flow, A) is None


def test_deleting_a_foreign_node_only_takes_it_out_of_this_flow(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, add(A))
    edit(owner, flow, _share(A, other_flow))
    edit(owner, other_flow, add(B), wire(E1, A, B))
    before = _world(flow, other_flow)
    change = edit(owner, other_flow, {"op": "delete_node", "id": A})
    assert Node.objects.filter(pk=A).exists()
    assert not Edge.objects.exists()
    assert (_row(flow, A) or {})["shared"] == []
    undo(owner, other_flow, change)
    assert _world(flow, other_flow) == before


def test_nodes_move_with_their_wires_and_group_and_keep_their_names(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, frame(G, name="Intake"), add(A, group=G), add(B, group=G), wire(E1, A, B))
    names = set(Node.objects.values_list("name", flat=True))
    before = _world(flow, other_flow)
    change = edit(
        owner,
        flow,
        {"op": "move_group", "id": G, "flow": str(other_flow.pk)},
        _move(A, other_flow),
        _move(B, other_flow),
    )
    assert set(Node.objects.values_list("name", "flow")) == {(name, other_flow.pk) for name in names}
    assert Edge.objects.get().flow_id == Group.objects.get().flow_id == other_flow.pk
    assert {str(node.group_id) for node in Node.objects.all()} == {G}
    assert not Share.objects.exists()
    after = _world(flow, other_flow)
    again = undo(owner, flow, change)
    assert _world(flow, other_flow) == before
    undo(owner, flow, again)
    assert _world(flow, other_flow) == after


def test_what_is_wired_to_what_stays_stays_shown_with_its_wires(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, add(A, x=10), add(B, x=20), add(C, x=30), wire(E1, A, B), wire(E2, B, C))
    before = _world(flow, other_flow)
    change = edit(owner, flow, _move(A, other_flow), _move(B, other_flow))
    here = _row(flow, B)
    assert here is not None
    assert (here["foreign"], here["x"]) == ({"id": str(other_flow.pk), "name": other_flow.name}, 20)
    assert _row(flow, A) is None
    assert {str(edge.pk): edge.flow_id for edge in Edge.objects.all()} == {E1: other_flow.pk, E2: flow.pk}
    edit(owner, flow, {"op": "set_node", "id": B, "fields": {"x": 99}})
    moved_there = edit(owner, flow, {"op": "set_node", "id": B, "fields": {"x": 20}})
    assert moved_there.ops
    again = undo(owner, flow, change)
    assert _world(flow, other_flow) == before
    undo(owner, flow, again)
    assert _row(flow, A) is None
    assert Share.objects.get().node_id == B


def test_a_node_that_was_foreign_there_becomes_its_own(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, add(A, x=10))
    edit(owner, flow, _share(A, other_flow, x=70, y=70))
    edit(owner, other_flow, add(B), wire(E1, A, B))
    before = _world(flow, other_flow)
    change = edit(owner, flow, _move(A, other_flow))
    there = _row(other_flow, A)
    assert there is not None
    assert (there["foreign"], there["x"]) == (None, 70)
    assert _row(flow, A) is None
    undo(owner, flow, change)
    assert _world(flow, other_flow) == before


def test_a_group_that_moves_leaves_the_nodes_that_do_not(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, frame(G), add(A, group=G), add(B, group=G))
    before = _world(flow, other_flow)
    change = edit(owner, flow, {"op": "move_group", "id": G, "flow": str(other_flow.pk)}, _move(A, other_flow))
    assert (_row(flow, B) or {})["group"] is None
    assert (_row(other_flow, A) or {})["group"] == G
    undo(owner, flow, change)
    assert _world(flow, other_flow) == before


def test_a_colleagues_wire_in_the_other_flow_is_not_lost_by_an_undo(
    owner: User, colleague: User, flow: Flow, other_flow: Flow
) -> None:
    edit(owner, flow, add(A))
    shared = edit(owner, flow, _share(A, other_flow))
    edit(colleague, other_flow, add(B), wire(E1, A, B))
    with pytest.raises(ProjectError) as refused:
        undo(owner, flow, shared)
    assert (refused.value.code, refused.value.by) == ("undo_conflict", colleague.get_username())
    undo(owner, flow, shared, force=True)
    assert not Edge.objects.exists()


def test_nothing_reaches_a_flow_of_another_project(owner: User, flow: Flow, stranger: User) -> None:
    from projects.actions import do_create_flow

    elsewhere = do_create_flow(stranger, stranger.memberships.get().project, "Theirs")
    edit(owner, flow, add(A), frame(G))
    for op in (_share(A, elsewhere), _move(A, elsewhere), {"op": "move_group", "id": G, "flow": str(elsewhere.pk)}):
        with pytest.raises(ProjectError) as refused:
            edit(owner, flow, op)
        assert (refused.value.code, refused.value.status) == ("unknown_flow", 404)


def test_deleting_a_flow_leaves_the_nodes_of_others(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, add(A))
    edit(owner, flow, _share(A, other_flow))
    edit(owner, other_flow, add(B), wire(E1, A, B))
    with pytest.raises(ProjectError) as refused:
        do_delete_flow(owner, flow)
    assert refused.value.code == "flow_shared"
    Node.objects.update(dirty=False)
    do_delete_flow(owner, other_flow)
    assert (_row(flow, A) or {})["shared"] == []
    assert Node.objects.get().dirty
    assert not Edge.objects.exists()


def test_deleting_a_project_takes_shares_along(owner: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, add(A))
    edit(owner, flow, _share(A, other_flow))
    do_delete_project(owner, flow.project)
    assert not Share.objects.exists()


@pytest.mark.parametrize("then", ["move_group", "delete_group", "set_group"])
def test_a_group_that_leaves_with_a_change_is_not_in_reach_of_the_rest_of_it(
    owner: User, flow: Flow, other_flow: Flow, then: str
) -> None:
    pk, there = str(uuid.uuid4()), str(other_flow.pk)
    edit(owner, flow, frame(pk))
    more: dict[str, Any] = {"set_group": {"fields": {"x": 1}}, "move_group": {"flow": there}}.get(then, {})
    with pytest.raises(ProjectError):
        edit(owner, flow, {"op": "move_group", "id": pk, "flow": there}, {"op": then, "id": pk, **more})
