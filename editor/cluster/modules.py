"""The catalogue as the cluster announces it, kept parsed; also answers what the edit actions ask about components."""

from collections.abc import Iterable, Mapping
from typing import Any

from editor.cluster.catalogue import build_catalogue, parse_module, parse_ports
from editor.cluster.observed import ObservedNode
from editor.cluster.view import NodeView
from projects.catalogue import Component, Port
from projects.heard import announced
from weirflow.kube.resources import Object


class Modules:
    """All TinyModules by name, parsed when they change."""

    def __init__(self) -> None:
        self._modules: dict[str, dict[str, Any]] = {}
        self._components: dict[tuple[str, str], dict[str, Any]] = {}
        self._drawn: dict[int, tuple[object, list[dict[str, Any]]]] = {}

    def put(self, name: str, obj: Object | None) -> bool:
        """Take in one module; True when what it offers changed."""
        parsed = parse_module(obj) if obj is not None else None
        if parsed == self._modules.get(name):
            return False
        if parsed is None:
            self._modules.pop(name, None)
        else:
            self._modules[name] = parsed
            announced(((name, one["name"]), bool(one["runsCode"])) for one in parsed["components"])
        self._components = {(m["name"], c["name"]): c for m in self._modules.values() for c in m["components"]}
        return True

    def answer(self, available: Iterable[str]) -> dict[str, Any]:
        """The answer of ``GET catalogue``."""
        return build_catalogue(self._modules.values(), available)

    def find(self, module: str, component: str) -> dict[str, Any] | None:
        """A component as in the catalogue's answer."""
        return self._components.get((module, component))

    def is_by_hand(self, module: str) -> bool:
        """Whether only people serve the module, each for a while."""
        return bool(self._modules.get(module, {}).get("byHand"))

    def by_hand(self) -> list[str]:
        """The modules that only people serve."""
        return [name for name, module in self._modules.items() if module["byHand"]]

    def with_port(self, port: str) -> list[dict[str, Any]]:
        """The components that have a port of this name, by module and name."""
        having = [(key, c) for key, c in self._components.items() if any(p["name"] == port for p in c["ports"])]
        return [component for _, component in sorted(having, key=lambda pair: pair[0])]

    def own_ports(self, node: ObservedNode) -> list[dict[str, Any]] | None:
        """The ports of a node that has others than its component announces, such as a router's, or a control panel
        of its own, as a form has; else None."""
        if not node.status.ports:
            return None
        ports = self._parsed(node)
        component = self.find(node.module, node.component)
        if component is not None:
            usual = {(p["name"], p["source"], p["position"]): p["schema"] for p in component["ports"]}
            as_usual = all(usual.get((p["name"], p["source"], p["position"]), ports) == p["schema"] for p in ports)
            if as_usual and _drawn(ports) == sum(not name.startswith("_") for name, _, _ in usual):
                return None
        return ports

    def _parsed(self, node: ObservedNode) -> list[dict[str, Any]]:
        """Parsed once for all nodes that share the same ports. The tuple is held, so that its id stays its own."""
        key = id(node.status.ports)
        known = self._drawn.get(key)
        if known is None:
            if len(self._drawn) >= 2_000:
                self._drawn.clear()
            known = self._drawn[key] = (node.status.ports, parse_ports(node.status.ports, node.name))
        return known[1]


def _drawn(ports: list[dict[str, Any]]) -> int:
    """How many of the ports stand on a card: all but the control panel, which not every status has."""
    return sum(not port["name"].startswith("_") for port in ports)


class ActionCatalogue:
    """``projects.catalogue.Catalogue`` over what is observed. Asked on the database thread: it only looks things up."""

    def __init__(self, modules: Modules, view: NodeView) -> None:
        self._modules, self._view = modules, view

    def component(self, module: str, component: str) -> Component | None:
        found = self._modules.find(module, component)
        if found is None:
            return None
        return Component(module, component, _ports(found["ports"]), found["title"])

    def node_ports(self, resource_name: str) -> Mapping[str, Port]:
        node = self._view.observed(resource_name)
        return _ports(parse_ports(node.status.ports, resource_name)) if node is not None else {}


def _ports(entries: Iterable[dict[str, Any]]) -> dict[str, Port]:
    return {entry["name"]: Port(entry["name"], entry["source"], entry["schema"]) for entry in entries}
