"""Answers of the record."""

import uuid
from datetime import datetime
from typing import Any

from editor.api.described import Schema


class EntryOut(Schema):
    """One thing that somebody did. `way` is how they proved who they are: `session`, `token`, `link` or `system`."""

    id: int
    at: datetime
    person: int | None
    person_name: str
    way: str
    credential: str
    address: str
    request_id: str
    action: str
    kind: str
    object_id: str
    object_name: str
    project: uuid.UUID | None
    flow: uuid.UUID | None
    before: Any
    after: Any


class EntriesOut(Schema):
    """Newest first. `older` goes into `before` of the next request; null: there is nothing more. `back_to` says how far
    was looked, where the page is not full for that reason."""

    entries: list[EntryOut]
    older: int | None
    back_to: datetime | None


class PieceOut(Schema):
    """A part of a sentence; `url` is where the thing it names is found."""

    text: str
    strong: bool
    url: str


class SentenceOut(Schema):
    """What somebody did, as `pieces` of a sentence that follow the name, and as one `text`. `count` changes are told
    together, the first of them at `since`."""

    who: str
    person: int | None
    action: str
    at: datetime
    since: datetime
    count: int
    taken_back: bool
    flow: uuid.UUID | None
    text: str
    pieces: list[PieceOut]


class ActivityOut(Schema):
    """Newest first; `older` as with entries."""

    sentences: list[SentenceOut]
    older: int | None
