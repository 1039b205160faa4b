"""Typed values of Node-RED: a text, and what kind of value it stands for."""

from __future__ import annotations

from typing import Any

import orjson

from weirflow.flowfile.nodered.message import Expression, Sent


class Unsaid(Exception):
    """A value that no mapping can make, in words."""


def typed(value: Any, kind: str, sent: Sent) -> Any:
    """The value or the expression that gives it. Raises Unsaid."""
    text = value if isinstance(value, str) else str(value)
    match kind:
        case "str" | "":
            return text
        case "num":
            return _number(text)
        case "bool":
            return text == "true"
        case "json":
            try:
                return orjson.loads(text)
            except orjson.JSONDecodeError:
                raise Unsaid("its JSON cannot be read") from None
        case "date":
            return Expression("now() * 1000")
        case "msg":
            found = sent.value(text)
            if found is None:
                raise Unsaid(f"msg.{text} is worked out while the flow runs")
            return found
        case "nul":
            return None
        case _:
            raise Unsaid(f"a value of the kind {kind} has no counterpart ({text[:60]})")


def _number(text: str) -> int | float:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        raise Unsaid(f"{text[:40]!r} is no number") from None
