from django.conf import settings
from django.db import models

from projects.models.project import Project


class Role(models.TextChoices):
    """What a person is in a project, from most to least; each may do what those after it may."""

    OWNER = "owner"
    EDITOR = "editor"
    OPERATOR = "operator"
    """Looks, presses controls and sends signals."""
    VIEWER = "viewer"


class Membership(models.Model):
    """A person's own role in a project; teams may give a higher one (`permissions.role_in`)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "project"], name="one_role_per_project")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.project}"
