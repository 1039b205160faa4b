"""Typed values of Node-RED: a text, and what kind of value it stands for."""

from __future__ import annotations

import math
from typing import Any

import orjson

from weirflow.flowfile.faults import FlowFileError
from weirflow.flowfile.nodered.cleaned import refuse_strange
from weirflow.flowfile.nodered.jsonata import translated
from weirflow.flowfile.nodered.message import Expression, Sent, Unsaid

CLOCK = "the clock gives whole seconds"


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
                found = orjson.loads(text)
                refuse_strange(found)
                return found
            except (orjson.JSONDecodeError, FlowFileError):
                raise Unsaid("its JSON cannot be read") from None
        case "date":
            return Expression("now() * 1000", (CLOCK,))
        case "msg":
            worked = sent.value(text)
            if worked is None:
                raise Unsaid(f"msg.{text} is worked out while the flow runs")
            return worked
        case "nul":
            return None
        case "jsonata":
            return translated(text, sent)
        case "flow" | "global":
            raise Unsaid(f"{kind}.{text[:60]} is kept in a context: a Key-Value node can keep it")
        case _:
            raise Unsaid(f"a value of the kind {kind} has no counterpart ({text[:60]})")


def _number(text: str) -> int | float:
    try:
        number = int(text) if text.lstrip("-").isdecimal() and len(text) < 19 else float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Unsaid(f"{text[:40]!r} is no number")
    return number
