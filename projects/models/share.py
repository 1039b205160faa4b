from django.db import models

from projects.models.flow import Flow
from projects.models.frame import Group
from projects.models.node import Node


class Share(models.Model):
    """A node shown in another flow of its project than its own, with a place of its own there (ADR 51).

    The actions delete shares before their nodes and groups.
    """

    node = models.ForeignKey(Node, on_delete=models.DO_NOTHING, related_name="shares")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="shares")
    x = models.IntegerField()
    y = models.IntegerField()
    group = models.ForeignKey(Group, on_delete=models.DO_NOTHING, null=True, default=None, related_name="+")
    rev = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "flow"], name="one_share_per_flow")]

    def __str__(self) -> str:
        return f"{self.node_id} in {self.flow_id}"
