"""Finding a node by what a person calls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.nearest import nearest, perhaps
from weirflow.kube.client import list_all
from weirflow.kube.resources import ANNOTATION_NODE_LABEL, LABEL_FLOW, TINY_NODE, Object, module_of

if TYPE_CHECKING:
    from weirflow.kube.client import ClusterClient

NODE_HELP = "NODE is a node's title as on its card, its id, its component, or the name of its TinyNode."
MAX_SHOWN = 8


@dataclass(frozen=True)
class FoundNode:
    """``name`` is the TinyNode's, ``flow`` the TinyFlow's."""

    name: str
    title: str
    component: str
    flow: str

    @property
    def module(self) -> str:
        """The module that serves it."""
        return module_of(self.name)

    @property
    def id(self) -> str:
        """Its id, as the editor and the API have it."""
        return self.name.rpartition("-")[2]


async def find_node(cluster: ClusterClient, text: str) -> FoundNode:
    """The one node that ``text`` means. Raises ``Failure`` where it is none or several."""
    return pick_node(await all_nodes(cluster), text)


async def all_nodes(cluster: ClusterClient) -> list[FoundNode]:
    """Every node of the cluster."""
    nodes, _ = await list_all(cluster, TINY_NODE, keep=_slim)
    return [FoundNode(**node) for node in nodes]


def pick_node(found: list[FoundNode], text: str) -> FoundNode:
    """The one of them that ``text`` means. Raises ``Failure`` where it is none or several."""
    wanted = text.casefold()
    for fitting in (
        [node for node in found if text in (node.name, node.id)],
        [node for node in found if wanted == node.title.casefold()],
        [node for node in found if wanted == node.component.casefold()],
    ):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            names = sorted(node.name for node in fitting)
            shown = ", ".join(names[:MAX_SHOWN]) + (" ..." if len(names) > MAX_SHOWN else "")
            message = f"{len(fitting)} nodes are called {text!r}; say which by its name: {shown}"
            raise Failure(message, code="ambiguous", exit=Exit.USAGE, nodes=names[:100])
    if not found:
        raise Failure("there are no nodes in this cluster yet; draw a flow first", code="no_node", exit=Exit.MISSING)
    close = nearest(text, {node.title or node.component: (node.component,) for node in found})
    raise Failure(f"there is no node {text!r}{perhaps(close)}", code="no_node", exit=Exit.MISSING, suggestions=close)


def _slim(node: Object) -> Object:
    metadata, spec = node["metadata"], node.get("spec") or {}
    flows = [part.get("flowID") for part in [*(spec.get("ports") or []), *(spec.get("edges") or [])]]
    return {
        "name": metadata["name"],
        "title": str((metadata.get("annotations") or {}).get(ANNOTATION_NODE_LABEL) or ""),
        "component": str(spec.get("component") or ""),
        "flow": str((metadata.get("labels") or {}).get(LABEL_FLOW) or next(filter(None, flows), "")),
    }
