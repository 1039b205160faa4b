"""What travels with a message: its operation id, how deep it is, until when it may run, where it came from."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import Any, Protocol

from weirflow.errors import JSON, Fail

#: Emits a value on a port of the node that handles the context: `(ctx, port, value) -> result`.
OutputHandler = Callable[["Context", str, JSON], Awaitable[JSON]]

#: A message whose way is longer is in a loop that nothing ends.
DEPTH_LIMIT = 256
#: Used where a message enters without a timeout of its own, in seconds.
DEFAULT_TIMEOUT = 300.0

#: Characters of an operation's id as it comes from outside; of a longer one a digest stands for it: states keep many.
LONGEST_OPERATION = 256

_NOTHING: JSON = object()
_WORD = re.compile(f"[!-~]{{1,{LONGEST_OPERATION}}}")
_new = object.__new__
_TRACEPARENT = re.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]{1,100})?")


def new_operation_id() -> str:
    """24 hexadecimal digits nobody has used."""
    return os.urandom(12).hex()


def derive_operation_id(*parts: object) -> str:
    """The same 24 hexadecimal digits for the same parts, whoever computes them and however often."""
    return blake2b("|".join(map(str, parts)).encode(), digest_size=12).hexdigest()


def bounded_operation_id(operation_id: str) -> str:
    """It, or what stands for a long one that came from outside: states have room for many, not for long ones."""
    return operation_id if len(operation_id) <= LONGEST_OPERATION else derive_operation_id("long", operation_id)


def name_of_run(text: str) -> str:
    """It, or what stands for one that came from outside and is too long, or no word of ASCII: it travels in headers,
    and gRPC takes nothing else there. Of an empty one nothing is made."""
    return text if not text or _WORD.fullmatch(text) else derive_operation_id("run", text)


class Leadership(Protocol):
    """Whether this replica leads a module at present: the runtime's Lease."""

    @property
    def is_leader(self) -> bool: ...


class _Settled:
    """A leadership that was settled when the context was made."""

    __slots__ = ("is_leader",)

    def __init__(self, is_leader: bool) -> None:
        self.is_leader = is_leader


_LEADS, _FOLLOWS = _Settled(True), _Settled(False)


class Run:
    """Shared by all contexts that grew out of one entry."""

    __slots__ = ("branches", "cancelled", "id", "plain", "trace", "traceparent")

    def __init__(self) -> None:
        #: Nothing has to be looked at on its hops: it is neither called off nor recorded.
        self.plain = True
        #: What all hosts call the run, once anybody has asked: see `Context.run_id`.
        self.id = ""
        #: The host's record of the run; None unless it is recorded.
        self.trace: Any = None
        self.cancelled: str | None = None
        #: W3C trace context of the entry, for whoever the message goes on to; empty when the run is not traced.
        self.traceparent = ""
        #: Branches of the message that are under way; kept by the runtime.
        self.branches = 0


