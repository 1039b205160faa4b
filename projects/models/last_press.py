from django.conf import settings
from django.db import models

from projects.models.project import Project


class LastPress(models.Model):
    """Who pressed a button of a node last. Values that went along are not kept."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    node = models.CharField(max_length=12)
    control = models.CharField(max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "control"], name="one_last_press_per_control")]

    def __str__(self) -> str:
        return f"{self.control} of {self.node}"
