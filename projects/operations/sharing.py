"""Nodes in several flows: shared, taken out again, and moved to another flow with their groups and wires (ADR 51).

A change is one flow's, and what it does to others reaches these as changes that follow it. Their operations stand in
`Applier.elsewhere`; what an undo needs stands with the change itself, marked with `in` where this flow does not see it.
"""

import uuid
from typing import TYPE_CHECKING, Any

from projects.errors import ProjectError
from projects.models import Flow, Group, Node, Share
from projects.operations.frames import frame

if TYPE_CHECKING:
    from projects.operations.apply import Applier

MAX_SHARES = 20
"""Flows that one node is shown in besides its own: their names stand in an annotation."""


def shown_row(node: Node, share: Share | None, shared: list[str]) -> dict[str, Any]:
    """A node's row as one flow shows it: its own (`share` is None), or one that it is shared into."""
    row = {**node.as_row(), "foreign": None, "shared": shared}
    if share is not None:
        row["foreign"] = {"id": str(node.flow_id), "name": node.flow.name}
        row |= {"x": share.x, "y": share.y, "group": str(share.group_id) if share.group_id else None}
    return row


def refuse_foreign(node: Node, index: int | None) -> None:
    """Raises for what can be done with a node in its own flow only."""
    message = f"{node} belongs to the flow {node.flow.name}: change it there."
    raise ProjectError("foreign_node", message, 409, op=index, field="/id")


def share_node(
    applier: "Applier", node_id: str, flow_id: uuid.UUID, place: tuple[int, int] | None, index: int | None,
    group: Group | None = None,
) -> None:  # fmt: skip
    """Shows a node in another flow. `group` is one of that flow's, for a share that comes back."""
    rows = applier.rows
    node = _known(applier, node_id, index)
    flow = rows.other_flow(flow_id, index)
    if flow.pk == node.flow_id or rows.share_in(node, flow.pk) is not None:
        message = f"{node} is in the flow {flow.name} already."
        raise ProjectError("already_shared", message, 409, op=index, field="/flow")
    if len(rows.shares_of(node)) >= MAX_SHARES:
        raise ProjectError("too_many_shares", f"{node} is in {MAX_SHARES} other flows, which is the limit.", op=index)
    x, y = place or (node.x, node.y)
    share = Share(node=node, flow=flow, x=x, y=y, group=group, rev=rows.rev)
    rows.shares.add(share)
    rows.touch_shared(node)
    op = {"op": "share_node", "id": node_id, "flow": str(flow.pk), "x": x, "y": y}
    op["node"] = _op_row(shown_row(node, share, []))
    _note_in_all(applier, node, op, {})


def unshare_node(applier: "Applier", node_id: str, flow_id: uuid.UUID, wires: bool, index: int | None) -> None:
    """Takes a node out of a flow it is shared into. Refused while it is wired there, unless the wires may go along."""
    rows = applier.rows
    node = _known(applier, node_id, index)
    share = rows.share_in(node, flow_id)
    if share is None:
        raise ProjectError("not_shared", f"{node} is not shared into this flow.", 409, op=index, field="/flow")
    there = [wire for wire in rows.wires_at(node_id) if wire.flow_id == flow_id]
    if there and not wires:
        name = rows.other_flow(flow_id).name
        count = "a wire" if len(there) == 1 else f"{len(there)} wires"
        message = f"{count} in the flow {name} would go with {node}: delete them first, or have them taken along."
        raise ProjectError("shared_wired", message[0].upper() + message[1:], 409, op=index, field="/wires")
    for wire in there:
        applier.delete_edge(wire.pk, None)
    flows = _flows_of(applier, node)
    rows.shares.remove(share)
    rows.touch_shared(node)
    before = {"x": share.x, "y": share.y, "group": str(share.group_id) if share.group_id else None}
    _note_in(applier, flows, {"op": "unshare_node", "id": node_id, "flow": str(flow_id)}, before)


