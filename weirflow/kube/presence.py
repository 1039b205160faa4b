"""A module host says that it is there, what it serves and where it can be reached: its presence Lease."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass

from weirflow.kube.backoff import Backoff
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import AlreadyExists, ApiError, Conflict, NotFound
from weirflow.kube.lease import micro_time
from weirflow.kube.peers import Peers
from weirflow.kube.resources import (
    ANNOTATION_ADDRESS,
    ANNOTATION_MESSAGES,
    ANNOTATION_MODULES,
    ANNOTATION_POD,
    LABEL_HOST,
    LEASE,
    Object,
)

log = logging.getLogger(__name__)

REMOVE_AFTER = 600.0
"""Seconds after its end at which the Lease of a host that did not stop cleanly is removed by a leader."""

_STOP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class PresenceTimes:
    """Seconds: others count on the host for ``duration`` after a renewal; it is renewed every ``renew``."""

    duration: float = 60.0
    renew: float = 20.0


BY_HAND = PresenceTimes(duration=9.0, renew=3.0)
"""Of a host that a person runs: one that was killed shall be gone before they wonder."""


class Presence:
    """Keeps the Lease ``<identity>-host`` until stopped. ``address``, ``messages`` and ``pod`` as in ``Peer``."""

    def __init__(
        self,
        cluster: ClusterClient,
        identity: str,
        *,
        modules: Sequence[str],
        address: str,
        messages: str,
        pod: str = "",
        times: PresenceTimes | None = None,
    ) -> None:
        self.name = f"{identity}-host"
        self._cluster, self._identity, self._times = cluster, identity, times or PresenceTimes()
        self._annotations = {
            ANNOTATION_MODULES: ",".join(modules),
            ANNOTATION_ADDRESS: address,
            ANNOTATION_MESSAGES: messages,
            ANNOTATION_POD: pod,
        }
        self._uid: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        #: Set once the Lease is in the cluster.
        self.announced = asyncio.Event()

    def start(self) -> None:
        """Begin to be there, in a task of its own."""
        self._task = asyncio.create_task(self._run(), name=f"presence {self.name}")

    def announce(self, messages: str) -> None:
        """Say from now on, and at once, that ``messages`` is where others send to this host."""
        self._annotations[ANNOTATION_MESSAGES] = messages
        self._wake.set()

    async def stop(self) -> None:
        """Say that the host has gone; it is forgotten at once, or else when its Lease has run out."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait([self._task])
        self._task = None
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._cluster.delete(LEASE, self.name, uid=self._uid)
        except (NotFound, Conflict):
            log.debug("lease %s is gone already", self.name)
        except (ApiError, TimeoutError) as error:
            log.warning("lease %s: not deleted, it expires by itself: %s", self.name, error or "no answer in time")

    async def _run(self) -> None:
        backoff = Backoff(0.2, self._times.renew / 4)
        while True:
            self._wake.clear()
            try:
                async with asyncio.timeout(self._times.renew / 2):
                    self._uid = (await self._renew())["metadata"].get("uid")
                backoff.reset()
                self.announced.set()
                pause = self._times.renew * random.uniform(0.8, 1.0)  # noqa: S311 spreads load
            except (ApiError, TimeoutError) as error:
                log.warning("lease %s: %s", self.name, error or "no answer in time")
                pause = backoff.pause()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _renew(self) -> Object:
        """Write the Lease whole: whatever stands under our name is of an earlier run, or ours."""
        metadata = {"labels": {LABEL_HOST: "true"}, "annotations": self._annotations}
        now = micro_time()
        spec = {
            "holderIdentity": self._identity,
            "leaseDurationSeconds": max(1, round(self._times.duration)),
            "renewTime": now,
        }
        if self._uid is None:
            try:
                lease = LEASE.new(self.name, metadata=metadata, spec={**spec, "acquireTime": now})
                return await self._cluster.create(LEASE, lease)
            except AlreadyExists:
                spec["acquireTime"] = now
        try:
            return await self._cluster.patch(LEASE, self.name, {"metadata": metadata, "spec": spec})
        except NotFound:
            self._uid = None
            raise


async def remove_gone(cluster: ClusterClient, peers: Peers) -> None:
    """Delete the presence Leases of hosts that ended without doing so, long ago. For a leader to call now and then."""
    for name, uid in peers.gone(REMOVE_AFTER):
        try:
            await cluster.delete(LEASE, name, uid=uid)
            log.info("lease %s removed: its host has been gone for %g minutes", name, REMOVE_AFTER / 60)
        except (NotFound, Conflict):
            log.debug("lease %s is gone already", name)
