"""Taking back one Change, operation by operation from its last, each only if what it wrote still stands."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from projects.errors import ProjectError
from projects.models import Edge, Frame, Group, Node
from projects.operations.apply import Applier
from projects.operations.documents import ABSENT, same, value_at
from projects.operations.foreign import Cell, ForeignWrites, setting_cell
from projects.operations.frames import Kind, add_frame, delete_frame, frame, set_frame, table
from projects.operations.frames import value as frame_value
from projects.operations.rows import Rows
from projects.operations.sharing import move_group, move_node, share_node, unshare_node


@dataclass(slots=True)
class Inverter:
    """Applies the inverse of a Change's operations through `applier`.

    `conflict(op, message, revs, forcible)` makes the 409 that names who wrote the latest of the project's revisions
    `revs`, and says whether `force` would get past it; `foreign(revs)` says whether somebody else than the person who
    undoes wrote one of them, `writes` what others wrote since. With `rest`, what cannot be taken back stays as it is.
    """

    applier: Applier
    conflict: Callable[[int, str, Sequence[int], bool], ProjectError]
    foreign: Callable[[Sequence[int]], bool]
    writes: ForeignWrites
    force: bool = False
    rest: bool = False

    def invert(self, ops: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]]) -> None:
        """Raises the ProjectError of the first operation that cannot be taken back; with `rest`, if none can."""
        first: ProjectError | None = None
        for index in range(len(ops) - 1, -1, -1):
            try:
                self._invert(index, ops[index], before[index])
            except ProjectError as error:
                if not self.rest:
                    raise
                first = first or error
        if first is not None and not self.applier.applied:
            raise first

    def _invert(self, index: int, op: dict[str, Any], was: dict[str, Any]) -> None:
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
            case "set_delivery":
                self._restore_delivery(uuid.UUID(op["id"]), op, was, index)
            case "delete_edge":
                self._bring_back_edge(was["edge"], op.get("in"), index)
            case "share_node":
                self._take_out_share(op, index)
            case "unshare_node":
                place = (was["x"], was["y"])
                share_node(self.applier, op["id"], uuid.UUID(op["flow"]), place, None, self._group(was["group"]))
            case "move_node":
                self._move_back(op, was, index)
            case "move_group":
                move_group(self.applier, uuid.UUID(op["id"]), uuid.UUID(was["flow"]), None)
            case "add_group" | "add_note":
                self._take_out_frame(_kind(op), uuid.UUID(op["id"]), index)
            case "set_group" | "set_note":
                self._restore_frame(_kind(op), uuid.UUID(op["id"]), op["fields"], was["fields"], index)
            case "delete_group" | "delete_note":
                self._bring_back_frame(_kind(op), was[_kind(op)], index)

    @property
    def _rows(self) -> Rows:
        return self.applier.rows

    def _take_out_node(self, node_id: str, index: int) -> None:
        node = self.applier.node(node_id, None)
        wires = [wire.added_rev for wire in self._rows.wires_at(node_id)]
        if not self.force and self.foreign(wires):
            message = f"Undoing this would delete {node}, and wires with it that others drew since. Delete it anyway?"
            raise self.conflict(index, message, wires, True)
        written = self.writes.on(node_id)
        if written and not self.force:
            message = f"{node} was edited by somebody else since. Delete it anyway?"
            raise self.conflict(index, message, written, True)
        self.applier.delete_node(node_id, None)

    def _restore_fields(self, node_id: str, wrote: dict[str, Any], was: dict[str, Any], index: int) -> None:
        node = self.applier.node(node_id, None)
        for name, value in wrote.items():
            if not same(self.applier.value(node, name), value):
                raise self._overwritten(f"The {name} of {node}", index, node)
            self._check_own(("node", node_id, name), f"The {name} of {node}", index)
        if was.get("group"):
            was = {**was, "group": uuid.UUID(was["group"])}
        self.applier.set_node(node_id, was, None)

    def _restore_setting(self, op: dict[str, Any], was: dict[str, Any], index: int) -> None:
        node = self.applier.node(op["id"], None)
        wrote = op.get("value", ABSENT)
        if not same(value_at(node.settings, op["path"]), wrote):
            place = "/".join(str(step) for step in op["path"])
            raise self._overwritten(f"The setting {place} of {node}", index, node)
        self._check_own(setting_cell(node.pk, op["path"]), f"The setting of {node}", index)
        self.applier.set_setting(node.pk, op["path"], was.get("value", ABSENT), None)

    def _restore_schema(self, op: dict[str, Any], was: dict[str, Any], index: int) -> None:
        node = self.applier.node(op["id"], None)
        port, definition = op["port"], op["definition"]
        stands = node.schemas.get(port, {}).get(definition, ABSENT)
        if not same(stands, op.get("schema", ABSENT)):
            raise self._overwritten(f"The definition {definition} of {node}", index, node)
        self._check_own(("schema", node.pk, port, definition), f"The definition {definition} of {node}", index)
        self.applier.set_schema(node.pk, port, definition, was.get("schema"), None)

    def _bring_back_node(self, was: dict[str, Any], index: int) -> None:
        row = dict(was["node"])
        there = self._rows.nodes.get(row["id"])
        if there is not None:
            raise self.conflict(index, f"{there} is there already.", [there.rev], False)
        self._check_gone(row["id"], f"The node {row['label'] or row['component']}", index)
        # A group that was deleted since comes back by an undo of its own: the node must not wait for that.
        group = uuid.UUID(row["group"]) if row.get("group") else None
        row["group"] = group if group in self._rows.groups.rows else None
        self.applier.add_node(row, None, was["last_state"], row.pop("name"))

    def _take_out_edge(self, edge_id: uuid.UUID, index: int) -> None:
        self.applier.edge(edge_id, None)
        written = self.writes.on(str(edge_id))
        if written and not self.force:
            message = (
                "The mapping of a wire that this would delete was edited by somebody else since. Delete it anyway?"
            )
            raise self.conflict(index, message, written, True)
        self.applier.delete_edge(edge_id, None)

    def _restore_mapping(self, edge_id: uuid.UUID, wrote: dict[str, Any], was: dict[str, Any], index: int) -> None:
        edge = self.applier.edge(edge_id, None)
        if not same(edge.mapping, wrote):
            raise self._overwritten("The mapping of this wire", index, edge)
        self._check_own(("mapping", str(edge_id)), "The mapping of this wire", index)
        self.applier.set_mapping(edge_id, was, None)

    def _restore_delivery(self, edge_id: uuid.UUID, wrote: dict[str, Any], was: dict[str, Any], index: int) -> None:
        edge = self.applier.edge(edge_id, None)
        if not same(edge.delivery, {name: wrote[name] for name in edge.delivery}):
            raise self._overwritten("The timeout or retries of this wire", index, edge)
        self._check_own(("delivery", str(edge_id)), "The delivery of this wire", index)
        self.applier.set_delivery(edge_id, was["timeout_ms"], was["retry_policy"], None)

    def _bring_back_edge(self, row: dict[str, Any], flow: str | None, index: int) -> None:
        self._check_gone(row["id"], "The wire", index)
        self.applier.add_edge({**row, "id": uuid.UUID(row["id"])}, None, uuid.UUID(flow) if flow else None)

    def _take_out_share(self, op: dict[str, Any], index: int) -> None:
        flow = uuid.UUID(op["flow"])
        wires = [wire.added_rev for wire in self._rows.wires_at(op["id"]) if wire.flow_id == flow]
        if not self.force and self.foreign(wires):
            message = "Undoing this would take wires along that others drew to the node since. Take it out anyway?"
            raise self.conflict(index, message, wires, True)
        unshare_node(self.applier, op["id"], flow, True, None)

    def _move_back(self, op: dict[str, Any], was: dict[str, Any], index: int) -> None:
        node = self._rows.nodes.get(op["id"])
        if node is None:
            raise self.applier.missing("node", op["id"], None)
        if str(node.flow_id) != op["flow"]:
            raise self.conflict(index, f"{node} was moved on since.", [node.rev], False)
        home = uuid.UUID(was["flow"])
        group = self._group(was["group"])
        place: tuple[int, int] | None = (was["x"], was["y"])
        shown = self._rows.share_in(node, home)
        if shown is not None:
            # It stayed shown here: where it is now is where people have put it.
            place = None
            if (str(shown.group_id) if shown.group_id else None) != was["left_group"]:
                group = None
        move_node(self.applier, node.pk, home, was["shared"], place, None, group)

    def _group(self, group: str | None) -> Group | None:
        return self._rows.groups.rows.get(uuid.UUID(group)) if group else None

    def _take_out_frame(self, kind: Kind, frame_id: uuid.UUID, index: int) -> None:
        found = frame(self.applier, kind, frame_id, None)
        written = self.writes.on(str(frame_id))
        if written and not self.force:
            message = f"{found} was edited by somebody else since. Delete it anyway?"
            raise self.conflict(index, message, written, True)
        members = [node.rev for node in self._rows.members(frame_id)]
        if not self.force and self.foreign(members):
            message = f"Somebody else has worked on what stands in {str(found).lower()} since. Delete it anyway?"
            raise self.conflict(index, message, members, True)
        delete_frame(self.applier, kind, frame_id, None)

    def _restore_frame(
        self, kind: Kind, frame_id: uuid.UUID, wrote: dict[str, Any], was: dict[str, Any], index: int
    ) -> None:
        found = frame(self.applier, kind, frame_id, None)
        for name, written in wrote.items():
            if not same(frame_value(found, name), written):
                raise self._overwritten(f"The {name} of {str(found).lower()}", index, found)
            self._check_own((kind, str(frame_id), name), f"The {name} of {str(found).lower()}", index)
        if was.get("group"):
            was = {**was, "group": uuid.UUID(was["group"])}
        set_frame(self.applier, kind, frame_id, was, None)

    def _bring_back_frame(self, kind: Kind, row: dict[str, Any], index: int) -> None:
        there = table(self._rows, kind).rows.get(uuid.UUID(row["id"]))
        if there is not None:
            raise self.conflict(index, f"{there} is there already.", [there.rev], False)
        self._check_gone(row["id"], f"The {kind}", index)
        row = {**row, "id": uuid.UUID(row["id"])}
        if row.get("group"):
            # Whoever deleted the group since brings it back by an undo of its own.
            group = self._group(row["group"])
            row["group"] = None if group is None else group.pk
        add_frame(self.applier, kind, row, None)

    def _check_gone(self, thing: str, what: str, index: int) -> None:
        """It was there again meanwhile, and that it is gone now somebody else wanted."""
        deleted = self.writes.of(("gone", thing))
        if deleted and not self.force:
            message = f"{what} came back and was deleted by somebody else since. Bring it back anyway?"
            raise self.conflict(index, message, deleted, True)

    def _overwritten(self, what: str, index: int, thing: Node | Edge | Frame) -> ProjectError:
        message = f"{what} was changed since, so undoing would lose the newer value."
        return self.conflict(index, message, [thing.rev], False)

    def _check_own(self, cell: Cell, what: str, index: int) -> None:
        """The value still stands, but somebody else may have wanted just that one and written it again."""
        revs = self.writes.of(cell)
        if revs:
            message = f"{what} was written again since, with the same value, so undoing would lose it."
            raise self.conflict(index, message, revs, False)


def _kind(op: dict[str, Any]) -> Kind:
    return "group" if op["op"].endswith("group") else "note"
