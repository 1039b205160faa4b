"""JSON as bytes, for whatever a message may hold."""

from __future__ import annotations

import json
from typing import Any

import orjson


def json_bytes(value: Any) -> bytes:
    """``value`` as UTF-8 JSON; what is no JSON becomes its text.

    The fast encoder refuses integers past 64 bits and unpaired surrogates, both of which a message may bring: the
    standard library's writes the integers, and the surrogates become question marks.
    """
    try:
        return orjson.dumps(value, default=str)
    except TypeError:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str).encode("utf-8", "replace")
