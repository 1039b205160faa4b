"""The bodies and answers about comments, as they stand in the API's OpenAPI document."""

import uuid
from datetime import datetime
from typing import Annotated

from ninja import Field

from editor.api.described import Schema
from editor.api.schemas import NodeId
from projects.comments.limits import MAX_TEXT

Text = Annotated[str, Field(max_length=MAX_TEXT * 2)]
"""Checked again without its outer blanks, with words that a person understands."""


class ThreadIn(Schema):
    """A first comment. ``id`` of the thread and ``comment``, its own, are made by the client; neither ``node`` nor
    ``edge``: it is about the flow."""

    id: uuid.UUID
    comment: uuid.UUID
    node: NodeId | None = None
    edge: uuid.UUID | None = None
    text: Text


class ReplyIn(Schema):
    """A further comment. ``id`` is made by the client; the same once more by the same person writes no second one."""

    id: uuid.UUID
    text: Text


class CommentEditIn(Schema):
    """The whole new text."""

    text: Text


class ResolvedIn(Schema):
    """Whether the thread is resolved."""

    resolved: bool


class AuthorOut(Schema):
    """Who wrote; ``id`` is null for a former member."""

    id: int | None
    name: str


class CommentOut(Schema):
    """``own``: who asks wrote it. ``text`` is Markdown, empty where the comment was taken back (``deleted``).
    ``mentions`` are the names in it that are people of the project."""

    id: uuid.UUID
    by: AuthorOut
    own: bool
    text: str
    deleted: bool
    at: datetime
    edited: datetime | None
    mentions: list[str]


class ResolvedOut(Schema):
    """Who resolved a thread, and when."""

    by: str
    at: datetime


class ThreadHead(Schema):
    """A thread without its comments. ``label`` is what its node or wire was called when somebody last wrote. ``mine``:
    who asks wrote in it or is named there; ``unread``: is named there and has not looked."""

    id: uuid.UUID
    node: str | None
    edge: uuid.UUID | None
    label: str
    rev: int
    by: str
    excerpt: str
    count: int
    at: datetime
    last_at: datetime
    resolved: ResolvedOut | None
    mine: bool
    unread: bool


class ThreadOut(ThreadHead):
    """A thread with all its comments, in order. ``manages``: who asks may take back those of others too."""

    manages: bool
    comments: list[CommentOut]


class ThreadsOut(Schema):
    """A page of what changed since ``after``, in that order; ``total`` is how many threads there are at ``rev``.
    ``next`` is the ``after`` of the following page, null where this one goes up to ``rev``."""

    rev: int
    total: int
    threads: list[ThreadHead]
    next: int | None


class PeopleOut(Schema):
    """Names that may be mentioned, in order; ``more``: there are others, ask with the beginning of a name."""

    names: list[str]
    more: bool


class UnreadOut(Schema):
    """How many mentions a person has not read, in all projects."""

    unread: int
