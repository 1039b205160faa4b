"""Whatever is applied can be taken back exactly, in the order of the log, and put on again."""

import itertools
import string
import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.errors import ProjectError
from projects.models import Flow
from tests.projects.world import add, document, edit, frame, undo

NODES = [letter * 12 for letter in "abcd"]
EDGES = [str(uuid.UUID(int=number, version=4)) for number in range(4)]
FRAMES = [str(uuid.UUID(int=number, version=4)) for number in range(8, 11)]

_leaf = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False, allow_infinity=False))
_text = st.text(string.ascii_letters + "äß\n", max_size=4)
_value = st.recursive(
    st.one_of(_leaf, _text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)),
    max_leaves=6,
)
_path = st.lists(st.one_of(st.sampled_from("xyz"), st.integers(0, 3)), min_size=1, max_size=4)
_node, _edge, _frame = st.sampled_from(NODES), st.sampled_from(EDGES), st.sampled_from(FRAMES)
_kind = st.sampled_from(["group", "note"])
_operation: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(
        lambda node, document: add(node, settings=document), _node, st.dictionaries(st.sampled_from("xyz"), _value)
    ),
    st.builds(
        lambda node, fields: {"op": "set_node", "id": node, "fields": fields},
        _node,
        st.dictionaries(st.sampled_from(["x", "y"]), st.integers(-99, 99), min_size=1),
    ),
    st.builds(
        lambda node, path, value: {"op": "set_setting", "id": node, "path": path, "value": value}, _node, _path, _value
    ),
    st.builds(lambda node, path: {"op": "set_setting", "id": node, "path": path}, _node, _path),
    st.builds(lambda node: {"op": "delete_node", "id": node}, _node),
    st.builds(
        lambda edge, source, target, mapping: {
            "op": "add_edge",
            "id": edge,
            "source": source,
            "source_port": "out",
            "target": target,
            "target_port": "in",
            "mapping": mapping,
        },
        _edge,
        _node,
        _node,
        st.dictionaries(st.sampled_from("xyz"), _value, max_size=2),
    ),
    st.builds(lambda edge: {"op": "set_mapping", "id": edge, "mapping": {"m": 1}}, _edge),
    st.builds(lambda edge: {"op": "delete_edge", "id": edge}, _edge),
    st.builds(frame, _frame, _kind),
    st.builds(
        lambda one, kind, fields: {"op": f"set_{kind}", "id": one, "fields": fields},
        _frame,
        _kind,
        st.dictionaries(st.sampled_from(["x", "width"]), st.integers(48, 99), min_size=1),
    ),
    st.builds(lambda one, kind: {"op": f"delete_{kind}", "id": one}, _frame, _kind),
    st.builds(
        lambda node, group: {"op": "set_node", "id": node, "fields": {"group": group}},
        _node,
        st.one_of(st.none(), _frame),
    ),
)
_batches = st.lists(st.lists(_operation, min_size=1, max_size=4), min_size=1, max_size=8)


class _Back(Exception):
    """Ends an example's transaction."""


@given(batches=_batches, forced=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_apply_then_undo_is_identity(
    owner: User, flow: Flow, batches: list[list[dict[str, Any]]], forced: bool
) -> None:
    try:
        with transaction.atomic():
            edit(
                owner, flow, frame(FRAMES[0]), add(NODES[0], settings={"x": {"y": [1]}}, group=FRAMES[0]), add(NODES[1])
            )
            states, changes = [document(flow)], []
            for batch in batches:
                try:
                    changes.append(edit(owner, flow, *batch))
                except ProjectError:
                    assert document(flow) == states[-1]
                else:
                    states.append(document(flow))
            undos = []
            for change, before in zip(reversed(changes), reversed(states[:-1]), strict=True):
                undos.append(undo(owner, flow, change, force=forced))
                assert document(flow) == before
            for taken_back, after in zip(reversed(undos), states[1:], strict=True):
                undo(owner, flow, taken_back, force=forced)
                assert document(flow) == after
            flow.refresh_from_db()
            assert (flow.node_count, flow.edge_count) == (flow.nodes.count(), flow.edges.count())
            _chain(flow)
            raise _Back
    except _Back:
        flow.refresh_from_db()


def _chain(flow: Flow) -> None:
    """The document stream has no gap: each change begins where the one before it ended."""
    changes = list(flow.changes.order_by("rev"))
    for earlier, later in itertools.pairwise(changes):
        assert later.prev_rev == earlier.rev
    assert changes[-1].rev == flow.rev