class Context:
    """One message on its way. Made where a message enters (`Context(...)`), and once per hop (`child`).

    The operation id of a hop derives from its parent's id, the edge and the index of the message on that port. It is
    worked out on first use, that of the entry too, because most hops never ask.
    """

    __slots__ = (
        "_operation_id",
        "_parent",
        "deadline",
        "depth",
        "edge",
        "epoch",
        "index",
        "leadership",
        "message",
        "output",
        "run",
        "sent",
        "source",
        "span",
    )

    #: The host's record of this hop; has no value unless the run is recorded.
    span: Any

    def __init__(
        self,
        operation_id: str | None = None,
        *,
        deadline: float | None = None,
        leader: bool = False,
        epoch: int = 0,
    ) -> None:
        self._operation_id: str | None = operation_id or None
        self._parent: Context | None = None
        self.run = Run()
        #: What was sent while handling it: nothing, one message on that port, or so many on each. For the runtime.
        self.sent: str | dict[str, int] | None = None
        #: Until when the message may run, on the clock of `time.monotonic`.
        self.deadline = time.monotonic() + DEFAULT_TIMEOUT if deadline is None else deadline
        #: Hops behind it; the entry has 0.
        self.depth = 0
        #: Id of the edge it came along; None where it entered.
        self.edge: str | None = None
        #: Resource name of the node that sent it; None where it entered.
        self.source: str | None = None
        #: How many messages its sender had sent on that port before, in the same handling.
        self.index = 0
        #: Says whether the replica that handles it leads the node's module; asked only by those who want to know.
        self.leadership: Leadership = _LEADS if leader else _FOLLOWS
        #: The epoch of that replica's leadership when the message came.
        self.epoch = epoch
        #: Set while a component handles it.
        self.output: OutputHandler | None = None
        #: What came in, as JSON: a component that sends just that on need not have it looked through again.
        self.message: JSON = _NOTHING

    def child(
        self,
        edge: str,
        index: int,
        source: str,
        *,
        leadership: Leadership | None = None,
        epoch: int | None = None,
        timeout: float | None = None,
    ) -> Context:
        """The next hop's context. `timeout` (seconds) only brings the deadline nearer. `Fail` past the depth limit."""
        lead = self.leadership if leadership is None else leadership
        hop = self.hop(edge, index, source, lead, self.epoch if epoch is None else epoch)
        if timeout is not None:
            hop.deadline = min(self.deadline, time.monotonic() + timeout)
        return hop

    def hop(self, edge: str, index: int, source: str, leadership: Leadership, epoch: int) -> Context:
        """As `child`, for hosts: calls by position take half the time, and each hop makes one."""
        depth = self.depth + 1
        if depth > DEPTH_LIMIT:
            raise _too_deep(edge, source)
        hop = _new(Context)
        hop._operation_id = None
        hop._parent = self
        hop.run = self.run
        hop.sent = None
        hop.deadline = self.deadline
        hop.depth = depth
        hop.edge = edge
        hop.source = source
        hop.index = index
        hop.leadership = leadership
        hop.epoch = epoch
        hop.output = None
        hop.message = _NOTHING
        return hop

    @property
    def leader(self) -> bool:
        """Whether the replica that handles it leads the node's module now."""
        return self.leadership.is_leader

    @property
    def operation_id(self) -> str:
        """Names the work that this hop does: the same for every retry and forward of one delivery."""
        behind: list[Context] = []
        at = self
        while at._operation_id is None and at._parent is not None:
            behind.append(at)
            at = at._parent
        if (known := at._operation_id) is None:
            known = at._operation_id = new_operation_id()
        for hop in reversed(behind):
            known = hop._operation_id = derive_operation_id(known, hop.edge, hop.index)
        return known

    @property
    def run_id(self) -> str:
        """Names all the work that has come of one message since it entered: the same in all branches, on all hosts,
        and when that message is sent again as the same operation."""
        run = self.run
        if not run.id:
            at = self
            while at._parent is not None:
                at = at._parent
            run.id = name_of_run(at.operation_id)
        return run.id

    def continue_run(self, run_id: str) -> None:
        """Have it belong to a run of before, by its `run_id`: it goes on with what a node has kept meanwhile. To be
        called before anything is sent. An empty one does nothing."""
        if run_id:
            self.run.id = run_id

    def enter(self, output: OutputHandler, message: JSON = None) -> None:
        """A component begins to handle it. Messages are counted anew, so that a second attempt sends the same."""
        self.output = output
        self.message = message
        self.sent = None

    def next_index(self, port: str) -> int:
        """Count a message sent on `port` while handling this one, from 0. The runtime asks once per emit."""
        if self.sent is None:
            self.sent = port
            return 0
        if isinstance(self.sent, str):
            self.sent = {self.sent: 1}
        index = self.sent.get(port, 0)
        self.sent[port] = index + 1
        return index

    def remaining(self) -> float:
        """Seconds until the deadline; never below 0."""
        return max(0.0, self.deadline - time.monotonic())

    @property
    def cancelled(self) -> str | None:
        """Why the whole run was called off; None while it goes on. Long work asks now and then."""
        return self.run.cancelled

    def cancel(self, reason: str) -> None:
        """Call off the run that this context belongs to, all its branches included. The first reason stays."""
        if self.run.cancelled is None:
            self.run.cancelled, self.run.plain = reason, False

    def continue_trace(self, traceparent: str) -> None:
        """Have the run belong to the trace of a caller outside, given its W3C `traceparent`; it is recorded if the
        caller's is, as far as the host has room. To be called before anything is sent. Another text does nothing."""
        if _TRACEPARENT.fullmatch(traceparent):
            self.run.traceparent, self.run.plain = traceparent, False


def _too_deep(edge: str, source: str) -> Fail:
    return Fail(
        f"the message has passed {DEPTH_LIMIT} nodes, the last one {source}: a loop in the flow never ends; "
        "give it a condition (a router) that leaves it",
        code="depth_limit",
        permanent=True,
        edge=edge,
        node=source,
    )


def is_leader(ctx: Context) -> bool:
    """Whether the replica that handles `ctx` leads the node's module."""
    return ctx.leader


def output_handler(ctx: Context) -> OutputHandler | None:
    """Emits on the ports of the node that handles `ctx`, in handlers and in controls; None elsewhere."""
    return ctx.output
