import uuid

from django.conf import settings
from django.db import models

from projects.models.project import Project
from weirflow.secret_references import Reference


class ProjectSecret(models.Model):
    """One key of a secret that was made here: what it is called, never its value, which the cluster alone keeps.

    `resource_name` is the Secret that holds it, and nothing else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="secrets")
    name = models.CharField(max_length=63)
    key = models.CharField(max_length=63)
    resource_name = models.CharField(max_length=253, unique=True)
    stored = models.BooleanField(default=False)
    """The cluster has taken a value; else the process ended before that was known."""
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name", "key"], name="one_secret_per_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """By what people know it."""
        return f"{self.name}/{self.key}"

    @property
    def reference(self) -> Reference:
        """What settings and mappings hold instead of the value."""
        return Reference(self.name, self.key)
