"""Two people edit one flow, and one of them takes back all of their own: the other's work stands."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.errors import ProjectError
from projects.models import Change, Flow
from tests.projects.test_undo_property import EDGES, NODES
from tests.projects.world import add, document, edit, undo, wire

THEIRS = "z" * 12
# Few things and few values, so that the two meet often.
_node, _edge = st.sampled_from(NODES[:2]), st.sampled_from(EDGES[:2])
_small = st.integers(0, 1)
_operation: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda node, value: add(node, settings={"x": value}), _node, _small),
    st.builds(lambda node, x: {"op": "set_node", "id": node, "fields": {"x": x}}, _node, _small),
    st.builds(lambda node, x, y: {"op": "set_node", "id": node, "fields": {"x": x, "y": y}}, _node, _small, _small),
    st.builds(lambda node, text: {"op": "set_node", "id": node, "fields": {"label": text}}, _node, st.text("ab")),
    st.builds(
        lambda node, key, value: {"op": "set_setting", "id": node, "path": [key], "value": value},
        _node,
        st.sampled_from("xy"),
        _small,
    ),
    st.builds(lambda node, key: {"op": "set_setting", "id": node, "path": [key]}, _node, st.sampled_from("xy")),
    st.builds(lambda node: {"op": "delete_node", "id": node}, _node),
    st.builds(lambda edge, source, target: wire(edge, source, target), _edge, _node, _node),
    st.builds(lambda edge, value: {"op": "set_mapping", "id": edge, "mapping": {"m": value}}, _edge, _small),
    st.builds(lambda edge: {"op": "delete_edge", "id": edge}, _edge),
)
_batch = st.lists(_operation, min_size=1, max_size=3)
_turns = st.lists(st.tuples(st.booleans(), _batch), min_size=1, max_size=10)

Cells = dict[tuple[str, ...], Any]


class _Back(Exception):
    """Ends an example's transaction."""


@given(turns=_turns, rest=st.booleans())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_taking_back_all_of_ones_own_leaves_the_others_work(
    owner: User, colleague: User, flow: Flow, turns: list[tuple[bool, list[dict[str, Any]]]], rest: bool
) -> None:
    try:
        with transaction.atomic():
            edit(owner, flow, add(NODES[0], settings={"x": 0}), add(NODES[1]), wire(EDGES[0], NODES[0], NODES[1]))
            mine: list[Change] = []
            theirs: Cells = {}
            for is_mine, batch in turns:
                try:
                    change = edit(owner if is_mine else colleague, flow, *batch)
                except ProjectError:
                    continue
                if is_mine:
                    mine.append(change)
                    theirs = _still(theirs, change)
                else:
                    theirs |= _written(change)
            theirs = {cell: value for cell, value in theirs.items() if _read(flow, cell) == value}
            for change in reversed(mine):
                before = document(flow)
                try:
                    undo(owner, flow, change, rest=rest)
                except ProjectError:
                    assert document(flow) == before
            assert {cell: _read(flow, cell) for cell in theirs} == theirs
            raise _Back
    except _Back:
        flow.refresh_from_db()


@given(turns=st.lists(_batch, min_size=1, max_size=8))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_colleague_elsewhere_in_the_flow_is_never_in_the_way(
    owner: User, colleague: User, flow: Flow, turns: list[list[dict[str, Any]]]
) -> None:
    try:
        with transaction.atomic():
            edit(owner, flow, add(NODES[0]), add(NODES[1]))
            edit(colleague, flow, add(THEIRS))
            start, mine = _without_theirs(flow), []
            for number, batch in enumerate(turns):
                try:
                    mine.append(edit(owner, flow, *batch))
                except ProjectError:
                    continue
                edit(colleague, flow, {"op": "set_node", "id": THEIRS, "fields": {"x": number}})
            for change in reversed(mine):
                undo(owner, flow, change)
            assert _without_theirs(flow) == start
            raise _Back
    except _Back:
        flow.refresh_from_db()


def _without_theirs(flow: Flow) -> dict[str, Any]:
    found = document(flow)
    return {**found, "nodes": [node for node in found["nodes"] if node["id"] != THEIRS]}


def _written(change: Change) -> Cells:
    """What a change made of which thing, in the order of its operations; None for what it took away."""
    cells: Cells = {}
    for op in change.ops:
        match op["op"]:
            case "add_node":
                cells[("node", op["id"])] = True
            case "set_node":
                cells |= {("field", op["id"], name): value for name, value in op["fields"].items()}
            case "set_setting":
                cells[("setting", op["id"], op["path"][0])] = op.get("value")
            case "add_edge":
                cells[("edge", op["id"])] = True
            case "set_mapping":
                cells[("mapping", op["id"])] = op["mapping"]
            case "delete_node" | "delete_edge":
                kind = op["op"].removeprefix("delete_")
                cells = {cell: value for cell, value in cells.items() if cell[1] != op["id"]}
                cells[(kind, op["id"])] = None
    return cells


def _still(theirs: Cells, change: Change) -> Cells:
    """What is left of the colleague's writes after one of one's own: where I wrote last, it is mine."""
    over = _written(change)
    gone = {cell[1] for cell, value in over.items() if value is None and cell[0] in ("node", "edge")}
    return {cell: value for cell, value in theirs.items() if cell not in over and cell[1] not in gone}


def _read(flow: Flow, cell: tuple[str, ...]) -> Any:
    kind, thing, *rest = cell
    found = document(flow)
    nodes = {node["id"]: node for node in found["nodes"]}
    edges = {edge["id"]: edge for edge in found["edges"]}
    match kind:
        case "node":
            return True if thing in nodes else None
        case "edge":
            return True if thing in edges else None
        case "field":
            return nodes[thing][rest[0]] if thing in nodes else None
        case "setting":
            return nodes[thing]["settings"].get(rest[0]) if thing in nodes else None
        case _:
            return edges[thing]["mapping"] if thing in edges else None
