import uuid

from django.db import models
from django.db.models import Q

from projects.models.pushed import Pushed


class Project(Pushed):
    """Flows that belong together, their members, and one sequence of revisions for all changes in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True, default="")
    """A text for people; said by the file that the project came from."""
    resource_name = models.CharField(max_length=63, unique=True)
    rev = models.BigIntegerField(default=0)
    """The last revision handed out; a change takes the next one under the row's lock."""
    outbound = models.JSONField(default=dict)
    """What its flows may call: `{"allow": [entries], "only": bool}`, see projects/outbound.py. Empty: the internet."""
    code_for_owners = models.BooleanField(default=False)
    """Only owners write code (nodes whose settings are a program); else editors do too."""
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(dirty=True), name="project_dirty")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/projects/{self.id}/"
