"""What one node has at hand: the host's side of ``weirflow.services.NodeServices``."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weirflow.context import DEFAULT_TIMEOUT, Context
from weirflow.errors import ComponentError, Fail, NotLeader, Problem, problem_of, words_of
from weirflow.kube.resources import project_of
from weirflow.outbound.contract import Outbound
from weirflow.runtime import routing
from weirflow.runtime.batches import NodeBatches
from weirflow.runtime.sealing import MissingKey
from weirflow.services import Batches, Clock, Grant, HttpRoutes, LockScope, StateChange

if TYPE_CHECKING:
    from prometheus_client import Counter

    from weirflow.runtime.node import Node

#: What a component may have running beside its messages.
TASK_LIMIT = 1000

log = logging.getLogger(__name__)


class HostServices:
    """Reaches the host on behalf of one node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._tasks: set[asyncio.Task[None]] = set()
        self._commits: Counter | None = None
        #: Secret fields of the state by key: the value and its text.
        self._sealed: dict[str, tuple[bytes, str]] = {}
        self.node_name = node.name
        self.node_id = node.id
        self._project = project_of(node.name)
        self.http: HttpRoutes = node.shared.http
        self.clock: Clock = node.shared.clock
        self.emit = self.emitter(guarded=True)

    def emitter(self, *, guarded: bool) -> routing.Emit:
        """What sends from the node's outputs; see ``routing.emitter``."""
        return self._node.shared.tap(self._node, routing.emitter(self._node, guarded=guarded))

    @property
    def outbound(self) -> Outbound:
        return self._node.shared.outbound.of(self._project)

    @property
    def batches(self) -> Batches:
        node = self._node
        return NodeBatches(node.shared.cluster, node.name, node.uid, node.lease)

    def data_dir(self) -> Path:
        folder = self._node.shared.data / self._project
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    @property
    def epoch(self) -> int:
        return self._node.lease.epoch

    def is_leader(self, ctx: Context) -> bool:
        lease = self._node.lease
        return lease.is_leader and ctx.epoch == lease.epoch

    def begin(self, operation_id: str | None = None, timeout: float | None = None) -> Context:
        lease = self._node.lease
        deadline = time.monotonic() + (DEFAULT_TIMEOUT if timeout is None else timeout)
        return Context(operation_id, deadline=deadline, leader=lease.is_leader, epoch=lease.epoch)

    async def commit(self, ctx: Context, change: StateChange) -> None:
        await self._node.writer.commit(change)
        self._node.state.history.stored(ctx, change.epoch, change.version, change.texts)
        if self._commits is None:
            node = self._node
            self._commits = node.shared.metrics.state_commits.labels(node.module.name, node.component)
        self._commits.inc()

    def publish(self) -> None:
        self._node.changed()

    def report_error(self, problem: Problem | None) -> None:
        if problem is not None and problem.code == NotLeader.code and self._node.is_idle_source:
            # Its successor is at work: nothing is wrong with the node.
            return
        self._node.set_problem("reported", problem)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        if len(self._tasks) >= TASK_LIMIT:
            work.close()
            raise Fail(
                f"{self.node_name} has {TASK_LIMIT:,} tasks of its own running already; its component should end them, "
                "or let messages wait for what they start",
                code="too_many_tasks",
                node=self.node_name,
            )
        task = asyncio.create_task(_contained(work), name=f"{self._node.name} {name}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def lock(self, name: str, scope: LockScope, seconds: float) -> Grant:
        locks = self._node.shared.locks
        assert locks is not None
        return await locks.acquire(self._node.name, self._node.uid, name, scope, seconds)

    def seal(self, plain: bytes, field: str) -> str:
        sealer = self._node.shared.sealer
        known = self._sealed.get(field)
        if known is None or known[0] != plain or not sealer.is_current(known[1]):
            # A field that stays as it is keeps its text: it need not be written again with each change.
            known = self._sealed[field] = plain, sealer.seal(plain, self.node_name, field)
        return known[1]

    def unseal(self, sealed: str, field: str) -> bytes:
        try:
            plain = self._node.shared.sealer.unseal(sealed, self.node_name, field)
        except MissingKey:
            self._node.shared.key_missed()
            raise
        self._sealed[field] = plain, sealed
        return plain

    async def close(self) -> None:
        """End the node's tasks."""
        if tasks := list(self._tasks):
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=1.0)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a task of a node failed: %r", error, extra={"node": self._node.name})
            self._node.set_problem("task", problem_of(error))


async def _contained(work: Coroutine[Any, Any, None]) -> None:
    """A component's own task. One that exits ends itself, never the loop it runs on."""
    try:
        await work
    except (SystemExit, KeyboardInterrupt) as error:
        raise ComponentError(f"a task failed: {type(error).__name__}: {words_of(error)}") from error
