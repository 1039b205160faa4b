"""What the audit says of a change of a flow or a dashboard: which kinds of operations, how many, on what. The change
itself, with all values, stands in the change log; the entry names its revision."""

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

from projects.audit import audit
from projects.models import Change, Node, PageChange, Project
from projects.operations.rows import Rows
from projects.permissions import Person

MAX_NAMED = 5
"""Nodes that an entry names; of all others it says how many."""
MAX_KINDS = 24
PLACE = frozenset({"x", "y", "w", "h", "width", "height", "group", "position"})

Op = dict[str, Any]


def audit_change(person: Person, change: Change, rows: Rows) -> None:
    """One entry for a batch of operations, however many there are. `rows` are those that it was applied to."""
    after: Op = {"rev": change.rev, "ops": _kinds(change.ops)}
    if change.undoes is not None:
        after["undoes"] = change.undoes
    touched = list(dict.fromkeys(_nodes_of(change.ops, change.before, rows)))
    if touched:
        gone = {was["node"]["id"]: was["node"] for was in change.before if "node" in was}
        after["nodes"] = [[pk, _name_of(rows.nodes.get(pk), gone.get(pk))] for pk in touched[:MAX_NAMED]]
        after["node_count"] = len(touched)
    before: Op | None = None
    if len(change.ops) == 1:
        before = _single(change.ops[0], change.before[0], after)
    action = "flow.change" if change.undoes is None else "flow.undo"
    audit(person, action, change.flow, before=before, after=after)


def audit_page_change(person: Person, project: Project, change: PageChange) -> None:
    """The same for a batch of operations on the pages of a dashboard."""
    after: Op = {"rev": change.rev, "ops": _kinds(change.ops)}
    if change.undoes is not None:
        after["undoes"] = change.undoes
    pages = [op["name"] for op in change.ops if op["op"] == "add_page"]
    gone = [was["page"]["name"] for op, was in zip(change.ops, change.before, strict=True) if op["op"] == "delete_page"]
    if pages or gone:
        after["pages"] = [*pages, *gone][:MAX_NAMED]
    before: Op | None = None
    if len(change.ops) == 1 and change.ops[0]["op"] == "set_page":
        before = {name: change.before[0].get(name) for name in ("name", "operators") if name in change.before[0]}
        after.update({name: change.ops[0]["fields"].get(name) for name in before})
    audit(person, "page.change" if change.undoes is None else "page.undo", project, before=before, after=after)


def _kinds(ops: list[Op]) -> dict[str, int]:
    return dict(Counter(map(_kind, ops)).most_common(MAX_KINDS))


def _kind(op: Op) -> str:
    """The operation's own name; `arrange` for one that only says where something stands."""
    fields = op.get("fields")
    return "arrange" if fields and op["op"].startswith("set_") and fields.keys() <= PLACE else str(op["op"])


def _name_of(node: Node | None, gone: Op | None) -> str:
    if node is not None:
        return node.label or node.component
    return str(gone["label"] or gone["component"]) if gone is not None else ""


def _nodes_of(ops: list[Op], before: list[Op], rows: Rows) -> Iterator[str]:
    """Ids of the nodes that the operations are about; a wire is about the nodes at its ends, and comes last."""
    paired = list(zip(ops, before, strict=True))
    for op, _ in paired:
        if op["op"].endswith(("_node", "_setting", "_schema")):
            yield op["id"]
    for op, was in paired:
        kind = op["op"]
        if kind == "add_edge":
            yield from (op["source"], op["target"])
        elif kind == "delete_edge":
            yield from (was["edge"]["source"], was["edge"]["target"])
        elif kind in ("set_mapping", "set_delivery"):
            edge = rows.edges.get(uuid.UUID(op["id"]))
            yield from (edge.source_id, edge.target_id) if edge is not None else ()


def _single(op: Op, was: Op, after: Op) -> Op | None:
    """More of a change of one thing: the names that it had and has, which field of the settings; never its value."""
    match op["op"]:
        case "set_node" | "set_group":
            names = ("label", "name")
            before = {name: was["fields"].get(name) for name in names if name in op["fields"]}
            after.update({name: op["fields"][name] for name in before})
            after["fields"] = sorted(op["fields"])
            return before or None
        case "set_setting":
            after["path"] = [step if isinstance(step, int) else step[:64] for step in op["path"][:8]]
        case "set_schema" | "share_node" | "unshare_node" | "move_node":
            after.update({name: op[name] for name in ("port", "flow") if name in op})
        case "add_node":
            after["component"] = f"{op['module']}/{op['component']}"
        case "add_group":
            after["name"] = op["name"]
        case "delete_group":
            after["name"] = was["group"]["name"]
    return None
