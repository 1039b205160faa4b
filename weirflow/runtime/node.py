"""One node of a flow as it runs here: its component, its edges, what it counts and what is wrong with it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from weirflow.context import Context
from weirflow.error_port import ERROR_PORT, error_message
from weirflow.errors import JSON, Fail, NotLeader, Problem, SettingsRejected, StateConflict, words_of
from weirflow.fields import to_json
from weirflow.identity import Identity
from weirflow.instance import ComponentInstance
from weirflow.kube.backoff import Backoff
from weirflow.kube.lease import LeaseLoop
from weirflow.runtime.by_person import REDELIVERIES, contended, deliver_of_person
from weirflow.runtime.concealing import Concealer
from weirflow.runtime.edges import Edge
from weirflow.runtime.node_secrets import NodeSecrets
from weirflow.runtime.node_services import HostServices
from weirflow.runtime.node_state import NodeState
from weirflow.runtime.sampling import Share
from weirflow.runtime.shared import NODE_ENTRY_LIMIT, Places, Shared
from weirflow.runtime.stacks import LastStack
from weirflow.runtime.state_writer import StateWriter
from weirflow.runtime.stats import NodeStats
from weirflow.runtime.totals import Total, kind_of
from weirflow.services import ComponentSpec, Module, PortSpec
from weirflow.ways import Way

log = logging.getLogger(__name__)

#: How long an error of a message stays visible before a message that goes well may clear it, in seconds.
_ERROR_SECONDS = 2.0
#: Parts of a node that problems come from, by how much they keep from working.
_WORST_FIRST = (
    "component", "state", "settings", "start", "task", "reported", "listener", "message", "blocked", "alert",
)  # fmt: skip
_START_SECONDS = 10.0
_STOP_SECONDS = 2.0
#: Between attempts at what failed outside the node: the first pause, and the longest.
_RETRY_SECONDS = (0.5, 30.0)


class Node:
    """Made when its resource is first seen, closed when that is gone. ``problems`` are by the part they come from."""

    def __init__(self, name: str, uid: str, module: Module, lease: LeaseLoop, shared: Shared) -> None:
        self.name, self.uid, self.module, self.lease, self.shared = name, uid, module, lease, shared
        self.id = name.rsplit("-", 1)[-1]
        #: What a message that enters here is called where its deadline has passed.
        self.entry = f"a message from {name}"
        self.component = ""
        self.spec: ComponentSpec | None = None
        self.instance: ComponentInstance | None = None
        self.stats = NodeStats()
        self.services = HostServices(self)
        self.secrets = NodeSecrets(self)
        self.state = NodeState(self)
        self.writer = StateWriter(
            shared.cluster,
            name,
            lease,
            shared.patches,
            uid=uid,
            guard=self.state.guard,
            found=self.state.found,
        )
        self.stack = LastStack()
        self.sampling, self.flow, self.places = Share(), "", Places(NODE_ENTRY_LIMIT)
        self.generation = 0
        self.settings_text: str | None = None
        self.metadata: dict[str, str] = {}
        self.edges: dict[str, Edge] = {}
        self.outgoing: dict[str, tuple[Edge, ...]] = {}
        self.mappings: dict[tuple[str, str], str] = {}
        self.ports: dict[str, PortSpec] = {}
        self.leader_ports: frozenset[str] = frozenset()
        self._is_leader_source = False
        #: Whether the error port is on and leads somewhere.
        self.catches = False
        #: Inputs whose messages need nothing of the node but to be handled; see ``open_ways``.
        self.ways: dict[str, Way] = {}
        self.problems: dict[str, Problem] = {}
        self.started_epoch = 0
        self.observed_status = ""
        self.written_status = ""
        self.status_written_at = 0.0
        self.edges_stale = False
        #: What failed outside the node is due for another attempt.
        self.retry_due = False
        self._backoff = Backoff(*_RETRY_SECONDS)
        self._retry: asyncio.TimerHandle | None = None
        #: Until when an error of a message stays visible, monotonic; 0 for none.
        self.error_until = 0.0

    @property
    def concealer(self) -> Concealer:
        """What hides the secrets of its project in all that leaves the process."""
        return self.shared.concealers.of(self.name)

    @property
    def total(self) -> Total:
        """What nodes of its component count together."""
        return self.shared.totals.of(*kind_of(self))

    @property
    def is_idle_source(self) -> bool:
        """Whether it sends by itself, but not from here now: a process that was paused does not know yet that another
        leads, and its timers are due first."""
        return self._is_leader_source and not self.lease.is_leader

    @property
    def problem(self) -> Problem | None:
        """The problem to show: the one that keeps most from working comes first."""
        for part in _WORST_FIRST:
            if (problem := self.problems.get(part)) is not None:
                return problem
        return None

    def problem_text(self) -> str:
        """The problem in words, for others that depend on this node."""
        problem = self.problem
        return problem.message if problem is not None else "it is not ready yet"

    def set_problem(self, part: str, problem: Problem | None) -> None:
        """Show ``problem`` for a part of the node, or clear that part's."""
        old = self.problems.get(part)
        if problem is None:
            if self.problems.pop(part, None) is None:
                return
        else:
            if old is not None and replace(old, at=None) == replace(problem, at=None):
                return
            self.problems[part] = problem if problem.at else replace(problem, at=int(time.time() * 1000))
            if old is None:
                # Not each of a row of failing messages, which may be thousands a second.
                log.warning("%s: %s", part, problem.message, extra={"node": self.name})
        self.changed()

    def changed(self) -> None:
        """Something that people can see of this node may have changed."""
        self.shared.status_changed(self)
        if self.stats.touch is not None:
            self.stats.touch()

    def edge_failed(self, edge: Edge) -> None:
        """A message could not go along ``edge``; its error is shown there."""
        if edge.problem is None:
            self.changed()

    def adopt_component(self, component: str) -> None:
        """Make the instance, or say that the module has no such component."""
        self.component = component
        self.stats.latency.total = self.total.nodes.latency
        self.spec = self.module.components.get(component)
        if self.spec is None:
            known = ", ".join(sorted(self.module.components))
            self.set_problem(
                "component",
                Problem(
                    "unknown_component",
                    f"module {self.module.name} {self.module.version} has no component {component!r} (it has {known}); "
                    "choose another, or update the module",
                ),
            )
            return
        try:
            self.instance = ComponentInstance(self.spec, self.services)
        except (Exception, SystemExit) as error:
            self.spec = None
            log.exception("a component could not be made", extra={"node": self.name})
            self.set_problem(
                "component", Problem("component_error", f"{component} could not be made: {words_of(error)}")
            )
            return
        self._is_leader_source = self.spec.is_source and self.spec.runs_on == "leader"
        self.read_ports()

    async def introduce(self) -> None:
        """Tell the component who it is; before its state and its settings."""
        if self.instance is None:
            return
        identity = Identity(self.name, self.id, self.name.split(".", 1)[0], self.module.name, self.component)
        try:
            async with asyncio.timeout(_START_SECONDS):
                problem = await self.instance.introduce(identity, self.shared.cluster)
        except TimeoutError:
            text = f"{self.component} did not take its identity within {_START_SECONDS:g} s; it must return at once"
            problem = Problem("start_timeout", text)
        self.set_problem("component", problem)

    def read_ports(self) -> bool:
        """Read the instance's ports, which may depend on the settings. Returns whether they changed."""
        assert self.instance is not None
        ports = {port.name: port for port in self.instance.ports()}
        if changed := ports != self.ports:
            self.ports = ports
            self.leader_ports = frozenset(name for name, port in ports.items() if port.leader)
        self.open_ways()
        return changed

    def open_ways(self) -> None:
        """Find out which inputs messages may take on the short way; after each change of settings, ports or edges."""
        self.ways = {} if self.instance is None or self.catches or self.secrets.missing else self.instance.open_ways()

    def has_input(self, name: str) -> bool:
        """Whether messages can be sent to this port."""
        port = self.ports.get(name)
        return port is not None and not port.source and not port.system

    def has_output(self, name: str) -> bool:
        """Whether messages come out of this port."""
        port = self.ports.get(name)
        return port is not None and port.source and not port.system

    def mapping_for(self, source: str, source_port: str, port: str) -> str | None:
        """The base64 JSON mapping for messages from that output to ``port``."""
        return self.mappings.get((f"{source}:{source_port}", port))

    def load_state(self, metadata: dict[str, str], *, live: bool = False) -> None:
        """Hand the stored state to the component; one that it refuses stays stored and becomes a problem. ``live``:
        from a reading, not from the watch."""
        if self.instance is None:
            return
        try:
            if self.instance.load_state(metadata):
                self.state.adopted(metadata, live=live)
        except Fail as error:
            self.set_problem("state", error.problem)
            return
        self.metadata = metadata
        self.set_problem("state", None)

    def deliver(self, ctx: Context, port: str, message: JSON) -> Coroutine[Any, Any, JSON]:
        """Have one message handled: here, or, where its port is for the leader only, by the leader.

        Raises ``Fail``, unless the node's error port takes what failed here or behind it.
        """
        if self.catches:
            return self._caught(ctx, port, message)
        return self._delivered(ctx, port, message)

    def _delivered(self, ctx: Context, port: str, message: JSON) -> Coroutine[Any, Any, JSON]:
        if port in self.leader_ports:
            return self.shared.forwarding.deliver(self, ctx, port, message)
        return self.handle(ctx, port, message)

    async def _caught(self, ctx: Context, port: str, message: JSON) -> JSON:
        try:
            return await self._delivered(ctx, port, message)
        except Fail as error:
            return await self.emit_error(ctx, error, message)

    def emit_error(self, ctx: Context, error: Fail, message: JSON) -> Coroutine[Any, Any, JSON]:
        """Send ``error`` from the error port; what fails there goes back to the callers."""
        return self.services.emitter(guarded=False)(ctx, ERROR_PORT, error_message(error, message))

    async def handle(self, ctx: Context, port: str, message: JSON) -> JSON:
        """Handle one message here. Raises ``Fail``; whatever happens here is counted and shown here."""
        began = self.stats.entered(port, message, time.monotonic())
        instance = self.instance
        try:
            if instance is None:
                raise Fail(f"{self.name} cannot run: {self.problem_text()}", code="node_failed")
            if (missing := self.secrets.missing) is not None:
                raise SettingsRejected(missing.message, code=missing.code)
            if port in self.leader_ports and not self.services.is_leader(ctx):
                raise NotLeader
            result = await instance.begin(ctx, port, message)
            if result is not None and result is not message:
                result = to_json(result)
        except BaseException as error:
            return await self.failed(ctx, port, message, error)
        else:
            if self.error_until:
                self.message_went_well()
            return result
        finally:
            self.stats.left(began)

    async def failed(self, ctx: Context, port: str, message: JSON, error: BaseException) -> JSON:
        """The handling of a message ended in ``error``. Raises ``Fail``, or returns what another attempt gave where
        the state had moved on. Raises ``error`` where it is the caller that is being called off."""
        try:
            if isinstance(error, StateConflict):
                result = await self._redeliver(ctx, port, message)
            elif isinstance(error, Fail) or self.instance is None:
                raise error
            else:
                raise self.instance.as_fail(error, port) from error
        except Fail as raised:
            fail = raised.of_run(ctx.run)
            fail.located(edge=ctx.edge, port=port, node=self.name)
            if fail.problem.node == self.name:
                self.stack.take(fail, self.concealer)
                self.message_failed(fail.problem)
            raise fail from fail.__cause__
        if self.error_until:
            self.message_went_well()
        return result

    async def control(self, ctx: Context, values: dict[str, Any]) -> None:
        """Press buttons and set fields of the control panel. Raises ``Fail``."""
        await deliver_of_person(self, lambda instance: instance.control(ctx, values))

    async def edit_state(self, ctx: Context, edit: JSON) -> None:
        """Set a field of the state, as ``StateEdit`` has it. Raises ``Fail``."""
        await deliver_of_person(self, lambda instance: instance.edit_state(ctx, edit))

    def message_failed(self, problem: Problem) -> None:
        """A message ended in an error that happened here."""
        self.stats.failed()
        if self.catches:
            # Whoever has wired the error port knows what to do about it.
            return
        self.error_until = time.monotonic() + _ERROR_SECONDS
        self.set_problem("message", problem)

    async def _redeliver(self, ctx: Context, port: str, message: JSON) -> JSON:
        assert self.instance is not None
        for _ in range(REDELIVERIES):
            await self.state.reload()
            try:
                return await self.instance.deliver(ctx, port, message)
            except StateConflict:
                continue
        raise contended(self.name)

    def message_went_well(self) -> None:
        """A message was handled: an error of an earlier one that has been visible for a while is shown no more."""
        if self.error_until and time.monotonic() > self.error_until:
            self.error_until = 0.0
            self.set_problem("message", None)

    async def start_source(self, *, again: bool = False) -> None:
        """Start a source where it shall run; once per epoch on the leader, and ``again`` on demand."""
        spec, instance = self.spec, self.instance
        if spec is None or instance is None or not spec.is_source:
            return
        wanted = (self.lease.epoch if self.lease.is_leader else 0) if spec.runs_on == "leader" else 1
        wanted = 0 if self.secrets.missing else wanted
        if wanted == self.started_epoch and not again:
            return
        if self.started_epoch:
            await self._stop_source()
        if not wanted:
            return
        self.started_epoch = wanted
        try:
            async with asyncio.timeout(_START_SECONDS):
                await instance.start(self.services.begin())
            self.set_problem("start", None)
        except Fail as error:
            self.stack.take(error, self.concealer)
            self.set_problem("start", error.problem)
        except TimeoutError:
            message = f"{self.component} did not start within {_START_SECONDS:g} s; its start must return at once"
            self.set_problem("start", Problem("start_timeout", message))

    async def _stop_source(self) -> None:
        self.started_epoch = 0
        if self.instance is not None:
            try:
                async with asyncio.timeout(_STOP_SECONDS):
                    await self.instance.stop()
            except (Fail, TimeoutError) as error:
                log.warning("a source did not stop cleanly: %r", error, extra={"node": self.name})

    def retry_later(self, wake: Callable[[], None]) -> None:
        """Have ``wake`` called after a growing pause if settings or start failed for a reason outside the resource,
        such as a path that another node answers: that reason may be gone by then."""
        failed = (self.problems.get("settings"), self.problems.get("start"))
        if all(problem is None or problem.code == "settings_rejected" for problem in failed):
            self._backoff.reset()
        elif self._retry is None:
            self._retry = asyncio.get_running_loop().call_later(self._backoff.pause(), self._retry_now, wake)

    def _retry_now(self, wake: Callable[[], None]) -> None:
        self._retry, self.retry_due = None, True
        wake()

    async def close(self) -> None:
        """End everything the node does here. Its resource is left as it is."""
        if self._retry is not None:
            self._retry.cancel()
        self.state.close()
        self.secrets.close()
        self.shared.histories.forget(self.name)
        await self._stop_source()
        await self.services.close()
        touch, self.stats.touch = self.stats.touch, None
        if touch is not None:
            # Whoever watches looks once more, and finds it gone.
            touch()
