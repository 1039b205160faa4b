"""How a command ends that did not do what it was asked: a text that says what to do, a code, an exit code."""

from __future__ import annotations

from enum import IntEnum
from typing import Any


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


class NobodyReads(Exception):
    """Standard output was closed, as by `| head`: whoever read the answer has seen enough. No ``OSError``, which would
    be taken for one of the cluster's."""


class Failure(Exception):
    """Ends a command. ``code`` is snake_case and stable; ``more`` stands beside them in the JSON form."""

    def __init__(self, message: str, *, code: str, exit: Exit = Exit.WRONG, **more: Any) -> None:
        super().__init__(message)
        self.message, self.code, self.exit = message, code, exit
        self.more = {key: value for key, value in more.items() if value not in (None, [], ())}

    def to_json(self) -> dict[str, Any]:
        """What a program reads: ``{"error": {"code", "message", "exit", ...}}``."""
        return {"error": {"code": self.code, "message": self.message, "exit": int(self.exit), **self.more}}
