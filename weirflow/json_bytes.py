"""JSON as bytes, for whatever a message may hold."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson


def json_bytes(value: Any) -> bytes:
    """``value`` as UTF-8 JSON; what is no JSON becomes its text. Raises ``ValueError`` for cycles, and for what is
    nested or long beyond measure.

    The fast encoder refuses integers past 64 bits and unpaired surrogates, both of which a message may bring: the
    standard library's writes the integers, and the surrogates become question marks.
    """
    try:
        return orjson.dumps(value, default=str)
    except TypeError:
        pass
    try:
        return json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this cannot be written as JSON: {error}") from error


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_text(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return _text(value)


def _text(value: Any) -> str:
    return str(value).encode("utf-8", "replace").decode()
