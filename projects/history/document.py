"""A flow's whole document at one moment: what its canvas shows, and what the nodes and wires on it hold."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db.models import Sum
from django.db.models.functions import Length

from projects.models import Edge, Flow, Group, Note
from projects.shown import nodes_shown, rows_shown, text_of

Row = dict[str, Any]
Table = dict[str, Row]
PACKING = 1
"""Rows are alike: the least effort already leaves an eighth of them."""
MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
"""JSON in what nodes and wires hold. Of a flow that holds more there are no snapshots."""


@dataclass(slots=True)
class Document:
    """Rows by id as the HTTP API has them (docs/protocols.md section 4), without revisions.

    `foreign` of a node is the id alone of the flow that it belongs to: names change and are no part of the document.
    Wires always say how their messages are handed over.
    """

    nodes: Table = field(default_factory=dict)
    edges: Table = field(default_factory=dict)
    groups: Table = field(default_factory=dict)
    notes: Table = field(default_factory=dict)


def read_document(flow: Flow) -> Document:
    """The document as the rows have it. The caller sees to it that nobody writes meanwhile."""
    edges = Edge.objects.filter(flow=flow).order_by("pk")
    return Document(
        _by_id(node_row(row) for row in rows_shown(flow)),
        _by_id({**edge.as_row(), **edge.delivery} for edge in edges),
        _by_id(group.as_row() for group in Group.objects.filter(flow=flow).order_by("pk")),
        _by_id(note.as_row() for note in Note.objects.filter(flow=flow).order_by("pk")),
    )


def node_row(shown: Row) -> Row:
    """A node's row as a document has it, made of one as a flow shows it."""
    home = shown["foreign"]
    return {**shown, "foreign": home["id"] if home else None, "shared": sorted(shown["shared"])}


def too_large(flow: Flow) -> bool:
    """Whether the flow holds more than a document may; asked of the database, before it is read."""
    nodes = nodes_shown(flow).aggregate(size=Sum(Length(text_of("settings")) + Length(text_of("schemas"))))
    edges = Edge.objects.filter(flow=flow).aggregate(size=Sum(Length(text_of("mapping"))))
    return (nodes["size"] or 0) + (edges["size"] or 0) > MAX_DOCUMENT_BYTES


def pack(document: Document) -> bytes:
    tables = {"nodes": document.nodes, "edges": document.edges, "groups": document.groups, "notes": document.notes}
    rows = {name: list(table.values()) for name, table in tables.items()}
    return zlib.compress(orjson.dumps(rows), PACKING)


def unpack(packed: bytes | memoryview) -> Document:
    rows = orjson.loads(zlib.decompress(packed))
    return Document(*(_by_id(rows[name]) for name in ("nodes", "edges", "groups", "notes")))


def _by_id(rows: Iterable[Row]) -> Table:
    table: Table = {}
    for row in rows:
        row.pop("rev", None)
        table[row["id"]] = row
    return table
