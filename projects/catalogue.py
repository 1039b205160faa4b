"""What the actions ask about components. The editor answers from the TinyModules it observes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Port:
    """A component's or a node's port. `source` is the wire's word: true for an output. `schema` is JSON Schema."""

    name: str
    source: bool
    schema: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A component as a TinyModule announces it; the port `_settings` carries the settings' schema."""

    module: str
    name: str
    ports: Mapping[str, Port]
    title: str = ""


class Catalogue(Protocol):
    def component(self, module: str, component: str) -> Component | None:
        """The component, or None when no module offers it now."""

    def node_ports(self, resource_name: str) -> Mapping[str, Port]:
        """The ports a running node itself reports (a router has one for each of its conditions); may be empty."""
