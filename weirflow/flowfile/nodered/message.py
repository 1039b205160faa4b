"""What stands for Node-RED's `msg` on a wire: a message with its properties `payload`, `topic` and whatever else the
flow uses, each worked out of what the node before it sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

MAX_TEXT, MAX_WRITTEN = 10_000, 1_000_000
"""Characters of one expression, and of all that the wire to a node is to have."""
_PATH = re.compile(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*$")
_STEP = re.compile(r"\.([A-Za-z_]\w*)")


class Unsaid(Exception):
    """A value that no mapping can make, in words."""


@dataclass(frozen=True, slots=True)
class Expression:
    """Text of an expression, without its braces. `differs` says where it gives something else than there."""

    text: str
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with expressions in their braces."""

    text: str
    differs: tuple[str, ...] = ()


#: An expression, a filled text, or JSON as it stands.
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
        while isinstance(found, dict) and (step := _STEP.match(within)):
            found, within = found.get(step[1]), within[step.end() :]
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
    match value:
        case Expression():
            return f"{{{{{value.text}}}}}"
        case Filled():
            return value.text
        case str():
            return plain(value)
        case list():
            return [written(item) for item in value]
        case dict():
            return {name: written(item) for name, item in value.items()}
        case _:
            return value


def plain(text: str) -> str:
    """A text of which nothing is taken for an expression."""
    return text.replace("{{", "{{ '{{' }}")


def operand(value: Worked) -> str:
    """As it stands within an expression. Raises Unsaid."""
    match value:
        case Expression():
            return value.text
        case Filled():
            raise Unsaid("a text that is put together stands within an expression")
        case str():
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
        case _:
            return orjson.dumps(value).decode()


def or_none(headers: Worked) -> Worked:
    """An object, or an empty one of a message that has none."""
    return Expression(f"{headers.text} ? {headers.text} : {{}}") if isinstance(headers, Expression) else headers or {}


def differences(*values: Worked) -> list[str]:
    """What is to be told of them, each once."""
    told = [each for value in values if isinstance(value, Expression | Filled) for each in value.differs]
    return list(dict.fromkeys(told))


@dataclass(slots=True)
class Room:
    """How much the values of one node may take together: each may repeat those before it, so that a short program makes
    a text of twice the length with every line."""

    left: int = MAX_WRITTEN

    def take(self, value: Worked) -> None:
        """Raises Unsaid when it is too much."""
        match value:
            case Expression() | Filled():
                size = len(value.text)
                if size > MAX_TEXT:
                    raise Unsaid(f"it comes to an expression of more than {MAX_TEXT:,} characters")
            case str():
                size = len(value)
            case list() | dict():
                size = len(orjson.dumps(value))
            case _:
                size = 1
        self.left -= size
        if self.left < 0:
            raise Unsaid(f"its values take more than {MAX_WRITTEN:,} characters")


PASSED = Sent({})
"""The message is `msg` itself."""
