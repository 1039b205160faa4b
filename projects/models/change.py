from typing import Any

from django.conf import settings
from django.db import models

from projects.models.flow import Flow
from projects.models.project import Project


class Change(models.Model):
    """One applied batch of operations: the document stream, and what an undo needs to take it back."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="changes", db_index=False)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="changes", db_index=False)
    rev = models.BigIntegerField()
    prev_rev = models.BigIntegerField()
    """The flow's revision before this change."""
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    client_op_id = models.CharField(max_length=64)
    ops = models.JSONField()
    """Operations as applied, in order."""
    before = models.JSONField()
    """Beside each operation, what it replaced (projects/operations/apply.py says in which form)."""
    size = models.PositiveIntegerField(default=0)
    """Bytes of both as JSON: by them the log is trimmed."""
    follows = models.BigIntegerField(null=True, default=None)
    """The change of another flow that this one tells of; that one holds all operations, and is what can be undone."""
    undoes = models.BigIntegerField(null=True, default=None)
    undone_by = models.BigIntegerField(null=True, default=None)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "rev"], name="one_change_per_revision"),
            models.UniqueConstraint(fields=["project", "client_op_id"], name="one_change_per_client_operation"),
        ]
        # With the size: to add up a log is to read an index, not the operations in it.
        indexes = [
            models.Index(fields=["flow", "rev", "size"], name="change_of_flow"),
            models.Index(fields=["project", "rev", "size", "flow"], name="change_of_project"),
        ]

    def __str__(self) -> str:
        return f"change {self.rev} of {self.flow}"

    @property
    def own_ops(self) -> list[dict[str, Any]]:
        """What happened in this flow. A change that reaches into others holds theirs too, marked with `in`.

        Where nodes come back into the flow, their wires follow them.
        """
        own = [op for op in self.ops if "in" not in op]
        if any(op["op"] == "move_node" for op in own):
            own.sort(key=lambda op: op["op"] == "add_edge")
        return own

    def as_message(self) -> dict[str, Any]:
        """The Change of docs/protocols.md section 4."""
        name = self.actor.get_username() if self.actor else "a former member"
        message = {
            "rev": self.rev,
            "prev_rev": self.prev_rev,
            "client_op_id": self.client_op_id,
            "by": {"id": self.actor_id, "name": name},
            "at": self.created.isoformat(),
            "ops": self.own_ops,
            "undoable": self.undone_by is None and self.follows is None,
        }
        if self.undoes is not None:
            message["undoes"] = self.undoes
        return message
