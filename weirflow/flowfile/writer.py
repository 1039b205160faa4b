"""JSON values as YAML for people and for git: what is short stands on one line, texts of several lines as such."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from weirflow.flowfile.scalars import LONG_KEY, block, scalar, text

WIDTH = 100
"""Characters of a line up to which objects and lists stand on it."""


class Writer:
    """Collects lines. Depth is in levels of two blanks."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        #: Keys that come before all others, in this order.
        self.first: dict[str, int] = {}

    def entry(self, key: str, value: Any, depth: int, *, ordered: bool = False) -> None:
        """`key: value`. Keys within are sorted, unless their order says something (`ordered`)."""
        pad = "  " * depth
        name = _key(key)
        if len(name) > LONG_KEY:
            self.lines.append(f"{pad}? {name}")
            self._value(f"{pad}:", value, depth, ordered)
        else:
            self._value(f"{pad}{name}:", value, depth, ordered)

    def items(self, values: Iterable[Any], depth: int, *, ordered: bool = False) -> None:
        """Each value behind a dash."""
        pad = "  " * depth
        for value in values:
            if isinstance(value, dict) and value and self._short(value, WIDTH - 2 * depth - 2, ordered) is None:
                start = len(self.lines)
                self.fields(value, depth + 1, ordered=ordered)
                self.lines[start] = f"{pad}- {self.lines[start].lstrip(' ')}"
            else:
                self._value(f"{pad}-", value, depth, ordered)

    def fields(self, value: dict[str, Any], depth: int, *, ordered: bool = False) -> None:
        """The entries of an object."""
        for key in self._keys(value, ordered):
            self.entry(key, value[key], depth, ordered=ordered)

    def _value(self, head: str, value: Any, depth: int, ordered: bool) -> None:
        if isinstance(value, str):
            lines = block(value, "  " * (depth + 1)) if "\n" in value else None
            if lines is None:
                self.lines.append(f"{head} {text(value)}")
            else:
                self.lines.append(f"{head} {lines[0]}")
                self.lines += lines[1:]
            return
        if not isinstance(value, dict | list):
            self.lines.append(f"{head} {scalar(value)}")
            return
        short = self._short(value, WIDTH - len(head) - 1, ordered)
        if short is not None:
            self.lines.append(f"{head} {short}")
            return
        self.lines.append(head)
        if isinstance(value, dict):
            self.fields(value, depth + 1, ordered=ordered)
        else:
            self.items(value, depth + 1, ordered=ordered)

    def _short(self, value: Any, room: int, ordered: bool) -> str | None:
        """The value on one line of at most `room` characters; None: no room, or a text of lines."""
        if isinstance(value, dict):
            parts, room = [], room - 2
            for key in self._keys(value, ordered):
                name = _key(key)
                room -= len(name) + 4
                found = self._short(value[key], room, ordered) if room > 0 else None
                if found is None:
                    return None
                room -= len(found)
                parts.append(f"{name}: {found}")
            return "{" + ", ".join(parts) + "}"
        if isinstance(value, list):
            parts, room = [], room - 2
            for item in value:
                found = self._short(item, room, ordered) if room > 0 else None
                if found is None:
                    return None
                room -= len(found) + 2
                parts.append(found)
            return "[" + ", ".join(parts) + "]"
        if isinstance(value, str):
            if len(value) > room or "\n" in value:
                return None
            written = text(value)
        else:
            written = scalar(value)
        return written if len(written) <= room else None

    def _keys(self, value: dict[str, Any], ordered: bool) -> Iterable[str]:
        if ordered:
            return value
        if not self.first:
            return sorted(value)
        last = len(self.first)
        return sorted(value, key=lambda key: (self.first.get(key, last), key))


@lru_cache(maxsize=4_096)
def _key(key: str) -> str:
    """The same few hundred names stand in a file again and again."""
    return text(key)
