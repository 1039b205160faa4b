"""Names in a file: readable, unique, and the same each time."""

from __future__ import annotations

import re
from collections.abc import Container

NAME = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
"""As `slug` makes them; at most MAX_NAME characters."""
MAX_NAME = 80
_APART = re.compile(r"[^a-z0-9]+")
_LONGEST = 60


def slug(title: str) -> str:
    """`Every morning` as `every-morning`; empty where nothing is left."""
    return _APART.sub("-", title.lower()).strip("-")[:_LONGEST].strip("-")


def unique(name: str, taken: Container[str]) -> str:
    """The name, or the first of `name-2`, `name-3` that is free."""
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


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
