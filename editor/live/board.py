"""All open flows of this process: finds the flow of a node or an edge, and feeds it what comes in."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from editor.cluster.modules import Modules
from editor.cluster.observed import ObservedNode
from editor.live.edge import LiveEdge
from editor.live.entry import Entry
from editor.live.flow import LiveFlow
from editor.live.node import LiveNode
from editor.live.rows import Opened
from editor.push.rows import RowFacts

Find = Callable[[str], ObservedNode | None]

DELETED_KEPT = 10_000
"""Deleted nodes that are known as such. What was read of one before it went comes within seconds."""


class Board:
    """``on_watch`` is called when the set of nodes that should be watched may have changed."""

    def __init__(self, modules: Modules, on_watch: Callable[[], None]) -> None:
        self.flows: dict[uuid.UUID, LiveFlow] = {}
        self._modules, self._on_watch = modules, on_watch
        self._by_name: dict[str, tuple[str, dict[LiveFlow, None]]] = {}
        """Id of a node, and the open flows that show it."""
        self._expected: dict[str, set[uuid.UUID]] = {}
        """Open flows that nodes of others were shared into, by node id."""
        self._by_edge: dict[str, LiveFlow] = {}
        self._deleted: dict[str, int] = {}
        """Node ids, and the revision of their own flow in which they went."""

    # Flows

    def open(self, flow: LiveFlow, opened: Opened, find: Find) -> None:
        """Fill a flow with what the rows and the cluster say."""
        flow.project, flow.rev, flow.titles = opened.project, max(flow.rev, opened.rev), opened.titles
        flow.comments_rev = max(flow.comments_rev, opened.comments_rev)
        flow.tests_rev = max(flow.tests_rev, opened.tests_rev)
        for facts in opened.nodes:
            self._show(flow, facts, find)
        for edge_id, source in opened.edges:
            self._add_edge(flow, edge_id, source)
        self._on_watch()

    def close(self, flow_id: uuid.UUID) -> None:
        """Nobody looks at the flow any more."""
        flow = self.flows.pop(flow_id, None)
        if flow is None:
            return
        flow.close()
        for node in flow.nodes.values():
            self._hide(flow, node)
        self._expected = {node: left for node, flows in self._expected.items() if (left := flows - {flow_id})}
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
                    self._drop(flow, op["id"])
                    self._deleted[op["id"]] = change["rev"]
                    if len(self._deleted) > DELETED_KEPT:
                        del self._deleted[next(iter(self._deleted))]
                case "unshare_node" if op["flow"] == str(flow_id):
                    self._drop(flow, op["id"])
                case "move_node" if op["flow"] != str(flow_id) and not op["keep"]:
                    self._drop(flow, op["id"])
                case "share_node" if op["flow"] == str(flow_id):
                    self._expected.setdefault(op["id"], set()).add(flow_id)
                case "add_edge":
                    self._add_edge(flow, op["id"], op["source"])
                case "delete_edge":
                    flow.drop_edge(op["id"])
                    self._by_edge.pop(op["id"], None)
        flow.publish_change(change)

    def set_nodes(self, flow: LiveFlow, nodes: Iterable[RowFacts], expected: set[str], find: Find) -> None:
        """The flow shows these nodes and no others; ``expected`` are ids of those it would show if they came."""
        for node_id in set(flow.nodes) - expected:
            self._drop(flow, node_id)
        for node_id in expected:
            self._expected.setdefault(node_id, set()).add(flow.id)
        for facts in nodes:
            self._show(flow, facts, find)
        self._on_watch()

    def selected(self) -> Iterator[tuple[str, LiveNode]]:
        """The nodes whose controls somebody looks at, by TinyNode's name."""
        for flow in self.flows.values():
            looking = [client for client in flow.clients if client.visible]
            chosen = {one for client in looking for one in client.inspects}
            for node_id in list(flow.nodes) if flow.whole_controls and looking else chosen:
                if (node := flow.nodes.get(node_id)) is not None:
                    yield node.facts.name, node

    def whole_control(self, name: str, control: Entry) -> None:
        """The controls of a node were read whole."""
        for flow, node_id in self.places(name):
            flow.node_changed(node_id, flow.nodes[node_id].set_whole(control))

    def place(self, name: str) -> tuple[LiveFlow, str] | None:
        """An open flow that shows a TinyNode, and the node's id."""
        return next(self.places(name), None)

    def places(self, name: str) -> Iterator[tuple[LiveFlow, str]]:
        """All open flows that show a TinyNode, each with the node's id."""
        node_id, flows = self._by_name.get(name, ("", {}))
        for flow in list(flows):
            yield flow, node_id

    def flow_of_edge(self, edge_id: str) -> LiveFlow | None:
        """The open flow that the edge is in."""
        return self._by_edge.get(edge_id)

    # What comes in

    def facts(self, facts: RowFacts, find: Find) -> None:
        """A row was read or pushed. What was read of one before it was deleted says nothing more."""
        if facts.desired_rev <= self._deleted.get(facts.id, -1):
            return
        shown = {flow.id for flow, _ in self.places(facts.name)}
        for flow_id in {facts.flow_id, *shown, *self._expected.get(facts.id, ())}:
            if (flow := self.flows.get(flow_id)) is not None:
                self._show(flow, facts, find)

    def observed(self, name: str, observed: ObservedNode | None) -> None:
        """The cluster shows something else for a node."""
        for flow, node_id in self.places(name):
            self._observed(flow, node_id, observed)

    def _show(self, flow: LiveFlow, facts: RowFacts, find: Find) -> None:
        fresh = facts.id not in flow.nodes
        node = flow.add_node(facts)
        node.facts = facts
        if fresh:
            self._by_name.setdefault(facts.name, (facts.id, {}))[1][flow] = None
            self._on_watch()
            self._observed(flow, facts.id, find(facts.name))
        flow.node_changed(facts.id, node.set_push(find(facts.name)))

    def _drop(self, flow: LiveFlow, node_id: str) -> None:
        self._expected.get(node_id, set()).discard(flow.id)
        node = flow.drop_node(node_id)
        if node is not None:
            self._hide(flow, node)
            self._on_watch()

    def _hide(self, flow: LiveFlow, node: LiveNode) -> None:
        flows = self._by_name.get(node.facts.name, ("", {}))[1]
        flows.pop(flow, None)
        if not flows:
            self._by_name.pop(node.facts.name, None)

    def _observed(self, flow: LiveFlow, node_id: str, observed: ObservedNode | None) -> None:
        ports = self._modules.own_ports(observed) if observed is not None else None
        node = flow.nodes[node_id]
        flow.node_changed(node_id, node.set_observed(observed, ports))
        failing = dict(observed.status.edges) if observed is not None else {}
        for edge_id in node.failing_edges.keys() - failing.keys():
            self._edge_failed(edge_id, None)
        for edge_id, text in failing.items():
            self._edge_failed(edge_id, {"code": "edge_error", "message": text, "edge": edge_id})
        node.failing_edges = failing

    def tell_all(self, message: dict[str, Any], flows: Iterable[LiveFlow] | None = None) -> None:
        """Send a message that must not be lost to every open editor."""
        for flow in flows if flows is not None else self.flows.values():
            flow.tell(message)

    def _add_edge(self, flow: LiveFlow, edge_id: str, source: str) -> None:
        if edge_id not in flow.edges:
            flow.edges[edge_id] = LiveEdge(source)
        self._by_edge[edge_id] = flow

    def _edge_failed(self, edge_id: str, error: Entry | None) -> None:
        if (flow := self._by_edge.get(edge_id)) is not None:
            flow.edge_failed(edge_id, error)
