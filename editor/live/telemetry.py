"""What module hosts tell of the nodes in open flows: whom to ask for what, what they said, by which way it comes."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from editor.cluster.telling import Asked, Frame, Reach, Wanted
from editor.live.board import Board
from editor.live.entry import Entry
from editor.live.flow import LiveFlow
from editor.live.host_values import HostValues
from editor.push.rows import RowFacts
from weirflow.kube.peers import Peer, Peers

REASONS = 3
"""Hosts of one module whose reasons are told; with many replicas the first few say enough."""
T = TypeVar("T")

WORST_FIRST = ("status", "connecting", "proxy", "direct")


class Telemetry:
    """Keeps what was said of the nodes and edges on the board, no others. Merges it when a flow asks."""

    def __init__(self, board: Board, peers: Peers) -> None:
        self._board, self._peers = board, peers
        self._nodes: dict[str, HostValues] = {}
        self._edges: dict[str, HostValues] = {}
        self._serving: dict[str, tuple[str, tuple[Peer, ...]]] = {}
        """Leader and hosts of each module in an open flow."""
        self._heard: set[str] = set()
        """Identities of hosts that said something."""

    def serving(self, modules: Iterable[str]) -> set[Peer]:
        """The hosts that serve any of the modules, as far as Leases show them."""
        by_identity: dict[str, Peer] = {}
        for module in modules:
            for peer in self._look_at(module)[1]:
                by_identity.setdefault(peer.identity, peer)
        return set(by_identity.values())

    # For the flows: what everybody says, merged

    def node(self, node: RowFacts) -> Entry:
        """The NodeLive of all hosts together."""
        values = self._nodes.get(node.name)
        return values.merged_node(self._leader(node.module)) if values is not None else {}

    def edge(self, edge_id: str, source: RowFacts | None) -> Entry:
        """The EdgeLive of all hosts together."""
        values = self._edges.get(edge_id)
        return values.merged_edge(self._leader(source.module) if source is not None else "") if values else {}

    # What comes in

    def frame(self, host: str, run: str, frame: Frame) -> None:
        """A frame of this run of a host; what is not on the board is passed over."""
        self._heard.add(host)
        if "taps" in frame:
            self._tapped(host, frame)
            return
        now = frame.get("now") or 0
        for name, delta in (frame.get("nodes") or {}).items():
            if places := list(self._board.places(name)):
                values = self._nodes.get(name)
                if values is None:
                    values = self._nodes[name] = HostValues()
                if delta is None:
                    values.silence(host)
                else:
                    values.take(host, run, delta, now)
                for flow, node_id in places:
                    flow.touch_node(node_id)
        for name in frame.get("runs") or ():
            for flow, _ in self._board.places(name):
                flow.run_ended()
        for edge_id, delta in (frame.get("edges") or {}).items():
            if (flow_of_edge := self._board.flow_of_edge(edge_id)) is not None:
                values = self._edges.get(edge_id)
                if values is None:
                    values = self._edges[edge_id] = HostValues()
                values.take(host, run, delta, now)
                flow_of_edge.touch_edge(edge_id)

    def _tapped(self, host: str, frame: Frame) -> None:
        """Messages of ports that somebody listens to."""
        flows: set[LiveFlow] = set()
        for row in frame["taps"]:
            for flow, node_id in self._board.places(row["node"]):
                flow.tapped({**row, "node": node_id, "host": host})
                flows.add(flow)
        for flow in flows if frame.get("lost") else ():
            flow.taps_lost(frame["lost"])

    def silence(self, host: str) -> None:
        """The link to the host is down: what it says now is not known, what it counted stays counted."""
        self._each(lambda values: values.silence(host))

    def look(self) -> bool:
        """Look who leads and who serves the modules of the open flows. Returns whether that changed."""
        modules = {module for flow in self._board.flows.values() for module in flow.modules}
        before, self._serving = self._serving, {module: self._look_at(module) for module in modules}
        for module, (leader, _) in self._serving.items():
            if module in before and before[module][0] != leader:
                for flow in self._board.flows.values():
                    flow.touch_module(module)
        for host in self._heard - self._present():
            self._heard.discard(host)
            self._each(lambda values, host=host: values.drop(host))  # type: ignore[misc]
        return before != self._serving

    # What goes out

    def wanted(self) -> Wanted:
        """What to ask each host for: the nodes of its modules in flows that somebody sees."""
        self._prune()
        watch: dict[str, set[str]] = {}
        inspect: dict[str, set[str]] = {}
        taps: dict[str, set[tuple[str, str]]] = {}
        for flow in self._board.flows.values():
            looking = [client for client in flow.clients if client.visible]
            if not looking:
                continue
            inspected = frozenset[str]().union(*(client.inspects for client in looking))
            tapped = frozenset[tuple[str, str]]().union(*(client.taps for client in looking))
            for module, ids in flow.modules.items():
                watch.setdefault(module, set()).update(flow.nodes[one].facts.name for one in ids)
                inspect.setdefault(module, set()).update(flow.nodes[one].facts.name for one in inspected & ids)
                taps.setdefault(module, set()).update(
                    (flow.nodes[one].facts.name, port) for one, port in tapped if one in ids
                )
        modules_of: dict[Peer, list[str]] = {}
        for module in sorted(watch):
            for peer in self._serving.get(module, ("", ()))[1]:
                modules_of.setdefault(peer, []).append(module)
        # Replicas serve the same modules: they share the sets, which may be of thousands of names.
        sets = {
            modules: Asked(_joined(watch, modules), _joined(inspect, modules), _joined(taps, modules))
            for modules in {tuple(modules) for modules in modules_of.values()}
        }
        return {peer: sets[tuple(modules)] for peer, modules in modules_of.items()}

    def tell(self, cluster: Entry, reach: Callable[[str], Reach]) -> None:
        """Tell every open flow how the cluster is and how its telemetry comes."""
        for flow in self._board.flows.values():
            if any(client.visible for client in flow.clients) or not flow.clients:
                flow.set_cluster({**cluster, **self._coming(flow, reach)})
            else:
                # Nobody looks, so no link is up; who comes back shall not see that for a moment.
                flow.set_cluster({**flow.cluster, **cluster})

    def _coming(self, flow: LiveFlow, reach: Callable[[str], Reach]) -> Entry:
        modules = [self._module(module, reach) for module in sorted(flow.modules)]
        ways = {module["way"] for module in modules}
        return {"telemetry": next((way for way in WORST_FIRST if way in ways), "direct"), "modules": modules}

    def _module(self, module: str, reach: Callable[[str], Reach]) -> Entry:
        if module not in self._serving:
            return {"module": module, "way": "connecting", "replicas": 0, "linked": 0, "leader": "", "reason": ""}
        leader, peers = self._serving[module]
        reaches = [reach(peer.identity) for peer in peers]
        live = [one.way for one in reaches if one.live]
        ways = live or [one.way for one in reaches if one.way == "connecting"]
        reasons = [one.reason for one in reaches if one.reason and one.way != "connecting"]
        return {
            "module": module,
            "way": next((way for way in WORST_FIRST if way in ways), "status"),
            "replicas": len(peers),
            "linked": len(live),
            "leader": leader,
            "reason": "; ".join(reasons[:REASONS]) if peers else "no host serves it now",
        }

    # Who serves what

    def _leader(self, module: str) -> str:
        return self._serving.get(module, ("", ()))[0]

    def _look_at(self, module: str) -> tuple[str, tuple[Peer, ...]]:
        leader, replicas = self._peers.leader(module), self._peers.replicas(module)
        if leader is None:
            return "", tuple(replicas)
        if all(peer.identity != leader.identity for peer in replicas):
            # A host that only holds the module's Lease, such as one of another make.
            replicas = sorted([*replicas, leader], key=lambda peer: peer.identity)
        return leader.identity, tuple(replicas)

    def _present(self) -> set[str]:
        leaders = {leader for leader, _ in self._serving.values()}
        return leaders | {peer.identity for peer in self._peers.hosts()}

    # What is kept

    def _each(self, change: Callable[[HostValues], Any]) -> None:
        """Change the values of all nodes and edges; ``change`` returns whether it made a difference."""
        for name, values in self._nodes.items():
            if change(values):
                for flow, node_id in self._board.places(name):
                    flow.touch_node(node_id)
        for edge_id, values in self._edges.items():
            if change(values) and (flow_of_edge := self._board.flow_of_edge(edge_id)) is not None:
                flow_of_edge.touch_edge(edge_id)

    def _prune(self) -> None:
        for name in [name for name in self._nodes if self._board.place(name) is None]:
            del self._nodes[name]
        for edge_id in [edge_id for edge_id in self._edges if self._board.flow_of_edge(edge_id) is None]:
            del self._edges[edge_id]


def _joined(by_module: dict[str, set[T]], modules: Iterable[str]) -> frozenset[T]:
    return frozenset[T]().union(*(by_module[module] for module in modules))
