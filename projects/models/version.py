from typing import Any

from django.conf import settings
from django.db import models

from projects.models.flow import Flow
from projects.models.snapshot import Snapshot


class Version(models.Model):
    """A state of a flow that somebody gave a name, to come back to (ADR 82). Its `id` is made by the client."""

    id = models.UUIDField(primary_key=True, editable=False)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="versions", db_index=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.RESTRICT, related_name="versions")
    """Stays as long as a version shows it."""
    name = models.CharField(max_length=100)
    note = models.TextField(blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "name"], name="one_version_per_name")]

    def __str__(self) -> str:
        return self.name

    def as_row(self) -> dict[str, Any]:
        """The row of the HTTP API (docs/protocols.md section 4)."""
        return {
            "id": str(self.pk),
            "name": self.name,
            "note": self.note,
            "rev": self.snapshot.rev,
            "by": {"id": self.author_id, "name": self.author.get_username() if self.author else "a former member"},
            "at": self.created.isoformat(),
            "nodes": self.snapshot.nodes,
            "edges": self.snapshot.edges,
        }
