"""What lies on a canvas beside nodes and wires. Nothing of it reaches the cluster (ADR 50)."""

from typing import Any

from django.db import models

from projects.models.flow import Flow
from projects.models.project import Project


class Colour(models.TextChoices):
    GREY = "grey"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    VIOLET = "violet"


class Frame(models.Model):
    """A rectangle on a canvas, in canvas pixels. Its `id` is made by the client."""

    FIELDS: tuple[str, ...] = ()
    """What a person may set."""

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="%(class)ss")
    colour = models.CharField(max_length=10, choices=Colour.choices, default=Colour.GREY)
    x = models.IntegerField()
    y = models.IntegerField()
    width = models.IntegerField()
    height = models.IntegerField()
    rev = models.BigIntegerField(default=0)

    class Meta:
        abstract = True

    def as_row(self) -> dict[str, Any]:
        """The row of the HTTP API (docs/protocols.md section 4)."""
        fields = {name: getattr(self, name) for name in self.FIELDS}
        return {"id": str(self.pk), **fields, "rev": self.rev}


class Group(Frame):
    """A frame behind nodes that belong together; `collapsed`, one card that stands for them all."""

    FIELDS = ("name", "colour", "collapsed", "ports", "x", "y", "width", "height")

    name = models.CharField(max_length=200, blank=True, default="")
    collapsed = models.BooleanField(default=False)
    ports = models.JSONField(default=dict)
    """Names that people gave to ports of the collapsed card, by `<node>:<port>:<in|out>`."""

    def __str__(self) -> str:
        return f"The group {self.name}" if self.name else "A group"


class Note(Frame):
    """A text in Markdown, for people."""

    FIELDS = ("text", "colour", "x", "y", "width", "height")

    text = models.TextField(blank=True, default="")
    group = models.ForeignKey(Group, on_delete=models.DO_NOTHING, null=True, default=None, related_name="notes")
    """The group that it lies in: it goes where that goes, and is hidden by its card. The actions take it out first."""

    def as_row(self) -> dict[str, Any]:
        return {**super().as_row(), "group": str(self.group_id) if self.group_id else None}

    def __str__(self) -> str:
        return "A note"
