"""Differences as the HTTP API tells them: as many, and as much of each value, as an answer has room for."""

from collections import Counter
from typing import Any

import orjson

from projects.operations.documents import ABSENT
from projects.versions.differences import Difference, Field

MAX_ANSWER_BYTES = 4 * 1024 * 1024
MAX_VALUE_CHARACTERS = 2_000
"""JSON of one value; longer ones are cut and come as text."""


def as_answer(found: list[Difference]) -> dict[str, Any]:
    """`{items, counts, left}`: `left` differences had no room, but are counted."""
    counts = Counter("moved" if one.only_moved else one.outcome for one in found)
    items: list[dict[str, Any]] = []
    room = MAX_ANSWER_BYTES
    for one in found:
        item = _item(one)
        room -= len(orjson.dumps(item))
        if room < 0:
            break
        items.append(item)
    names = ("added", "removed", "changed", "moved")
    return {"items": items, "counts": {name: counts[name] for name in names}, "left": len(found) - len(items)}


def _item(one: Difference) -> dict[str, Any]:
    item: dict[str, Any] = {"kind": one.kind, "id": one.id, "outcome": one.outcome, "title": one.title}
    if one.outcome == "removed":
        assert one.before is not None
        # What the canvas draws a ghost of, without what is in it.
        hollow = {"settings", "schemas", "mapping"}
        item["row"] = {name: value for name, value in one.before.items() if name not in hollow}
    if one.outcome == "changed":
        item |= {"moved": one.moved, "only_moved": one.only_moved}
        item["fields"] = [_field(field) for field in one.fields]
    return item


def _field(field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"path": list(field.path)}
    for name, value in (("before", field.before), ("after", field.after)):
        if value is ABSENT:
            continue
        text = orjson.dumps(value)
        if len(text) > MAX_VALUE_CHARACTERS:
            value, told["cut"] = text.decode()[:MAX_VALUE_CHARACTERS] + " …", True
        told[name] = value
    return told
