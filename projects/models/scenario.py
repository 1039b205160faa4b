from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.models.flow import Flow
from projects.models.project import Project
from projects.models.pushed import Pushed


class Scenario(Pushed):
    """Sample messages of ports, under a name: what mappings are previewed with and checked against (ADR 68).

    A row beside the flow's document: its changes are not in the change log. Its `id` is made by the client.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="scenarios")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=100)
    resource_name = models.CharField(max_length=63, unique=True)
    ports = models.JSONField(default=list)
    """`[{node, port, data}]` without secrets; `node` is a node's id, which may be gone from the flow."""
    size = models.PositiveIntegerField(default=0)
    """Bytes of `ports` as JSON, so that the limit of a flow is asked of one column."""
    rev = models.BigIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "name"], name="one_scenario_per_name")]
        indexes = [models.Index(fields=["project"], condition=Q(dirty=True), name="scenario_dirty")]

    def __str__(self) -> str:
        return self.name

    def as_row(self, shown: frozenset[str]) -> dict[str, Any]:
        """The row of the HTTP API (docs/protocols.md section 4), with the samples of nodes that the flow shows."""
        return {
            "id": str(self.pk),
            "name": self.name,
            "rev": self.rev,
            "created_by": self.created_by.get_username() if self.created_by else "a former member",
            "ports": [sample for sample in self.ports if sample["node"] in shown],
        }
