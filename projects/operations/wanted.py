"""Which rows a batch of operations, or the undo of a Change, has to read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from projects.models import Change
from projects.operations.shape import (
    AddEdge,
    AddGroup,
    AddNode,
    AddNote,
    DeleteEdge,
    DeleteGroup,
    DeleteNode,
    DeleteNote,
    MoveGroup,
    MoveNode,
    Op,
    SetDelivery,
    SetGroup,
    SetMapping,
    SetNode,
    SetNote,
    UnshareNode,
)


@dataclass(slots=True)
class Wanted:
    """Ids of rows; `wires_of` are nodes of which all wires are needed, `members_of` groups with all their nodes,
    `moved` nodes that go to other flows. `anywhere`: in all flows of the project, as they may have been moved since."""

    nodes: set[str] = field(default_factory=set)
    edges: set[uuid.UUID] = field(default_factory=set)
    groups: set[uuid.UUID] = field(default_factory=set)
    notes: set[uuid.UUID] = field(default_factory=set)
    wires_of: set[str] = field(default_factory=set)
    members_of: set[uuid.UUID] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    anywhere: bool = False


def wanted_by(batch: Sequence[Op]) -> Wanted:
    """What a batch acts on."""
    wanted = Wanted()
    for op in batch:
        match op:
            case AddEdge():
                wanted.edges.add(op.id)
                wanted.nodes |= {op.source, op.target}
            case SetMapping() | SetDelivery() | DeleteEdge():
                wanted.edges.add(op.id)
            case AddGroup() | SetGroup():
                wanted.groups.add(op.id)
            case DeleteGroup() | MoveGroup():
                wanted.groups.add(op.id)
                wanted.members_of.add(op.id)
            case AddNote() | SetNote() | DeleteNote():
                wanted.notes.add(op.id)
                group = op.group if isinstance(op, AddNote) else op.fields.group if isinstance(op, SetNote) else None
                if group is not None:
                    wanted.groups.add(group)
            case DeleteNode() | UnshareNode() | MoveNode():
                wanted.nodes.add(op.id)
                wanted.wires_of.add(op.id)
                if isinstance(op, MoveNode):
                    wanted.moved.add(op.id)
            case _:
                wanted.nodes.add(op.id)
                group = op.group if isinstance(op, AddNode) else op.fields.group if isinstance(op, SetNode) else None
                if group is not None:
                    wanted.groups.add(group)
    return wanted


def wanted_to_undo(change: Change) -> Wanted:
    """What the inverse of a Change acts on."""
    wanted = Wanted(
        anywhere=any("in" in op or op["op"].startswith(("move_", "share_", "unshare_")) for op in change.ops)
    )
    for op, was in zip(change.ops, change.before, strict=True):
        match op["op"]:
            case "add_node" | "share_node":
                wanted.nodes.add(op["id"])
                wanted.wires_of.add(op["id"])
            case "move_node":
                wanted.nodes.add(op["id"])
                wanted.wires_of.add(op["id"])
                wanted.moved.add(op["id"])
                wanted.groups |= {uuid.UUID(group) for group in (was["group"], was["shared_group"]) if group}
            case "add_edge" | "set_mapping" | "set_delivery":
                wanted.edges.add(uuid.UUID(op["id"]))
            case "delete_edge":
                wanted.edges.add(uuid.UUID(op["id"]))
                wanted.nodes |= {was["edge"]["source"], was["edge"]["target"]}
                # Another wire may join the same two ports by now.
                wanted.wires_of.add(was["edge"]["source"])
            case "add_group" | "move_group":
                wanted.groups.add(uuid.UUID(op["id"]))
                wanted.members_of.add(uuid.UUID(op["id"]))
            case "set_group" | "delete_group":
                wanted.groups.add(uuid.UUID(op["id"]))
            case "add_note" | "set_note" | "delete_note":
                wanted.notes.add(uuid.UUID(op["id"]))
                group = _group_before(was)
                if group is not None:
                    wanted.groups.add(uuid.UUID(group))
            case _:
                wanted.nodes.add(op["id"])
                group = _group_before(was)
                if group is not None:
                    wanted.groups.add(uuid.UUID(group))
    return wanted


def _group_before(was: dict[str, Any]) -> str | None:
    """The group that a node or note stood in. Changes older than groups say nothing of it."""
    found: str | None = (was.get("fields") or was.get("node") or was.get("note") or was).get("group")
    return found
