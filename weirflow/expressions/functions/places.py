"""Where a value stands. These take a path, not a value; `places.py` of the package works them out."""

from __future__ import annotations

from weirflow.errors import JSON
from weirflow.expressions.functions.signature import ANY, Function, Parameter


def itself(value: JSON) -> JSON:
    """What was asked has been found out on the way: key, parent or root of a path's value."""
    return value


_PATH = (Parameter("path"),)

PLACES = (
    Function(
        "key",
        _PATH,
        frozenset({"text", "number", "null"}),
        "The name or index under which the value stands; null for the message",
        itself,
        "key($.user.age)",
        takes_path=True,
    ),
    Function(
        "parent",
        _PATH,
        ANY,
        "The object or list that holds the value",
        itself,
        "parent($.user.name).age",
        takes_path=True,
    ),
    Function("root", _PATH, ANY, "The whole message", itself, "root(@).path", takes_path=True, pure=False),
)
