"""What the pusher remembers about a row that stands for a custom resource."""

from django.db import models


class Pushed(models.Model):
    """The two of a row's three states that the database knows: desired (`desired_rev`) and applied.

    The third, observed, is the informer's. `dirty` says that desired is ahead: the pusher clears it with
    `filter(pk=..., desired_rev=<what it wrote>)`, so that an edit made meanwhile keeps the row dirty.
    """

    desired_rev = models.BigIntegerField(default=0)
    applied_rev = models.BigIntegerField(default=0)
    applied_uid = models.CharField(max_length=36, blank=True, default="")
    applied_generation = models.BigIntegerField(default=0)
    applied_hash = models.CharField(max_length=64, blank=True, default="")
    dirty = models.BooleanField(default=True)
    push_problem = models.JSONField(null=True, blank=True, default=None)
    """A Problem of docs/protocols.md section 3, or null: why the last push of this row failed."""

    class Meta:
        abstract = True
