"""Names in a file: readable, unique, and the same each time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

NAME = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
"""As `slug` makes them; at most MAX_NAME characters."""
MAX_NAME = 80
_APART = re.compile(r"[^a-z0-9]+")
_DIGITS = re.compile(r"(\d+)")
_LONGEST = 60
#: Id, title, what it is without one, and its place.
Called: TypeAlias = tuple[str, str, str, int, int]


def slug(title: str) -> str:
    """`Every morning` as `every-morning`; empty where nothing is left."""
    return _APART.sub("-", title.lower()).strip("-")[:_LONGEST].strip("-")


def spoken(name: str) -> str:
    """The title that a name implies: `every-morning` says `Every morning`."""
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


def node_title(name: str, component: str) -> str:
    """The title of a node of which the file says none: what its name says, or, where this is the component's own name
    (with a number behind it), empty: the component's."""
    own = slug(component)
    rest = name.removeprefix(own)
    if name.startswith(own) and (not rest or (rest[0] == "-" and rest[1:].isdigit())):
        return ""
    return spoken(name)


def names_of(things: Iterable[Called]) -> dict[str, str]:
    """Names by id. Of those with one title the first from the left, then from the top, has the name without a number;
    at one place the ids decide: who reads a file gives them in the order of the names, so that these are the same
    again."""
    named: dict[str, str] = {}
    numbers: dict[str, int] = {}
    taken: set[str] = set()
    for base, _, _, pk in sorted((slug(title) or slug(kind) or "node", x, y, pk) for pk, title, kind, x, y in things):
        name, number = base, numbers.get(base, 1)
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        numbers[base] = number
        named[pk] = name
        taken.add(name)
    return named


def counted(name: str) -> list[str | int]:
    """Sorts `debug-2` before `debug-10`."""
    return [int(part) if part.isdigit() else part for part in _DIGITS.split(name)]
