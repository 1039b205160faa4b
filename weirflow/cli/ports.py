"""Which port of a node is meant, and in which form its message goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.nearest import nearest, perhaps
from weirflow.kube.resources import TINY_NODE, decode_json
from weirflow.spec import CONTROL_PORT

if TYPE_CHECKING:
    from weirflow.cli.nodes import FoundNode
    from weirflow.kube.client import ClusterClient


async def message_for(cluster: ClusterClient, node: FoundNode, port: str, value: Any) -> tuple[str, Any]:
    """The port and the message: an input takes ``value``; a button, by name or by its title, is pressed with it as the
    other fields of the control panel. Raises ``Failure`` for a port that the node does not have."""
    told = await ports_of(cluster, node)
    if told is None or port in told[0] or port == CONTROL_PORT:
        # The host that will serve it says whether it knows the port.
        return port, value
    inputs, buttons = told
    for name, title in buttons.items():
        if port == name or port.casefold() == title.casefold():
            if not isinstance(value, dict):
                text = "the data of a button are the other fields of the control panel: a JSON object"
                raise Failure(text, code="not_an_object", exit=Exit.USAGE)
            return CONTROL_PORT, {**value, name: True}
    known = [*inputs, *buttons]
    close = nearest(port, known)
    has = ", ".join(known) or "neither inputs nor buttons"
    text = f"{node.name} has no input or button {port!r}{perhaps(close) or f'; it has {has}'}"
    raise Failure(text, code="no_port", exit=Exit.MISSING, suggestions=close, ports=known)


async def ports_of(cluster: ClusterClient, node: FoundNode) -> tuple[list[str], dict[str, str]] | None:
    """The names of its inputs, and the titles of its buttons by their names; None where nobody has served it yet."""
    status = (await cluster.get(TINY_NODE, node.name)).get("status") or {}
    entries = status.get("ports") or []
    if not entries:
        return None
    inputs = [entry["name"] for entry in entries if not entry.get("source") and not entry["name"].startswith("_")]
    panel: dict[str, Any] = next((entry for entry in entries if entry["name"] == CONTROL_PORT), {})
    buttons = {
        name: str(field.get("title") or name)
        for name, field in _properties(decode_json(panel.get("schema")) or {}).items()
        if field.get("format") == "button"
    }
    return inputs, buttons


def _properties(schema: dict[str, Any]) -> dict[str, Any]:
    reference = str(schema.get("$ref") or "").rpartition("/")[2]
    schema = (schema.get("$defs") or {}).get(reference, schema)
    found = schema.get("properties")
    return found if isinstance(found, dict) else {}
