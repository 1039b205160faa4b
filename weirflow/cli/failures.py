"""How a command ends that did not do what it was asked: a text that says what to do, a code, an exit code."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

ALIKE = 0.6
"""How much of two names has to be the same for one to be meant by the other."""
INSIDE = 0.8
"""What it counts for that one name stands in the other."""


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    DONE = 0
    WRONG = 1
    """What was looked at is not right: faults were found, a test or a press failed."""
    USAGE = 2
    """The command line, or a file or value it names, cannot be understood."""
    UNREACHABLE = 3
    """The cluster or the server does not answer, or none is named."""
    REFUSED = 4
    """Not signed in, or not allowed to."""
    MISSING = 5
    """There is no such node, component, flow or file."""
    IN_THE_WAY = 6
    """Something exists already, or was changed meanwhile."""
    DEFECT = 70
    """A fault of the command itself."""
    INTERRUPTED = 130
    """Ctrl-C."""


class Failure(Exception):
    """Ends a command. ``code`` is snake_case and stable; ``more`` stands beside them in the JSON form."""

    def __init__(self, message: str, *, code: str, exit: Exit = Exit.WRONG, **more: Any) -> None:
        super().__init__(message)
        self.message, self.code, self.exit = message, code, exit
        self.more = {key: value for key, value in more.items() if value not in (None, [], ())}

    def to_json(self) -> dict[str, Any]:
        """What a program reads: ``{"error": {"code", "message", "exit", ...}}``."""
        return {"error": {"code": self.code, "message": self.message, "exit": int(self.exit), **self.more}}


def similar(wanted: str, known: list[str] | tuple[str, ...]) -> list[str]:
    """Up to three of ``known`` that were perhaps meant, the likeliest first."""
    from difflib import SequenceMatcher

    fold = wanted.casefold()

    def likeness(name: str) -> float:
        ratio = SequenceMatcher(None, fold, name.casefold()).ratio()
        return max(ratio, INSIDE) if fold and fold in name.casefold() else ratio

    found = sorted(((likeness(name), name) for name in known), key=lambda pair: -pair[0])
    return [name for score, name in found if score >= ALIKE][:3]


def perhaps(names: list[str]) -> str:
    """`; did you mean a, b?`, or nothing."""
    return f"; did you mean {' or '.join(names)}?" if names else ""
