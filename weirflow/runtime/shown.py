"""What of a node's values is shown to people: without secrets, and of a size that statuses and links can carry."""

from __future__ import annotations

from itertools import islice
from typing import Any

from weirflow.errors import JSON
from weirflow.json_bytes import json_bytes
from weirflow.runtime.concealing import NOTHING, Concealer
from weirflow.runtime.redaction import redact

#: Bytes of JSON that the values of one port may take. An object of the cluster holds state, settings and all ports.
SHOWN_BYTES = 64 * 1024


def presentable(values: JSON, schema: dict[str, Any], concealer: Concealer = NOTHING) -> JSON:
    """``values`` as a status or a link carries them; see ``fitting``. Nothing of what cannot be written at all."""
    try:
        return fitting(concealer.value(redact(values, schema)), SHOWN_BYTES)
    except ValueError:
        return {}


def is_larger(value: JSON, characters: int) -> bool:
    """Whether ``value`` takes more than ``characters`` of JSON, about; looks no further than that."""
    waiting = [value]
    while waiting and characters >= 0:
        item = waiting.pop()
        characters -= 1
        if isinstance(item, str):
            characters -= len(item)
        elif isinstance(item, dict):
            characters -= len(item)
            waiting.extend(islice(item.values(), max(characters, 0)))
        elif isinstance(item, list):
            characters -= len(item)
            waiting.extend(islice(item, max(characters, 0)))
    return characters < 0


def fitting(values: JSON, limit: int) -> JSON:
    """``values`` in at most ``limit`` bytes of JSON. Where they take more, a list keeps its first items, and fields
    that do not fit are left out, the smallest fields being kept first."""
    if len(json_bytes(values)) <= limit:
        return values
    if not isinstance(values, dict):
        return {}
    sizes = {name: len(json_bytes({name: value})) for name, value in values.items()}
    kept: dict[str, JSON] = {}
    left = limit - 2
    for name in sorted(sizes, key=sizes.__getitem__):
        value = values[name]
        if sizes[name] > left and isinstance(value, list):
            value = _beginning(value, left - len(json_bytes({name: []})))
        size = len(json_bytes({name: value}))
        if size <= left:
            kept[name] = value
            left -= size
    return {name: kept[name] for name in values if name in kept}


def _beginning(items: list[JSON], limit: int) -> list[JSON]:
    size = 0
    for index, item in enumerate(items):
        size += len(json_bytes(item)) + 1
        if size > limit:
            return items[:index]
    return items
