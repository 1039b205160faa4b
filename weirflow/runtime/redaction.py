"""Taking secrets out of what leaves the process: by the schema's word, and by names that give them away."""

import re
from typing import Any

from weirflow.errors import JSON
from weirflow.json_bytes import json_bytes

REDACTED = "<redacted>"

_TELLING = re.compile(
    r"pass(word|wd|phrase)?$|secret|token$|api[-_]?key|private[-_]?key|authorization|cookie|credential|signature$",
    re.IGNORECASE,
)
_MAX_DEPTH = 12


def redact(value: JSON, schema: dict[str, Any] | None = None) -> JSON:
    """A copy of ``value`` without its secrets: fields the schema marks ``secret`` (or of format ``password``), and any
    text under a name like ``password`` or ``authorization``. What holds no secret is shared, not copied."""
    return _redact(value, schema or {}, (schema or {}).get("$defs") or {}, 0)


def redact_message(value: JSON, limit: int) -> JSON:
    """A redacted message for people to look at; of one over ``limit`` bytes of JSON only the beginning."""
    clean = redact(value)
    raw = json_bytes(clean)
    if len(raw) <= limit:
        return clean
    return {"truncated": True, "bytes": len(raw), "beginning": raw[: limit - 128].decode("utf-8", "ignore")}


def _redact(value: JSON, schema: dict[str, Any], defs: dict[str, Any], depth: int) -> JSON:
    if depth > _MAX_DEPTH:
        return "…"
    if isinstance(reference := schema.get("$ref"), str):
        schema = defs.get(reference.rsplit("/", 1)[-1]) or {}
    if isinstance(value, dict):
        properties = schema.get("properties") or {}
        return {
            key: REDACTED
            if item not in (None, "") and _is_secret(key, item, properties.get(key) or {})
            else _redact(item, properties.get(key) or {}, defs, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list):
        items = schema.get("items")
        return [_redact(item, items if isinstance(items, dict) else {}, defs, depth + 1) for item in value]
    return value


def _is_secret(name: str, value: JSON, schema: dict[str, Any]) -> bool:
    if schema.get("secret") or schema.get("format") == "password":
        return True
    return isinstance(value, str) and _TELLING.search(name) is not None
