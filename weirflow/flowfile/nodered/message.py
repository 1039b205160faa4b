"""What stands for Node-RED's `msg` on a wire: a message with its properties `payload`, `topic` and whatever else the
flow uses, each worked out of what the node before it sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PATH = re.compile(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*$")


@dataclass(frozen=True, slots=True)
class Expression:
    """Text of an expression, without its braces."""

    text: str


#: An expression, or JSON as it stands.
Worked = Any


def as_path(property_name: str) -> str | None:
    """`payload.a[0].b` where it can be written so; None for what has to be worked out (`payload[msg.n]`)."""
    return property_name if _PATH.match(property_name) else None


def first_of(property_name: str) -> str:
    """`payload` of `payload.a`."""
    return re.split(r"[.\[]", property_name, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Sent:
    """What leaves a port: how each property is found in its message. Those not named are found as `rest` says, with the
    property in the place of `*`."""

    known: Mapping[str, Worked]
    rest: str = "$.*"

    def value(self, property_name: str) -> Worked | None:
        """The property, or something within it; None where it cannot be said."""
        path = as_path(property_name)
        if path is None:
            return None
        first = first_of(path)
        found = self.known.get(first, Expression(self.rest.replace("*", first)))
        within = path[len(first) :]
        if not within:
            return found
        return Expression(found.text + within) if isinstance(found, Expression) and found.text[0] == "$" else None

    def all(self, names: frozenset[str]) -> dict[str, Any]:
        """A mapping that makes the properties."""
        return {name: written(self.value(name)) for name in sorted(names)}

    def held(self, names: frozenset[str], **replaced: Worked) -> Sent:
        """The same after a node that says something of some of them itself, and keeps the rest as its `context`."""
        return Sent({**{name: Expression(f"$.context.{name}") for name in names}, **replaced}, "$.context.*")


def written(value: Worked) -> Any:
    """As it stands in a mapping."""
    return f"{{{{{value.text}}}}}" if isinstance(value, Expression) else value


def operand(value: Worked) -> str:
    """As it stands within an expression."""
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
    if value is None:
        return "null"
    return "true" if value is True else "false" if value is False else str(value)


PASSED = Sent({})
"""The message is `msg` itself."""
