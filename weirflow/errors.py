"""What can go wrong in a flow, and the one form in which it is shown.

A component raises `Fail` (or lets any other exception out); the runtime turns it into a `Problem`, which stands on
the node or the edge it concerns, travels on the live stream and is written into the status. `docs/protocols.md`
section 3 has the JSON form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

#: Any value that JSON can carry: None, bool, int, float, str, list of JSON, dict of str to JSON. Messages are shared
#: between the branches of a flow and therefore never changed in place.
JSON: TypeAlias = Any

#: Characters of a problem's text that people are shown; it stands in the node's resource, beside its state.
_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure as people and programs see it.

    `code` is snake_case and stable; `message` says what, where and what to do; `field` is a JSON pointer into the
    message or the settings; `edge` and `port` and `node` name what it concerns; `at` is unix milliseconds.
    """

    code: str
    message: str
    field: str | None = None
    edge: str | None = None
    port: str | None = None
    node: str | None = None
    at: int | None = None

    def __post_init__(self) -> None:
        # Both may be made of what a message or a library brought along, and are written into the cluster.
        for name in ("code", "message", "field"):
            text = getattr(self, name)
            if text is not None and (len(text) > _SHOWN or not text.isascii()):
                object.__setattr__(self, name, _showable(text))

    def to_json(self) -> dict[str, JSON]:
        """The object of the protocol: only what is known."""
        names = ("code", "message", "field", "edge", "port", "node", "at")
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    @classmethod
    def from_json(cls, data: dict[str, JSON]) -> Problem:
        """Read what `to_json` wrote; unknown keys are left out, so that newer senders are understood."""
        known = {name: data[name] for name in cls.__slots__ if name in data}
        return cls(**{"code": "failed", "message": "", **known})


#: What becomes of messages while hosts start, hand over or cannot be reached, and the store has no room or no time.
_TRANSIENT = frozenset(
    (
        "cancelled", "cluster_unreachable", "commit_failed", "module_down", "not_here", "not_leader", "not_ready",
        "overloaded", "state_conflict", "state_contended", "stopped", "storage_full", "unknown_node", "unreachable",
    )
)  # fmt: skip


class Fail(Exception):
    """A failure that travels back through the callers of a message.

    `code` names the kind. `retryable` marks an error that a later attempt may not meet (a timeout, a busy server):
    only such errors are tried again by an edge's retry policy. `permanent` forbids every further attempt. `field` is
    a JSON pointer.
    """

    code = "failed"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        retryable: bool = False,
        permanent: bool = False,
        field: str | None = None,
        edge: str | None = None,
        port: str | None = None,
        node: str | None = None,
    ) -> None:
        message = message if isinstance(message, str) else words_of(message)
        super().__init__(message)
        if retryable and permanent:
            raise ValueError("a failure is retryable or permanent, not both")
        self.retryable = retryable
        self.permanent = permanent
        self.problem = self._given = Problem(code or type(self).code, message, field, edge, port, node)
        self.code = self.problem.code
        self._run: object = None

    @property
    def transient(self) -> bool:
        """Whether it was no node that failed, but what carries messages and stores states: soon all may be well. For
        what keeps a message, and would send it again as the same operation."""
        return self.retryable and self.code in _TRANSIENT

    def located(self, *, edge: str | None = None, port: str | None = None, node: str | None = None) -> None:
        """Say where it happened, unless somebody nearer to the cause has said so already."""
        known = self.problem
        self.problem = replace(known, edge=known.edge or edge, port=known.port or port, node=known.node or node)

    def of_run(self, run: object) -> Fail:
        """This failure as that of a message of ``run``: itself, or a copy where it has been that of another run's. An
        author may keep one failure and raise it for every message: each happens where it does, and what the messages
        before had at hand is let go."""
        if self._run is None:
            self._run = run
        if self._run is run:
            return self
        fresh = type(self).__new__(type(self))
        fresh.__dict__.update(self.__dict__, problem=self._given, _run=run)
        fresh.args, fresh.__cause__, fresh.__traceback__ = self.args, self.__cause__, self.__traceback__
        self.__traceback__ = None
        return fresh


class MessageRejected(Fail):
    """A message does not fit the input it was sent to; the component has not seen it."""

    code = "message_rejected"


class SettingsRejected(Fail):
    """Settings that the component cannot work with; those before stay in force."""

    code = "settings_rejected"


class ComponentError(Fail):
    """A component let an exception out that is not a `Fail`: a fault in its code or in what it relies on."""

    code = "component_error"


class NotLeader(Fail):
    """The replica that took the message may not change state, or has lost the right to."""

    code = "not_leader"

    def __init__(self, message: str = "only leader can modify state", **where: Any) -> None:
        super().__init__(message, **{"retryable": True, **where})


class StateError(Fail):
    """State that cannot be read, is used against its rules, or has grown past what a resource can carry."""

    code = "state_error"


class StateConflict(Fail):
    """The stored state has moved on under a change. Load it and deliver the message again from its start."""

    code = "state_conflict"

    def __init__(self, message: str, **where: Any) -> None:
        super().__init__(message, **{"retryable": True, **where})


class AlreadyApplied(Fail):
    """A repeat of an applied operation whose first result was not kept (over 1 KiB, or not known at commit)."""

    code = "already_applied"


def problem_of(error: BaseException) -> Problem:
    """The problem that stands for `error`, whatever its type."""
    if isinstance(error, Fail):
        return error.problem
    return Problem("component_error", f"{type(error).__name__}: {words_of(error) or 'no further description'}")


def words_of(thing: object) -> str:
    """What `thing` says of itself; an exception's own `__str__` may fail, too."""
    try:
        return str(thing)
    except Exception as error:
        return f"it cannot say what ({type(error).__name__})"


def _showable(text: str) -> str:
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return shown.encode("utf-8", "replace").decode()
