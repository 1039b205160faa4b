from typing import Any

from django.db import models
from django.db.models import Q

from projects.models.flow import Flow
from projects.models.frame import Group
from projects.models.project import Project
from projects.models.pushed import Pushed


class Node(Pushed):
    """A component placed on a canvas: one TinyNode. `id` is made by the client, `name` is fixed at creation."""

    id = models.CharField(primary_key=True, max_length=12)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="nodes")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="nodes")
    name = models.CharField(max_length=253, unique=True)
    """The TinyNode's name."""
    module = models.CharField(max_length=63)
    component = models.CharField(max_length=63)
    label = models.CharField(max_length=200, blank=True, default="")
    comment = models.TextField(blank=True, default="")
    x = models.IntegerField(default=0)
    y = models.IntegerField(default=0)
    group = models.ForeignKey(
        Group, on_delete=models.DO_NOTHING, null=True, default=None, related_name="nodes", db_index=False
    )
    """The frame it stands in. The actions take the nodes out before they delete a group."""
    shared = models.PositiveSmallIntegerField(default=0)
    """In how many other flows it is shown; kept by the actions, so that edits of others ask for none."""
    settings = models.JSONField(default=dict)
    schemas = models.JSONField(default=dict, blank=True)
    """What people say is in open definitions: by port, then by the definition's identity (docs/adr/0047)."""
    rev = models.BigIntegerField(default=0)
    """The last change of this row's own fields; wires raise only `desired_rev`."""
    last_state = models.JSONField(null=True, blank=True, default=None)
    """`status.metadata` to start from when the TinyNode has to be made again (undo of a deletion)."""

    class Meta:
        indexes = [
            models.Index(fields=["flow"], condition=Q(dirty=True), name="node_dirty"),
            models.Index(fields=["group"], condition=Q(group__isnull=False), name="node_in_group"),
        ]

    def __str__(self) -> str:
        return self.label or self.component

    def as_row(self) -> dict[str, Any]:
        """The node row of the HTTP API (docs/protocols.md section 4), without where else the node is shown."""
        return {
            "id": self.id,
            "name": self.name,
            "module": self.module,
            "component": self.component,
            "label": self.label,
            "comment": self.comment,
            "x": self.x,
            "y": self.y,
            "group": str(self.group_id) if self.group_id else None,
            "settings": self.settings,
            "schemas": self.schemas,
            "rev": self.rev,
        }
