"""Sample messages on their way into a scenario: known ports, bounded sizes, nothing secret."""

from collections.abc import Iterable, Mapping
from typing import Any

from projects.catalogue import Catalogue, Port
from projects.errors import ProjectError
from projects.models import Flow, Node
from projects.operations.limits import MAX_SAMPLE_BYTES, MAX_SAMPLES
from projects.operations.shape import checked_size
from projects.shown import nodes_shown
from weirflow.runtime.redaction import redact
from weirflow.runtime.shapes import redact_shapes

Sample = dict[str, Any]
"""`{node, port, data}`."""


def checked_samples(flow: Flow, samples: Iterable[Sample], catalogue: Catalogue) -> list[Sample]:
    """The samples as they may be stored. Secrets are taken out by the port's schema, by name and by shape: a person may
    have typed one, and no client is believed to have taken them out. Raises ProjectError."""
    wanted = list(samples)
    if len(wanted) > MAX_SAMPLES:
        message = f"A scenario has messages for at most {MAX_SAMPLES} ports: leave some out, or make a second scenario."
        raise ProjectError("too_many_samples", message, field="/ports")
    nodes = {node.pk: node for node in nodes_shown(flow).filter(pk__in={one["node"] for one in wanted})}
    known: dict[str, Mapping[str, Port]] = {}
    seen: set[tuple[str, str]] = set()
    checked = []
    for index, sample in enumerate(wanted):
        place, node_id, port = f"/ports/{index}", sample["node"], sample["port"]
        node = nodes.get(node_id)
        if node is None:
            raise ProjectError("not_found", "This node is not in the flow any more.", 404, field=f"{place}/node")
        if (node_id, port) in seen:
            message = f"There are two messages for {node_id}:{port}: a scenario has one for each port."
            raise ProjectError("sample_twice", message, field=place)
        seen.add((node_id, port))
        if node_id not in known:
            known[node_id] = ports_of(node, catalogue)
        checked.append(_checked(sample, known[node_id], place))
    return checked


def _checked(sample: Sample, ports: Mapping[str, Port], place: str) -> Sample:
    port, data = sample["port"], sample["data"]
    if ports and port not in ports:
        message = f"The node has no port {port} (it has {', '.join(sorted(ports))}): choose one of these."
        raise ProjectError("unknown_port", message, field=f"{place}/port")
    size = checked_size(data, f"values of {port}")
    if size > MAX_SAMPLE_BYTES:
        message = f"The message of {port} has {size:,} bytes, a sample at most {MAX_SAMPLE_BYTES:,}: shorten it."
        raise ProjectError("sample_too_large", message, 413, field=f"{place}/data")
    schema = ports[port].schema if port in ports else None
    return {"node": sample["node"], "port": port, "data": without_secrets(data, schema)}


def without_secrets(data: Any, schema: Mapping[str, Any] | None) -> Any:
    """The message without what its schema, a telling name or its shape says is secret."""
    clean = redact_shapes(redact({"data": data}, _wrapped(schema)))
    assert isinstance(clean, dict)
    return clean["data"]


def _wrapped(schema: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The schema of an object that holds the message, so that a message that is a secret itself is found too."""
    if not schema:
        return None
    return {"properties": {"data": dict(schema)}, "$defs": schema.get("$defs") or {}}


def ports_of(node: Node, catalogue: Catalogue) -> Mapping[str, Port]:
    """Those of the component, and those that the running node reports; empty when nobody says now."""
    component = catalogue.component(node.module, node.component)
    return {**(component.ports if component is not None else {}), **catalogue.node_ports(node.name)}
