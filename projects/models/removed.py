from django.db import models


class Kind(models.TextChoices):
    PROJECT = "TinyProject"
    FLOW = "TinyFlow"
    NODE = "TinyNode"
    SCENARIO = "TinyScenario"
    PAGE = "TinyWidgetPage"
    SECRET = "Secret"  # noqa: S105 a kind


class Removed(models.Model):
    """A custom resource that has to go from the cluster. The pusher deletes the row once the resource is gone.

    No foreign keys: the rows it came from are gone already. A node that comes back (undo) takes its row away again.
    """

    kind = models.CharField(max_length=32, choices=Kind.choices)
    resource_name = models.CharField(max_length=253)
    project_name = models.CharField(max_length=63)
    """Resource name of the project."""
    uid = models.CharField(max_length=36, blank=True, default="")
    """Of the object that was applied last; empty when none was known to be."""
    problem = models.JSONField(null=True, blank=True, default=None)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "resource_name"], name="one_removal_per_resource")]

    def __str__(self) -> str:
        return f"{self.kind} {self.resource_name}"
