"""The bodies and answers about the states of nodes, as they stand in the API's OpenAPI document."""

from typing import Annotated, Any, Literal

from ninja import Field

from editor.api.described import Schema


class StateFieldOut(Schema):
    """One field. Of a secret only whether it is ``set``; of a value over 2 KiB its ``beginning`` (``cut``). ``digest``
    names the value for an edit."""

    name: str
    key: str
    title: str
    schema_: dict[str, Any] = Field(alias="schema")
    secret: bool
    editable: bool
    set: bool | None = None
    value: Any = None
    beginning: str | None = None
    bytes: int | None = None
    cut: bool | None = None
    digest: str | None = None


class ChangedByOut(Schema):
    """Who: a ``person`` by ``name``, a ``message`` of ``node`` (none: of another flow), the node itself (``own``), a
    host elsewhere, or what was ``found`` when the host began to look."""

    kind: Literal["person", "message", "own", "elsewhere", "found"]
    name: str | None = None
    node: str | None = None


class StateChangeOut(Schema):
    """``count`` changes close together, the last of them ``version``; ``changed`` are fields with their values, those
    of large and secret ones left out. ``at`` is unix ms."""

    epoch: int
    version: int
    at: int
    count: int
    by: ChangedByOut
    changed: list[dict[str, Any]]


class StateOut(Schema):
    """The state of a node. ``kept``: it has one; ``stored``: it was written; ``running``: a host told this, else it is
    what stands in the resource. ``history`` is what ``host`` has seen since ``since`` (unix ms), newest first."""

    running: bool
    host: str
    leads: bool
    kept: bool
    stored: bool | None = None
    persistent: bool | None = None
    epoch: int | None = None
    version: int | None = None
    error: dict[str, Any] | None = None
    since: int | None = None
    fields: list[StateFieldOut]
    history: list[StateChangeOut]


class StateEditIn(Schema):
    """A value for a field whose digest was ``was`` when the person looked."""

    field: Annotated[str, Field(min_length=1, max_length=200)]
    value: Any
    was: Annotated[str, Field(min_length=1, max_length=64)]
