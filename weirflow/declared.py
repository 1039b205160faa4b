"""Where an author has declared something, and the error that says that it cannot be so."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any


class Misdeclared(TypeError):
    """A declaration that cannot be as it is. It stands at ``file`` and ``line`` (from 1); "" and 0: unknown."""

    def __init__(self, text: str, thing: type[Any] | Callable[..., Any], name: str = "") -> None:
        super().__init__(text)
        self.file, self.line = place_of(thing, name)


def place_of(thing: type[Any] | Callable[..., Any], name: str = "") -> tuple[str, int]:
    """File and line of a class or a function, or of what is called ``name`` in a class; "" and 0 where unknown."""
    try:
        lines, first = inspect.getsourcelines(thing)
        file = inspect.getsourcefile(thing) or ""
    except (OSError, TypeError):
        return "", 0
    named = re.compile(rf"\s+{re.escape(name)}\s*[:=]") if name else None
    # Decorators stand above what they are for.
    starts = re.compile(r"\s*(class|def|async\s+def)\s")
    looked_for = named or starts
    return file, first + next((at for at, line in enumerate(lines) if looked_for.match(line)), 0)
