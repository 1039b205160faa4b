"""Asks the cluster now and then whether it still answers.

A watch says nothing while nothing changes, so a cluster that has stopped answering with its connections open (a paused
process, a network that drops packets) looks like a quiet one until the watch's own bound of minutes.
"""

import asyncio
from collections.abc import Callable

from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import ApiError, Unavailable
from weirflow.kube.informer import Health
from weirflow.kube.resources import LEASE

EVERY_SECONDS = 5.0
ANSWER_SECONDS = 4.0


class Pulse:
    """``health`` is what the last question came to; ``on_change`` is called when it turns."""

    def __init__(self, cluster: ClusterClient, on_change: Callable[[Health], None], *, answer: float = ANSWER_SECONDS):
        self._cluster, self._on_change, self._answer = cluster, on_change, answer
        self._task: asyncio.Task[None] | None = None
        self.health = Health(reachable=True)

    def start(self) -> None:
        """Begin to ask, in a task of its own."""
        self._task = asyncio.create_task(self._run(), name="editor hub: pulse of the cluster")

    async def stop(self) -> None:
        """Ask no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def beat(self) -> None:
        """Ask once. An answer of any kind, a refusal too, is a sign of life."""
        health = Health(reachable=True)
        try:
            async with asyncio.timeout(self._answer):
                await self._cluster.list(LEASE, limit=1)
        except (Unavailable, TimeoutError):
            health = Health(reachable=False, reason=f"it has not answered for {self._answer:g} seconds")
        except ApiError:
            pass
        if health != self.health:
            self.health = health
            self._on_change(health)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.beat()
