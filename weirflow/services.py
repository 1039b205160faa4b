"""The line between the SDK and whoever runs components: the module host (`weirflow.runtime`) or the harness
(`weirflow.testing`).

Downwards, a host drives one `weirflow.instance.ComponentInstance` per node, in this order:

    instance = ComponentInstance(spec, services)         # `services`: this node's NodeServices
    problem = await instance.introduce(identity, client) # who the node is, and the cluster
    instance.load_state(status.metadata)                 # before anything else; again for each change on the watch
    problem = await instance.apply_settings(raw JSON)    # None, or a Problem: the settings before stay in force
    await instance.start(ctx)                            # only `spec.is_source`: where `spec.runs_on` says
    result = await instance.deliver(ctx, port, raw JSON) # a message: validated, handled; JSON or None comes back
    await instance.control(ctx, {"reset": True})         # buttons and fields of the control panel
    instance.control_values(); instance.live_value()     # what the node shows now; cheap, never blocks
    instance.ports()                                     # read again after apply_settings: may depend on it
    await instance.stop()                                # leadership lost, node gone, shutdown; may start again

`deliver` and `control` raise only `Fail` (and CancelledError). Of these a host treats two itself:
`StateConflict`: load the live object with `load_state`, then deliver the same context and message again from the
start; `NotLeader`: forward to the leader where the port is marked `leader`, else answer with it.

Upwards, components reach the world through `NodeServices`, and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from weirflow.context import Context
from weirflow.errors import JSON, Problem
from weirflow.spec import ComponentSpec, Module, PortSpec, Position, RunsOn, spec_of

if TYPE_CHECKING:
    from weirflow.outbound.contract import Outbound

__all__ = [
    "Batches",
    "Clock",
    "ComponentSpec",
    "Grant",
    "HttpHandler",
    "HttpRequest",
    "HttpResponse",
    "HttpRoutes",
    "LockScope",
    "Module",
    "NodeServices",
    "PortSpec",
    "Position",
    "Route",
    "RunsOn",
    "StateChange",
    "spec_of",
]


class StateChange(Protocol):
    """One change of a node's state, to be written into `status.metadata` in a fenced JSON Patch.

    Changes of a node come in the order of their versions, each built on the one before. Several waiting ones may be
    written as one patch: that of the LAST, tested against the FIRST's base. They then succeed or fail together.
    """

    @property
    def line(self) -> int:
        """Changes of one line are built on each other; a higher one begins whenever a change failed or another state
        was taken up. Once one of a line has failed, no later one of it (or of a lower one) may be stored: the version
        it was built on may be somebody else's by now.
        """

    @property
    def base_epoch(self) -> int | None:
        """The `state-epoch` that must be stored for the change to apply; None: no state is stored yet."""

    @property
    def base_version(self) -> int | None:
        """The `state-version` that must be stored for the change to apply; None: no state is stored yet."""

    @property
    def epoch(self) -> int:
        """The epoch it was made in: what `state-epoch` becomes."""

    @property
    def version(self) -> int:
        """What `state-version` becomes."""

    @property
    def texts(self) -> dict[str, str]:
        """The texts of the component's own keys; not to be changed."""

    def metadata(self) -> dict[str, str]:
        """All keys of the state and their texts, `state-version`, `state-epoch` and `state-ops` among them. Keys of
        the component that are not in it are to be left as they are. Encoded on the first call, so ask only for what
        is written.
        """


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request on the flows' listener. `headers` have lower-case names; `query` holds a list where a name comes more
    than once; `params` are the `{name}` parts of the route's path.
    """

    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, str | list[str]]
    body: bytes
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What goes back. The listener adds Content-Length, Date and the like."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


HttpHandler = Callable[[HttpRequest], Awaitable[HttpResponse]]


class Route(Protocol):
    """A path that a node answers on."""

    @property
    def url(self) -> str:
        """Where a client reaches it, for people to read."""

    def close(self) -> None:
        """Answer 404 from now on; requests in flight run to their end. May be called twice."""


class HttpRoutes(Protocol):
    """The shared listener for flows. It answers 404 for an unknown path, 405 with `Allow` for a known one, 413 past
    `max_body`, 503 when too many requests are in flight, and 500 if a handler raises.
    """

    def add(
        self,
        node: str,
        method: str,
        path: str,
        handler: HttpHandler,
        *,
        max_body: int = 1 << 20,
        preflight: HttpHandler | None = None,
    ) -> Route:
        """Serve `path` (`/visits/{id}`; `{rest*}` takes the rest) for `method` (upper case; `*` is any) on behalf of
        `node`.

        A second call of the same node for the same method and path replaces the first. Raises `Fail` with code
        `route_taken`, naming the other node, when somebody else has it. `max_body` is in bytes.

        `preflight` answers the OPTIONS requests by which browsers ask whether a page may send `method` there, unless
        somebody has a route for OPTIONS itself: the methods of one path may belong to different nodes.
        """


class Clock(Protocol):
    """Time, so that tests can own it."""

    def time(self) -> float:
        """Unix seconds."""

    def monotonic(self) -> float:
        """Seconds that never go back; the clock of deadlines."""

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


LockScope = Literal["node", "module"]


class Grant(Protocol):
    """A lock that was taken."""

    #: Above that of every holder before.
    token: int
    #: Done, with the reason, once another may hold the lock.
    lost: asyncio.Future[str]

    @property
    def is_held(self) -> bool:
        """Whether surely no other holds it now."""

    async def release(self) -> None:
        """Give it back. Bounded, runs to its end even if the caller is cancelled, and raises nothing else."""


class Batches(Protocol):
    """What a node keeps beside its state, where that would be too much for one resource: values that are made whole and
    read whole, each in a resource of its own. They are not fenced. A batch counts while the state names it: put it,
    then store its name with the change that takes its content out of the state; take the name out of the state, then
    remove it. All raise `Fail`.
    """

    async def put(self, value: JSON) -> str:
        """Keep `value`, some hundred KiB at most; returns its name. After a failure it may stand there all the same."""

    async def get(self, name: str) -> JSON:
        """What was put; None where it is not there, or cannot be read, because somebody else was at it."""

    async def remove(self, name: str) -> None:
        """Throw it away; does nothing where it is not there."""

    async def made(self) -> dict[str, int]:
        """The names of all that stand there, and the leader's epoch that each was put in."""


