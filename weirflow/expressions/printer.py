"""A syntax tree as text again, in one canonical way: parsing it gives the same tree."""

from __future__ import annotations

import json
import re

from weirflow.expressions.functions import FUNCTIONS
from weirflow.expressions.syntax import (
    PRECEDENCE,
    Binary,
    Call,
    Computed,
    Conditional,
    Constant,
    Current,
    Expression,
    Filter,
    Index,
    ListOf,
    Literal,
    Message,
    Name,
    ObjectOf,
    Path,
    Segment,
    Selector,
    Slice,
    Unary,
    Wildcard,
)

_DOTTED = re.compile(r"\w+(?:-+[^\W\d]\w*)*")
_SIGNED = 7


def to_text(tree: Expression) -> str:
    """The text of `tree`, names of functions as in the reference, blanks around operators."""
    match tree:
        case Literal(value):
            return _literal(value)
        case Constant(name):
            return name
        case Message():
            return "$"
        case Current():
            return "@"
        case ListOf(items):
            return f"[{', '.join(map(to_text, items))}]"
        case ObjectOf(members):
            return "{" + ", ".join(f"{_quoted(name)}: {to_text(value)}" for name, value in members) + "}"
        case Unary(operator, operand):
            signed_number = isinstance(operand, Literal) and type(operand.value) in (int, float)
            return f"{operator}({to_text(operand)})" if signed_number else operator + _bound(operand, _SIGNED)
        case Binary(operator, left, right):
            level = PRECEDENCE[operator]
            leans_right = operator == "**"
            return f"{_bound(left, level + leans_right)} {operator} {_bound(right, level + (not leans_right))}"
        case Conditional(condition, then, otherwise):
            return f"{_bound(condition, 1)} ? {to_text(then)} : {to_text(otherwise)}"
        case Call(function, arguments):
            return f"{FUNCTIONS[function].shown}({', '.join(map(to_text, arguments))})"
        case Path(base, segments):
            start = to_text(base) if isinstance(base, Message | Current | Call) else f"({to_text(base)})"
            return start + "".join(map(_segment, segments))


def path_step(name: str) -> str:
    """The segment that goes to a field: `.name`, or `['any name']`."""
    return f".{name}" if _DOTTED.fullmatch(name) else f"[{_quoted(name)}]"


def _bound(tree: Expression, level: int) -> str:
    """`tree` as an operand of something that binds with `level`."""
    match tree:
        case Conditional():
            own = 0
        case Binary(operator):
            own = PRECEDENCE[operator]
        case _:
            own = _SIGNED
    return to_text(tree) if own >= level else f"({to_text(tree)})"


def _segment(segment: Segment) -> str:
    dots = ".." if segment.descendant else ""
    match segment.selectors:
        case (Wildcard(),):
            return f"{dots or '.'}*"
        case (Name(name),):
            step = path_step(name)
            return dots + (step[1:] if dots and step.startswith(".") else step)
    return f"{dots}[{', '.join(map(_selector, segment.selectors))}]"


def _selector(selector: Selector) -> str:
    match selector:
        case Name(name):
            return _quoted(name)
        case Index(index):
            return str(index)
        case Wildcard():
            return "*"
        case Filter(condition):
            return f"?({to_text(condition)})"
        case Computed(key):
            return f"({to_text(key)})"
        case Slice(start, end, step):
            return f"{_bound_of(start)}:{_bound_of(end)}" + (f":{_bound_of(step)}" if step is not None else "")


def _bound_of(bound: Expression | None) -> str:
    if bound is None:
        return ""
    whole = isinstance(bound, Literal) and isinstance(bound.value, int)
    return to_text(bound) if whole else f"({to_text(bound)})"


def _literal(value: bool | int | float | str | None) -> str:
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    inside = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inside}'"
