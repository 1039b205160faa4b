"""A flow goes back to what it was, as one change that is taken back like any other."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.actions import do_restore
from projects.errors import ProjectError
from projects.history.document import read_document
from projects.history.replay import replay
from projects.last_state import supply_last_states
from projects.models import Change, Flow, Node
from tests.projects.test_replay import EDGES, FRAMES, NODES, _do, _steps
from tests.projects.test_sharing_property import _world
from tests.projects.test_undo import moved, setting
from tests.projects.test_undo_property import _batches
from tests.projects.world import add, client_op, edit, frame, schema, undo, wire

NODE, OTHER = NODES[0], NODES[1]


class _Back(Exception):
    """Ends an example's transaction."""


def restore(person: User, flow: Flow, rev: int, *, rest: bool = False) -> Change:
    return do_restore(person, flow, f"r{rev}", client_op(), rest=rest)[0]


@given(batches=_batches, back=st.integers(0, 7))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flow_by_itself_is_what_it_was(
    owner: User, flow: Flow, batches: list[list[dict[str, Any]]], back: int
) -> None:
    try:
        with transaction.atomic():
            start = [add(node, settings={"x": {"y": [1]}}, group=FRAMES[0]) for node in NODES[:2]]
            changes = [edit(owner, flow, frame(FRAMES[0]), *start, wire(EDGES[0], NODE, OTHER))]
            for batch in batches:
                try:
                    changes.append(edit(owner, flow, *batch))
                except ProjectError:
                    continue
            then, now = replay(flow, changes[-1 - back % len(changes)].rev), read_document(flow)
            try:
                change = restore(owner, flow, changes[-1 - back % len(changes)].rev)
            except ProjectError as error:
                assert error.code == "nothing_to_restore" and then == now  # noqa: PT017, PT018
                raise _Back from None
            assert read_document(flow) == then
            undone = undo(owner, flow, change)
            assert read_document(flow) == now
            undo(owner, flow, undone)
            flow.refresh_from_db()
            assert read_document(flow) == then == replay(flow, flow.rev)
            raise _Back
    except _Back:
        flow.refresh_from_db()


@given(steps=_steps, back=st.integers(0, 9))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_can_be_is_what_it_was_where_flows_share_nodes(
    owner: User, flow: Flow, other_flow: Flow, steps: list[tuple[bool, Any]], back: int
) -> None:
    flows = (flow, other_flow)
    try:
        with transaction.atomic():
            start = [add(node, group=FRAMES[0]) for node in NODES[:3]]
            edit(owner, flow, frame(FRAMES[0]), *start, wire(EDGES[0], NODE, OTHER))
            for second, step in steps:
                _do(owner, flows, second, step)
            revs = list(flow.changes.order_by("-rev").values_list("rev", flat=True))
            before = _world(flows)
            try:
                change = restore(owner, flow, revs[back % len(revs)], rest=True)
            except ProjectError as error:
                assert error.code == "nothing_to_restore"  # noqa: PT017
                raise _Back from None
            _world(flows)
            for one in flows:
                one.refresh_from_db()
                assert replay(one, one.rev) == read_document(one)
            undo(owner, flow, change)
            assert _world(flows) == before
            raise _Back
    except _Back:
        for one in flows:
            one.refresh_from_db()


def test_nodes_that_are_still_there_are_the_same_rows(owner: User, flow: Flow) -> None:
    then = edit(owner, flow, add(NODE, "open"), schema(NODE, "test.Open.message", schema={"type": "string"}))
    edit(owner, flow, setting(NODE, "a", value=1), setting(NODE, "b", "c", value=2), moved(NODE, x=9))
    edit(owner, flow, schema(NODE, "test.Open.message"))
    Node.objects.update(applied_rev=3, applied_uid="uid", dirty=False)
    change = restore(owner, flow, then.rev)
    node = Node.objects.get()
    assert (node.settings, node.x, node.applied_uid, node.dirty) == ({}, 0, "uid", True)
    assert node.schemas == {"in": {"test.Open.message": {"type": "string"}}}
    assert {op["op"] for op in change.ops} == {"set_node", "set_setting", "set_schema"}


def test_only_the_fields_that_differ_are_written(owner: User, flow: Flow) -> None:
    then = edit(owner, flow, add(NODE, settings={"a": {"b": 1, "c": [1, 2]}, "d": True}))
    edit(owner, flow, setting(NODE, "a", "b", value=2), setting(NODE, "d", value=1))
    change = restore(owner, flow, then.rev)
    assert [(op["path"], op["value"]) for op in change.ops] == [(["a", "b"], 1), (["d"], True)]


