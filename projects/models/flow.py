import uuid

from django.db import models
from django.db.models import Q

from projects.models.project import Project
from projects.models.pushed import Pushed


class Flow(Pushed):
    """A canvas of nodes and edges. `rev` is the project's revision of the last change that touched it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="flows")
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True, default="")
    """A text for people; said by the file that the flow came from."""
    resource_name = models.CharField(max_length=63, unique=True)
    rev = models.BigIntegerField(default=0)
    node_count = models.PositiveIntegerField(default=0)
    edge_count = models.PositiveIntegerField(default=0)
    """Kept by the actions, so that the limits and the lists never count rows."""
    comments_rev = models.BigIntegerField(default=0)
    """Raised by one with every change of the flow's comments, which are no part of its document; 0: there were none."""
    tests_rev = models.BigIntegerField(default=0)
    """The same of its tests, of what became of them, and of how far a run of them is."""
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["project"], condition=Q(dirty=True), name="flow_dirty")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/projects/{self.project_id}/flows/{self.id}/"
