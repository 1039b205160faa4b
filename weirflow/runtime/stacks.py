"""Where in a component's code a message failed: kept for the author of the component, told only when asked for."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from weirflow.errors import Fail, problem_of
from weirflow.runtime.concealing import NOTHING, Concealer
from weirflow.runtime.redaction import redact_text

log = logging.getLogger(__name__)

#: Characters of a stack that are kept, and calls of it.
STACK_CHARACTERS = 16_384
_CALLS = 40
#: Characters of what an error says of itself, and of a line of code: an error may say megabytes.
_SAID, _LINE = 4_000, 400
#: Writing a stack down takes a fraction of a millisecond: of a row of failing messages only so often.
_PAUSE_SECONDS = 1.0

_OWN = Path(__file__).resolve().parents[1]


class LastStack:
    """Of one node. Holds text only: an exception would keep the messages alive that were on its way."""

    __slots__ = ("_due", "_told")

    def __init__(self) -> None:
        self._due = 0.0
        self._told: dict[str, Any] | None = None

    def take(self, error: BaseException, concealer: Concealer = NOTHING) -> None:
        """``error`` is shown at the node: keep where it came from, if it came from a component's code."""
        now = time.monotonic()
        if now < self._due:
            return
        if text := stack_text(error, concealer):
            self._due = now + _PAUSE_SECONDS
            problem = problem_of(error)
            said = concealer.text(problem.message)
            self._told = {"code": problem.code, "message": said, "at": int(time.time() * 1000), "text": text}
            # For who serves the component by hand, and sits before it.
            log.debug("%s", text)

    def to_json(self) -> dict[str, Any] | None:
        """``{code, message, at: unix ms, text}``; None while nothing failed in the component's code."""
        return self._told


def stack_text(error: BaseException, concealer: Concealer = NOTHING) -> str:
    """The calls of ``error`` outside the runtime, and what it says; empty if it was raised by the runtime itself.
    Without values that look like secrets, at most ``STACK_CHARACTERS``: the end, which says most."""
    root = error.__cause__ if isinstance(error, Fail) and error.__cause__ is not None else error
    lines: list[str] = []
    one: BaseException | None = root
    seen: set[int] = set()
    while one is not None and id(one) not in seen and len(lines) < 4 * _CALLS:
        seen.add(id(one))
        calls = [call for call in traceback.extract_tb(one.__traceback__) if not _is_own(call.filename)]
        if calls:
            block = ["Traceback (most recent call last):\n", *map(_call_text, calls[-_CALLS:])]
            said = concealer.beginning("".join(traceback.format_exception_only(one)), 2 * _SAID)
            # From its beginning on: without the name before it, a secret is not known as one.
            said = said if len(said) <= _SAID else f"{said[:_SAID]}…\n"
            lines = [*block, said, *(["\n"] if lines else []), *lines]
        one = one.__cause__
    return redact_text(concealer.text("".join(lines)))[-STACK_CHARACTERS:].strip()


def _is_own(filename: str) -> bool:
    return filename.startswith("<") or Path(filename).is_relative_to(_OWN)


def _call_text(call: traceback.FrameSummary) -> str:
    line = f"    {call.line[:_LINE]}\n" if call.line else ""
    return f'  File "{_short(call.filename)}", line {call.lineno}, in {call.name}\n{line}'


def _short(filename: str) -> str:
    """The file as its package names it: where a machine keeps its files is nobody's business."""
    path = Path(filename)
    roots = sorted((Path(entry).resolve() for entry in sys.path if entry), key=lambda root: len(root.parts))
    inside = [path.relative_to(root) for root in [*roots, Path.cwd()] if path.is_relative_to(root)]
    return str(min(inside, key=lambda name: len(name.parts))) if inside else path.name
