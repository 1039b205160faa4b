"""One operation at a time on the rows of a change, noting what each replaced.

What it replaced ("before") is, by operation: `set_node`, `set_group` and `set_note` `{"fields": {...}}`, `set_setting
{"value": ...}` and `set_schema {"schema": ...}` or `{}` for what was absent, `set_mapping {"mapping": ...}`,
`set_delivery {"timeout_ms": ..., "retry_policy": ...}`,
`delete_node {"node": {...}, "last_state": {...} | null}`, `delete_edge {"edge": {...}}`, `delete_group {"group":
{...}}`, `delete_note {"note": {...}}`, and `{}` for what was added.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from projects.errors import ProjectError
from projects.last_state import LastStates
from projects.made import make_row
from projects.models import Edge, Flow, Node
from projects.names import node_resource_name
from projects.operations.documents import ABSENT, Edit, Path, PathError, set_at
from projects.operations.frames import add_frame, delete_frame, group_with, set_frame
from projects.operations.rows import Rows
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
    SetSchema,
    SetSetting,
    ShareNode,
    UnshareNode,
)
from projects.operations.sharing import move_group, move_node, refuse_foreign, share_node, unshare_node

PLACE = frozenset({"x", "y", "group"})
"""What each flow that shows a node has of its own."""


def nobody(flow: Flow) -> None:
    """Who edits is not said: then no other flow's nodes are changed."""
    raise ProjectError("forbidden", f"The flow {flow.name} is not yours to edit: ask an owner of the project.", 403)