def test_a_deleted_node_comes_back_under_its_id_with_its_last_state(owner: User, flow: Flow) -> None:
    then = edit(owner, flow, add(NODE), add(OTHER), wire(EDGES[0], NODE, OTHER))
    name = Node.objects.get(pk=NODE).name
    supply_last_states(lambda names: {name: {"counter-value": "41"}})
    try:
        edit(owner, flow, {"op": "delete_node", "id": NODE})
    finally:
        supply_last_states(lambda names: {})
    restore(owner, flow, then.rev)
    node = Node.objects.get(pk=NODE)
    assert (node.name, node.last_state) == (name, {"counter-value": "41"})
    assert [str(edge.pk) for edge in flow.edges.all()] == [EDGES[0]]


def test_it_is_told_like_any_other_change_and_repeated_once(owner: User, flow: Flow) -> None:
    then = edit(owner, flow, add(NODE))
    edit(owner, flow, moved(NODE, x=9))
    change, _ = do_restore(owner, flow, f"r{then.rev}", "once")
    again, _ = do_restore(owner, flow, f"r{then.rev}", "once")
    assert (again.rev, change.prev_rev) == (change.rev, then.rev + 1)
    assert change.as_message()["ops"] == [{"op": "set_node", "id": NODE, "fields": {"x": 0}}]


def test_what_cannot_be_is_refused_with_the_reasons_and_the_rest_can_be_had(
    owner: User, flow: Flow, other_flow: Flow
) -> None:
    empty = flow.rev
    edit(owner, flow, add(NODE, label="Counter"), add(OTHER))
    edit(owner, other_flow, add("c" * 12))
    edit(owner, flow, {"op": "share_node", "id": NODE, "flow": str(other_flow.pk)})
    edit(owner, other_flow, wire(EDGES[0], NODE, "c" * 12))
    with pytest.raises(ProjectError, match="Counter was not there, but is wired in Reports now: it stays") as refused:
        restore(owner, flow, empty)
    assert (refused.value.code, refused.value.ways) == ("restore_incomplete", ["rest"])
    restore(owner, flow, empty, rest=True)
    assert [node.pk for node in flow.nodes.all()] == [NODE]


def test_a_node_that_lives_in_another_flow_now_is_shown_from_there(owner: User, flow: Flow, other_flow: Flow) -> None:
    then = edit(owner, flow, add(NODE, label="Counter"))
    edit(owner, flow, {"op": "move_node", "id": NODE, "flow": str(other_flow.pk)})
    _, told = do_restore(owner, flow, f"r{then.rev}", client_op())
    assert told == ["Counter belongs to the flow Reports now, and is shown from there."]
    assert list(read_document(flow).nodes) == [NODE]
    assert Node.objects.get().flow == other_flow


def test_only_an_editor_restores(owner: User, flow: Flow, viewer: User, stranger: User) -> None:
    then = edit(owner, flow, add(NODE))
    for person, code in ((viewer, "forbidden"), (stranger, "not_found")):
        with pytest.raises(ProjectError) as refused:
            restore(person, flow, then.rev)
        assert refused.value.code == code


def test_five_thousand_nodes_come_back_by_one_change_beyond_what_a_batch_may_hold(owner: User, flow: Flow) -> None:
    ids = [f"n{number:011d}" for number in range(5_000)]
    empty = flow.rev
    for at in range(0, len(ids), 250):
        edit(owner, flow, *(add(pk, settings={"text": "x" * 400}) for pk in ids[at : at + 250]))
    full = Flow.objects.get(pk=flow.pk).rev
    edit(owner, flow, *(wire(str(uuid.uuid4()), one, ids[0]) for one in ids[1:100]))
    restore(owner, flow, empty)
    change = restore(owner, flow, full)
    assert change.size > 2 * 1024 * 1024
    assert (flow.nodes.count(), flow.edges.count()) == (5_000, 0)
    undo(owner, flow, change)
    assert flow.nodes.count() == 0


def test_more_rows_than_a_statement_takes_are_read_and_written_in_turns(
    owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.operations.rows.AT_ONCE", 2)
    ids = [letter * 12 for letter in "abcdefg"]
    wires = [wire(str(uuid.uuid4()), ids[0], other) for other in ids[1:]]
    empty, full = flow.rev, edit(owner, flow, *(add(pk) for pk in ids), *wires)
    then = read_document(flow)
    undo(owner, flow, restore(owner, flow, empty))
    assert read_document(flow) == then == replay(flow, full.rev)