def move_node(
    applier: "Applier", node_id: str, flow_id: uuid.UUID, keep: bool, place: tuple[int, int] | None, index: int | None,
    group: Group | None = None,
) -> None:  # fmt: skip
    """Moves a node to another flow; its TinyNode, and so its state, stay what they are. `finish` says in the end
    whether it stays shown in the flow that it leaves."""
    rows = applier.rows
    node = _known(applier, node_id, index)
    target = rows.other_flow(flow_id, index)
    home = rows.other_flow(node.flow_id, index)
    if target.pk == home.pk:
        raise ProjectError("same_flow", f"{node} is in the flow {target.name} already.", 409, op=index, field="/flow")
    before = {"flow": str(home.pk), "x": node.x, "y": node.y, "group": str(node.group_id) if node.group_id else None}
    there = rows.share_in(node, target.pk)
    before["shared"], before["shared_group"] = there is not None, None
    own_group = rows.groups.rows.get(node.group_id)
    into = group if group is not None else own_group
    if there is not None:
        place = place or (there.x, there.y)
        into = group or there.group
        before |= {"shared_x": there.x, "shared_y": there.y}
        before["shared_group"] = str(there.group_id) if there.group_id else None
        rows.shares.remove(there)
    if group is None and into is not None and into.flow_id != target.pk:
        into = None
    left_group = own_group if own_group is not None and own_group.flow_id == home.pk else None
    left = {"x": node.x, "y": node.y, "group": left_group}
    before["left_group"] = str(left_group.pk) if left_group is not None else None
    node.x, node.y = place or (node.x, node.y)
    node.group = into
    rows.move_node(node, target)
    rows.touch_node(node, ["x", "y", "group"])
    op = {"op": "move_node", "id": node_id, "flow": str(target.pk), "name": target.name, "keep": keep}
    if keep:
        rows.shares.add(Share(node=node, flow=home, rev=rows.rev, **left))
    applier.moves.append((node, home, op, left, before))
    applier.note(op, before)


def move_group(applier: "Applier", group_id: uuid.UUID, flow_id: uuid.UUID, index: int | None) -> None:
    """Moves a group to another flow, with its notes and those of its nodes that move in the same change."""
    rows = applier.rows
    group = frame(applier, "group", group_id, index)
    assert isinstance(group, Group)
    target, home = rows.other_flow(flow_id, index), rows.other_flow(group.flow_id)
    if target.pk == home.pk:
        raise ProjectError("same_flow", f"{group} is in the flow {target.name} already.", 409, op=index, field="/flow")
    for node in rows.members(group_id):
        if node.pk not in applier.moving:
            applier.set_node(node.pk, {"group": None}, index)
    group.flow, group.rev = target, rows.rev
    rows.groups.touch(group, ["flow", "rev"])
    op: dict[str, Any] = {"op": "move_group", "id": str(group_id), "flow": str(target.pk)}
    op["group"] = _op_row(group.as_row())
    notes = rows.notes_in(group_id)
    for note in notes:
        note.flow, note.rev = target, rows.rev
        rows.notes.touch(note, ["flow", "rev"])
    op["notes"] = [_op_row(note.as_row()) for note in notes]
    _note_in(applier, [home, target], op, {"flow": str(home.pk)})