@dataclass(slots=True)
class Applier:
    """Applies operations to `rows`; `applied` and `before` grow side by side.

    `missing(kind, id, op)` makes the error for a thing that is not there.
    """

    rows: Rows
    missing: Callable[[str, str, int | None], ProjectError]
    states: LastStates = field(default_factory=dict)
    returning: LastStates = field(default_factory=dict)
    """By resource name, the states of nodes that were deleted and are added again."""
    applied: list[dict[str, Any]] = field(default_factory=list)
    before: list[dict[str, Any]] = field(default_factory=list)
    elsewhere: dict[uuid.UUID, list[dict[str, Any]]] = field(default_factory=dict)
    """What happened in other flows, by flow, as these are told."""
    allow: Callable[[Flow], None] = nobody
    """Raises unless the person may edit this flow too: what a node of it is can be changed where it is shown."""
    moving: set[str] = field(default_factory=set)
    """Nodes that this change moves to other flows."""
    moves: list[tuple[Node, Flow, dict[str, Any], dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    """Those that have moved: where from, the operation, their place in the flow they left, and what an undo needs."""

    def apply(self, op: Op, index: int | None) -> None:
        match op:
            case AddNode():
                self.add_node(op.model_dump(exclude={"op"}), index)
            case SetNode():
                self.set_node(op.id, op.fields.model_dump(exclude_unset=True), index)
            case SetSetting():
                self.set_setting(op.id, op.path, ABSENT if op.removes else op.value, index)
            case SetSchema():
                self.set_schema(op.id, op.port, op.definition, op.said, index)
            case DeleteNode():
                self.delete_node(op.id, index)
            case AddEdge():
                self.add_edge(op.model_dump(exclude={"op"}), index)
            case SetMapping():
                self.set_mapping(op.id, op.mapping, index)
            case SetDelivery():
                policy = op.retry_policy.model_dump() if op.retry_policy is not None else None
                self.set_delivery(op.id, op.timeout_ms, policy, index)
            case DeleteEdge():
                self.delete_edge(op.id, index)
            case AddGroup():
                add_frame(self, "group", op.model_dump(exclude={"op"}), index)
            case SetGroup():
                set_frame(self, "group", op.id, op.fields.model_dump(exclude_unset=True), index)
            case DeleteGroup():
                delete_frame(self, "group", op.id, index)
            case AddNote():
                add_frame(self, "note", op.model_dump(exclude={"op"}), index)
            case SetNote():
                set_frame(self, "note", op.id, op.fields.model_dump(exclude_unset=True), index)
            case DeleteNote():
                delete_frame(self, "note", op.id, index)
            case ShareNode():
                self.native(op.id, index)
                share_node(self, op.id, op.flow, _place(op.x, op.y), index)
            case UnshareNode():
                self.node(op.id, index)
                unshare_node(self, op.id, op.flow, op.wires, index)
            case MoveNode():
                self.native(op.id, index)
                move_node(self, op.id, op.flow, op.keep, _place(op.x, op.y), index)
            case MoveGroup():
                move_group(self, op.id, op.flow, index)

    def node(self, node_id: str, index: int | None) -> Node:
        """A node that is on this flow's canvas."""
        node = self.rows.nodes.get(node_id)
        if node is None or not self.rows.shows(node):
            raise self.missing("node", node_id, index)
        return node

    def editable(self, node_id: str, index: int | None) -> Node:
        """A node whose settings and names the person may change: of this flow, or shown here of one they may edit."""
        node = self.node(node_id, index)
        if node.flow_id != self.rows.flow.pk:
            self.allow(self.rows.other_flow(node.flow_id))
        return node

    def native(self, node_id: str, index: int | None) -> Node:
        """A node of this flow's own: in which flows it is, is said nowhere else."""
        node = self.node(node_id, index)
        if node.flow_id != self.rows.flow.pk:
            refuse_foreign(node, index)
        return node

    def edge(self, edge_id: uuid.UUID, index: int | None) -> Edge:
        edge = self.rows.edges.get(edge_id)
        if edge is None or (index is not None and edge.flow_id != self.rows.flow.pk):
            raise self.missing("edge", str(edge_id), index)
        return edge

    def add_node(
        self, row: dict[str, Any], index: int | None, last_state: dict[str, str] | None = None, name: str = ""
    ) -> Node:
        """Adds a node; with `name` and `last_state` it is one that comes back."""
        if row["id"] in self.rows.nodes:
            message = f"The id {row['id']} is taken: make a new one and send again."
            raise ProjectError("id_taken", message, 409, op=index, field="/id")
        name = name or node_resource_name(self.rows.project.resource_name, row["module"], row["component"], row["id"])
        last_state = last_state or self.returning.get(name)
        group = group_with(self, row["group"], index)
        node = make_row(Node, {**row, **self.rows.place, "name": name, "last_state": last_state})
        if group is not None:
            node.group = group
        self.rows.add_node(node, index)
        self.note({"op": "add_node", **row, "group": self.value(node, "group")}, {})
        return node

    def set_node(self, node_id: str, fields: dict[str, Any], index: int | None) -> None:
        """Where it stands is said of this flow, all else of the node in all of them."""
        node = self.node(node_id, index) if fields.keys() <= PLACE else self.editable(node_id, index)
        share = self.rows.share_in(node, self.rows.flow.pk)
        before = {name: self.value(node, name) for name in fields}
        placed = fields.keys() & PLACE if share is not None else set()
        for name, value in fields.items():
            shown = share if name in placed else node
            setattr(shown, name, group_with(self, value, index) if name == "group" else value)
        if share is not None and placed:
            share.rev = self.rows.rev
            self.rows.shares.touch(share, {*placed, "rev"})
        if fields.keys() - placed:
            self.rows.touch_node(node, fields.keys() - placed)
        now = {name: self.value(node, name) for name in fields}
        self.note({"op": "set_node", "id": node_id, "fields": now}, {"fields": before})
        told = {name: value for name, value in now.items() if name not in PLACE}
        if told:
            self._echo(node, {"op": "set_node", "id": node_id, "fields": told})

    def value(self, node: Node, name: str) -> Any:
        """A field of a node as operations have it; its place is that in this flow."""
        shown = self.rows.share_in(node, self.rows.flow.pk) or node
        if name == "group":
            return str(shown.group_id) if shown.group_id else None
        return getattr(shown if name in PLACE else node, name)

    def _echo(self, node: Node, op: dict[str, Any]) -> None:
        """Its own flow and the others that show a node see what it is changed to."""
        flows = {node.flow_id, *(share.flow_id for share in self.rows.shares_of(node))} - {self.rows.flow.pk}
        for flow_id in sorted(flows, key=str):
            self.elsewhere.setdefault(flow_id, []).append(op)

    def set_setting(self, node_id: str, path: Path, value: Any, index: int | None) -> Edit:
        node = self.editable(node_id, index)
        try:
            edit = set_at(node.settings, path, value)
        except PathError as error:
            pointer = "/" + "/".join(str(step) for step in path[: error.depth + 1])
            message = f"The settings of {node} have no place {pointer}: {error}. Reload the flow and try again."
            raise ProjectError("no_such_place", message, 409, op=index, field=pointer) from None
        node.settings = edit.document
        self.rows.touch_node(node, ["settings"])
        op: dict[str, Any] = {"op": "set_setting", "id": node_id, "path": list(edit.path)}
        if edit.value is not ABSENT:
            op["value"] = edit.value
        self.note(op, {} if edit.before is ABSENT else {"value": edit.before})
        self._echo(node, op)
        return edit

    def set_schema(
        self, node_id: str, port: str, definition: str, schema: dict[str, Any] | None, index: int | None
    ) -> None:
        """Says what is in a definition of a port; None: nothing is said of it any more."""
        node = self.editable(node_id, index)
        said = dict(node.schemas.get(port, {}))
        before = said.pop(definition, None)
        op: dict[str, Any] = {"op": "set_schema", "id": node_id, "port": port, "definition": definition}
        if schema is not None:
            said[definition] = op["schema"] = schema
        others = {name: schemas for name, schemas in node.schemas.items() if name != port}
        node.schemas = {**others, port: said} if said else others
        self.rows.touch_node(node, ["schemas"])
        self.note(op, {} if before is None else {"schema": before})
        self._echo(node, op)

    def delete_node(self, node_id: str, index: int | None) -> None:
        """A node of another flow only leaves this one."""
        node = self.node(node_id, index)
        if node.flow_id != self.rows.flow.pk:
            unshare_node(self, node_id, self.rows.flow.pk, True, index)
            return
        if index is not None:
            self._refuse_wired_elsewhere(node, index)
        for wire in self.rows.wires_at(node_id):
            self.delete_edge(wire.pk, None)
        for share in self.rows.shares_of(node):
            unshare_node(self, node_id, share.flow_id, True, index)
        row = node.as_row()
        del row["rev"]
        self.rows.remove_node(node)
        last_state = self.states.get(node.name) or node.last_state
        self.note({"op": "delete_node", "id": node_id}, {"node": row, "last_state": last_state})

    def _refuse_wired_elsewhere(self, node: Node, index: int) -> None:
        """A deletion here must not silently take apart what others see elsewhere."""
        flows = {wire.flow_id for wire in self.rows.wires_at(node.pk)} - {self.rows.flow.pk}
        if flows:
            names = ", ".join(sorted(self.rows.other_flow(flow).name for flow in flows))
            message = f"{node} is wired in other flows: {names}. Take it out of these first."
            raise ProjectError("shared_wired", message, 409, op=index, field="/id")

    def add_edge(self, row: dict[str, Any], index: int | None, flow_id: uuid.UUID | None = None) -> Edge:
        """`row` is the operation's fields, and for one that comes back its timeout and retry policy; `flow_id` another
        flow that it belongs to."""
        flow = self.rows.flow if flow_id is None else self.rows.other_flow(flow_id)
        if index is not None:
            for end in ("source", "target"):
                self.node(row[end], index)
        ends = (row["source"], row["source_port"], row["target"], row["target_port"])
        if row["id"] in self.rows.edges or self.rows.joined(ends):
            message = f"There is a wire from {ends[1]} to {ends[3]} already: change its mapping."
            raise ProjectError("edge_exists", message, 409, op=index)
        place = {**self.rows.place, "flow_id": flow.pk}
        edge = make_row(Edge, {**row, **place, "source_id": ends[0], "target_id": ends[2]})
        self.rows.add_edge(edge, index)
        op = {"op": "add_edge", "id": str(edge.pk), "source": ends[0], "source_port": ends[1]}
        said = edge.delivery if edge.has_delivery else {}
        self._note_in(flow.pk, {**op, "target": ends[2], "target_port": ends[3], "mapping": edge.mapping, **said}, {})
        return edge

    def set_mapping(self, edge_id: uuid.UUID, mapping: dict[str, Any], index: int | None) -> None:
        edge = self.edge(edge_id, index)
        before, edge.mapping = edge.mapping, mapping
        self.rows.touch_edge(edge)
        op = {"op": "set_mapping", "id": str(edge_id), "mapping": mapping}
        self._note_in(edge.flow_id, op, {"mapping": before})

    def set_delivery(
        self, edge_id: uuid.UUID, timeout_ms: int | None, retry_policy: dict[str, Any] | None, index: int | None
    ) -> None:
        edge = self.edge(edge_id, index)
        before = edge.delivery
        edge.timeout_ms, edge.retry_policy = timeout_ms, retry_policy
        self.rows.touch_delivery(edge)
        self._note_in(edge.flow_id, {"op": "set_delivery", "id": str(edge_id), **edge.delivery}, before)

    def delete_edge(self, edge_id: uuid.UUID, index: int | None) -> dict[str, Any]:
        """Answers the row, to be drawn again."""
        edge = self.edge(edge_id, index)
        row = {**edge.as_row(), **edge.delivery}
        del row["rev"]
        self.rows.remove_edge(edge)
        self._note_in(edge.flow_id, {"op": "delete_edge", "id": str(edge_id)}, {"edge": row})
        return row

    def _note_in(self, flow_id: uuid.UUID, op: dict[str, Any], before: dict[str, Any]) -> None:
        if flow_id == self.rows.flow.pk:
            self.note(op, before)
            return
        self.note({**op, "in": str(flow_id)}, before)
        self.elsewhere.setdefault(flow_id, []).append(op)

    def note(self, op: dict[str, Any], before: dict[str, Any]) -> None:
        """What was applied, beside what it replaced."""
        self.applied.append(op)
        self.before.append(before)


def _place(x: int | None, y: int | None) -> tuple[int, int] | None:
    return None if x is None or y is None else (x, y)
