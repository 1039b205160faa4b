"""Comments as they are read by the HTTP API (docs/protocols.md section 4)."""

import re
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from projects.comments.limits import EXCERPT
from projects.models import Comment, CommentThread, Flow, Mention
from projects.models.comment import FORMER
from projects.permissions import can

_BLANKS = re.compile(r"\s+")


def excerpt(text: str) -> str:
    """The beginning of a comment on one line, as it was written."""
    line = _BLANKS.sub(" ", text).strip()
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def threads_after(person: User, flow: Flow, after: int, limit: int) -> dict[str, Any]:
    """The threads that changed since a revision, in the order in which they last did; `next` is the revision to go on
    after, None at the end. Who has others beside them than `total` says has kept some that are gone, and asks for all
    (`after` 0)."""
    threads = CommentThread.objects.filter(flow=flow)
    changed = list(_for_list(person, threads.filter(rev__gt=after)).order_by("rev")[: limit + 1])
    following = changed[limit - 1].rev if len(changed) > limit else None
    heads = [_head(thread) for thread in changed[:limit]]
    return {"rev": flow.comments_rev, "total": threads.count(), "threads": heads, "next": following}


def whole_thread(person: User, thread: CommentThread) -> dict[str, Any]:
    """A thread with all its comments; `manages`: this person may take back those of others."""
    named = Mention.objects.select_related("user")
    comments = Comment.objects.filter(thread=thread).select_related("author")
    rows = comments.prefetch_related(Prefetch("mentions", named)).order_by("created", "pk")
    head = _for_list(person, CommentThread.objects.filter(pk=thread.pk)).get()
    manages = can(person, "manage", thread.flow)
    return {**_head(head), "manages": manages, "comments": [comment.as_row(person) for comment in rows]}


def _for_list(person: User, threads: QuerySet[CommentThread]) -> QuerySet[Any]:
    said = Comment.objects.filter(thread=OuterRef("pk"), deleted=False)
    return threads.select_related("started_by", "resolved_by").annotate(
        first=Subquery(said.order_by("created", "pk").values("text")[:1]),
        wrote=Exists(said.filter(author=person)),
        named=Exists(Mention.objects.filter(comment__thread=OuterRef("pk"), user=person)),
        unread=Exists(Mention.objects.filter(comment__thread=OuterRef("pk"), user=person, read=None)),
    )


def _head(thread: Any) -> dict[str, Any]:
    """A thread without its comments; `mine`: this person wrote in it or is named there."""
    resolved = thread.resolved_at is not None
    return {
        "id": str(thread.pk),
        "node": thread.node or None,
        "edge": str(thread.edge) if thread.edge else None,
        "label": thread.label,
        "rev": thread.rev,
        "by": _name(thread.started_by),
        "excerpt": excerpt(thread.first or ""),
        "count": thread.count,
        "at": thread.created.isoformat(),
        "last_at": thread.last_at.isoformat(),
        "resolved": {"by": _name(thread.resolved_by), "at": thread.resolved_at.isoformat()} if resolved else None,
        "mine": thread.wrote or thread.named,
        "unread": thread.unread,
    }


def _name(person: User | None) -> str:
    return person.get_username() if person else FORMER
