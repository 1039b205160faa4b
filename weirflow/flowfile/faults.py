"""What is wrong with a flow file: where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

#: The way to a value: keys of objects and places in lists, from the top of the file.
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` counts from 1, and is 0 where nobody knows; `path` is empty for the file as a whole."""

    message: str
    path: Path = ()
    line: int = 0

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else ""
        place = shown(self.path)
        told = f"{where} ({place})" if where and place else where or place
        return f"{told}: {self.message}" if told else self.message


class FlowFileError(Exception):
    """A file that cannot be read, with what is wrong with it, from its top down, as far as it was looked at."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def shown(path: Path) -> str:
    """`nodes.post.settings.headers[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
