"""What nodes and wires hold: settings, what people say of definitions, mappings. Read apart from the flow that shows
them (docs/adr/0060), for some nodes and wires at a time."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson

from projects.models import Edge, Flow
from projects.shown import nodes_shown, text_of

T = TypeVar("T")

MAX_IDS = 500
"""Nodes and wires asked for at once."""
MAX_BYTES = 4 * 1024 * 1024
"""JSON of one answer, but for what one node alone may have above it."""
CHUNK = 50
"""Rows that are read from the database at a time."""


@dataclass(slots=True)
class Contents:
    """The answer, to be written by orjson at once: what the database holds as JSON goes on as the text it is."""

    rev: int
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    edges: dict[str, dict[str, Any]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def as_answer(self) -> dict[str, Any]:
        return {"rev": self.rev, "nodes": self.nodes, "edges": self.edges, "left": self.left}


def read_contents(flow: Flow, nodes: Sequence[str], edges: Sequence[uuid.UUID]) -> Contents:
    """The contents of these nodes and wires of the flow, at least as new as `rev`; ids that are not on its canvas are
    left out. Past MAX_BYTES the rest stands in `left`, to be asked for again."""
    # The flow was read before its rows: they may be newer than `rev`, never older.
    found = Contents(flow.rev)
    room = MAX_BYTES
    for node_id, settings, schemas in _nodes(flow, nodes):
        if room <= 0:
            found.left.append(node_id)
            continue
        room -= len(settings) + len(schemas)
        found.nodes[node_id] = {"settings": orjson.Fragment(settings), "schemas": orjson.Fragment(schemas)}
    for edge_id, mapping in _edges(flow, edges):
        if room <= 0:
            found.left.append(str(edge_id))
            continue
        room -= len(mapping)
        found.edges[str(edge_id)] = {"mapping": orjson.Fragment(mapping)}
    return found


def _nodes(flow: Flow, ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    rows = nodes_shown(flow).annotate(settings_text=text_of("settings"), schemas_text=text_of("schemas"))
    for some in _chunks(ids):
        yield from rows.filter(pk__in=some).values_list("pk", "settings_text", "schemas_text")


def _edges(flow: Flow, ids: Sequence[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str]]:
    rows = Edge.objects.filter(flow=flow).annotate(mapping_text=text_of("mapping"))
    for some in _chunks(ids):
        yield from rows.filter(pk__in=some).values_list("pk", "mapping_text")


def _chunks(ids: Sequence[T]) -> Iterable[Sequence[T]]:
    return (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))
