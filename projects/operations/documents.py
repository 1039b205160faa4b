"""Setting and removing fields of a settings document by path, without touching what stands beside them.

Documents are never changed in place: the containers along the path are copied, the rest is shared.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

Path = Sequence[str | int]


class Absent:
    """The value of a field that is not there (None is JSON's null)."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


class PathError(Exception):
    """The path leads through something that has no such place; `depth` is the index of the step that fails."""

    def __init__(self, message: str, depth: int) -> None:
        super().__init__(message)
        self.depth = depth


@dataclass(frozen=True, slots=True)
class Edit:
    """One field replaced: `path` now holds `value` and held `before`; either may be ABSENT."""

    document: dict[str, Any]
    path: tuple[str | int, ...]
    value: Any
    before: Any


def same(one: Any, other: Any) -> bool:
    """Equality of JSON values: unlike Python's, true is not 1 and 1.0 is not 1."""
    if one is ABSENT or other is ABSENT:
        return one is other
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def pointer(path: Iterable[str | int]) -> str:
    """The path as a JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def value_at(document: Any, path: Path) -> Any:
    """The value at the path, or ABSENT."""
    for step in path:
        match document, step:
            case dict(), str() if step in document:
                document = document[step]
            case list(), int() if step < len(document):
                document = document[step]
            case _:
                return ABSENT
    return document


def set_at(document: dict[str, Any], path: Path, value: Any) -> Edit:
    """Sets (or, with ABSENT, removes) the field at `path`.

    The edit that comes back may stand higher than asked, so that taking it back is always "restore this one field":
    containers missing on the way are part of the value set at the first missing one, and what changes the length of a
    list sets the whole list. Raises PathError.
    """
    for depth in range(len(path)):
        container, step = value_at(document, path[:depth]), path[depth]
        last = depth == len(path) - 1
        if isinstance(container, dict) and isinstance(step, str):
            current = container.get(step, ABSENT)
            if value is ABSENT and (last or current is ABSENT or current is None):
                return _replaced(document, path[: depth + 1], ABSENT if last else current)
            if last or current is ABSENT or current is None:
                return _replaced(document, path[: depth + 1], _nested(path, depth + 1, value))
        elif isinstance(container, list) and isinstance(step, int):
            if step > len(container) or (step == len(container) and value is ABSENT):
                raise PathError(f"the list has {len(container)} items", depth)
            if value is ABSENT and last:
                return _replaced(document, path[:depth], container[:step] + container[step + 1 :])
            if step == len(container):
                return _replaced(document, path[:depth], [*container, _nested(path, depth + 1, value)])
            if last:
                return _replaced(document, path, value)
        else:
            kind = "a name" if isinstance(step, str) else "a number"
            raise PathError(f"{kind} cannot lead into this value", depth)
    raise PathError("the path is empty", 0)


def _nested(path: Path, depth: int, value: Any) -> Any:
    """`value` inside new containers for the steps of the path from `depth` on."""
    for index in range(len(path) - 1, depth - 1, -1):
        step = path[index]
        if isinstance(step, str):
            value = {step: value}
        elif step == 0:
            value = [value]
        else:
            raise PathError("the list is new and starts at 0", index)
    return value


def _replaced(document: dict[str, Any], path: Path, value: Any) -> Edit:
    before = value_at(document, path)
    return Edit(_copied(document, path, value), tuple(path), value, before)


def _copied(container: Any, path: Path, value: Any) -> Any:
    step, rest = path[0], path[1:]
    copy = container.copy()
    if rest:
        copy[step] = _copied(container[step], rest, value)
    elif value is ABSENT:
        copy.pop(step, None)
    else:
        copy[step] = value
    return copy
