"""Bringing the nodes that run here in line with their resources, one at a time, from whatever state they are in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from weirflow.error_port import ERROR_PORT
from weirflow.errors import Problem
from weirflow.kube.informer import Informer
from weirflow.kube.lease import LeaseLoop
from weirflow.kube.resources import Object, decode_json, module_of, split_port
from weirflow.runtime.edges import Edge
from weirflow.runtime.node import Node
from weirflow.runtime.sending import recalls
from weirflow.runtime.shared import Shared
from weirflow.services import Module
from weirflow.spec import SETTINGS_PORT

log = logging.getLogger(__name__)

_SETTINGS_SECONDS = 10.0


class Reconciler:
    """Makes, changes and ends nodes. ``again`` asks for another node's turn, as when an edge's target has changed;
    ``on_node`` hears of nodes that are new or have other edges; ``unreachable`` tells why nobody serves a module that
    this host does not serve."""

    def __init__(
        self,
        resources: Informer,
        modules: dict[str, Module],
        leases: dict[str, LeaseLoop],
        shared: Shared,
        again: Callable[[str], None],
        on_node: Callable[[Node], None],
        unreachable: Callable[[str], Problem | None],
    ) -> None:
        self._on_node, self._unreachable = on_node, unreachable
        self._resources, self._modules, self._leases, self._shared, self._again = (
            resources,
            modules,
            leases,
            shared,
            again,
        )
        self._module_names = frozenset(modules)
        #: Target's name -> names of the nodes with an edge to it: they look at their edges again when it changes.
        self._referrers: dict[str, set[str]] = {}
        self._recalls = recalls()
        self.nodes: dict[str, Node] = {}
        #: Sources start only once all nodes that were there at the start have been made: else their first messages
        #: would meet targets that are not ready.
        self.sources_may_start = False

    def changed(self, name: str, new: Object | None, _old: Object | None) -> None:
        """The watch shows one more version of a resource: its state counts now, the rest at the node's next turn.

        Where nothing but the status is new, as after each of our own writes of it, no turn is needed.
        """
        node = self.nodes.get(name)
        if node is not None and new is not None and new["metadata"]["uid"] == node.uid:
            node.state.shown(new["status"]["metadata"])
            if _is_in_force(node, new):
                node.state.alerts.observe(new["status"].get("alerts"))
                self._observed(node, new)
                return
        self._again(name)

    async def reconcile(self, name: str) -> None:
        """Do what is needed for one node. What is wrong with its resource becomes its problem, never an exception."""
        resource = self._resources.objects.get(name)
        node = self.nodes.get(name)
        if node is not None and (resource is None or _is_another(node, resource)):
            await self._remove(node)
            node = None
        if resource is None or resource["metadata"].get("deletionTimestamp"):
            if node is not None:
                await self._remove(node)
            return
        created = node is None
        if node is None:
            module = self._modules[module_of(name)]
            node = Node(name, resource["metadata"]["uid"], module, self._leases[module.name], self._shared)
        status = resource.get("status") or {}
        node.state.shown(dict(status.get("metadata") or {}))
        node.state.alerts.observe(status.get("alerts"))
        node.state.check_seals(status.get("metadata") or {})
        ports_before = node.ports
        generation = int(resource["metadata"].get("generation", 0))
        changed = generation != node.generation or node.edges_stale
        retry, node.retry_due = node.retry_due or generation != node.generation, False
        spec = resource.get("spec") or {}
        if created or generation != node.generation:
            if created:
                node.adopt_component(str(spec.get("component", "")))
                await node.introduce()
                node.state.shown(dict(status.get("metadata") or {}), first=True)
            node.flow = _flow(spec)
            mappings_before = node.mappings
            node.mappings = _mappings(spec)
            node.secrets.read_mappings()
            await self._apply_settings(node, spec)
            self._read_edges(node, spec)
            node.generation, node.edges_stale = generation, True
            # Only from here on others find it: no message reaches a node before its settings.
            self.nodes[name] = node
            if created or node.ports != ports_before or node.mappings != mappings_before:
                self._tell_referrers(name)
        elif node.secrets.stale or (retry and "settings" in node.problems):
            await self._apply_again(node, spec)
            changed = changed or node.ports != ports_before
        if node.edges_stale:
            node.edges_stale = False
            self._resolve_edges(node)
            self._on_node(node)
        if self.sources_may_start:
            await node.start_source(again=retry and "start" in node.problems)
            node.retry_later(lambda: self._again(name))
        if created or changed:
            node.observed_status = resource.get("observed", "")
            node.changed()
        else:
            self._observed(node, resource)

    def _observed(self, node: Node, resource: Object) -> None:
        """Have the status looked at if it says something else than we have written."""
        observed = resource.get("observed", "")
        if observed != node.observed_status:
            node.observed_status = observed
            if observed != node.written_status or node.state.alerts.ended() or node.state.alerts.unsent():
                node.changed()

    async def _remove(self, node: Node) -> None:
        del self.nodes[node.name]
        for edge in node.edges.values():
            self._unrefer(node.name, edge.target)
        self._recall_from(node)
        self._tell_referrers(node.name)
        await node.close()
        node.writer.close()
        node.total.nodes.keep(node.stats)
        for edge in node.edges.values():
            node.total.edges.keep(edge.stats)
        if node.lease.is_leader:
            self._shared.node_gone()
        log.info("node ended", extra={"node": node.name})

    async def _apply_settings(self, node: Node, spec: Object) -> None:
        text = next((p.get("configuration") or "" for p in _ports(spec) if _is_settings(p)), "")
        if node.instance is None or text == node.settings_text:
            return
        node.settings_text = text
        try:
            settings = node.secrets.settings(decode_json(text))
            if (problem := node.secrets.missing) is None:
                async with asyncio.timeout(_SETTINGS_SECONDS):
                    problem = await node.instance.apply_settings(settings)
        except ValueError:
            problem = Problem("settings_rejected", f"settings of {node.name} are not base64 JSON; save the form again")
        except TimeoutError:
            message = f"{node.component} did not take the settings of {node.name} within {_SETTINGS_SECONDS:g} s"
            problem = Problem("settings_timeout", f"{message}; change them, or mend the component's on_settings")
        node.set_problem("settings", problem)
        node.read_ports()

    async def _apply_again(self, node: Node, spec: Object) -> None:
        """What failed outside the node may be well by now, or a Secret that it uses is another."""
        node.settings_text, ports = None, node.ports
        if node.secrets.stale:
            node.secrets.stale = False
            node.secrets.read_mappings()
        await self._apply_settings(node, spec)
        if node.secrets.mappings or node.ports != ports:
            self._tell_referrers(node.name)

    def _read_edges(self, node: Node, spec: Object) -> None:
        entries = {str(data.get("id")): data for data in spec.get("edges") or [] if isinstance(data, dict)}
        for edge_id in node.edges.keys() - entries.keys():
            removed = node.edges.pop(edge_id)
            node.total.edges.keep(removed.stats)
            self._recalls.add(removed, "the edge was removed")
            self._unrefer(node.name, removed.target)
        for edge_id, data in entries.items():
            edge = node.edges.get(edge_id)
            if edge is None:
                edge = node.edges[edge_id] = Edge(edge_id, node.name)
                edge.stats.total = node.total.edges.latency
            old = edge.target
            edge.read(data)
            if old != edge.target:
                if old:
                    self._recalls.add(edge, "the edge was led elsewhere")
                self._unrefer(node.name, old)
            self._referrers.setdefault(edge.target, set()).add(node.name)

    def _resolve_edges(self, node: Node) -> None:
        outgoing: dict[str, list[Edge]] = {}
        for edge in node.edges.values():
            target = self.nodes.get(edge.target)
            waiting = target is None and edge.target in self._resources.objects
            if waiting:
                edge.node = None
                edge.problem = None
            else:
                edge.resolve(node, target, *self._elsewhere(edge))
            edge.stats.show(edge.problem)
            outgoing.setdefault(edge.source_port, []).append(edge)
        node.outgoing = {port: tuple(edges) for port, edges in outgoing.items()}
        node.catches = node.has_output(ERROR_PORT) and ERROR_PORT in outgoing
        node.open_ways()

    def _elsewhere(self, edge: Edge) -> tuple[str, Problem | None]:
        """The module that another process has to serve for ``edge``, and why none does."""
        module = module_of(edge.target)
        if module in self._module_names or not edge.target_port:
            return "", None
        return module, self._unreachable(module)

    def module_changed(self, module: str) -> None:
        """Another process has begun or ceased to serve ``module``: edges to it look again."""
        for target in list(self._referrers):
            if module_of(target) == module:
                self._tell_referrers(target)

    def _recall_from(self, target: Node) -> None:
        for source in self._referrers.get(target.name, ()):
            if (node := self.nodes.get(source)) is not None:
                for edge in node.edges.values():
                    if edge.node is target:
                        self._recalls.add(edge, f"{target.name} was deleted")

    def _tell_referrers(self, name: str) -> None:
        for source in self._referrers.get(name, ()):
            if (node := self.nodes.get(source)) is not None:
                node.edges_stale = True
                self._again(source)

    def _unrefer(self, source: str, target: str) -> None:
        # Another edge of the same source may still lead there; it is entered again when its edges are read.
        if sources := self._referrers.get(target):
            node = self.nodes.get(source)
            if node is None or not any(edge.target == target for edge in node.edges.values()):
                sources.discard(source)
                if not sources:
                    del self._referrers[target]


def _is_another(node: Node, resource: Object) -> bool:
    """Whether the resource is not the one that the node was made for: deleted and made again, or of another kind."""
    component = (resource.get("spec") or {}).get("component", "")
    return bool(resource["metadata"]["uid"] != node.uid or component != node.component)


def _is_in_force(node: Node, resource: Object) -> bool:
    """Whether the node lives by this version of its resource already, its status aside."""
    metadata = resource["metadata"]
    return bool(
        metadata.get("generation") == node.generation
        and not (node.edges_stale or node.retry_due)
        and "deletionTimestamp" not in metadata
    )


def _ports(spec: Object) -> list[Object]:
    return [port for port in spec.get("ports") or [] if isinstance(port, dict)]


def _flow(spec: Object) -> str:
    """The flow that the node is drawn in: its settings', or that of anything else in it."""
    entries = [*sorted(_ports(spec), key=lambda port: not _is_settings(port)), *(spec.get("edges") or [])]
    return next((str(one["flowID"]) for one in entries if isinstance(one, dict) and one.get("flowID")), "")


def _is_settings(port: Object) -> bool:
    return port.get("port") == SETTINGS_PORT and not port.get("from")


def _mappings(spec: Object) -> dict[tuple[str, str], str]:
    """Mapping texts by (source address, own port); of two for the same pair the first counts."""
    mappings: dict[tuple[str, str], str] = {}
    for port in _ports(spec):
        origin = port.get("from")
        if origin and split_port(origin)[1]:
            mappings.setdefault((origin, str(port.get("port"))), str(port.get("configuration") or ""))
    return mappings
