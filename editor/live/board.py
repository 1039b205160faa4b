"""All open flows of this process: finds the flow of a node or an edge, and feeds it what comes in."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from editor.cluster.hosts import Hosts
from editor.cluster.modules import Modules
from editor.cluster.observed import ObservedNode
from editor.live.flow import LiveFlow
from editor.live.rows import Opened
from editor.push.rows import RowFacts

Find = Callable[[str], ObservedNode | None]
Wanted = dict[str, tuple[frozenset[str], frozenset[str]]]


class Board:
    """``on_watch`` is called when the set of nodes that should be watched may have changed."""

    def __init__(self, modules: Modules, hosts: Hosts, on_watch: Callable[[], None]) -> None:
        self.flows: dict[uuid.UUID, LiveFlow] = {}
        self._modules, self._hosts, self._on_watch = modules, hosts, on_watch
        self._by_name: dict[str, tuple[LiveFlow, str]] = {}
        self._by_edge: dict[str, LiveFlow] = {}

    # Flows

    def open(self, flow: LiveFlow, opened: Opened, find: Find) -> None:
        """Fill a flow with what the rows and the cluster say."""
        flow.project, flow.rev = opened.project, max(flow.rev, opened.rev)
        for facts in opened.nodes:
            self.facts(facts, find)
        for edge_id in opened.edges:
            self._add_edge(flow, edge_id)
        self._on_watch()

    def close(self, flow_id: uuid.UUID) -> None:
        """Nobody looks at the flow any more."""
        flow = self.flows.pop(flow_id, None)
        if flow is None:
            return
        flow.close()
        self._by_name = {name: place for name, place in self._by_name.items() if place[0] is not flow}
        self._by_edge = {edge: place for edge, place in self._by_edge.items() if place is not flow}
        self._on_watch()

    def change(self, flow_id: uuid.UUID, change: dict[str, Any]) -> None:
        """A Change was committed: keep the ids in step and tell the editors."""
        flow = self.flows.get(flow_id)
        if flow is None:
            return
        for op in change["ops"]:
            match op["op"]:
                case "delete_node":
                    node = flow.drop_node(op["id"])
                    if node is not None:
                        self._by_name.pop(node.facts.name, None)
                        self._on_watch()
                case "add_edge":
                    self._add_edge(flow, op["id"])
                case "delete_edge":
                    flow.drop_edge(op["id"])
                    self._by_edge.pop(op["id"], None)
        flow.publish_change(change)

    def place(self, name: str) -> tuple[LiveFlow, str] | None:
        """The open flow and the node id of a TinyNode's name."""
        return self._by_name.get(name)

    # What comes in

    def facts(self, facts: RowFacts, find: Find) -> None:
        """A row was read or pushed."""
        flow = self.flows.get(facts.flow_id)
        if flow is None:
            return
        fresh = facts.id not in flow.nodes
        node = flow.add_node(facts)
        node.facts = facts
        if fresh:
            self._by_name[facts.name] = (flow, facts.id)
            self._on_watch()
            self.observed(facts.name, find(facts.name))
        flow.node_changed(facts.id, node.set_push(find(facts.name)))

    def observed(self, name: str, observed: ObservedNode | None) -> None:
        """The cluster shows something else for a node."""
        place = self._by_name.get(name)
        if place is None:
            return
        flow, node_id = place
        ports = self._modules.own_ports(observed) if observed is not None else None
        node = flow.nodes[node_id]
        flow.node_changed(node_id, node.set_observed(observed, ports))
        failing = dict(observed.status.edges) if observed is not None else {}
        for edge_id in node.failing_edges.keys() - failing.keys():
            self.edge(edge_id, {"error": None})
        for edge_id, text in failing.items():
            self.edge(edge_id, {"error": {"code": "edge_error", "message": text, "edge": edge_id}})
        node.failing_edges = failing

    def frame(self, frame: dict[str, Any]) -> None:
        """A telemetry frame of a module host."""
        for name, delta in (frame.get("nodes") or {}).items():
            place = self._by_name.get(name)
            if place is not None:
                flow, node_id = place
                flow.node_changed(node_id, flow.nodes[node_id].set_link(delta))
        for edge_id, delta in (frame.get("edges") or {}).items():
            self.edge(edge_id, delta)

    def edge(self, edge_id: str, delta: dict[str, Any]) -> None:
        """Some keys of an edge have new values."""
        flow = self._by_edge.get(edge_id)
        if flow is not None:
            flow.edge_changed(edge_id, delta)

    # Telemetry

    def wanted(self) -> Wanted:
        """What to ask each module host for."""
        watch: dict[str, set[str]] = {}
        inspect: dict[str, set[str]] = {}
        for flow in self.flows.values():
            if not any(client.visible for client in flow.clients):
                continue
            inspected = {client.inspects for client in flow.clients}
            for node_id, node in flow.nodes.items():
                address = self._hosts.address(node.facts.module)
                if not address:
                    continue
                watch.setdefault(address, set()).add(node.facts.name)
                if node_id in inspected:
                    inspect.setdefault(address, set()).add(node.facts.name)
        return {address: (frozenset(names), frozenset(inspect.get(address, ()))) for address, names in watch.items()}

    def links_changed(self, up: Callable[[str], bool], cluster: dict[str, Any]) -> None:
        """Some link or the cluster came up or went down: fall back to the status where there is no link."""
        for flow in self.flows.values():
            modules = {node.facts.module for node in flow.nodes.values()}
            direct = {m for m in modules if (a := self._hosts.address(m)) and up(a)}
            for node_id, node in flow.nodes.items():
                if node.facts.module not in direct:
                    flow.node_changed(node_id, node.drop_link())
            flow.set_cluster({**cluster, "telemetry": "direct" if direct == modules else "status"})

    def tell_all(self, message: dict[str, Any], flows: Iterable[LiveFlow] | None = None) -> None:
        """Send a message that must not be lost to every open editor."""
        for flow in flows if flows is not None else self.flows.values():
            flow.tell(message)

    def _add_edge(self, flow: LiveFlow, edge_id: str) -> None:
        flow.edges.setdefault(edge_id, {})
        self._by_edge[edge_id] = flow
