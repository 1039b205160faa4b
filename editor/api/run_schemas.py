"""The answers about recorded runs and failures, as they stand in the API's OpenAPI document."""

from typing import Any, Literal

from editor.api.described import Schema


class RunSummary(Schema):
    """One run: where it entered (``node`` is None where that is in another flow), when (unix ms), and how it ended.
    ``whole``: its beginning is known; ``cut``: it has more hops than are kept."""

    trace: str
    node: str | None
    name: str
    port: str
    at: int
    duration_ms: float | None
    state: Literal["running", "ok", "error"]
    error: dict[str, Any] | None
    cut: bool
    whole: bool
    hosts: list[str]


class RunInList(RunSummary):
    """``spans``: how many hops are known."""

    spans: int


class RunsOut(Schema):
    """Newest first; ``silent`` are hosts that did not answer."""

    runs: list[RunInList]
    silent: list[str]


class SentOut(Schema):
    """What a node sent from an output, before the wire's mapping."""

    node: str
    port: str
    message: Any = None


class SpanOut(Schema):
    """One message at one node, in milliseconds from the run's beginning. ``bytes``, ``message`` and ``sent`` where they
    are known; a message has no secrets and at most 4 KiB."""

    id: str
    parent: str | None
    node: str | None
    name: str
    port: str
    edge: str | None
    start_ms: float
    duration_ms: float | None
    error: dict[str, Any] | None
    bytes: int | None
    message: Any = None
    sent: SentOut | None = None
    host: str


class RunOut(RunSummary):
    """In the order in which the hops began."""

    spans: list[SpanOut]
    silent: list[str]


class StackOut(Schema):
    """Where in its component's code the newest failed message of a node failed: ``at`` is unix ms, ``host`` the module
    host that tells it. Without secrets, at most 16 KiB."""

    code: str
    message: str
    at: int
    text: str
    host: str
