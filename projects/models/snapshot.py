from django.db import models

from projects.models.flow import Flow


class Snapshot(models.Model):
    """The whole document of a flow as it was at one revision: what the change log is replayed from (ADR 83)."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="snapshots", db_index=False)
    rev = models.BigIntegerField()
    """The flow's revision that it shows."""
    document = models.BinaryField()
    """Packed by projects/history/document.py."""
    size = models.PositiveIntegerField()
    """Bytes of `document`, so that limits are asked of one column."""
    nodes = models.PositiveIntegerField()
    edges = models.PositiveIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "rev"], name="one_snapshot_per_revision")]

    def __str__(self) -> str:
        return f"{self.flow_id} at {self.rev}"
