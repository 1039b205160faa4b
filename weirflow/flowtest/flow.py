"""The flow that is tested, as the flow file has it: nodes by name and the wires between their ports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from weirflow.errors import JSON

#: A larger flow is not taken apart for a test.
MOST_NODES, MOST_WIRES = 20_000, 60_000
#: Of a wire, what rides on its edge.
_OPTIONS = ("timeoutMs", "retryPolicy")


class NotAFlow(ValueError):
    """What was given is no flow; the text says where, and what should stand there."""


@dataclass(frozen=True, slots=True)
class PortAddress:
    """A port of a node, by the names of the flow file. Written ``node.port``; a node's name has no dot."""

    node: str
    port: str

    @classmethod
    def read(cls, text: str) -> PortAddress:
        """Read ``node.port``. Raises ``NotAFlow``."""
        node, dot, port = text.partition(".")
        if not (node and dot and port):
            raise NotAFlow(f"{text!r} names no port; write node.port, such as every-morning.tick")
        return cls(node, port)

    def __str__(self) -> str:
        return f"{self.node}.{self.port}"


@dataclass(frozen=True, slots=True)
class TestedNode:
    """``component`` is that of ``module``. ``title`` is what people call the node, where its name is none for them."""

    __test__ = False

    name: str
    module: str
    component: str
    settings: JSON = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class TestedWire:
    """``options`` is what rides on the edge of a TinyNode: ``timeoutMs``, ``retryPolicy``."""

    __test__ = False

    id: str
    source: PortAddress
    target: PortAddress
    mapping: JSON = None
    options: dict[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TestedFlow:
    """``scenarios`` are samples by name: what outputs, written ``node.port``, have sent once."""

    __test__ = False

    nodes: dict[str, TestedNode]
    wires: tuple[TestedWire, ...]
    scenarios: dict[str, dict[str, JSON]] = field(default_factory=dict)


def read_flow(data: Any) -> TestedFlow:
    """The flow in a file, as parsed: ``nodes``, ``wires`` and, optionally, ``scenarios``; other keys are left alone.

    A wire has an ``id`` where its results are to be told by it, else ``from -> to``. Raises ``NotAFlow``.
    """
    if not isinstance(data, dict):
        raise NotAFlow("a flow is an object with `nodes` and `wires`")
    nodes = data.get("nodes") or {}
    wires = data.get("wires") or []
    if not isinstance(nodes, dict) or not isinstance(wires, list):
        raise NotAFlow("`nodes` is an object by name and `wires` a list")
    if len(nodes) > MOST_NODES or len(wires) > MOST_WIRES:
        raise NotAFlow(f"a flow under test has at most {MOST_NODES:,} nodes and {MOST_WIRES:,} wires")
    known = {str(name): _node(str(name), entry) for name, entry in nodes.items()}
    return TestedFlow(
        known,
        tuple(_wire(index, entry, known) for index, entry in enumerate(wires)),
        _scenarios(data.get("scenarios")),
    )


def _node(name: str, entry: Any) -> TestedNode:
    component = entry.get("component") if isinstance(entry, dict) else None
    module, slash, kind = str(component or "").rpartition("/")
    if not (module and slash and kind):
        raise NotAFlow(f"nodes/{name}: `component` is module/component, such as common-v1/router")
    return TestedNode(name, module, kind, entry.get("settings"), str(entry.get("title") or ""))


def _wire(index: int, entry: Any, nodes: dict[str, TestedNode]) -> TestedWire:
    if not isinstance(entry, dict):
        raise NotAFlow(f"wires/{index}: a wire is an object with `from` and `to`")
    try:
        source, target = (PortAddress.read(str(entry.get(end) or "")) for end in ("from", "to"))
    except NotAFlow as error:
        raise NotAFlow(f"wires/{index}: {error}") from None
    for end in (source, target):
        if end.node not in nodes:
            raise NotAFlow(f"wires/{index}: there is no node {end.node}")
    options = {key: entry[key] for key in _OPTIONS if entry.get(key) is not None}
    return TestedWire(
        str(entry.get("id") or f"{source} -> {target}"), source, target, entry.get("mapping") or {}, options
    )


def _scenarios(data: Any) -> dict[str, dict[str, JSON]]:
    """By name, an object of ``node.port`` and message each."""
    if not isinstance(data, dict):
        return {}
    return {str(name): dict(ports) for name, ports in data.items() if isinstance(ports, dict)}
