import uuid

from django.conf import settings
from django.db import models

from projects.models.project import Project
from projects.models.team import Team


class Invitation(models.Model):
    """A link by which one person becomes a member of a project or of a team. Only the hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="invitations")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="invitations")
    """Exactly one of the two."""
    role = models.CharField(max_length=10)
    """A `Role` of the project, or a `TeamRole` of the team."""
    email = models.EmailField(blank=True)
    """Where it was sent; empty: whoever has the link."""
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True, default=None)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["expires"], name="invitation_expires")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(project=None) ^ models.Q(team=None), name="invited_to_a_project_or_a_team"
            )
        ]

    def __str__(self) -> str:
        return f"invitation to {self.project or self.team} as {self.role}"
