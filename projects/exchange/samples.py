"""The scenarios of a file as a flow keeps them."""

from collections.abc import Mapping
from typing import Any

from projects.catalogue import Catalogue, Component, Port
from projects.samples import Sample


class PortsToCome:
    """A catalogue to which the ports of a file's messages are known too: a router that has just come in has not said
    yet which ports it has. `ports`: by the node's resource name."""

    def __init__(self, catalogue: Catalogue, ports: Mapping[str, set[str]]) -> None:
        self._catalogue, self._ports = catalogue, ports

    def component(self, module: str, component: str) -> Component | None:
        return self._catalogue.component(module, component)

    def node_ports(self, resource_name: str) -> Mapping[str, Port]:
        known = self._catalogue.node_ports(resource_name)
        return {**{name: Port(name, True) for name in self._ports.get(resource_name, ())}, **known}


def samples_of(messages: Mapping[str, Any], nodes: Mapping[str, str]) -> list[Sample]:
    """`{node.port: message}` as a scenario holds it."""
    found = []
    for end, data in messages.items():
        node, _, port = end.partition(".")
        if node in nodes:
            found.append({"node": nodes[node], "port": port, "data": data})
    return found
