"""Bringing stored states back to what the replicas hold, at a measured pace."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from weirflow.errors import Fail, NotLeader, StateConflict, StateError
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import ApiError, NotFound
from weirflow.kube.lease import epoch_of
from weirflow.kube.resources import LEASE
from weirflow.kube.throttle import TokenBucket
from weirflow.runtime.keyed_pool import KeyedPool
from weirflow.runtime.node import Node

log = logging.getLogger(__name__)

#: States written anew at once, over all nodes.
_WIDTH = 4
#: Between two of one node, in seconds: who writes it again and again must not make us do the same.
_PAUSE = 1.0


class Mender:
    """``nodes`` are those of this host, ``rate`` how many of their states may be written anew in a second. `add` is
    level-triggered: what is to be done stands in the node's state."""

    def __init__(self, cluster: ClusterClient, nodes: Mapping[str, Node], rate: float) -> None:
        self._cluster, self._nodes = cluster, nodes
        self._pool = KeyedPool("state", self._mend, width=_WIDTH, outside=(Fail, ApiError))
        self._throttle = TokenBucket(rate, _WIDTH)
        self._mended_at: dict[str, float] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        #: Lease name -> highest epoch that it was read to have had.
        self._epochs: dict[str, int] = {}

    def add(self, name: str) -> None:
        """See to this node soon."""
        if name in self._timers:
            return
        pause = self._mended_at.get(name, 0.0) + _PAUSE - time.monotonic()
        if pause > 0:
            self._timers[name] = asyncio.get_running_loop().call_later(pause, self._due, name)
        else:
            self._mended_at.pop(name, None)
            self._pool.add(name)

    async def close(self, seconds: float) -> None:
        """End."""
        for timer in self._timers.values():
            timer.cancel()
        await self._pool.close(seconds)

    def _due(self, name: str) -> None:
        del self._timers[name]
        self._mended_at.pop(name, None)
        self._pool.add(name)

    async def _mend(self, name: str) -> None:
        node = self._nodes.get(name)
        if node is None:
            return
        if node.state.outranked is not None:
            await self._verify(node)
        if node.state.rewrite_due and node.lease.is_leader:
            await self._throttle.take()
            self._mended_at[name] = time.monotonic()
            await self._rewrite(node)

    async def _verify(self, node: Node) -> None:
        """Tell whether the epoch of a state was ever a leader's. Raises what the cluster raises: again later."""
        epoch = node.state.epoch_found
        lease = node.lease.name
        if self._epochs.get(lease, 0) < epoch:
            try:
                self._epochs[lease] = epoch_of(await self._cluster.get(LEASE, lease))
            except NotFound:
                self._epochs[lease] = 0
        found, node.state.outranked = node.state.outranked, None
        if found is not None and self._epochs[lease] < epoch:
            node.state.alert(*found)

    async def _rewrite(self, node: Node) -> None:
        store = node.instance.stored_state if node.instance is not None else None
        node.state.rewrite_due = False
        if store is None:
            return
        try:
            await store.rewrite()
        except NotLeader:
            # Whoever leads now sees the same as we did, and does it.
            return
        except StateError as error:
            log.warning("a state cannot be written anew: %s", error, extra={"node": node.name})
        except StateConflict:
            # A newer version is there: what it brings is judged when it is taken up.
            await node.state.reload()
        except (Fail, ApiError):
            node.state.rewrite_due = True
            raise
