"""Sets of paths into an object, in the form of FieldsV1: what a manager owns.

A path is a list of elements, each written as the API writes it: `f:name` a field, `k:{"name":"p1"}` the item of a list
by its keys, `v:"a"` an item of a set, `i:0` an item by its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

Path = tuple[str, ...]


class FieldSet:
    """Paths as a tree. `members` are elements that are in the set themselves, `children` lead on to longer paths."""

    __slots__ = ("children", "members")

    def __init__(self, members: set[str] | None = None, children: dict[str, FieldSet] | None = None) -> None:
        self.members: set[str] = members if members is not None else set()
        self.children: dict[str, FieldSet] = children if children is not None else {}

    @classmethod
    def of(cls, *paths: Path) -> FieldSet:
        made = cls()
        for path in paths:
            made.add(path)
        return made

    def add(self, path: Path) -> None:
        """Put one path in; the empty path, the object itself, is in no set."""
        at = self
        for element in path[:-1]:
            at = at.children.setdefault(element, FieldSet())
        if path:
            at.members.add(path[-1])

    def __bool__(self) -> bool:
        return bool(self.members) or any(self.children.values())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FieldSet) or self.members != other.members:
            return False
        names = self.children.keys() | other.children.keys()
        return all(self.children.get(name, EMPTY) == other.children.get(name, EMPTY) for name in names)

    __hash__ = None  # type: ignore[assignment]

    def __or__(self, other: FieldSet) -> FieldSet:
        children = dict(self.children)
        for name, child in other.children.items():
            children[name] = children[name] | child if name in children else child
        return FieldSet(self.members | other.members, children)

    def __and__(self, other: FieldSet) -> FieldSet:
        shared = self.children.keys() & other.children.keys()
        met = {name: self.children[name] & other.children[name] for name in shared}
        return FieldSet(self.members & other.members, {name: child for name, child in met.items() if child})

    def __sub__(self, other: FieldSet) -> FieldSet:
        """What is here and not there, path by path: taking an item away leaves the paths below it."""
        left = {
            name: child - other.children[name] if name in other.children else child
            for name, child in self.children.items()
        }
        return FieldSet(self.members - other.members, {name: child for name, child in left.items() if child})

    def without(self, other: FieldSet) -> FieldSet:
        """What is left once each path of `other` is taken away with all that is below it."""
        left = {
            name: child.without(other.children[name]) if name in other.children else child
            for name, child in self.children.items()
            if name not in other.members
        }
        return FieldSet(self.members - other.members, {name: child for name, child in left.items() if child})

    def named(self) -> FieldSet:
        """The set with every field on the way to a member as a member too."""
        on_the_way = {name for name, child in self.children.items() if child and name.startswith("f:")}
        return FieldSet(
            self.members | on_the_way, {name: child.named() for name, child in self.children.items() if child}
        )

    def paths(self, before: Path = ()) -> Iterator[Path]:
        """All paths, a thing before what is in it, in the order of FieldsV1."""
        for element in sorted(self.members | self.children.keys()):
            if element in self.members:
                yield (*before, element)
            if element in self.children:
                yield from self.children[element].paths((*before, element))

    def as_json(self) -> dict[str, Any]:
        """FieldsV1."""
        found: dict[str, Any] = {}
        for element in sorted(self.members | self.children.keys()):
            child = self.children.get(element)
            inside = child.as_json() if child else {}
            if inside and element in self.members:
                inside = {".": {}, **inside}
            if inside or element in self.members:
                found[element] = inside
        return found

    @classmethod
    def from_json(cls, value: Any) -> FieldSet:
        """Of FieldsV1. Raises ValueError for what is none."""
        if not isinstance(value, dict):
            raise ValueError("fieldsV1 holds objects only")
        made = cls()
        for element, inside in value.items():
            if element == ".":
                continue
            if element[:2] not in ("f:", "k:", "v:", "i:") or not isinstance(inside, dict):
                raise ValueError(f"{element!r} is no path element of fieldsV1")
            if not inside or "." in inside:
                made.members.add(element)
            child = cls.from_json(inside)
            if child:
                made.children[element] = child
        return made


EMPTY = FieldSet()


def field(name: str) -> str:
    return f"f:{name}"


def written(element: str) -> str:
    """An element as messages have it: `.name`, `[name="p1"]`, `[="a"]`, `[0]`."""
    kind, rest = element[:2], element[2:]
    if kind == "f:":
        return f".{rest}"
    if kind == "k:":
        keys: dict[str, Any] = orjson.loads(rest)
        return "[" + ",".join(f"{name}={orjson.dumps(value).decode()}" for name, value in keys.items()) + "]"
    return f"[={rest}]" if kind == "v:" else f"[{rest}]"


def shown(path: Path) -> str:
    """A path as messages have it: `.spec.parts[name="p1"].count`."""
    return "".join(map(written, path))
