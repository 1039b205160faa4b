"""The inbox of a person: where others named them, in projects that they may still see."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from projects.comments.rows import excerpt
from projects.models import Mention
from projects.models.comment import FORMER
from projects.permissions import projects_of


def inbox_of(person: User) -> QuerySet[Mention]:
    """The newest first. Who lost a project no longer sees what was said there."""
    seen = Mention.objects.filter(user=person, comment__thread__project__in=projects_of(person).values("pk"))
    return seen.select_related(
        "comment__author", "comment__thread__flow__project", "comment__thread__project"
    ).order_by("-pk")


def unread_count(person: User) -> int:
    """How many of them have not been read."""
    return inbox_of(person).filter(read=None).count()


def entry(mention: Mention) -> dict[str, Any]:
    """An entry as pages and the HTTP API show it."""
    comment = mention.comment
    thread = comment.thread
    return {
        "id": mention.pk,
        "by": comment.author.get_username() if comment.author else FORMER,
        "at": mention.created,
        "read": mention.read is not None,
        "excerpt": excerpt(comment.text),
        "place": thread.label or thread.flow.name,
        "flow": thread.flow.name,
        "project": thread.project.name,
        "resolved": not thread.is_open,
        "url": thread.get_absolute_url(),
    }
