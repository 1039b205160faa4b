"""Whatever is shared, moved and wired over two flows can be taken back exactly, in the order of the log."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from projects.errors import ProjectError
from projects.models import Flow, Node
from projects.shown import rows_shown
from tests.projects.world import add, document, edit, frame, undo, wire

NODES = [letter * 12 for letter in "abc"]
EDGES = [str(uuid.UUID(int=number, version=4)) for number in range(3)]
GROUP = str(uuid.UUID(int=9, version=4))

_node = st.sampled_from(NODES)
_step = st.one_of(
    st.builds(lambda node, wires: {"op": "unshare_node", "id": node, "wires": wires}, _node, st.booleans()),
    st.builds(lambda node: {"op": "share_node", "id": node, "x": 7, "y": 8}, _node),
    st.builds(lambda node, keep: {"op": "move_node", "id": node, "keep": keep}, _node, st.booleans()),
    st.just({"op": "move_group", "id": GROUP}),
    st.builds(wire, st.sampled_from(EDGES), _node, _node),
    st.builds(lambda edge: {"op": "delete_edge", "id": edge}, st.sampled_from(EDGES)),
    st.builds(lambda node: {"op": "delete_node", "id": node}, _node),
    st.builds(lambda node, x: {"op": "set_node", "id": node, "fields": {"x": x}}, _node, st.integers(0, 9)),
)
_batches = st.lists(st.tuples(st.booleans(), st.lists(_step, min_size=1, max_size=3)), min_size=1, max_size=7)


class _Back(Exception):
    """Ends an example's transaction."""


def _world(flows: tuple[Flow, Flow]) -> list[Any]:
    seen: list[Any] = []
    for flow in flows:
        shown = [{key: value for key, value in row.items() if key != "rev"} for row in rows_shown(flow)]
        rows = document(flow)
        fresh = Flow.objects.get(pk=flow.pk)
        assert (fresh.node_count, fresh.edge_count) == (len(rows["nodes"]), len(rows["edges"]))
        ids = {row["id"] for row in shown}
        assert all({edge["source"], edge["target"]} <= ids for edge in rows["edges"])
        seen.append((shown, rows["edges"], rows["groups"]))
    assert all(node.shared == node.shares.count() for node in Node.objects.all())
    return seen


@example(  # a node stays shown where its wires are, while its group leaves
    batches=[
        (False, [{"op": "move_node", "id": NODES[0], "keep": False}, {"op": "move_group", "id": GROUP}]),
        (True, [{"op": "move_node", "id": NODES[0], "keep": False}]),
    ]
)
@given(batches=_batches)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_goes_over_two_flows_comes_back(
    owner: User, flow: Flow, other_flow: Flow, batches: list[tuple[bool, list[dict[str, Any]]]]
) -> None:
    flows = (flow, other_flow)
    try:
        with transaction.atomic():
            edit(owner, flow, frame(GROUP), *(add(node, group=GROUP) for node in NODES), wire(EDGES[0], *NODES[:2]))
            states, changes = [_world(flows)], []
            for second, steps in batches:
                at, other = (other_flow, flow) if second else flows
                ops = [{**op, "flow": str(other.pk)} if _goes(op) else op for op in steps]
                try:
                    changes.append((at, edit(owner, at, *ops)))
                except ProjectError:
                    assert _world(flows) == states[-1]
                else:
                    states.append(_world(flows))
            undos = []
            for (at, change), before in zip(reversed(changes), reversed(states[:-1]), strict=True):
                undos.append((at, undo(owner, at, change)))
                assert _world(flows) == before
            for (at, taken_back), after in zip(reversed(undos), states[1:], strict=True):
                undo(owner, at, taken_back)
                assert _world(flows) == after
            raise _Back
    except _Back:
        for one in flows:
            one.refresh_from_db()


def _goes(op: dict[str, Any]) -> bool:
    return str(op["op"]) in ("share_node", "unshare_node", "move_node", "move_group")
