"""JSON values as the language sees them: their kinds, whether they are equal, how they look inside a text."""

from __future__ import annotations

import json

from weirflow.errors import JSON
from weirflow.expressions.limits import CHARACTERS_PER_STEP, Refusal, Work, spend, spend_text

KINDS = ("null", "boolean", "number", "text", "list", "object")
_KIND_OF = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "text", list: "list"}
_SHOWN = {"null": "null", "list": "a list", "object": "an object", "boolean": "a boolean"}


def kind_of(value: JSON) -> str:
    """One of `KINDS`; what is no JSON has the name of its type."""
    return "object" if isinstance(value, dict) else _KIND_OF.get(type(value), type(value).__name__)


def described(value: JSON) -> str:
    """What `value` is, for an error: its kind only, as a message may hold secrets."""
    kind = kind_of(value)
    return _SHOWN.get(kind, f"a {kind}")


def equal(left: JSON, right: JSON, work: Work) -> bool:
    """Whether two values are the same JSON: numbers by value, lists and objects by what is in them, true is not 1."""
    waiting = [(left, right)]
    while waiting:
        left, right = waiting.pop()
        if isinstance(left, dict):
            if not isinstance(right, dict) or len(left) != len(right):
                return False
            spend(work, len(left))
            if left.keys() != right.keys():
                return False
            waiting.extend((value, right[name]) for name, value in left.items())
        elif isinstance(left, list):
            if not isinstance(right, list) or len(left) != len(right):
                return False
            spend(work, len(left))
            waiting.extend(zip(left, right, strict=True))
        elif isinstance(left, str):
            if left is not right:
                spend_text(work, len(left))
                if left != right:
                    return False
        elif left is not right and (left != right or isinstance(left, bool) or isinstance(right, bool)):
            return False
    return True


def shown(value: JSON, work: Work) -> str:
    """`value` inside a text: nothing for null, whole numbers without decimals, objects and lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        spend_text(work, len(value))
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    try:
        if isinstance(value, int):
            return str(value)
        spend(work, _size(value, work[0]))
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
    except RecursionError:
        raise Refusal("nested too deep to be written as a text") from None
    except ValueError:
        raise Refusal("has a number that is too large to be written as a text") from None


def _size(value: JSON, enough: int) -> int:
    """Steps that writing `value` as JSON costs; stops counting past `enough`."""
    steps = 0
    waiting = [value]
    while waiting and steps <= enough:
        item = waiting.pop()
        steps += 1
        if isinstance(item, dict):
            steps += sum(map(len, item)) // CHARACTERS_PER_STEP
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str):
            steps += len(item) // CHARACTERS_PER_STEP
    return steps


def one_or_list(found: list[JSON]) -> JSON:
    """What a path gives: nothing found is null, one value stands for itself, several are a list."""
    if len(found) == 1:
        return found[0]
    return found or None


def refuse_kind(function: str, place: str, wanted: str, value: JSON) -> Refusal:
    """What is said when an argument has the wrong kind."""
    return Refusal(f"{function} needs {wanted} as its {place}, this is {described(value)}")
