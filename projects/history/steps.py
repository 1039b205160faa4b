"""Operations as applied, on a document in memory: what the browser does with them (frontend/src/core/operations.ts)."""

from collections.abc import Sequence
from typing import Any

from projects.history.document import Document, Row, Table, node_row
from projects.names import node_resource_name
from projects.operations.documents import ABSENT, set_at

_NODE: Row = {"label": "", "comment": "", "group": None, "settings": {}, "schemas": {}}
_EDGE: Row = {"mapping": {}, "timeout_ms": None, "retry_policy": None}


class Misfit(Exception):
    """An operation found nothing to act on: the document is not the one that it was applied to."""


def take_steps(document: Document, ops: Sequence[dict[str, Any]], project_name: str) -> None:
    """Changes the document as a Change says that happened in its flow (`Change.own_ops`). Rows are replaced, never
    written into. `project_name` is the project's resource name. Raises Misfit."""
    for op in ops:
        try:
            _take(document, op, project_name)
        except KeyError as missing:
            # A wire goes with its node, and says so once more by itself.
            if op["op"] != "delete_edge":
                raise Misfit(f"{op['op']} of {op['id']}: there is no {missing}") from None


def _take(document: Document, op: dict[str, Any], project_name: str) -> None:
    pk = op["id"]
    match op["op"]:
        case "add_node":
            name = node_resource_name(project_name, op["module"], op["component"], pk)
            document.nodes[pk] = {**_NODE, **_given(op), "name": name, "foreign": None, "shared": []}
        case "set_node":
            _change(document.nodes, pk, op["fields"])
        case "set_setting":
            settings = set_at(document.nodes[pk]["settings"], op["path"], op.get("value", ABSENT)).document
            _change(document.nodes, pk, {"settings": settings})
        case "set_schema":
            _change(document.nodes, pk, {"schemas": _with_schema(document.nodes[pk]["schemas"], op)})
        case "delete_node":
            del document.nodes[pk]
        case "add_edge":
            document.edges[pk] = {**_EDGE, **_given(op)}
        case "set_mapping" | "set_delivery":
            _change(document.edges, pk, _given(op))
        case "delete_edge":
            del document.edges[pk]
        case "add_group":
            document.groups[pk] = _given(op)
        case "set_group":
            _change(document.groups, pk, op["fields"])
        case "delete_group":
            _delete_group(document, pk)
        case "add_note":
            document.notes[pk] = {"group": None, **_given(op)}
        case "set_note":
            _change(document.notes, pk, op["fields"])
        case "delete_note":
            del document.notes[pk]
        case "share_node":
            _share(document, op)
        case "unshare_node":
            _unshare(document, op)
        case "move_node":
            _move_node(document, op)
        case "move_group":
            _move_group(document, op)


def _given(op: dict[str, Any]) -> Row:
    return {key: value for key, value in op.items() if key != "op"}


def _change(table: Table, pk: str, fields: Row) -> None:
    table[pk] = {**table[pk], **fields}


def _with_schema(schemas: Row, op: dict[str, Any]) -> Row:
    said = {name: schema for name, schema in schemas.get(op["port"], {}).items() if name != op["definition"]}
    if "schema" in op:
        said[op["definition"]] = op["schema"]
    others = {port: schema for port, schema in schemas.items() if port != op["port"]}
    return {**others, op["port"]: said} if said else others


def _share(document: Document, op: dict[str, Any]) -> None:
    """In its own flow one more flow shows it; in that one it appears; a third has nothing to do with it."""
    own = document.nodes.get(op["id"])
    if own is None:
        document.nodes[op["id"]] = node_row(op["node"])
    elif own["foreign"] is None:
        _change(document.nodes, op["id"], {"shared": sorted({*own["shared"], op["flow"]})})


def _unshare(document: Document, op: dict[str, Any]) -> None:
    node = document.nodes[op["id"]]
    if node["foreign"] is None:
        _change(document.nodes, op["id"], {"shared": [flow for flow in node["shared"] if flow != op["flow"]]})
    else:
        del document.nodes[op["id"]]


def _move_node(document: Document, op: dict[str, Any]) -> None:
    """It comes, or goes, or goes and stays shown, or another flow than before is now its own."""
    if "node" in op:
        document.nodes[op["id"]] = node_row(op["node"])
    elif document.nodes[op["id"]]["foreign"] is None and not op["keep"]:
        del document.nodes[op["id"]]
    else:
        _change(document.nodes, op["id"], {"foreign": op["flow"], "shared": []})


def _move_group(document: Document, op: dict[str, Any]) -> None:
    """Its notes go with it; its nodes by operations of their own."""
    if op["id"] in document.groups:
        for note in op["notes"]:
            document.notes.pop(note["id"], None)
        _delete_group(document, op["id"])
        return
    document.groups[op["id"]] = dict(op["group"])
    for note in op["notes"]:
        document.notes[note["id"]] = dict(note)


def _delete_group(document: Document, pk: str) -> None:
    """What stands in it stays, outside of it."""
    del document.groups[pk]
    for table in (document.nodes, document.notes):
        for row in [row for row in table.values() if row["group"] == pk]:
            _change(table, row["id"], {"group": None})
