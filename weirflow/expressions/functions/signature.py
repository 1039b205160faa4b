"""What is known of a function before it is called: for the parser, the code generator, the analysis and the editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from weirflow.errors import JSON

ANY: frozenset[str] = frozenset()
TEXT = frozenset({"text"})
NUMBER = frozenset({"number"})
BOOLEAN = frozenset({"boolean"})
LIST = frozenset({"list"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kinds` it takes (those of `values.KINDS`), empty for any. `nullable`: a null makes the whole call null."""

    name: str
    kinds: frozenset[str] = ANY
    optional: bool = False
    nullable: bool = False

    @property
    def wanted(self) -> str:
        """Its kinds in words."""
        articles = {"object": "an object"}
        return " or ".join(articles.get(kind, f"a {kind}") for kind in sorted(self.kinds)) or "any value"


@dataclass(frozen=True, slots=True)
class Function:
    """`call` gets the arguments, then the steps left where `costly`; it raises `Refusal`. `result`: the kinds it gives.

    `takes_matches`: a path that may find several values is given as the list of them, even if it finds one.
    `takes_path`: the argument is a path, and the function asks where what it finds stands.
    `pure`: equal arguments give equal results, whatever the message.
    """

    shown: str
    parameters: tuple[Parameter, ...]
    result: frozenset[str]
    doc: str
    call: Callable[..., JSON]
    example: str = ""
    costly: bool = False
    takes_matches: bool = False
    takes_path: bool = False
    pure: bool = True
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.shown.lower())

    @property
    def signature(self) -> str:
        """`substr(text, start, [length])`"""
        names = (f"[{each.name}]" if each.optional else each.name for each in self.parameters)
        return f"{self.shown}({', '.join(names)})"
