"""What people say to each other about a flow, its nodes and its wires (ADR 84). Nothing of it reaches the cluster."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from projects.models.flow import Flow
from projects.models.project import Project

FORMER = "a former member"


class CommentThread(models.Model):
    """Comments that answer each other, on a node or a wire, or on the flow itself where both are empty.

    Its `id` is made by the client. What it is about is known by id alone: the node or wire may be deleted, and come
    back with an undo. A row beside the flow's document: its changes are not in the change log.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="threads", db_index=False)
    node = models.CharField(max_length=12, blank=True, default="")
    edge = models.UUIDField(null=True, default=None)
    label = models.CharField(max_length=600, blank=True, default="")
    """What the node or wire was called when somebody last wrote here, for when it is gone."""
    count = models.PositiveSmallIntegerField(default=0)
    """Comments ever written here: those that were taken back count too."""
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, default=None)
    """None while it is open."""
    rev = models.BigIntegerField()
    """The flow's `comments_rev` of the last change here."""
    created = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField()
    """When somebody last wrote here."""

    class Meta:
        indexes = [models.Index(fields=["flow", "rev"], name="thread_of_flow")]

    def __str__(self) -> str:
        return f"comments on {self.label}" if self.label else "comments on the flow"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    def get_absolute_url(self) -> str:
        return f"/projects/{self.project_id}/flows/{self.flow_id}/?comment={self.pk}"


class Comment(models.Model):
    """What one person said once, in Markdown. One that was taken back stays without its text, so that answers to it
    keep their place. Its `id` is made by the client."""

    id = models.UUIDField(primary_key=True, editable=False, default=uuid.uuid4)
    thread = models.ForeignKey(CommentThread, on_delete=models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    text = models.TextField()
    deleted = models.BooleanField(default=False)
    created = models.DateTimeField()
    edited = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [
            models.Index(fields=["thread", "created"], name="comment_of_thread"),
            models.Index(fields=["author", "created"], name="comment_by_author"),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    def as_row(self, person: User) -> dict[str, Any]:
        """The comment of the HTTP API (docs/protocols.md section 4), for who asks; fetch its `mentions` with it."""
        return {
            "id": str(self.pk),
            "by": {"id": self.author_id, "name": self.author.get_username() if self.author else FORMER},
            "own": self.author_id == person.pk,
            "text": self.text,
            "deleted": self.deleted,
            "at": self.created.isoformat(),
            "edited": self.edited.isoformat() if self.edited else None,
            "mentions": sorted(mention.user.get_username() for mention in self.mentions.all()),
        }


class Mention(models.Model):
    """Somebody who was named in a comment: an entry of that person's inbox."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions", db_index=False
    )
    created = models.DateTimeField()
    read = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="one_mention_per_comment")]
        indexes = [
            models.Index(fields=["user", "created"], name="mention_of_person"),
            models.Index(fields=["user"], condition=Q(read__isnull=True), name="mention_unread"),
        ]

    def __str__(self) -> str:
        return f"mention of {self.user_id} in {self.comment_id}"
