"""Comment on a flow, its nodes and wires; answer, change and take back; resolve and open again (ADR 84)."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from projects.actions.told import tell_comments
from projects.audit import audit
from projects.background import in_background
from projects.comments.anchors import checked_label, fresh_label
from projects.comments.limits import AT_ONCE, AT_ONCE_SECONDS, KEPT_MENTIONS, MAX_COMMENTS, MAX_TEXT, MAX_THREADS
from projects.comments.mentions import mentioned
from projects.errors import ProjectError
from projects.mail import mail_is_set
from projects.models import Comment, CommentThread, Flow, Mention, Project
from projects.permissions import Person, Verb, can, require

COMMENT: Verb = "control"
"""Who may press a flow's buttons may talk about it; who may only look reads what others say."""


@transaction.atomic
def do_start_thread(
    person: Person,
    flow: Flow,
    thread_id: uuid.UUID,
    comment_id: uuid.UUID,
    text: str,
    *,
    node: str = "",
    edge: uuid.UUID | None = None,
    origin: str = "",
) -> CommentThread:
    """A first comment on a node, on a wire, or on the flow where neither is given. Both ids are made by the client: a
    repeat by the same person returns the first. With `origin`, where the product is reached (`https://host/`), mail
    goes to who is named. Raises ProjectError: limits, a place that is not in the flow."""
    fresh = _locked(person, flow)
    author = cast("User", person)  # nobody else may comment
    first = CommentThread.objects.filter(pk=thread_id).select_related("flow").first()
    if first is not None:
        if first.flow_id != fresh.pk or first.started_by_id != author.pk:
            raise _taken("thread")
        return first
    if CommentThread.objects.filter(flow=fresh).count() >= MAX_THREADS:
        message = f"The flow has {MAX_THREADS} threads of comments, which is the limit: delete old ones first."
        raise ProjectError("too_many_threads", message)
    label = checked_label(fresh, node, edge)
    now = timezone.now()
    thread = CommentThread.objects.create(
        id=thread_id, project=fresh.project, flow=fresh, node=node, edge=edge, label=label, rev=_next_rev(fresh),
        count=1, started_by=author, last_at=now,
    )  # fmt: skip
    _write(author, thread, comment_id, text, now, origin)
    _record(person, "comment.add", thread, comment_id)
    return thread


@transaction.atomic
def do_reply(person: Person, thread: CommentThread, comment_id: uuid.UUID, text: str, *, origin: str = "") -> Comment:
    """A further comment in the thread, resolved or not; a repeat with the same id by the same person returns the
    first."""
    locked = _locked_thread(person, thread)
    author = cast("User", person)
    first = Comment.objects.filter(pk=comment_id).first()
    if first is not None:
        if first.thread_id != locked.pk or first.author_id != author.pk:
            raise _taken("comment")
        return first
    if locked.count >= MAX_COMMENTS:
        message = f"The thread has {MAX_COMMENTS} comments, which is the limit: go on in a new one."
        raise ProjectError("too_many_comments", message)
    now = timezone.now()
    locked.count += 1
    locked.last_at = now
    locked.label = fresh_label(locked)
    _changed(locked, "count", "last_at", "label")
    comment = _write(author, locked, comment_id, text, now, origin)
    _record(person, "comment.add", locked, comment_id)
    return comment


@transaction.atomic
def do_edit_comment(person: Person, comment: Comment, text: str, *, origin: str = "") -> Comment:
    """Replaces the text of an own comment. Who is named in it now and was not before hears of it."""
    locked, own = _own(person, comment)
    own.text = _checked_text(text)
    own.edited = timezone.now()
    own.save(update_fields=["text", "edited"])
    _changed(locked)
    people = mentioned(own.text, locked.project)
    own.mentions.exclude(user__in=people).delete()
    _mention(own, people, own.edited, origin)
    _record(person, "comment.edit", locked, own.pk)
    return own


@transaction.atomic
def do_delete_comment(person: Person, comment: Comment) -> None:
    """Takes back a comment: an own one, or anybody's for who manages the project. The thread goes with its last."""
    locked, found = _own(person, comment, or_manage=True)
    found.mentions.all().delete()
    found.text, found.deleted = "", True
    found.save(update_fields=["text", "deleted"])
    _record(person, "comment.delete", locked, found.pk)
    if Comment.objects.filter(thread=locked, deleted=False).exists():
        _changed(locked)
        return
    _next_rev(locked.flow)
    locked.delete()


