"""How large a schema or a value may be to be looked into: they come from other people's modules."""

from __future__ import annotations

from typing import Any

#: Levels of objects and lists.
DEPTH_LIMIT = 100
#: Values in all, objects and lists included.
VALUES_LIMIT = 20_000
#: Characters of all keys and texts.
TEXT_LIMIT = 512 * 1024


def too_large(value: Any) -> str:
    """Why `value` (JSON) is not looked into, as the end of a sentence; empty if it is not too large.

    Takes time for what is within the limits only, however large the rest is, and no stack.
    """
    waiting: list[tuple[Any, int]] = [(value, 1)]
    values = text = 0
    while waiting:
        part, depth = waiting.pop()
        values += 1
        if isinstance(part, str):
            text += len(part)
        elif isinstance(part, dict | list):
            if depth > DEPTH_LIMIT:
                return f"is nested deeper than {DEPTH_LIMIT} levels"
            if values + len(waiting) + len(part) > VALUES_LIMIT:
                return f"has more than {VALUES_LIMIT:,} values"
            if isinstance(part, dict):
                text += sum(map(len, part))
                part = part.values()
            waiting.extend((item, depth + 1) for item in part)
        if text > TEXT_LIMIT:
            return f"has more than {TEXT_LIMIT // 1024} KiB of text"
    return ""
