"""The bodies and answers about versions, as they stand in the API's OpenAPI document."""

import uuid
from typing import Annotated, Any, Literal

from ninja import Field

from editor.api.described import Schema
from editor.api.schemas import AppliedOut, ClientOpId, FlowOut, PersonOut, Rev


class VersionIn(Schema):
    """A new version: the flow as it is now, or as it was at ``rev``. ``id`` is made by the client; the same once more
    by the same person keeps no second one."""

    id: uuid.UUID
    name: str
    note: str = ""
    rev: Rev | None = None


class VersionOut(Schema):
    """A state of the flow that has a name; ``rev`` is the flow's revision that it shows."""

    id: uuid.UUID
    name: str
    note: str
    rev: int
    by: PersonOut
    at: str
    nodes: int
    edges: int
    deletable: bool


class PointOut(Schema):
    """The flow as of the last of ``changes`` changes that one person made in a row."""

    ref: str
    rev: int
    from_: Annotated[int, Field(alias="from")]
    by: PersonOut
    at: str
    since: str
    changes: int


class VersionsOut(Schema):
    """Named versions and points of the change log, newest first; ``more``: there are older points."""

    rev: int
    versions: list[VersionOut]
    points: list[PointOut]
    more: bool


class PastHead(Schema):
    """A state of a flow: ``now``, ``r<revision>``, or the id of a version."""

    ref: str
    rev: int
    name: str


class PastOut(FlowOut):
    """The flow as it was, in the form in which it is opened."""

    past: PastHead


class FieldOut(Schema):
    """A place that differs; without ``before`` or ``after`` where nothing was or is. ``cut``: a value is too long."""

    path: list[str | int]
    before: Any = None
    after: Any = None
    cut: bool = False


class DifferenceOut(Schema):
    """A thing that differs. ``row`` is what was removed, without what was in it."""

    kind: Literal["group", "node", "edge", "note"]
    id: str
    outcome: Literal["added", "removed", "changed"]
    title: str
    moved: bool = False
    only_moved: bool = False
    fields: list[FieldOut] = []
    row: dict[str, Any] | None = None


class CountsOut(Schema):
    """How many things; ``moved`` and changed in nothing else are not among ``changed``."""

    added: int
    removed: int
    changed: int
    moved: int


class DiffOut(Schema):
    """What is different in ``b`` from ``a``; ``left`` differences had no room in the answer."""

    a: PastHead
    b: PastHead
    items: list[DifferenceOut]
    counts: CountsOut
    left: int


class RestoreIn(Schema):
    """Make the flow what it was; ``rest``: as far as that can be."""

    client_op_id: ClientOpId
    rest: bool = False


class RestoredOut(AppliedOut):
    """``left`` says in sentences what is not as it was, and why. ``ops`` come on the websocket."""

    left: list[str]
