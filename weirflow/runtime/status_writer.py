"""Writing descriptive status: at most once a second per node and within a budget per host, errors first."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import ApiError, NotFound
from weirflow.kube.resources import TINY_NODE
from weirflow.runtime.node import Node
from weirflow.runtime.status import describe, digest, stamped
from weirflow.runtime.status_queue import Lane, StatusQueue

log = logging.getLogger(__name__)

_DEBOUNCE = 1.0
_ROUND = 0.05
_AT_ONCE = 16
#: Nodes looked at in a round: those that say what they have said cost no write, but each look costs time.
_LOOKS = 100
_COMPLAIN_SECONDS = 10.0


class StatusWriter:
    """``changed`` may be called as often as one likes. ``budget`` is in writes per second over all nodes."""

    def __init__(self, cluster: ClusterClient, nodes: Callable[[str], Node | None], *, budget: float = 300.0) -> None:
        self._cluster, self._node, self._budget = cluster, nodes, budget
        self._due = StatusQueue()
        self._complained_at = 0.0
        self._wake = asyncio.Event()
        self._tokens = budget * _ROUND
        self._task: asyncio.Task[None] | None = None
        self._writes: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to write in a task of its own."""
        self._task = asyncio.create_task(self._run(), name="status writer")

    @property
    def writing(self) -> bool:
        """Whether the writer's task runs."""
        return self._task is not None and not self._task.done()

    def changed(self, node: Node) -> None:
        """The node may look different now. The first change of a quiet node is due at once."""
        now = time.monotonic()
        self._due.add(node.name, max(now, node.status_written_at + _DEBOUNCE), _lane(node), now)
        self._wake.set()

    async def stop(self, seconds: float) -> None:
        """Write what is due or soon would be, within ``seconds``, then end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        until = time.monotonic() + seconds
        for name in list(self._due):
            self._begin(name)
            if len(self._writes) >= _AT_ONCE:
                await asyncio.wait(
                    self._writes, timeout=max(0.0, until - time.monotonic()), return_when=asyncio.FIRST_COMPLETED
                )
            if time.monotonic() >= until:
                break
        if self._writes:
            _, late = await asyncio.wait(self._writes, timeout=max(0.0, until - time.monotonic()))
            for task in late:
                task.cancel()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._due:
                self._round(time.monotonic())
                await asyncio.sleep(_ROUND if self._due else 0)

    def _round(self, now: float) -> None:
        """Begin the writes that are due, as far as budget and open requests allow."""
        self._tokens = min(self._tokens + self._budget * _ROUND, self._budget * _ROUND * 4)
        room = min(int(self._tokens), _AT_ONCE - len(self._writes))
        if room <= 0:
            return
        for name in self._due.due(now, _LOOKS):
            if room and self._begin(name):
                self._tokens -= 1
                room -= 1

    def _begin(self, name: str) -> bool:
        """Begin to write what the node looks like now, if that is new. Returns whether it is."""
        self._due.remove(name)
        node = self._node(name)
        if node is None:
            return False
        if not node.lease.is_leader:
            node.written_status = ""
            # Its own alerts a host adds also when it leads no more: the leader does not know of them.
            if alerts := node.state.alerts.unsent():
                return self._start(node, {"status": {"alerts": alerts}})
            return False
        try:
            status = describe(node)
            wanted = digest(status)
        except Exception:
            # One node that cannot be described must not end the writing for all others.
            log.exception("a status could not be made", extra={"node": name})
            return False
        # What the watch has shown may be older than what we wrote.
        ended = node.state.alerts.ended()
        if wanted == (node.written_status or node.observed_status) and not ended:
            return False
        node.written_status = wanted
        return self._start(node, stamped(status, ended))

    def _start(self, node: Node, patch: dict[str, object]) -> bool:
        node.status_written_at = time.monotonic()
        task = asyncio.create_task(self._write(node, patch), name=f"status of {node.name}")
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        return True

    async def _write(self, node: Node, patch: dict[str, object]) -> None:
        try:
            await self._cluster.patch_status(TINY_NODE, node.name, patch)
        except NotFound:
            node.written_status = ""
        except ApiError as error:
            if time.monotonic() - self._complained_at > _COMPLAIN_SECONDS:
                # While the cluster is away this happens to all nodes, again and again.
                self._complained_at = time.monotonic()
                log.warning("status not written, tried again: %s", error.message, extra={"node": node.name})
            node.written_status = ""
            self.changed(node)


def _lane(node: Node) -> Lane:
    if node.problem is not None:
        return Lane.ERROR
    return Lane.CHANGE if node.written_status or node.observed_status else Lane.NEW