@transaction.atomic
def do_resolve_thread(person: Person, thread: CommentThread, resolved: bool) -> CommentThread:
    """Resolves the thread or opens it again; nothing happens where it is so already."""
    locked = _locked_thread(person, thread)
    if locked.is_open is not resolved:
        return locked
    locked.resolved_by = cast("User", person) if resolved else None
    locked.resolved_at = timezone.now() if resolved else None
    _changed(locked, "resolved_by", "resolved_at")
    _record(person, "comment.resolve" if resolved else "comment.reopen", locked)
    return locked


def _locked(person: Person, flow: Flow) -> Flow:
    """The flow as it is now, under the lock that orders all changes in its project."""
    project = Project.objects.select_for_update().filter(pk=flow.project_id).first()
    fresh = Flow.objects.select_related("project").filter(pk=flow.pk).first() if project else None
    require(person, COMMENT, fresh)
    assert fresh is not None
    return fresh


def _locked_thread(person: Person, thread: CommentThread) -> CommentThread:
    flow = _locked(person, thread.flow)
    found = CommentThread.objects.filter(pk=thread.pk).first()
    if found is None:
        raise ProjectError("not_found", "This thread is not there any more.", 404)
    found.flow, found.project = flow, flow.project
    return found


def _own(person: Person, comment: Comment, *, or_manage: bool = False) -> tuple[CommentThread, Comment]:
    locked = _locked_thread(person, comment.thread)
    found = Comment.objects.filter(pk=comment.pk, deleted=False).first()
    if found is None:
        raise ProjectError("not_found", "This comment was taken back already.", 404)
    if found.author_id != person.pk and not (or_manage and can(person, "manage", locked.flow)):
        raise ProjectError("forbidden", "Only who wrote a comment may change it.", 403)
    return locked, found


def _write(
    author: User, thread: CommentThread, comment_id: uuid.UUID, text: str, now: datetime, origin: str
) -> Comment:
    checked = _checked_text(text)
    if Comment.objects.filter(pk=comment_id).exists():
        raise _taken("comment")
    lately = Comment.objects.filter(author=author, created__gt=now - timedelta(seconds=AT_ONCE_SECONDS)).count()
    if lately >= AT_ONCE:
        message = f"You have written {AT_ONCE} comments within a minute: wait a little, then send this one again."
        raise ProjectError("slow_down", message, 429)
    comment = Comment.objects.create(id=comment_id, thread=thread, author=author, text=checked, created=now)
    _mention(comment, mentioned(checked, thread.project), now, origin)
    return comment


def _checked_text(text: str) -> str:
    checked = text.strip()
    if not checked:
        raise ProjectError("comment_empty", "Write something first.", field="/text")
    if len(checked) > MAX_TEXT:
        raise ProjectError("comment_too_long", f"A comment has at most {MAX_TEXT:,} characters.", field="/text")
    if "\x00" in checked:
        raise ProjectError("comment_invalid", "The text holds characters that cannot be kept.", field="/text")
    return checked


def _mention(comment: Comment, people: Sequence[User], now: datetime, origin: str) -> None:
    """Adds to the inboxes of those who are named and were not, and has mail sent. Nobody calls oneself."""
    known = set(comment.mentions.values_list("user_id", flat=True))
    fresh = [person for person in people if person.pk not in known and person.pk != comment.author_id]
    for person in fresh:
        mention = Mention.objects.create(comment=comment, user=person, created=now)
        _trim(person)
        if origin and person.email and mail_is_set():
            transaction.on_commit(partial(in_background, "mail_mention", str(mention.pk), origin))


def _trim(person: User) -> None:
    old = Mention.objects.filter(user=person).order_by("-created", "-pk").values_list("pk", flat=True)[KEPT_MENTIONS:]
    ids = list(old[:100])
    if ids:
        Mention.objects.filter(pk__in=ids).delete()


def _record(person: Person, action: str, thread: CommentThread, comment_id: uuid.UUID | None = None) -> None:
    """What was said is not told."""
    after = {"node": thread.node, "comment": str(comment_id) if comment_id else ""}
    audit(person, action, thread, after={key: value for key, value in after.items() if value})


def _changed(thread: CommentThread, *fields: str) -> None:
    thread.rev = _next_rev(thread.flow)
    thread.save(update_fields=["rev", *fields])


def _next_rev(flow: Flow) -> int:
    """Raises the revision of the flow's comments, and tells of it after the commit."""
    flow.comments_rev += 1
    flow.save(update_fields=["comments_rev"])
    tell_comments(flow.pk)
    return flow.comments_rev


def _taken(what: str) -> ProjectError:
    return ProjectError("id_taken", f"This id was used for another {what}: make a new one.", 409, field="/id")
