"""One replica of the module: the real node, state and writer over a wire that the test moves, and a scripted Lease."""

import asyncio
import dataclasses
from types import SimpleNamespace
from typing import Any

from tests.fence.component import NODE, module
from tests.fence.network import Network, Wire
from weirflow.context import Context
from weirflow.errors import StateError
from weirflow.kube.resources import Object
from weirflow.runtime.keyed_pool import KeyedPool
from weirflow.runtime.mending import Mender
from weirflow.runtime.node import Node
from weirflow.runtime.reconcile import Reconciler
from weirflow.runtime.shared import Shared
from weirflow.runtime.status import slim

LEASE_NAME = "fence-v1-lock"


class ScriptedLease:
    """What a replica believes about its leadership. It may be wrong, as that of a process that was paused is."""

    def __init__(self, identity: str) -> None:
        self.identity, self.name = identity, LEASE_NAME
        self.is_leader = False
        self.epoch = 0
        self.least = 0

    def step_down(self, newer_epoch: int) -> None:
        self.least = max(self.least, newer_epoch)
        if newer_epoch > self.epoch:
            self.is_leader = False


class SkewedClock:
    """Wall time that is off by ``skew`` seconds."""

    def __init__(self, network: Network) -> None:
        self._network, self.skew = network, 0.0

    def time(self) -> float:
        return 1_700_000_000 + self._network.loop.now + self.skew

    def monotonic(self) -> float:
        return self._network.loop.now

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError


class Replica:
    """``seen`` is how much of the node's history its watch has shown."""

    def __init__(self, network: Network, identity: str) -> None:
        self.identity = identity
        self.lease = ScriptedLease(identity)
        self.clock = SkewedClock(network)
        self.seen = 0
        #: Messages that clients sent here: they get no answer if this replica is killed.
        self.asked: list[asyncio.Task[int]] = []
        self.alive = True
        self._network = network
        self._wire = Wire(network, identity)
        self._resources = SimpleNamespace(objects={})
        # Whatever else a host has at hand, state has no use for.
        parts: dict[str, Any] = {part.name: None for part in dataclasses.fields(Shared) if not _has_default(part)}
        parts |= {
            "cluster": self._wire,
            "status_changed": lambda _node: None,
            "clock": self.clock,
            "identity": identity,
            "mend": lambda name: self._mender.add(name),
        }
        self.reconciler = Reconciler(
            self._resources,  # type: ignore[arg-type]
            {module.name: module},
            {module.name: self.lease},  # type: ignore[dict-item]
            Shared(**parts),
            again=lambda name: self._pool.add(name),
            on_node=lambda _node: None,
            unreachable=lambda _module: None,
        )
        self._pool = KeyedPool("reconcile", self.reconciler.reconcile)
        self._mender = Mender(self._wire, self.reconciler.nodes, 50)  # type: ignore[arg-type]

    @property
    def node(self) -> Node | None:
        return self.reconciler.nodes.get(NODE)

    def show(self, count: int) -> None:
        """The watch shows version number ``count`` of the node; those between, if any, are never shown."""
        self.seen = count
        node: Object = slim(self._network.history[count - 1])
        old, self._resources.objects[NODE] = self._resources.objects.get(NODE), node
        self.reconciler.changed(NODE, node, old)

    def lead(self, epoch: int) -> None:
        """It has got the Lease."""
        self.lease.epoch, self.lease.is_leader = epoch, True
        self._pool.add(NODE)

    def notice(self) -> None:
        """It learns that it does not hold the Lease any more."""
        self.lease.is_leader = False
        self._pool.add(NODE)

    def kill(self) -> None:
        """Its process ends: what it sent is on its way, nothing else of it happens."""
        self.alive = self.lease.is_leader = False
        self._wire.dead = True
        for attempt in self.asked:
            attempt.cancel()

    async def add(self, operation: str, seconds: float, turns: int = 0) -> Any:
        """A client's message reaches this replica, ``turns`` of the loop from now; the place that the operation got.
        Raises ``Fail``."""
        for _ in range(turns):
            await asyncio.sleep(0)
        assert self.node is not None
        ctx: Context = self.node.services.begin(operation, seconds)
        return await self.node.handle(ctx, "add", {})

    @property
    def applied(self) -> list[str] | None:
        """What people see here; None: an error, because somebody has put there what cannot be read."""
        assert self.node is not None
        assert self.node.instance is not None
        try:
            return list(self.node.instance.component.state.value.applied)  # type: ignore[attr-defined]
        except StateError:
            return None

    @property
    def busy(self) -> bool:
        """Whether a change of the state is under way here."""
        assert self.node is not None
        assert self.node.instance is not None
        store = self.node.instance._store
        assert store is not None
        return self.node.writer._task is not None or store._lock.locked() or bool(store._pending or store._waiting)


def _has_default(part: Any) -> bool:
    return part.default is not dataclasses.MISSING or part.default_factory is not dataclasses.MISSING
