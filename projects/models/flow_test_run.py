import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from projects.models.flow import Flow


class FlowTestRun(models.Model):
    """The last run of a flow's tests: one at a time, told to all who look at the flow (ADR 114)."""

    flow = models.OneToOneField(Flow, on_delete=models.CASCADE, primary_key=True, related_name="tests_run")
    run = models.UUIDField(default=uuid.uuid4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    began = models.DateTimeField()
    until = models.DateTimeField()
    """When it has ended whatever else is said: the process that had it may be gone."""
    tests = models.JSONField(default=list)
    """Ids of those that are run, in their order."""
    done = models.PositiveIntegerField(default=0)
    test = models.UUIDField(null=True, default=None)
    """The one that is being run, or was when it ended by itself; None before the first, and at a good end."""
    ended = models.DateTimeField(null=True, default=None)
    problem = models.JSONField(null=True, default=None)
    """`{code, message}`: why not all were run."""
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"tests of {self.flow_id}"

    @property
    def under_way(self) -> bool:
        """Whether it goes on."""
        return self.ended is None and timezone.now() < self.until

    def as_row(self) -> dict[str, Any]:
        """As it is told (docs/protocols.md section 4)."""
        lost = self.ended is None and not self.under_way
        gone = {"code": "run_lost", "message": "The server ended while it ran the tests: run them again."}
        return {
            "id": str(self.run),
            "by": _name(self.by),
            "began": self.began.isoformat(),
            "tests": self.tests,
            "done": self.done,
            "test": str(self.test) if self.test else None,
            "ended": (self.ended or self.until).isoformat() if lost or self.ended else None,
            "problem": gone if lost else self.problem,
            "stopped_by": _name(self.stopped_by) if self.stopped_by_id else None,
        }


def _name(person: Any) -> str:
    return person.get_username() if person else "a former member"
