"""What becomes of one node of Node-RED."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from weirflow.flowfile.nodered.cleaned import Node
from weirflow.flowfile.nodered.message import PASSED, Sent

#: The input that a wire leads to and its mapping, made of what the source sends.
Inlet: TypeAlias = Callable[[Sent], tuple[str, dict[str, Any]]]
Properties: TypeAlias = frozenset[str]


@dataclass(slots=True)
class Converted:
    """`outlets` are the output ports in Node-RED's order, each with what it sends. `inlet` None: nothing leads to it.
    `lost` says what of the node has no counterpart."""

    component: str
    settings: dict[str, Any] = field(default_factory=dict)
    inlet: Inlet | None = None
    outlets: list[tuple[str, Sent]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    placeholder: bool = False


#: Makes it, or answers in words why it cannot.
Converter: TypeAlias = Callable[[Node, Properties], Converted | str]

_LARGEST = 2.0**53
PLACEHOLDERS = "node-red"
"""The module of what could not be mapped: nobody offers it."""


def placeholder(node: Node, names: Properties, why: str) -> Converted:
    """A node of a component that nobody offers, with the original as its settings: if ever a module `node-red` does, it
    works by itself."""
    count = max(1, len(node.get("wires") or []))
    ports = ["out" if at == 0 else f"out-{at + 1}" for at in range(count)]
    kind = "".join(letter if letter.isalnum() else "-" for letter in str(node.get("type", "")).lower()).strip("-")
    original = {key: value for key, value in node.items() if key not in ("id", "z", "x", "y", "wires", "g")}
    return Converted(
        f"{PLACEHOLDERS}/{(kind or 'node')[:63]}",
        {"original": original},
        lambda sent: ("in", sent.all(names)),
        [(port, PASSED) for port in ports],
        [why],
        placeholder=True,
    )


def text_of(node: Node, key: str) -> str:
    """A text of the node; empty where there is none."""
    value = node.get(key)
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def number_of(node: Node, key: str) -> float:
    """Node-RED keeps numbers as texts; 0 where there is none, or none that can be counted to."""
    try:
        number = float(text_of(node, key) or 0)
    except ValueError:
        return 0.0
    return number if abs(number) < _LARGEST else 0.0
