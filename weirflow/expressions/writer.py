"""Writing Python, line by line. See `generated` for what may stand in the lines.

Every operation leaves its result in a name; `at` holds the number of the site, so that one handler around all of it can
say where a refusal came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from weirflow.expressions.generated import Site


@dataclass(frozen=True, slots=True)
class Value:
    """A result: the name that holds it, and its kind where that is known beforehand."""

    name: str
    kind: str | None = None
    plain_text: bool = False
    """A text that is neither a duration nor a time, so that `+` only joins it."""


@dataclass(slots=True)
class Program:
    """What all functions of one program share."""

    constants: list[Any] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    functions: list[list[str]] = field(default_factory=list)
    path: str = ""
    expression: str = ""

    def bind(self, value: Any) -> str:
        """The name of a constant."""
        self.constants.append(value)
        return f"k{len(self.constants) - 1}"


class Writer:
    """One function while it is written. `inner`: of a filter or a computed key; `current` is the name of `@`."""

    def __init__(self, program: Program, *, inner: bool) -> None:
        self.program = program
        self.inner = inner
        self.current = "c" if inner else "m"
        self.lines: list[str] = []
        self.refuses = False
        self.pays = False
        self._indent = 0
        self._names = 0

    def line(self, text: str) -> None:
        self.lines.append(" " * self._indent + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        self.line(head)
        self._indent += 1
        yield
        self._indent -= 1

    def name(self) -> str:
        self._names += 1
        return f"v{self._names}"

    def let(self, code: str, kind: str | None = None) -> Value:
        name = self.name()
        self.line(f"{name} = {code}")
        return Value(name, kind)

    def may_refuse(self, position: int) -> None:
        """What follows may raise `Refusal`, for the operation at this character."""
        self.refuses = True
        self.program.sites.append((self.program.path, self.program.expression, position))
        self.line(f"at = {len(self.program.sites) - 1}")

    @property
    def work(self) -> str:
        self.pays = True
        return "w"

    def finish(self, head: str, result: str) -> list[str]:
        """The lines of the whole function."""
        start = ["w = [STEPS]"] if self.pays and not self.inner else []
        if not self.refuses:
            return [head, *(f" {line}" for line in (*start, *self.lines, f"return {result}"))]
        sites = self.program.bind(self.program.sites)
        inside = [f"  {line}" for line in (*self.lines, f"return {result}")]
        handler = [" except Refusal as refusal:", f"  raise failed({sites}, at, refusal) from None"]
        return [head, *(f" {line}" for line in start), " try:", *inside, *handler]