class NodeServices(Protocol):
    """What one node has at hand."""

    #: The resource's name, and the node's short id in its flow.
    node_name: str
    node_id: str

    @property
    def http(self) -> HttpRoutes:
        """The flows' listener."""

    @property
    def outbound(self) -> Outbound:
        """The only way to other machines: judged by what the node's project may call (docs/outbound.md)."""

    @property
    def clock(self) -> Clock:
        """The time."""

    @property
    def batches(self) -> Batches:
        """What the node keeps beside its state."""

    def data_dir(self) -> Path:
        """The folder for files of the node's project on this machine; made by the first call, for its owner alone.
        Every node of the project has the same one, and other replicas have others. Raises `OSError`.
        """

    @property
    def epoch(self) -> int:
        """The leader's epoch that this replica knows of; 0 before any."""

    def is_leader(self, ctx: Context) -> bool:
        """Whether this replica leads the node's module now, and `ctx` does not come from an older epoch."""

    def begin(self, operation_id: str | None = None, timeout: float | None = None) -> Context:
        """The context of a message that enters the flow at this node. `timeout` in seconds."""

    def emit(self, ctx: Context, port: str, value: JSON) -> Coroutine[Any, Any, JSON]:
        """Send `value` (JSON already) to every edge of `port` and return the first non-empty result; None without an
        edge. The runtime asks `ctx.next_index(port)` and makes the children of `ctx`. Raises the first edge's `Fail`
        when none answered.
        """

    async def commit(self, ctx: Context, change: StateChange) -> None:
        """Write `change`, or join it with its neighbours; returns once it is stored for good.

        Called in the order of versions, before earlier calls have returned. Runs to its end even if the caller is
        cancelled, and is bounded in time. Raises `NotLeader` (a newer epoch is stored, or leadership is lost),
        `StateConflict` (a newer version is stored) or `Fail`; every change after a failed one fails with it.
        """

    def publish(self) -> None:
        """The control values, the live line or the ports have changed: read them again when it suits."""

    def report_error(self, problem: Problem | None) -> None:
        """Show `problem` on the node outside any message; None clears what was reported before."""

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run `work` as a task that the node owns: an exception is reported on the node, and it ends with the node."""

    async def lock(self, name: str, scope: LockScope, seconds: float) -> Grant:
        """Take the lock `name` of this node, or of all nodes of its module, within `seconds`. Raises `Fail` with the
        code `lock_timeout` when others hold it for longer. Call `release` of what it returns, once.
        """

    def seal(self, plain: bytes, field: str) -> str:
        """Encrypt the secret field of the state with this key before it enters the resource. Raises `StateError`."""

    def unseal(self, sealed: str, field: str) -> bytes:
        """The reverse of `seal`. Raises `StateError` if the key it was sealed with is not there, or if it was sealed
        for another node or field.
        """
