"""What is different between two states of a flow: things that came, went, moved or were changed, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from projects.history.document import Document, Row, Table
from projects.operations.documents import ABSENT, same

Kind = Literal["group", "node", "edge", "note"]
Outcome = Literal["added", "removed", "changed"]
KINDS: tuple[Kind, ...] = ("group", "node", "edge", "note")
MAX_FIELDS = 200
"""Of one thing; past that the highest place that differs is named whole."""
MAX_DEPTH = 12
_PLACE = frozenset({"x", "y", "width", "height"})
_NOT_COMPARED = frozenset({"id", "name"})
"""Of nodes: what cannot change. Groups are the ones whose `name` people give."""


@dataclass(frozen=True, slots=True)
class Field:
    """One place that differs; `before` and `after` are JSON values or ABSENT."""

    path: tuple[str | int, ...]
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; `fields` only of what was changed. `moved`: it stands elsewhere, or has another size."""

    kind: Kind
    id: str
    outcome: Outcome
    title: str
    before: Row | None
    after: Row | None
    fields: list[Field] = field(default_factory=list)

    @property
    def moved(self) -> bool:
        return any(one.path[0] in _PLACE for one in self.fields)

    @property
    def only_moved(self) -> bool:
        return bool(self.fields) and all(one.path[0] in _PLACE for one in self.fields)


def differences(before: Document, after: Document) -> list[Difference]:
    """In an order that stays: groups, nodes, wires, notes, each by their titles. Costs what the two hold, once."""
    found: list[Difference] = []
    for kind in KINDS:
        one, other = table(before, kind), table(after, kind)
        some = [_difference(kind, pk, one, other, before, after) for pk in one.keys() | other.keys()]
        found += sorted((each for each in some if each is not None), key=lambda each: (each.title.lower(), each.id))
    return found


def table(document: Document, kind: Kind) -> Table:
    return {"group": document.groups, "node": document.nodes, "edge": document.edges, "note": document.notes}[kind]


def title_of(document: Document, kind: Kind, row: Row) -> str:
    """How people know a thing."""
    match kind:
        case "node":
            return str(row["label"] or row["component"])
        case "edge":
            ends = (document.nodes.get(row[end]) for end in ("source", "target"))
            source, target = (title_of(document, "node", node) if node else "?" for node in ends)
            return f"{source}.{row['source_port']} → {target}.{row['target_port']}"
        case "group":
            return str(row["name"]) or "Group"
        case "note":
            first: str = next((line for line in str(row["text"]).splitlines() if line.strip()), "Note")
            return first.strip("#* ")[:60] or "Note"


def _difference(kind: Kind, pk: str, one: Table, other: Table, before: Document, after: Document) -> Difference | None:
    was, now = one.get(pk), other.get(pk)
    if was is None or now is None:
        row = was or now
        assert row is not None
        title = title_of(after if was is None else before, kind, row)
        return Difference(kind, pk, "added" if was is None else "removed", title, was, now)
    if orjson.dumps(was, option=orjson.OPT_SORT_KEYS) == orjson.dumps(now, option=orjson.OPT_SORT_KEYS):
        return None
    fields = list(_fields(kind, was, now))
    return Difference(kind, pk, "changed", title_of(after, kind, now), was, now, fields) if fields else None


def _fields(kind: Kind, was: Row, now: Row) -> Iterator[Field]:
    room = MAX_FIELDS
    for name in now:
        if name in _NOT_COMPARED and not (kind == "group" and name == "name"):
            continue
        if same(was.get(name), now[name]):
            continue
        inner = list(_inside((name,), was.get(name, ABSENT), now[name]))
        if len(inner) > room:
            inner = [Field((name,), was.get(name, ABSENT), now[name])]
        room -= len(inner)
        yield from inner


def _inside(path: tuple[str | int, ...], was: Any, now: Any) -> Iterator[Field]:
    """The places below `path` that differ; lists of other lengths differ as a whole."""
    if len(path) < MAX_DEPTH and isinstance(was, dict) and isinstance(now, dict) and was and now:
        for key in sorted(was.keys() | now.keys()):
            yield from _inside((*path, key), was.get(key, ABSENT), now.get(key, ABSENT))
    elif len(path) < MAX_DEPTH and isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from _inside((*path, index), one, other)
    elif not same(was, now):
        yield Field(path, was, now)
