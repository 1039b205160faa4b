"""What the rows say a TinyNode should be."""

from dataclasses import dataclass, field
from typing import Any

from weirflow.kube.resources import (
    ANNOTATION_NODE_COMMENT,
    ANNOTATION_NODE_LABEL,
    ANNOTATION_POSITION_X,
    ANNOTATION_POSITION_Y,
    ANNOTATION_RESTORE,
    ANNOTATION_REV,
    ANNOTATION_SHARED,
    LABEL_FLOW,
    LABEL_PROJECT,
    TINY_NODE,
    Object,
)
from weirflow.spec import SETTINGS_PORT


@dataclass(frozen=True, slots=True)
class DesiredPort:
    """One of our entries of ``spec.ports``: the mapping of an edge into this node, or (no ``source``) settings, or what
    people say of a port's definitions (``schema``, base64; empty for nothing)."""

    source: str
    port: str
    flow: str
    configuration: str
    schema: str = ""

    def entry(self) -> dict[str, Any]:
        """The entry as it stands in the resource."""
        entry = {"port": self.port, "configuration": self.configuration, "flowID": self.flow}
        if self.schema:
            entry["schema"] = self.schema
        return {"from": self.source, **entry} if self.source else entry


@dataclass(frozen=True, slots=True)
class DesiredEdge:
    """One of our entries of ``spec.edges``. ``to`` is ``<node name>:<port>``."""

    id: str
    port: str
    to: str
    flow: str
    options: dict[str, Any] = field(default_factory=dict)

    def entry(self) -> dict[str, Any]:
        """The entry as it stands in the resource."""
        return {"id": self.id, "port": self.port, "to": self.to, "flowID": self.flow, **self.options}


@dataclass(frozen=True, slots=True)
class DesiredNode:
    """A node as its rows have it, in resource names. ``rev`` is the project revision these rows were read at."""

    id: str
    name: str
    project: str
    flow: str
    module: str
    component: str
    label: str
    comment: str
    x: int
    y: int
    rev: int
    ports: tuple[DesiredPort, ...]
    edges: tuple[DesiredEdge, ...]
    restore: dict[str, str] | None = None
    shared: tuple[str, ...] = ()
    """Resource names of the other flows that show it."""

    @property
    def settings(self) -> DesiredPort | None:
        """The settings entry, if the node has settings."""
        return next((port for port in self.ports if port.port == SETTINGS_PORT and not port.source), None)

    def annotations(self) -> dict[str, str]:
        """The annotations the canvas draws from."""
        return {
            ANNOTATION_POSITION_X: str(self.x),
            ANNOTATION_POSITION_Y: str(self.y),
            ANNOTATION_NODE_LABEL: self.label,
            ANNOTATION_NODE_COMMENT: self.comment,
            ANNOTATION_SHARED: ",".join(self.shared),
        }

    def labels(self) -> dict[str, str]:
        """The labels that say where the node belongs."""
        return {LABEL_PROJECT: self.project, LABEL_FLOW: self.flow}

    def new_object(self, edges: tuple[DesiredEdge, ...], restore_json: str) -> Object:
        """The resource to create, with only the given ``edges``; the rest follow once their targets are ready."""
        annotations = {**self.annotations(), ANNOTATION_REV: str(self.rev)}
        if not self.shared:
            del annotations[ANNOTATION_SHARED]
        if restore_json:
            annotations[ANNOTATION_RESTORE] = restore_json
        return TINY_NODE.new(
            self.name,
            metadata={"labels": self.labels(), "annotations": annotations},
            spec={
                "module": self.module,
                "component": self.component,
                "ports": [port.entry() for port in self.ports],
                "edges": [edge.entry() for edge in edges],
            },
        )
