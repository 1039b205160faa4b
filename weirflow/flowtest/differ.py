"""Partial equality: what is named must be equal, what is not named is free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from weirflow.errors import JSON
from weirflow.json_bytes import json_bytes

#: Differences of one message that are told, and bytes of a value in one.
MOST_DIFFERENCES, SHOWN = 50, 2_000

_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """At ``pointer`` (a JSON pointer into the message) stands ``came`` and not ``expected``; ``missing``: nothing."""

    pointer: str
    expected: JSON
    came: JSON = None
    missing: bool = False

    def to_json(self) -> dict[str, JSON]:
        """``{pointer, expected, came}``, without ``came`` where there is nothing."""
        found: dict[str, JSON] = {"pointer": self.pointer, "expected": shown(self.expected)}
        return found if self.missing else {**found, "came": shown(self.came)}


def shown(value: JSON, most: int = SHOWN) -> JSON:
    """The value, or in the place of one of more than so many bytes how large it is."""
    try:
        size = len(json_bytes(value))
    except (TypeError, ValueError, RecursionError):
        return "… what is no JSON"
    return value if size <= most else f"… {size:,} bytes of JSON"


def differences(expected: JSON, came: JSON) -> list[Difference]:
    """What keeps ``came`` from being as ``expected`` says; empty when nothing does.

    Objects may have more keys than are named, lists have the same length. 1 and 1.0 are equal, 1 and true are not.
    """
    found: list[Difference] = []
    _compare("", expected, came, found)
    return found


def _compare(pointer: str, expected: JSON, came: JSON, found: list[Difference]) -> None:
    if len(found) >= MOST_DIFFERENCES:
        return
    if came is _MISSING:
        found.append(Difference(pointer, expected, missing=True))
    elif isinstance(expected, dict) and isinstance(came, dict):
        for key, value in expected.items():
            _compare(f"{pointer}/{escaped(key)}", value, came.get(key, _MISSING), found)
    elif isinstance(expected, list) and isinstance(came, list):
        if len(expected) != len(came):
            found.append(Difference(pointer, expected, came))
        else:
            for index, (one, other) in enumerate(zip(expected, came, strict=True)):
                _compare(f"{pointer}/{index}", one, other, found)
    elif not _equal(expected, came):
        found.append(Difference(pointer, expected, came))


def _equal(expected: JSON, came: JSON) -> bool:
    return isinstance(expected, bool) == isinstance(came, bool) and bool(expected == came)


def escaped(key: object) -> str:
    """A key as a part of a JSON pointer."""
    return str(key).replace("~", "~0").replace("/", "~1")
