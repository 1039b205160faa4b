from typing import Any

from django.conf import settings
from django.db import models

from projects.models.flow import Flow
from projects.models.project import Project


class FlowTest(models.Model):
    """A test of a flow: what is given at a port and what is expected at others (ADR 111).

    A row beside the flow's document, as a scenario is, and unknown to the cluster. Its `id` is made by the client.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="flow_tests")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="tests")
    name = models.CharField(max_length=200)
    body = models.JSONField(default=dict)
    """As in a flow file without its name (docs/flow-tests.md), without secrets; nodes are named by their ids."""
    size = models.PositiveIntegerField(default=0)
    """Bytes of `body` as JSON."""
    rev = models.PositiveIntegerField(default=1)
    """Counts the edits of the test."""
    result = models.JSONField(null=True, default=None)
    """What became of it last, as its runner tells it; None before."""
    in_list = models.JSONField(null=True, default=None)
    """What lists tell of `result` (projects/testing/listed.py): they never read that."""
    ran_at = models.DateTimeField(null=True, default=None)
    ran_flow_rev = models.BigIntegerField(default=0)
    """The revision of the flow, and of the test, that `result` is of."""
    ran_rev = models.PositiveIntegerField(default=0)
    ran_of = models.CharField(max_length=64, default="")
    """The digest of what it was run with (projects/testing/matters.py): by another one it may end in another way."""
    changed = models.BigIntegerField(default=0)
    """The flow's `tests_rev` of the last change here."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "name"], name="one_test_per_name")]

    def __str__(self) -> str:
        return self.name

    def as_row(self, *, whole: bool = False) -> dict[str, Any]:
        """The row of the HTTP API (docs/protocols.md section 4), with the `whole` result or what lists tell of it."""
        return {
            "id": str(self.pk),
            "name": self.name,
            "body": self.body,
            "rev": self.rev,
            "created_by": self.created_by.get_username() if self.created_by else "a former member",
            "result": self.result if whole else self.in_list,
            "ran_at": self.ran_at.isoformat() if self.ran_at else None,
            "ran_flow_rev": self.ran_flow_rev,
            "ran_rev": self.ran_rev,
        }
