from typing import Any

from django.db import models

from projects.models.flow import Flow
from projects.models.node import Node
from projects.models.project import Project


class Edge(models.Model):
    """A wire from an output port to an input port, with the mapping of the message it carries.

    The actions delete wires before their nodes, and the database holds them to it; were Django to look for wires
    itself, each deletion of nodes would read them all.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="edges")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="edges")
    source = models.ForeignKey(Node, on_delete=models.DO_NOTHING, related_name="edges_out", db_index=False)
    source_port = models.CharField(max_length=63)
    target = models.ForeignKey(Node, on_delete=models.DO_NOTHING, related_name="edges_in")
    target_port = models.CharField(max_length=63)
    mapping = models.JSONField(default=dict)
    timeout_ms = models.PositiveIntegerField(null=True, blank=True, default=None)
    retry_policy = models.JSONField(null=True, blank=True, default=None)
    rev = models.BigIntegerField(default=0)
    added_rev = models.BigIntegerField(default=0)
    """The change that drew the wire: it says whose wire this is when an undo would take it along."""

    class Meta:
        constraints = [
            # On the cluster a mapping is found by (target port, source node, source port): there is room for one.
            models.UniqueConstraint(
                fields=["source", "source_port", "target", "target_port"], name="one_edge_between_two_ports"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id}.{self.source_port} -> {self.target_id}.{self.target_port}"

    @property
    def ends(self) -> tuple[str, str, str, str]:
        return self.source_id, self.source_port, self.target_id, self.target_port

    @property
    def delivery(self) -> dict[str, Any]:
        """How its messages are handed over."""
        return {"timeout_ms": self.timeout_ms, "retry_policy": self.retry_policy}

    @property
    def has_delivery(self) -> bool:
        return self.timeout_ms is not None or self.retry_policy is not None

    def as_row(self) -> dict[str, Any]:
        """The edge row of the HTTP API (docs/protocols.md section 4); of its delivery only where something is said."""
        return {
            "id": str(self.id),
            "source": self.source_id,
            "source_port": self.source_port,
            "target": self.target_id,
            "target_port": self.target_port,
            "mapping": self.mapping,
            **(self.delivery if self.has_delivery else {}),
            "rev": self.rev,
        }
