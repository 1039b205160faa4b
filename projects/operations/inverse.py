"""Taking back one Change, operation by operation from its last, each only if what it wrote still stands."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from projects.errors import ProjectError
from projects.models import Change, Edge, Node
from projects.operations.apply import Applier
from projects.operations.documents import ABSENT, same, value_at
from projects.operations.rows import Rows


@dataclass(slots=True)
class Inverter:
    """Applies the inverse of a Change's operations through `applier`.

    `conflict(op, message, revs)` makes the 409 that names who wrote the latest of the project's revisions `revs`;
    `foreign(revs)` says whether somebody else than the person who undoes wrote one of them.
    """

    applier: Applier
    conflict: Callable[[int, str, Sequence[int]], ProjectError]
    foreign: Callable[[Sequence[int]], bool]
    force: bool

    def invert(self, ops: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]]) -> None:
        for index in range(len(ops) - 1, -1, -1):
            op, was = ops[index], before[index]
            match op["op"]:
                case "add_node":
                    self._take_out_node(op["id"], index)
                case "set_node":
                    self._restore_fields(op["id"], op["fields"], was["fields"], index)
                case "set_setting":
                    self._restore_setting(op, was, index)
                case "set_schema":
                    self._restore_schema(op, was, index)
                case "delete_node":
                    self._bring_back_node(was, index)
                case "add_edge":
                    self._take_out_edge(uuid.UUID(op["id"]), index)
                case "set_mapping":
                    self._restore_mapping(uuid.UUID(op["id"]), op["mapping"], was["mapping"], index)
                case "delete_edge":
                    self._bring_back_edge(was["edge"], index)

    @property
    def _rows(self) -> Rows:
        return self.applier.rows

    def _take_out_node(self, node_id: str, index: int) -> None:
        node = self.applier.node(node_id, None)
        wires = [wire.added_rev for wire in self._rows.wires_at(node_id)]
        if not self.force and self.foreign(wires):
            message = f"Undoing this would delete {node}, and wires with it that others drew since. Delete it anyway?"
            raise self.conflict(index, message, wires)
        if not self.force and self.foreign([node.rev]):
            message = f"{node} was edited by somebody else since. Delete it anyway?"
            raise self.conflict(index, message, [node.rev])
        self.applier.delete_node(node_id, None)

    def _restore_fields(self, node_id: str, wrote: dict[str, Any], was: dict[str, Any], index: int) -> None:
        node = self.applier.node(node_id, None)
        for name, value in wrote.items():
            if not same(getattr(node, name), value):
                raise self._overwritten(f"The {name} of {node}", index, node)
        self.applier.set_node(node_id, was, None)

    def _restore_setting(self, op: dict[str, Any], was: dict[str, Any], index: int) -> None:
        node = self.applier.node(op["id"], None)
        wrote = op.get("value", ABSENT)
        if not same(value_at(node.settings, op["path"]), wrote):
            place = "/".join(str(step) for step in op["path"])
            raise self._overwritten(f"The setting {place} of {node}", index, node)
        self.applier.set_setting(node.pk, op["path"], was.get("value", ABSENT), None)

    def _restore_schema(self, op: dict[str, Any], was: dict[str, Any], index: int) -> None:
        node = self.applier.node(op["id"], None)
        port, definition = op["port"], op["definition"]
        stands = node.schemas.get(port, {}).get(definition, ABSENT)
        if not same(stands, op.get("schema", ABSENT)):
            raise self._overwritten(f"The definition {definition} of {node}", index, node)
        self.applier.set_schema(node.pk, port, definition, was.get("schema"), None)

    def _bring_back_node(self, was: dict[str, Any], index: int) -> None:
        row = dict(was["node"])
        there = self._rows.nodes.get(row["id"])
        if there is not None:
            raise self.conflict(index, f"{there} is there already.", [there.rev])
        self.applier.add_node(row, None, was["last_state"], row.pop("name"))

    def _take_out_edge(self, edge_id: uuid.UUID, index: int) -> None:
        edge = self.applier.edge(edge_id, None)
        if not self.force and self.foreign([edge.rev]):
            message = (
                "The mapping of a wire that this would delete was edited by somebody else since. Delete it anyway?"
            )
            raise self.conflict(index, message, [edge.rev])
        self.applier.delete_edge(edge_id, None)

    def _restore_mapping(self, edge_id: uuid.UUID, wrote: dict[str, Any], was: dict[str, Any], index: int) -> None:
        edge = self.applier.edge(edge_id, None)
        if not same(edge.mapping, wrote):
            raise self._overwritten("The mapping of this wire", index, edge)
        self.applier.set_mapping(edge_id, was, None)

    def _bring_back_edge(self, row: dict[str, Any], index: int) -> None:
        self.applier.add_edge({**row, "id": uuid.UUID(row["id"])}, None)

    def _overwritten(self, what: str, index: int, thing: Node | Edge) -> ProjectError:
        return self.conflict(index, f"{what} was changed since, so undoing would lose the newer value.", [thing.rev])


def touched(change: Change) -> tuple[set[str], set[uuid.UUID], set[str]]:
    """Ids of the nodes and edges that undoing needs, and of the nodes whose wires it needs all."""
    nodes: set[str] = set()
    edges: set[uuid.UUID] = set()
    removed: set[str] = set()
    for op, was in zip(change.ops, change.before, strict=True):
        match op["op"]:
            case "add_node":
                nodes.add(op["id"])
                removed.add(op["id"])
            case "add_edge" | "set_mapping":
                edges.add(uuid.UUID(op["id"]))
            case "delete_edge":
                edges.add(uuid.UUID(op["id"]))
                nodes |= {was["edge"]["source"], was["edge"]["target"]}
            case _:
                nodes.add(op["id"])
    return nodes, edges, removed