def finish(applier: "Applier") -> None:
    """Takes along the wires among nodes that have moved, and keeps those nodes shown where other wires stay."""
    rows = applier.rows
    homes = {node.pk: home for node, home, *_ in applier.moves}
    wires = {wire.pk: wire for pk in homes for wire in rows.wires_at(pk)}
    for wire in sorted(wires.values(), key=lambda wire: wire.pk):
        ends = [rows.nodes.get(wire.source_id), rows.nodes.get(wire.target_id)]
        home, target = homes.get(wire.source_id), homes.get(wire.target_id)
        if None in ends or home is None or target is None or home.pk != target.pk or wire.flow_id != home.pk:
            continue
        if ends[0].flow_id == ends[1].flow_id:  # type: ignore[union-attr]
            row = applier.delete_edge(wire.pk, None)
            applier.add_edge({**row, "id": wire.pk}, None, ends[0].flow_id)  # type: ignore[union-attr]
    _check_ends(applier)
    for node, home, op, left, before in applier.moves:
        if node.group is not None and node.group.flow_id != node.flow_id:
            node.group = None
        wired = any(wire.flow_id == home.pk for wire in rows.wires_at(node.pk))
        if wired and not op["keep"]:
            op["keep"] = True
            rows.shares.add(Share(node=node, flow=home, rev=rows.rev, **left))
        stays = rows.share_in(node, home.pk)
        if stays is not None and stays.group is not None and stays.group.flow_id != home.pk:
            # The group that it stood in has moved with this change.
            stays.group, before["left_group"] = None, None
        rows.touch_shared(node)
        _tell_of_move(applier, node, home, op)


def _check_ends(applier: "Applier") -> None:
    """A wire that an undo draws again needs both its nodes where it is drawn; only now they are where they go."""
    rows = applier.rows
    leaving = {(node.pk, home.pk) for node, home, *_ in applier.moves}
    for edge in rows.new_edges:
        for node_id in (edge.source_id, edge.target_id):
            node = rows.nodes.get(node_id)
            if node is None:
                raise applier.missing("node", node_id, None)
            shown = node.flow_id == edge.flow_id or rows.share_in(node, edge.flow_id) is not None
            if not shown and (node_id, edge.flow_id) not in leaving:
                message = f"{node} has left the flow since: bring it back before its wires."
                raise ProjectError("node_moved", message, 409)


def _tell_of_move(applier: "Applier", node: Node, home: Flow, op: dict[str, Any]) -> None:
    """The flow that the node comes to gets its row; that which it leaves, and others that show it, where it is now."""
    rows = applier.rows
    shared = [str(share.flow_id) for share in rows.shares_of(node)]
    arrival = {**op, "node": _op_row(shown_row(node, None, shared))}
    if node.flow_id == rows.flow.pk:
        op["node"] = arrival["node"]
    _tell(applier, node.flow, arrival, first=True)
    for flow in {home.pk, *(share.flow_id for share in rows.shares_of(node))}:
        _tell(applier, rows.other_flow(flow), {key: value for key, value in op.items() if key != "node"})


def _known(applier: "Applier", node_id: str, index: int | None) -> Node:
    """A node that this change may take to another flow: one of this flow's own, or, in an undo, wherever it is now."""
    node = applier.rows.nodes.get(node_id)
    if node is None:
        raise applier.missing("node", node_id, index)
    return node


def _flows_of(applier: "Applier", node: Node) -> list[Flow]:
    rows = applier.rows
    return [rows.other_flow(node.flow_id), *(rows.other_flow(share.flow_id) for share in rows.shares_of(node))]


def _note_in_all(applier: "Applier", node: Node, op: dict[str, Any], before: dict[str, Any]) -> None:
    _note_in(applier, _flows_of(applier, node), op, before)


def _note_in(applier: "Applier", flows: list[Flow], op: dict[str, Any], before: dict[str, Any]) -> None:
    applier.note(op, before)
    for flow in flows:
        _tell(applier, flow, op)


def _tell(applier: "Applier", flow: Flow, op: dict[str, Any], *, first: bool = False) -> None:
    """What a change that follows in another flow says; in its own the change says it itself."""
    if flow.pk == applier.rows.flow.pk:
        return
    ops = applier.elsewhere.setdefault(flow.pk, [])
    # A node has to be there before the wires that came with it.
    place = next((at for at, one in enumerate(ops) if one["op"] == "add_edge"), len(ops)) if first else len(ops)
    ops.insert(place, op)


def _op_row(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "rev"}
