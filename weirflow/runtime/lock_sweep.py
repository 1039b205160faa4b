"""Removing the locks of nodes that are gone, where the cluster does not collect what is owned."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from weirflow.kube.client import ClusterClient, list_all
from weirflow.kube.errors import ApiError, Conflict, NotFound
from weirflow.kube.resources import LABEL_LOCK, LEASE, TINY_NODE, Object, module_of

log = logging.getLogger(__name__)

#: So long after a node has gone, in seconds, that many which go together cost one look.
_PAUSE = 5.0


class LockSweep:
    """``nodes`` are the resources of this host's nodes; ``leads`` tells the modules whose locks are this host's to
    remove."""

    def __init__(self, cluster: ClusterClient, nodes: Mapping[str, Object], leads: Callable[[str], bool]) -> None:
        self._cluster, self._nodes, self._leads = cluster, nodes, leads
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """Look after a while: a node has gone, or this host begins to lead."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_PAUSE, self._begin)

    async def close(self) -> None:
        """End."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def sweep(self) -> None:
        """Look now. What fails is done at the next look."""
        leases, _ = await list_all(self._cluster, LEASE, label_selector=LABEL_LOCK)
        for lease in leases:
            if self._is_orphan(lease):
                metadata = lease["metadata"]
                try:
                    await self._cluster.delete(LEASE, metadata["name"], uid=metadata["uid"])
                except (NotFound, Conflict):
                    log.debug("lock %s is gone already", metadata["name"])

    def _begin(self) -> None:
        self._timer = None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="lock sweep")

    async def _run(self) -> None:
        try:
            await self.sweep()
        except ApiError as error:
            log.info("locks of nodes that are gone were not removed: %s", error.message)

    def _is_orphan(self, lease: Object) -> bool:
        owners = [owner for owner in lease["metadata"].get("ownerReferences") or [] if owner["kind"] == TINY_NODE.kind]
        return bool(owners) and all(self._is_gone(owner["name"], owner["uid"]) for owner in owners)

    def _is_gone(self, name: str, uid: str) -> bool:
        node = self._nodes.get(name)
        return self._leads(module_of(name)) and (node is None or node["metadata"]["uid"] != uid)
