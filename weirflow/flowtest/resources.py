"""The flow under test as the resources that a host would find on a cluster."""

from __future__ import annotations

import re
from typing import Any

from weirflow.errors import JSON
from weirflow.flowtest.flow import TestedFlow
from weirflow.kube.resources import TINY_NODE, Object, encode_json, node_name
from weirflow.secret_references import replaced
from weirflow.spec import SETTINGS_PORT

PROJECT = "test"


#: Names that can be the end of a resource's; nodes with others are numbered.
_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]*")


def resource_names(flow: TestedFlow) -> dict[str, str]:
    """What the nodes are called while a test runs; no two have one name."""
    return {
        name: node_name(PROJECT, node.module, node.component, name if _PLAIN.fullmatch(name) else f"N{index}")
        for index, (name, node) in enumerate(flow.nodes.items())
    }


def resources_of(flow: TestedFlow, names: dict[str, str]) -> dict[str, Object]:
    """A TinyNode for each node, by the node's name in the flow. Nothing refers to a real secret any more."""
    ports: dict[str, list[Object]] = {
        name: [{"port": SETTINGS_PORT, "configuration": encode_json(_without_secrets(node.settings or {}))}]
        for name, node in flow.nodes.items()
    }
    edges: dict[str, list[Object]] = {name: [] for name in flow.nodes}
    for wire in flow.wires:
        source, target = wire.source, wire.target
        edges[source.node].append(
            {"id": wire.id, "port": source.port, "to": f"{names[target.node]}:{target.port}", **wire.options}
        )
        ports[target.node].append(
            {
                "port": target.port,
                "from": f"{names[source.node]}:{source.port}",
                "configuration": encode_json(_without_secrets(wire.mapping)),
            }
        )
    return {
        name: TINY_NODE.new(
            names[name],
            spec={"module": node.module, "component": node.component, "ports": ports[name], "edges": edges[name]},
            status={"metadata": {}},
        )
        for name, node in flow.nodes.items()
    }


def _without_secrets(value: JSON) -> Any:
    """A made-up text in the place of each secret: no test gets to see a real one."""
    return replaced(value, lambda reference: f"secret-{reference.name}-{reference.key}")
