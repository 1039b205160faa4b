"""Whatever people edit, in whatever order: the schemas in effect are those of working them all out from nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.schema.flows import message, passing, snapshot, wired
from weirflow.schema.flow import FlowSchemas
from weirflow.schema.node import NodeSchemas, Wire

NODES = st.sampled_from(["a", "b", "c", "d"])
EDGES = ["e1", "e2", "e3", "e4"]
IDS = st.sampled_from(["m", "m", "m", "n"])
SAID = st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["string", "integer"]), max_size=2)


@st.composite
def nodes(draw: st.DrawFn) -> NodeSchemas:
    id = draw(IDS)
    if draw(st.booleans()):
        return passing(id)
    edited = {port: message(id, **draw(SAID)) for port in draw(st.sets(st.sampled_from(["in_", "out"])))}
    if edited and draw(st.booleans()):
        edited = {port: {"$defs": schema["$defs"]} for port, schema in edited.items()}
    return passing(id, **edited)


@st.composite
def wires(draw: st.DrawFn) -> Wire:
    edited = message(draw(IDS), **draw(SAID)) if draw(st.integers(0, 3)) == 0 else None
    return wired(draw(NODES), draw(NODES), edited)


EDITS = st.one_of(
    st.tuples(st.just("put_node"), NODES, nodes()),
    st.tuples(st.just("put_edge"), st.sampled_from(EDGES), wires()),
    st.tuples(st.just("drop_node"), NODES),
    st.tuples(st.just("drop_edge"), st.sampled_from(EDGES)),
)


@st.composite
def beginnings(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """A flow that is there already: otherwise most edits would meet nothing."""
    return [("put_node", node, draw(nodes())) for node in "abcd"] + [
        ("put_edge", edge, draw(wires())) for edge in EDGES
    ]


def apply(flow: FlowSchemas, edit: tuple[Any, ...]) -> None:
    name, *arguments = edit
    getattr(flow, name)(*arguments)


@settings(max_examples=100, deadline=None)
@given(
    beginnings(),
    st.lists(st.lists(EDITS, min_size=1, max_size=2), max_size=8),
    st.randoms(use_true_random=False),
)
def test_edits_lead_where_starting_anew_leads(beginning: list[Any], batches: list[list[Any]], random: Any) -> None:
    flow = FlowSchemas()
    for batch in [beginning, *batches]:
        before = snapshot(flow)
        for edit in batch:
            apply(flow, edit)
        affected = flow.settle()
        shown = snapshot(flow)

        fresh = FlowSchemas()
        everything = [("put_node", *item) for item in flow.nodes.items()]
        everything += [("put_edge", *item) for item in flow.wires.items()]
        random.shuffle(everything)
        for edit in everything:
            apply(fresh, edit)
        fresh.settle()
        assert snapshot(fresh) == shown

        told = affected.edges | {f"{node}.{port}" for node, port in affected.ports}
        assert {place for place, schema in shown.items() if place not in before or before[place] != schema} <= told
        assert flow.restless == fresh.restless == {}

    again = flow.settle()
    assert (again.ports, again.edges) == (set(), set())
