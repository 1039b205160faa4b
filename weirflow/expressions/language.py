"""One expression: a literal or a JSONPath. A plain one (`$.items[0].name`) becomes a few dict look-ups."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from weirflow.errors import JSON

Evaluate = Callable[[JSON], JSON]

_STEP = re.compile(
    r"""\.(?P<name>[^\W\d][\w-]*)              # .name
      | \[(?P<index>-?\d+)\]                   # [0] and [-1]
      | \['(?P<single>[^'\\]*)'\]              # ['any name']
      | \["(?P<double>[^"\\]*)"\]              # ["any name"]""",
    re.VERBOSE,
)
_ZERO_STEP = re.compile(r"\[\s*-?\d*\s*:\s*-?\d*\s*:\s*[+-]?0+\s*\]")


class ExpressionError(Exception):
    """The text is no expression, or it cannot be worked out for a message; says why."""


def compile_expression(text: str) -> Evaluate:
    """A function from the message to the expression's value. A path that finds nothing gives None, one match its
    value, several a list. Raises `ExpressionError`.
    """
    if not text:
        raise ExpressionError("the expression is empty; write a path such as $.value")
    if text[0] != "$":
        value = _literal(text)
        return lambda message: value
    steps = _plain_steps(text)
    if steps is not None:
        return _walker(steps)
    return _query(text)


def _literal(text: str) -> JSON:
    if len(text) > 1 and text[0] == text[-1] == "'" and "\\" not in text and "'" not in text[1:-1]:
        return text[1:-1]
    try:
        return json.loads(text)
    except ValueError:
        raise ExpressionError(
            "not a path or a literal; a path starts with $ (the message), for example $.items[0].name"
        ) from None


def _plain_steps(text: str) -> list[str | int] | None:
    steps: list[str | int] = []
    at = 1
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            return None
        name = next(group for group in match.groups() if group is not None)
        steps.append(int(name) if match.lastgroup == "index" else name)
        at = match.end()
    return steps


def _walker(steps: list[str | int]) -> Evaluate:
    if not steps:
        return lambda message: message
    if len(steps) == 1 and isinstance(steps[0], str) and steps[0] != "length":
        name = steps[0]
        return lambda message: message.get(name) if type(message) is dict else None

    def walk(message: JSON) -> JSON:
        value: Any = message
        for step in steps:
            if type(value) is dict and type(step) is str:
                value = value.get(step)
            elif type(value) is list:
                value = _from_list(value, step)
            else:
                return None
        return value

    return walk


def _from_list(items: list[Any], step: str | int) -> JSON:
    if step == "length":
        return len(items)
    if isinstance(step, int) and -len(items) <= step < len(items):
        return items[step]
    return None


def _query(text: str) -> Evaluate:
    """A path with wildcards, slices, descent or filters: the library's work. Imported here, as most flows have none."""
    import jsonpath
    from jsonpath.exceptions import JSONPathError

    if _ZERO_STEP.search(text):
        raise ExpressionError("a slice with step 0 selects nothing; leave the step out or give another")
    try:
        query = jsonpath.compile(text)
    except JSONPathError as error:
        raise ExpressionError(f"not a JSONPath: {_first_line(error)}") from error

    def run(message: JSON) -> JSON:
        if not isinstance(message, dict | list):
            return None
        try:
            found = query.findall(message)
        except JSONPathError as error:
            raise ExpressionError(_first_line(error)) from error
        if not found:
            return None
        return found[0] if len(found) == 1 else found

    return run


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
