"""Reading values of a file by their kind, and noting what does not fit instead of stopping at it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from weirflow.flowfile.document import Place
from weirflow.flowfile.faults import Fault, Path
from weirflow.flowfile.limits import MAX_COORDINATE, MAX_FAULTS, MAX_FRAME, MIN_FRAME


class TooManyFaults(Exception):
    """Enough has been noted."""


class Checks:
    """Collects faults; every reader answers something of the right kind, so that reading goes on."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def note(self, path: Path, message: str) -> None:
        """Raises TooManyFaults once there are MAX_FAULTS."""
        self.faults.append(Fault(message, path))
        if len(self.faults) >= MAX_FAULTS:
            raise TooManyFaults

    def mapping(self, value: Any, path: Path) -> dict[str, Any]:
        """An object; absent (null) is an empty one."""
        if isinstance(value, dict):
            return value
        if value is not None:
            self.note(path, f"this has to be an object of keys and values, not {_kind(value)}")
        return {}

    def items(self, value: Any, path: Path) -> list[Any]:
        """A list; absent (null) is an empty one."""
        if isinstance(value, list):
            return value
        if value is not None:
            self.note(path, f"this has to be a list, not {_kind(value)}")
        return []

    def known(self, value: Mapping[str, Any], path: Path, keys: Collection[str]) -> None:
        """Refuses keys that mean nothing here: a misspelt one would be lost without a word."""
        for key in value:
            if key not in keys:
                near = min(keys, key=lambda one: _distance(one, key), default="")
                hint = f"; is it {near}?" if near and _distance(near, key) < 3 else f" (there are {', '.join(keys)})"
                self.note((*path, key), f"there is no {key} here{hint}")

    def text(self, value: Any, path: Path, longest: int, default: str = "") -> str:
        if value is None:
            return default
        if not isinstance(value, str):
            self.note(path, f"this has to be a text, not {_kind(value)}: put it in quotation marks")
            return default
        if len(value) > longest:
            self.note(path, f"this has {len(value):,} characters, and may have {longest:,}")
            return default
        return value

    def needed(self, value: Any, path: Path, longest: int) -> str:
        """A text that may not be left out."""
        text = self.text(value, path, longest)
        if not text.strip() and (value is None or isinstance(value, str)):
            self.note(path, "this is missing or empty")
        return text

    def one_of(self, value: Any, path: Path, choices: Collection[str], default: str) -> str:
        if value is None:
            return default
        if value not in choices:
            self.note(path, f"this is one of {', '.join(choices)}")
            return default
        return str(value)

    def flag(self, value: Any, path: Path) -> bool:
        if value is not None and not isinstance(value, bool):
            self.note(path, f"this is true or false, not {_kind(value)}")
        return value is True

    def whole(self, value: Any, path: Path, least: int, most: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.note(path, f"this has to be a whole number from {least:,} to {most:,}")
            return least
        return value

    def place(self, value: Any, path: Path) -> Place:
        """`[x, y]`; absent: the origin."""
        if value is None:
            return (0, 0)
        return self.pair(value, path, -MAX_COORDINATE, MAX_COORDINATE)

    def size(self, value: Any, path: Path, default: Place) -> Place:
        """`[width, height]`."""
        return default if value is None else self.pair(value, path, MIN_FRAME, MAX_FRAME)

    def pair(self, value: Any, path: Path, least: int, most: int) -> Place:
        if not isinstance(value, list) or len(value) != 2:
            self.note(path, "this has to be two whole numbers: [x, y]")
            return (least, least)
        return self.whole(value[0], (*path, 0), least, most), self.whole(value[1], (*path, 1), least, most)


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return "null"


def _distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out or replaced; at most 3 is told apart."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row = [at]
        for place, another in enumerate(other, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != another)))
        before = row
    return min(before[-1], 3)
