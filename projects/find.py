"""Text in what nodes and wires hold, for pages that have read nothing but a flow's structure (docs/adr/0061)."""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from django.db.models import Q

from projects.models import Edge, Flow
from projects.shown import nodes_shown, text_of

CHUNK = 500
"""Rows looked at in one turn of the database thread."""
MAX_HITS = 500
MAX_TEXT = 300
"""Characters of a field that are shown, around what was looked for."""
MAX_DEPTH = 8
"""Levels of settings that a form shows."""

Hit = dict[str, str]
Ids = Sequence[str] | Sequence[uuid.UUID]


def ids_to_search(flow: Flow) -> tuple[list[str], list[uuid.UUID]]:
    """The nodes and wires on the flow's canvas, in the order of the document."""
    nodes = nodes_shown(flow).order_by("pk").values_list("pk", flat=True)
    edges = Edge.objects.filter(flow=flow).order_by("pk").values_list("pk", flat=True)
    return list(nodes), list(edges)


def find_in_nodes(flow: Flow, words: str, ids: Sequence[str]) -> list[Hit]:
    """Fields of these nodes' settings that have the words, given in lower case."""
    rows = nodes_shown(flow).filter(pk__in=ids).order_by("pk").annotate(text=text_of("settings"))
    return _hits(rows.filter(_may_have("text", words)).values_list("pk", "text"), words)


def find_in_edges(flow: Flow, words: str, ids: Sequence[uuid.UUID]) -> list[Hit]:
    """Fields of these wires' mappings that have the words, given in lower case."""
    rows = Edge.objects.filter(flow=flow, pk__in=ids).order_by("pk").annotate(text=text_of("mapping"))
    return _hits(rows.filter(_may_have("text", words)).values_list("pk", "text"), words)


def _may_have(column: str, words: str) -> Q:
    """What leaves out most rows while they are text: letters and digits stand in JSON as they are, all else may not."""
    wanted = Q()
    for piece in re.findall(r"[a-z0-9_]+", words):
        wanted &= Q(**{f"{column}__icontains": piece})
    return wanted


def _hits(rows: Iterable[tuple[Any, str]], words: str) -> list[Hit]:
    return [
        {"id": str(pk), "text": _around(text, words)}
        for pk, document in rows
        for text in leaves(orjson.loads(document))
        if words in text.lower()
    ]


def leaves(value: Any, path: tuple[str, ...] = (), depth: int = 0) -> Iterator[str]:
    """Every value below an object, as `path: value`, in the words of the editor (frontend/src/core/find.ts)."""
    if depth > MAX_DEPTH or value is None or value == "":
        return
    if isinstance(value, list):
        for item in value:
            yield from leaves(item, path, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key), depth + 1)
    else:
        yield f"{'.'.join(path)}: {_plain(value)}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _around(text: str, words: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    start = max(0, text.lower().find(words) - MAX_TEXT // 4)
    return f"{'…' if start else ''}{text[start : start + MAX_TEXT]}"
