"""A flow of a file onto the rows of a change: the same operations that people have, without asking for each of them."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from projects.exchange.limits import CHANGE_BYTES, CHANGE_OPS
from projects.names import new_node_ids
from projects.operations.apply import Applier
from projects.operations.frames import add_frame
from projects.operations.shape import RetryPolicy
from weirflow.flowfile import FileFlow
from weirflow.flowfile.names import counted

Op = dict[str, Any]
"""An operation that adds one thing: `op` and the fields of its row."""


@dataclass(slots=True)
class Ids:
    """The ids that the things of a flow get, by their names in its file. Sorted names get sorted ids: what an export
    tells apart by them alone is told apart in the same way again."""

    nodes: dict[str, str] = field(default_factory=dict)
    groups: dict[str, uuid.UUID] = field(default_factory=dict)


def make_ids(flow: FileFlow) -> Ids:
    nodes = sorted(flow.nodes, key=counted)
    groups = sorted(flow.groups, key=counted)
    return Ids(
        dict(zip(nodes, sorted(new_node_ids(len(nodes))), strict=True)),
        dict(zip(groups, sorted(uuid.uuid4() for _ in groups), strict=True)),
    )


def additions(flow: FileFlow, ids: Ids, offset: tuple[int, int] = (0, 0)) -> Iterator[Op]:
    """Operations that bring in everything of the flow that is its own: groups, nodes, notes, and the wires among its
    nodes. Everything is moved by `offset`."""
    right, down = offset
    for name, group in flow.groups.items():
        ports = [(group.inputs, "in"), (group.outputs, "out")]
        yield {
            "op": "add_group", "id": ids.groups[name], "name": group.title, "colour": group.colour,
            "collapsed": group.collapsed, "ports": {
                f"{ids.nodes[node]}:{port}:{side}": title
                for titles, side in ports for (node, port), title in _named(titles) if node in ids.nodes
            },
            "x": group.at[0] + right, "y": group.at[1] + down, "width": group.size[0], "height": group.size[1],
        }  # fmt: skip
    for name, node in flow.nodes.items():
        yield {
            "op": "add_node", "id": ids.nodes[name], "module": node.module, "component": node.component,
            "x": node.at[0] + right, "y": node.at[1] + down, "label": node.title, "comment": node.comment,
            "group": ids.groups[node.group] if node.group else None, "settings": node.settings,
            "schemas": node.schemas,
        }  # fmt: skip
    for note in flow.notes:
        yield {
            "op": "add_note", "id": uuid.uuid4(), "text": note.text, "colour": note.colour,
            "group": ids.groups[note.group] if note.group else None, "x": note.at[0] + right,
            "y": note.at[1] + down, "width": note.size[0], "height": note.size[1],
        }  # fmt: skip
    yield from wires(flow, ids.nodes, foreign=False)


def wires(flow: FileFlow, nodes: Mapping[str, str], *, foreign: bool) -> Iterator[Op]:
    """Those of the flow's wires that have (`foreign`) or do not have an end at a node of another flow."""
    for wire in flow.wires:
        if (wire.source in flow.shown or wire.target in flow.shown) != foreign:
            continue
        policy = None if wire.retry_policy is None else RetryPolicy.model_validate(wire.retry_policy).model_dump()
        yield {
            "op": "add_edge", "id": uuid.uuid4(), "source": nodes[wire.source], "source_port": wire.source_port,
            "target": nodes[wire.target], "target_port": wire.target_port, "mapping": wire.mapping,
            "timeout_ms": wire.timeout_ms, "retry_policy": policy,
        }  # fmt: skip


def in_changes(ops: Iterable[Op]) -> Iterator[Sequence[Op]]:
    """The operations in pieces that one Change holds; nearly always one."""
    piece: list[Op] = []
    size = 0
    for op in ops:
        held = op.get("settings") or op.get("mapping")
        size += 300 + (len(orjson.dumps(held)) if held else 0)
        if piece and (len(piece) >= CHANGE_OPS or size > CHANGE_BYTES):
            yield piece
            piece, size = [], 300
        piece.append(op)
    if piece:
        yield piece


def apply_additions(applier: Applier, ops: Iterable[Op]) -> None:
    """Onto the rows, in order."""
    for op in ops:
        row = {name: value for name, value in op.items() if name != "op"}
        match op["op"]:
            case "add_node":
                applier.add_node(row, None)
            case "add_edge":
                applier.add_edge(row, None)
            case "add_group":
                add_frame(applier, "group", row, None)
            case _:
                add_frame(applier, "note", row, None)


def _named(titles: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    for end, title in titles.items():
        node, _, port = end.partition(".")
        yield (node, port), title
