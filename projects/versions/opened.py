"""A past state in the form in which flows are opened: structure first, contents of some nodes and wires when asked."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from projects.contents import MAX_BYTES, Contents
from projects.history.document import Document, Row, Table
from projects.models import Flow


def structure(flow: Flow, document: Document, rev: int) -> dict[str, list[Row]]:
    """Rows as `projects.shown` has them, without what nodes and wires hold unless that is empty."""
    homes = _homes(flow, document.nodes.values())
    return {
        "nodes": [{**_hollow(row, "settings", "schemas"), **homes(row), "rev": rev} for row in document.nodes.values()],
        "edges": [{**_hollow(row, "mapping"), "rev": rev} for row in document.edges.values()],
        "groups": [{**row, "rev": rev} for row in document.groups.values()],
        "notes": [{**row, "rev": rev} for row in document.notes.values()],
    }


def contents(document: Document, rev: int, nodes: Sequence[str], edges: Sequence[uuid.UUID]) -> Contents:
    """What these nodes and wires held. Past MAX_BYTES the rest stands in `left`, to be asked for again."""
    found = Contents(rev)
    room = MAX_BYTES
    asked: list[tuple[Table, str, Row | None, tuple[str, ...]]] = [
        (found.nodes, pk, document.nodes.get(pk), ("settings", "schemas")) for pk in nodes
    ]
    asked += [(found.edges, str(pk), document.edges.get(str(pk)), ("mapping",)) for pk in edges]
    for table, pk, row, names in asked:
        if row is None:
            continue
        if room <= 0:
            found.left.append(pk)
            continue
        table[pk] = {name: row[name] for name in names}
        room -= len(orjson.dumps(table[pk]))
    return found


def _hollow(row: Row, *names: str) -> Row:
    return row if not any(row[name] for name in names) else {key: row[key] for key in row if key not in names}


def _homes(flow: Flow, rows: Iterable[Row]) -> Any:
    """Where foreign nodes belong, by the names that the flows have now."""
    ids = {row["foreign"] for row in rows} - {None}
    known = Flow.objects.filter(project=flow.project_id, pk__in=ids).values_list("pk", "name") if ids else ()
    names = {str(pk): name for pk, name in known}

    def home(row: Row) -> Row:
        pk = row["foreign"]
        return {"foreign": {"id": pk, "name": names.get(pk, "a flow that is gone")} if pk else None}

    return home
