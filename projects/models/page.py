"""Dashboards: pages of widgets, each the control panel of a node (docs/dashboards.md)."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.models.project import Project
from projects.models.pushed import Pushed


class Operators(models.TextChoices):
    """Who may press what stands on a page."""

    NOBODY = "nobody"
    EDITORS = "editors"
    """Those who may control nodes anyway."""
    EVERYONE = "everyone"
    """Viewers of the project too."""


class WidgetPage(Pushed):
    """One page of a project's dashboard: one TinyWidgetPage. `id` is made by the client."""

    FIELDS = ("name", "operators", "position")
    """What a person may set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pages")
    name = models.CharField(max_length=100)
    resource_name = models.CharField(max_length=63, unique=True)
    operators = models.CharField(max_length=10, choices=Operators.choices, default=Operators.EDITORS)
    position = models.IntegerField(default=0)
    """Pages stand in the order of their positions."""
    rev = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["project"], condition=Q(dirty=True), name="page_dirty")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/projects/{self.project_id}/dashboards/{self.id}/"

    def as_row(self) -> dict[str, Any]:
        """The page's own fields, as they stand in operations and answers."""
        return {"id": str(self.pk), "name": self.name, "operators": self.operators, "position": self.position}


class Widget(models.Model):
    """The control panel of one node on a page, in grid cells. A node that is deleted leaves its widgets: they say so,
    and show it again when the deletion is undone. So `node` is no foreign key."""

    FIELDS = ("title", "x", "y", "w", "h", "schema_patch")

    id = models.UUIDField(primary_key=True, editable=False)
    page = models.ForeignKey(WidgetPage, on_delete=models.CASCADE, related_name="widgets")
    node = models.CharField(max_length=12)
    node_name = models.CharField(max_length=253)
    """The TinyNode's name, which is fixed at its creation."""
    title = models.CharField(max_length=100, blank=True, default="")
    """Empty: the node's own."""
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    w = models.PositiveSmallIntegerField()
    h = models.PositiveSmallIntegerField()
    schema_patch = models.JSONField(default=list, blank=True)
    """JSON Patch on the schema of the node's `_control` port: what is hidden here, and drawn how."""
    rev = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.title or self.node_name

    def as_row(self) -> dict[str, Any]:
        """The widget as it stands in operations and answers."""
        fields = {name: getattr(self, name) for name in self.FIELDS}
        return {"id": str(self.pk), "page": str(self.page_id), "node": self.node, **fields}


class PageChange(models.Model):
    """One applied batch of operations on the pages of a project, and what an undo needs to take it back.

    Revisions are the project's, shared with the changes of its flows.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="page_changes", db_index=False)
    rev = models.BigIntegerField()
    prev_rev = models.BigIntegerField()
    """The revision of the change of pages before it; 0 for the first."""
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    client_op_id = models.CharField(max_length=64)
    ops = models.JSONField()
    before = models.JSONField()
    """Beside each operation what it replaced: `set_*` the fields as they were, `delete_*` the rows."""
    undoes = models.BigIntegerField(null=True, default=None)
    undone_by = models.BigIntegerField(null=True, default=None)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "rev"], name="one_page_change_per_revision"),
            models.UniqueConstraint(fields=["project", "client_op_id"], name="one_page_change_per_client_operation"),
        ]

    def __str__(self) -> str:
        return f"page change {self.rev} of {self.project}"

    @property
    def actor_name(self) -> str:
        return self.actor.get_username() if self.actor else "a former member"

    def as_message(self) -> dict[str, Any]:
        """A Change of docs/protocols.md section 4, of pages."""
        return {
            "rev": self.rev,
            "prev_rev": self.prev_rev,
            "client_op_id": self.client_op_id,
            "by": {"id": self.actor_id, "name": self.actor_name},
            "at": self.created.isoformat(),
            "ops": self.ops,
            "undoable": self.undone_by is None,
        }
