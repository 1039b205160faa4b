"""The change log, played from a snapshot, leads to what the rows are: after any history, at each of its steps."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.actions import do_create_flow
from projects.errors import ProjectError
from projects.history.document import Document, pack, read_document, unpack
from projects.history.replay import replay
from projects.history.snapshots import snapshot_at, snapshot_now
from projects.history.trim import keep_history
from projects.models import Change, Flow, Snapshot
from tests.projects import test_sharing_property, test_undo_property
from tests.projects.world import add, edit, frame, undo, wire

NODES, EDGES, FRAMES = test_undo_property.NODES, test_undo_property.EDGES, test_undo_property.FRAMES

_operation = st.one_of(
    test_undo_property._operation,
    test_sharing_property._step,
    st.just({"op": "move_group", "id": FRAMES[0]}),
    st.sampled_from(EDGES).map(lambda pk: {"op": "set_delivery", "id": pk, "timeout_ms": 9, "retry_policy": None}),
)
_batch = st.lists(_operation, min_size=1, max_size=4)
_steps = st.lists(st.tuples(st.booleans(), st.one_of(_batch, st.integers(0, 9))), min_size=1, max_size=9)


class _Back(Exception):
    """Ends an example's transaction."""


@given(steps=_steps, packed=st.integers(0, 9))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_replaying_equals_the_rows(
    owner: User, flow: Flow, other_flow: Flow, steps: list[tuple[bool, Any]], packed: int
) -> None:
    """Edits, undos and redos over two flows, with groups, notes and shared nodes; a snapshot somewhere on the way."""
    flows = (flow, other_flow)
    try:
        with transaction.atomic():
            start = [add(node, settings={"x": {"y": [1]}}, group=FRAMES[0]) for node in NODES[:3]]
            edit(owner, flow, frame(FRAMES[0]), *start, wire(EDGES[0], NODES[0], NODES[1]))
            known: dict[tuple[bool, int], Document] = {}
            for number, (second, step) in enumerate(steps):
                _do(owner, flows, second, step)
                for which, one in enumerate(flows):
                    one.refresh_from_db()
                    known[bool(which), one.rev] = read_document(one)
                    if number == packed:
                        snapshot_at(one, one.rev)
            for (which, rev), document in known.items():
                assert replay(flows[which], rev) == document == unpack(pack(document))
            raise _Back
    except _Back:
        for one in flows:
            one.refresh_from_db()


def _do(owner: User, flows: tuple[Flow, Flow], second: bool, step: Any) -> None:
    at, other = flows[second], flows[not second]
    try:
        if isinstance(step, int):
            changes = list(at.changes.order_by("-rev")[: step + 1])
            if changes:
                undo(owner, at, changes[-1], rest=step % 2 == 0)
        else:
            edit(owner, at, *({**op, "flow": str(other.pk)} if test_sharing_property._goes(op) else op for op in step))
    except ProjectError:
        pass


def _fill(owner: User, flow: Flow, count: int) -> list[Change]:
    edit(owner, flow, add("a" * 12))
    return [edit(owner, flow, {"op": "set_node", "id": "a" * 12, "fields": {"x": x}}) for x in range(count)]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs of 6 changes, looked at every second one; a snapshot every 4."""
    monkeypatch.setattr("projects.history.trim.KEPT_CHANGES", 6)
    monkeypatch.setattr("projects.actions.recorded.TRIM_EVERY", 2)
    monkeypatch.setattr("projects.history.snapshots.SNAPSHOT_EVERY", 4)
    monkeypatch.setattr("projects.history.snapshots.LEAST", 1)


def test_a_log_is_trimmed_behind_a_snapshot_and_still_replayed(owner: User, flow: Flow, short: None) -> None:
    changes = _fill(owner, flow, 10)
    assert keep_history() == 5
    assert [change.rev for change in Change.objects.order_by("rev")] == [change.rev for change in changes[4:]]
    for x, change in enumerate(changes):
        if x >= 3:
            assert replay(flow, change.rev).nodes["a" * 12]["x"] == x
        else:
            with pytest.raises(ProjectError, match="not on record any more"):
                replay(flow, change.rev)


def test_a_log_goes_by_its_bytes_too_but_for_the_last_change(
    owner: User, flow: Flow, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = _fill(owner, flow, 3)
    monkeypatch.setattr("projects.history.trim.KEPT_BYTES", changes[-1].size + changes[-2].size)
    keep_history()
    assert Change.objects.count() == 2
    monkeypatch.setattr("projects.history.trim.KEPT_BYTES", 1)
    keep_history()
    assert [change.rev for change in Change.objects.all()] == [changes[-1].rev]
    assert replay(flow, changes[-1].rev) == read_document(flow)


def test_a_log_that_nobody_trims_in_the_background_stays_bounded(owner: User, flow: Flow, short: None) -> None:
    for change in _fill(owner, flow, 40):
        assert Change.objects.count() <= 14, change
    assert replay(flow, change.rev) == read_document(flow)


def test_a_quiet_flow_beside_a_busy_one_keeps_what_it_is(
    owner: User, flow: Flow, other_flow: Flow, short: None
) -> None:
    quiet = edit(owner, other_flow, add("b" * 12))
    _fill(owner, flow, 12)
    keep_history()
    assert not other_flow.changes.exists()
    assert list(replay(other_flow, quiet.rev).nodes) == ["b" * 12]


def test_snapshots_that_nothing_is_replayed_from_go(owner: User, flow: Flow, short: None) -> None:
    for _ in range(4):
        _fill_again(owner, flow)
        keep_history()
        keep_history()
    assert Snapshot.objects.filter(flow=flow).count() <= 3


def _fill_again(owner: User, flow: Flow) -> None:
    if not flow.nodes.exists():
        edit(owner, flow, add("a" * 12))
    for x in range(6):
        edit(owner, flow, {"op": "set_node", "id": "a" * 12, "fields": {"x": x}})


def test_a_flow_whose_log_was_trimmed_before_there_were_snapshots_begins_anew(owner: User, flow: Flow) -> None:
    changes = _fill(owner, flow, 3)
    Snapshot.objects.all().delete()
    Change.objects.filter(rev__lte=changes[0].rev).delete()
    keep_history()
    assert replay(flow, changes[-1].rev) == read_document(flow)


def test_a_flow_that_is_too_large_for_a_snapshot_is_trimmed_all_the_same(
    owner: User, flow: Flow, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.history.document.MAX_DOCUMENT_BYTES", -1)
    _fill(owner, flow, 10)
    Snapshot.objects.all().delete()
    keep_history()
    assert snapshot_now(flow) is None
    assert Change.objects.count() == 6


def test_a_new_flow_is_on_record_from_its_first_revision(owner: User, flow: Flow) -> None:
    made = do_create_flow(owner, flow.project, "New")
    assert replay(made, made.rev) == Document()
