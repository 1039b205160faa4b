"""What all nodes of a host use together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weirflow.kube.client import ClusterClient
from weirflow.runtime.concealing import Concealers
from weirflow.runtime.deadlines import TimerWheel
from weirflow.runtime.metrics import Metrics
from weirflow.runtime.outbounds import Outbounds
from weirflow.runtime.state_history import Histories
from weirflow.runtime.totals import Totals
from weirflow.runtime.traces import Traces
from weirflow.services import HttpRoutes

if TYPE_CHECKING:
    from weirflow.runtime.events import EventRecorder
    from weirflow.runtime.forwarding import Forwarding
    from weirflow.runtime.locks import Locks
    from weirflow.runtime.messages import Messages
    from weirflow.runtime.node import Node
    from weirflow.runtime.routing import Emit
    from weirflow.runtime.sealing import Sealer
    from weirflow.runtime.secrets import Secrets

#: Messages that may be on their way at once, counted where they enter: of all nodes, and of one, which must not take
#: the places of all others; and branches that outlive their caller's answer.
ENTRY_LIMIT = 2000
NODE_ENTRY_LIMIT = 1000
BRANCH_LIMIT = 10_000
#: Branches under way at which a run is called off, and at which no run gets another: a loop that leads back to itself
#: twice doubles its messages with every turn, long before any of them is deep.
RUN_BRANCH_LIMIT = 12_000
TOTAL_BRANCH_LIMIT = 40_000
#: State patches in flight at once, over all nodes.
PATCH_LIMIT = 24


class SystemClock:
    """The machine's time."""

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Places(asyncio.Semaphore):
    """Places for messages that enter the host."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count

    @property
    def taken(self) -> int:
        """Messages that have one."""
        return self.count - self._value

    @property
    def waiting(self) -> int:
        """Messages that wait for one."""
        return len(self._waiters or ())


@dataclass(slots=True)
class Shared:
    """One per host. ``status_changed`` is told of nodes that look different now."""

    cluster: ClusterClient
    http: HttpRoutes
    sealer: Sealer
    forwarding: Forwarding
    status_changed: Callable[[Node], None]
    messages: Messages
    wheel: TimerWheel = field(default_factory=TimerWheel)
    #: The host's name, where it tells of foreign writes, and whom it asks to write a node's state anew.
    identity: str = ""
    metrics: Metrics = field(default_factory=Metrics)
    totals: Totals = field(default_factory=Totals)
    traces: Traces = field(default_factory=Traces)
    histories: Histories = field(default_factory=Histories)
    events: EventRecorder | None = None
    locks: Locks | None = None
    secrets: Secrets | None = None
    concealers: Concealers = field(default_factory=Concealers)
    mend: Callable[[str], None] = lambda _node: None
    #: Told when a secret field is sealed with a key that is not at hand.
    key_missed: Callable[[], None] = lambda: None
    #: Told when a node of which this host is the leader has gone.
    node_gone: Callable[[], None] = lambda: None
    outbound: Outbounds = field(default_factory=Outbounds)
    #: The folder of the projects' own folders.
    data: Path = Path("var/data")
    clock: SystemClock = field(default_factory=SystemClock)
    #: Stands between what nodes send and their edges. Flow tests look on there; a host has nothing in between.
    tap: Callable[[Node, Emit], Emit] = lambda _node, emit: emit
    entries: Places = field(default_factory=lambda: Places(ENTRY_LIMIT))
    patches: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PATCH_LIMIT))
    branches: set[asyncio.Task[Any]] = field(default_factory=set)

    def branch(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run a branch of a message as a task of its own; what it raises has been shown where it happened."""
        task = asyncio.create_task(work, name=name)
        self.branches.add(task)
        task.add_done_callback(self._branch_done)
        return task

    def _branch_done(self, task: asyncio.Task[Any]) -> None:
        self.branches.discard(task)
        if not task.cancelled():
            task.exception()
