"""What is kept of `before` and `after`: no secrets, nothing large."""

from typing import Any

from weirflow.json_bytes import json_bytes
from weirflow.runtime.redaction import redact

MAX_BYTES = 4 * 1024
MAX_TEXT = 300


def bounded(value: Any) -> Any:
    """The value as it is kept: JSON, texts of at most `MAX_TEXT` characters, without what stands under a telling name;
    of one that is too large only which fields it had."""
    if value is None:
        return None
    clean = redact(_shortened(value, 0))
    raw = json_bytes(clean)
    if len(raw) <= MAX_BYTES:
        return clean
    names = sorted(map(str, clean))[:40] if isinstance(clean, dict) else []
    return {"cut": True, "bytes": len(raw), "fields": [name[:64] for name in names]}


def _shortened(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else value[: MAX_TEXT - 1] + "…"
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth > 6:
        return "…"
    if isinstance(value, dict):
        return {str(key)[:64]: _shortened(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shortened(item, depth + 1) for item in list(value)[:200]]
    return str(value)[:MAX_TEXT]
