"""A node in memory, for the tests of components: no cluster, no network, a clock that stands still until told.

    async with run(StatefulCounter, settings={"initialValue": 5}) as node:
        await node.send("increment", {"amount": 2})
        assert node.emitted[-1].value["value"] == 7
        await node.press("reset")
        node = await node.restart()                     # a new process: only what was stored is left
        other = node.replica()                          # a reader beside it; `await other.lead()` makes it the leader

State goes through the same rules as in a cluster: one writer, ordered by epoch and version, each change tested
against what is stored.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from weirflow.component import Component
from weirflow.context import DEFAULT_TIMEOUT, Context
from weirflow.errors import JSON, Fail, NotLeader, Problem, StateConflict, StateError, problem_of
from weirflow.identity import Identity
from weirflow.instance import ComponentInstance
from weirflow.memory_batches import BatchShelf, MemoryBatches
from weirflow.memory_clock import FakeClock
from weirflow.memory_clock import settle as settle
from weirflow.memory_locks import MemoryGrant, MemoryLocks
from weirflow.memory_routes import FakeRoute
from weirflow.outbound.caller import Caller
from weirflow.outbound.contract import Outbound
from weirflow.outbound.guard import Guard
from weirflow.outbound.policy import Policy
from weirflow.services import HttpHandler, HttpRequest, HttpResponse, LockScope, StateChange
from weirflow.spec import spec_of
from weirflow.state_codec import EPOCH_KEY, VERSION_KEY, number_at

#: How often a message is delivered again after a conflict, as a host would.
_DELIVERIES = 3

#: What tests call: servers that they have started themselves.
_THIS_MACHINE = ("127.0.0.0/8", "::1", "localhost")

_NO_FIELDS: dict[str, JSON] = {}

Reply = Callable[[JSON], JSON]


@dataclass(frozen=True, slots=True)
class Emitted:
    """A message that the component sent."""

    port: str
    value: JSON
    operation_id: str


class Resource:
    """What all replicas of a node share: the stored state, the clock, the routes."""

    def __init__(self) -> None:
        self.metadata: dict[str, str] = {}
        self.epoch = 0
        self.clock = FakeClock()
        self.routes: dict[tuple[str, str], tuple[str, HttpHandler]] = {}
        self.preflights: dict[tuple[str, str], HttpHandler] = {}
        self.leader: Node | None = None
        #: What the components get as their cluster.
        self.client: Any = None
        self.nodes: list[Node] = []
        #: Set while writes go through; clear it to hold them.
        self.open = asyncio.Event()
        self.open.set()
        #: Raised instead of the next writes, first in first out.
        self.failures: list[Exception] = []
        #: So many of the next writes are stored, but their answer gets lost.
        self.lost_answers = 0
        self.writes = 0
        self.locks = MemoryLocks(self.clock)
        self.batches = BatchShelf()
        self.calls = Caller(Guard(Policy.of(_THIS_MACHINE, only_listed=True)))
        self.outbound: Outbound = self.calls
        self.folder: TemporaryDirectory[str] | None = None

    async def write(self, node: Node, change: StateChange) -> None:
        """Store `change` if it builds on what is stored, and show it to the replicas."""
        await self.open.wait()
        if node.dead:
            raise Fail("the replica was killed", code="stopped", retryable=True)
        if change.line <= node.ended_line:
            raise StateConflict("the change builds on one that was not stored")
        try:
            self._write(node, change)
        except Exception:
            node.ended_line = change.line
            raise

    def _write(self, node: Node, change: StateChange) -> None:
        if self.failures:
            raise self.failures.pop(0)
        stored_epoch, stored_version = number_at(self.metadata, EPOCH_KEY), number_at(self.metadata, VERSION_KEY)
        if node.epoch < self.epoch:
            raise NotLeader
        if (stored_epoch, stored_version) != (change.base_epoch, change.base_version):
            raise StateConflict("a newer version of the state is stored")
        self.metadata = {**self.metadata, **change.metadata()}
        self.writes += 1
        for each in self.nodes:
            each.instance.load_state(self.metadata)
        if self.lost_answers:
            self.lost_answers -= 1
            raise Fail("no answer from the store", code="unreachable", retryable=True)


class Node:
    """One replica of the node, and its services."""

    def __init__(self, component: type[Component], resource: Resource, settings: JSON) -> None:
        self.resource = resource
        self.node_name = "node"
        self.node_id = "node"
        self.clock = resource.clock
        self.outbound = resource.outbound
        self.http = self
        self.batches = MemoryBatches(resource.batches, lambda: self._epoch, lambda: self.dead)
        self.emitted: list[Emitted] = []
        self.problems: list[Problem] = []
        self.published = 0
        self.dead = False
        #: The last line in which a change failed: no later one of it may be stored.
        self.ended_line = -1
        #: Port -> what the flow behind it answers; a port without one answers None.
        self.replies: dict[str, Reply] = {}
        self._component = component
        self._settings = settings
        self._epoch = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.instance = ComponentInstance(spec_of(component), self)
        resource.nodes.append(self)

    # What a test does.

    async def send(
        self, port: str, message: JSON = _NO_FIELDS, *, operation_id: str | None = None, run_id: str = ""
    ) -> JSON:
        """Deliver a message as a host does, again after a conflict, as a run of its own or `run_id`. Raises `Fail`."""
        ctx = self.begin(operation_id)
        ctx.continue_run(run_id)
        for _ in range(_DELIVERIES):
            try:
                return await self.instance.deliver(ctx, port, message)
            except StateConflict:
                self.instance.load_state(self.resource.metadata)
        return await self.instance.deliver(ctx, port, message)

    async def press(self, button: str, *, operation_id: str | None = None, **fields: JSON) -> JSON:
        """Press a button of the control panel; returns the control values afterwards."""
        return await self.instance.control(self.begin(operation_id), {button: True, **fields})

    async def set(self, **settings: JSON) -> Problem | None:
        """Change settings by their wire names; the problem if they are refused."""
        merged = {**(self._settings or {}), **settings}
        problem = await self.instance.apply_settings(merged)
        if problem is None:
            self._settings = merged
        return problem

    async def request(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b"", **query: str
    ) -> HttpResponse:
        """Send a request to the routes that components have added; 404 where there is none."""
        routes = {key: handler for key, (_, handler) in self.resource.routes.items()}
        asked = (headers or {}).get("access-control-request-method", "") if method == "OPTIONS" else ""
        for handlers, wanted in ((routes, method), (self.resource.preflights, asked)):
            for (known, pattern), handler in handlers.items():
                parts = re.sub(
                    r"\{(\w+)(\*?)\}", lambda part: f"(?P<{part[1]}>{'.*' if part[2] else '[^/]+'})", pattern
                )
                match = re.fullmatch(parts, path)
                if match and known in (wanted, "*"):
                    request = HttpRequest(method, path, headers or {}, dict(query), body, dict(match.groupdict()))
                    return await handler(request)
        return HttpResponse(404)

    @property
    def state(self) -> Any:
        """The state as it is stored."""
        return self.instance.component.state.value

    @property
    def control(self) -> JSON:
        """The values of the control panel."""
        return self.instance.control_values()

    @property
    def live(self) -> str:
        """The line on the node."""
        return self.instance.live_value()

    async def lead(self) -> None:
        """Become the leader, in a new epoch; who led before does not know it yet."""
        if self.resource.leader is not None:
            await self.resource.leader.instance.stop()
        self.resource.leader = self
        self.resource.epoch += 1
        self._epoch = self.resource.epoch
        self.instance.load_state(self.resource.metadata)
        if self.instance.spec.is_source:
            await self.instance.start(self.begin())

    def replica(self) -> Node:
        """Another replica, not leading. `await replica.ready()` gives it state and settings, `lead` the lead."""
        return Node(self._component, self.resource, self._settings)

    async def ready(self) -> None:
        """State first, then settings, then messages. Raises `AssertionError` for settings that are refused."""
        spec = self.instance.spec
        identity = Identity(self.node_name, self.node_id, "test", "test-v1", spec.name)
        problem = await self.instance.introduce(identity, self.resource.client)
        if problem is not None:
            raise AssertionError(problem.message)
        self.instance.load_state(self.resource.metadata)
        problem = await self.instance.apply_settings(self._settings)
        if problem is not None:
            raise AssertionError(f"{problem.field}: {problem.message}")
        if self.instance.spec.is_source and self.instance.spec.runs_on == "every":
            await self.instance.start(self.begin())

    async def restart(self) -> Node:
        """Kill this replica and start a new one in its place, which leads if this one did."""
        led = self.resource.leader is self
        await self.kill()
        fresh = self.replica()
        fresh.replies = self.replies
        await fresh.ready()
        if led:
            self.resource.leader = None
            await fresh.lead()
        return fresh

    async def kill(self) -> None:
        """End without a word: what is not stored is lost."""
        self.dead = True
        self.resource.nodes.remove(self)
        self.resource.locks.expire(self)
        self.resource.routes = {key: route for key, route in self.resource.routes.items() if route[0] != self.node_name}
        for task in [*self._tasks]:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    # What the component asks for (`NodeServices`).

    @property
    def epoch(self) -> int:
        """The epoch in which this replica leads or led."""
        return self._epoch

    def is_leader(self, ctx: Context) -> bool:
        """Whether this replica believes that it leads."""
        return self._epoch > 0

    def begin(self, operation_id: str | None = None, timeout: float | None = None) -> Context:
        """A message enters."""
        deadline = asyncio.get_running_loop().time() + (timeout or DEFAULT_TIMEOUT)
        return Context(operation_id, deadline=deadline, leader=self._epoch > 0, epoch=self._epoch)

    async def emit(self, ctx: Context, port: str, value: JSON) -> JSON:
        """Record the message and answer with the port's reply."""
        spec = next((each for each in self.instance.ports() if each.name == port and each.source), None)
        if spec is None:
            raise Fail(f"the component has no output {port!r}", code="unknown_port", permanent=True)
        hop = ctx.child(f"edge-{port}", ctx.next_index(port), self.node_name)
        self.emitted.append(Emitted(port, value, hop.operation_id))
        reply = self.replies.get(port)
        result = reply(value) if reply is not None else None
        if not isinstance(result, Coroutine):
            return result
        try:
            async with asyncio.timeout_at(ctx.deadline) as until:
                return await result
        except TimeoutError:
            if not until.expired():
                raise
            text = f"a message from {self.node_name} did not finish before the message's deadline"
            raise Fail(text, code="timeout", retryable=True) from None

    def data_dir(self) -> Path:
        """A folder that ends with the test."""
        if self.resource.folder is None:
            # A thread of the component may still close a file in it, whose journal goes by itself at that.
            self.resource.folder = TemporaryDirectory(prefix="weirflow-", ignore_cleanup_errors=True)
        return Path(self.resource.folder.name)

    async def commit(self, ctx: Context, change: StateChange) -> None:
        """Write it."""
        await self.resource.write(self, change)

    def publish(self) -> None:
        """Count it."""
        self.published += 1

    def report_error(self, problem: Problem | None) -> None:
        """Keep it; None empties the list."""
        self.problems = [] if problem is None else [*self.problems, problem]

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run it until the node ends."""
        task = asyncio.get_running_loop().create_task(self._watched(work), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # cancelled before its first step, nothing else would
        if self.dead:
            task.cancel()  # a process that was killed begins nothing
        return task

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            self.report_error(Problem("task_failed", problem_of(error).message))

    async def lock(self, name: str, scope: LockScope, seconds: float) -> MemoryGrant:
        """Take the lock; replicas made by `replica` contend for it."""
        return await self.resource.locks.acquire((scope, name), self, seconds)

    def lose_lock(self, name: str = "") -> None:
        """Lose a lock that is held here (all of them without a name), as a replica does that was cut off too long."""
        self.resource.locks.lose(self, name)

    def seal(self, plain: bytes, field: str) -> str:
        """No encryption, but no plain text either."""
        return f"sealed:{field}:{'0' * 38}{plain[::-1].hex()}"

    def unseal(self, sealed: str, field: str) -> bytes:
        """The reverse."""
        if not sealed.startswith(f"sealed:{field}:"):
            raise StateError(f"this text is not sealed for {field!r}")
        return bytes.fromhex(sealed.removeprefix(f"sealed:{field}:{'0' * 38}"))[::-1]

    def add(
        self,
        node: str,
        method: str,
        path: str,
        handler: HttpHandler,
        *,
        max_body: int = 1 << 20,
        preflight: HttpHandler | None = None,
    ) -> FakeRoute:
        """Serve a route (`HttpRoutes`)."""
        taken = self.resource.routes.get((method, path))
        if taken is not None and taken[0] != node:
            raise Fail(f"{method} {path} is taken by node {taken[0]}", code="route_taken", node=node)
        self.resource.routes[(method, path)] = (node, handler)
        if preflight is not None and method != "*":
            self.resource.preflights[(method, path)] = preflight
        return FakeRoute(method, path, (self.resource.routes, self.resource.preflights))


@asynccontextmanager
async def run(
    component: type[Component],
    *,
    settings: JSON = None,
    metadata: dict[str, str] | None = None,
    leader: bool = True,
    client: Any = None,
    outbound: Outbound | None = None,
) -> AsyncIterator[Node]:
    """A node with these settings (wire names) and this stored state, leading unless told otherwise. `client` is what
    the component gets as its cluster, where it wants one; `outbound` its way to other machines: without it only
    to servers that the test has started on this one."""
    resource = Resource()
    resource.client = client
    if outbound is not None:
        resource.outbound = outbound
    resource.metadata = dict(metadata or {})
    resource.epoch = number_at(resource.metadata, EPOCH_KEY) or 0
    node = Node(component, resource, settings)
    try:
        await node.ready()
        if leader:
            await node.lead()
        yield node
    finally:
        resource.open.set()
        resource.locks.close()
        for each in [*resource.nodes]:
            await each.instance.stop()
            await each.kill()
        resource.calls.close()
        if resource.folder is not None:
            resource.folder.cleanup()
