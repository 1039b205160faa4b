"""What a node and an edge look like now, and which of them somebody watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from weirflow.errors import JSON
from weirflow.looks import LIVE_LENGTH
from weirflow.runtime.concealing import Concealer, Concealers
from weirflow.runtime.edges import Edge
from weirflow.runtime.node import Node
from weirflow.runtime.redaction import redact_message
from weirflow.runtime.shown import presentable
from weirflow.spec import RECONCILE_PORT

_LAST_BYTES = 4096


class Telemetry:
    """The host's nodes as the link's readers see them. Nothing is computed for what nobody watches."""

    def __init__(self, nodes: Mapping[str, Node], concealers: Concealers | None = None) -> None:
        self.nodes = nodes
        self.concealers = concealers or Concealers()
        self._watchers: list[tuple[frozenset[str], Callable[[str], None]]] = []

    def watch(self, names: frozenset[str], touched: Callable[[str], None]) -> None:
        """Call ``touched`` with the name of each watched node that changes; replaces what it watched before."""
        self._watchers = [(n, t) for n, t in self._watchers if t != touched]
        if names:
            self._watchers.append((names, touched))
        for node in self.nodes.values():
            self.attach(node)

    def attach(self, node: Node) -> None:
        """Tell the watchers of ``node`` about its changes from now on; to be called again when its edges change."""
        watchers = [touched for names, touched in self._watchers if node.name in names]
        if not watchers:
            touch = None
        elif len(watchers) == 1:
            only, name = watchers[0], node.name
            touch = lambda: only(name)  # noqa: E731 the hot path has no room for another frame
        else:
            touch = lambda: [touched(node.name) for touched in watchers]  # type: ignore[assignment]  # noqa: E731
        node.stats.touch = touch
        for edge in node.edges.values():
            edge.stats.watch(touch)
        if touch is not None:
            touch()

    def node_live(self, name: str) -> dict[str, Any] | None:
        """The NodeLive of a node, ``last`` excepted; ``None`` if it is not here."""
        node = self.nodes.get(name)
        if node is None:
            return None
        problem, hidden = node.problem, node.concealer
        stats = node.stats.live(time.monotonic())
        stats["waiting"] = _waiting(node)
        live: dict[str, Any] = {
            "state": _state(node),
            "error": hidden.problem(problem.to_json()) if problem is not None else None,
            "value": "",
            "stats": stats,
        }
        if _is_local(node):
            live["local"] = True
        if node.instance is not None:
            value = node.instance.live_value()
            live["value"] = hidden.text(value, cut=len(value) >= LIVE_LENGTH)
            port = node.ports.get("_control")
            if port is not None:
                live["control"] = presentable(node.instance.control_values(), port.schema, hidden)
        return live

    def edges_live(self, name: str) -> dict[str, dict[str, Any]]:
        """The EdgeLive of each edge that leaves the node, by edge id."""
        node = self.nodes.get(name)
        if node is None:
            return {}
        now, hidden = time.monotonic(), node.concealer
        return {
            edge.id: {
                **edge.stats.live(now),
                "queued": _queued(edge, node),
                "error": hidden.problem(shown.to_json())
                if (shown := edge.problem or edge.stats.problem) is not None
                else None,
            }
            for edge in node.edges.values()
        }

    def inspection(self, name: str) -> dict[str, Any]:
        """The newest message of each port, redacted and cut (``last``), when it came (``last_at``, ms of the host's own
        clock), and how many of the last messages took how long (``latency``; see ``Latency.coarse``)."""
        node = self.nodes.get(name)
        if node is None:
            return {}
        last = node.stats.last
        return {
            "last": {port: node_message(node, port, message, node.concealer) for port, (_, message) in last.items()},
            "last_at": {port: int(at * 1000) for port, (at, _) in last.items()},
            "latency": node.stats.latency.coarse(time.monotonic()),
        }


def node_message(node: Node | None, port: str, message: JSON, concealer: Concealer) -> JSON:
    """A message of one of the node's ports, as people may see it: redacted and cut. ``node`` may be elsewhere, or gone;
    ``concealer`` is that of its project."""
    known = node.ports.get(port) if node is not None else None
    return redact_message(message, _LAST_BYTES, known.schema if known is not None else None, concealer)


def _queued(edge: Edge, source: Node) -> int:
    """How many of the edge's messages may be waiting at its end instead of being worked on: for the target's state, for
    whoever shall lead it, or for a place to another host. Looked up, not counted: messages must not pay for it."""
    under_way = edge.stats.in_flight
    if under_way <= 0:
        return 0
    if edge.elsewhere:
        return min(under_way, source.shared.messages.window.waiting)
    target = edge.node
    if target is None:
        return 0
    if edge.target_port in target.leader_ports and not _is_led(target):
        return under_way
    return min(under_way, _waiting(target))


def _waiting(node: Node) -> int:
    """Messages here that wait for the node's state: for changes before theirs, or for their own to be stored."""
    store = node.instance.stored_state if node.instance is not None else None
    return store.queued + store.unstored if store is not None else 0


def _is_led(node: Node) -> bool:
    """Whether anybody leads the node's module now, as far as this host knows."""
    return node.lease.is_leader or node.shared.forwarding.knows_leader(node.module.name)


def _is_local(node: Node) -> bool:
    """Whether each replica has a value of its own to show: they keep no state in common and handle messages each by
    itself, as those of a node that shows what reaches it."""
    spec = node.spec
    if spec is None or spec.state is not None or node.leader_ports or RECONCILE_PORT in node.ports:
        return False
    return not spec.is_source or spec.runs_on == "every"


def _state(node: Node) -> str:
    if node.problem is not None:
        return "error"
    if node.stats.in_flight:
        return "working"
    return "running" if node.started_epoch else "idle"
