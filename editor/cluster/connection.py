"""The watch over one cluster: its informers, started and stopped together."""

import asyncio
from collections.abc import Callable

from editor.cluster.link_key import LinkKey
from editor.cluster.modules import Modules
from editor.cluster.pulse import Pulse
from editor.cluster.signals import keep_signal
from editor.cluster.view import NodeInformer, NodeView
from weirflow.kube.http import HttpCluster
from weirflow.kube.informer import Health, Informer
from weirflow.kube.peers import Peers, keep_lease
from weirflow.kube.resources import LEASE, TINY_MODULE, TINY_SIGNAL, Object
from weirflow.kube.watching import Pace

PACE = Pace(longest_pause=2.0)
"""A person watches whether the cluster is back: try again soon."""


class Connection:
    """``synced`` means that nodes and modules are known; until then nothing may be taken for absent."""

    def __init__(self, cluster: HttpCluster, modules: Modules, peers: Peers, on_deleted: Callable[[Object], None]):
        self.cluster = cluster
        self.nodes = NodeInformer(cluster, on_deleted, pace=PACE)
        self.modules = Informer(cluster, TINY_MODULE, keep=self._take_module, pace=PACE)
        self.signals = Informer(cluster, TINY_SIGNAL, keep=keep_signal, pace=PACE)
        self.leases = Informer(cluster, LEASE, keep=keep_lease, pace=PACE)
        self.link_key = LinkKey(cluster)
        self.view = NodeView(self.nodes)
        self.on_health: Callable[[Health], None] = lambda health: None
        self.pulse = Pulse(cluster, lambda _health: self.on_health(self.health))
        self.nodes.on_health(lambda _health: self.on_health(self.health))
        self._modules, self._peers = modules, peers
        self._parsed_changed = False
        self.on_modules: Callable[[], None] = lambda: None
        self.modules.on_change(self._module_changed)
        self.on_peers: Callable[[], None] = lambda: None
        self.leases.on_change(lambda name, new, _old: self.on_peers() if peers.put(name, new) else None)

    def start(self) -> None:
        """Begin to watch."""
        for informer in self._all():
            informer.start()
        self.pulse.start()

    async def stop(self) -> None:
        """End all watches."""
        await asyncio.gather(self.pulse.stop(), *(informer.stop() for informer in self._all()))
        # The next watch tells nothing of Leases that are deleted before it.
        for name in self.leases.objects:
            self._peers.put(name, None)

    @property
    def health(self) -> Health:
        """Whether the cluster answers: its watch is up, and so is its pulse."""
        return self.nodes.health if not self.nodes.health.reachable else self.pulse.health

    async def synced(self, seconds: float) -> bool:
        """Wait until nodes and modules have been listed, at most ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self.nodes.synced.wait()
                await self.modules.synced.wait()
        except TimeoutError:
            return False
        return True

    async def knows_leaders(self, seconds: float) -> bool:
        """Wait until Leases have been listed, at most ``seconds``. `synced` does not: edits do without."""
        try:
            await asyncio.wait_for(self.leases.synced.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def takes_controls_by_nats(self, module: str) -> bool:
        """Whether the module knows no TinySignals: it is made by others, and takes messages by NATS."""
        return bool((self.modules.objects.get(module) or {}).get("by_nats"))

    def _take_module(self, obj: Object) -> Object:
        """A module is parsed on its way in, so that its schemas are not held a second time as base64."""
        metadata = obj["metadata"]
        self._parsed_changed = self._modules.put(metadata["name"], obj) or self._parsed_changed
        status = obj.get("status") or {}
        return {
            "metadata": {"name": metadata["name"], "resourceVersion": metadata["resourceVersion"]},
            "by_nats": str(status.get("addr") or "").startswith("nats://") and status.get("signals") is not True,
        }

    def _module_changed(self, name: str, new: Object | None, _old: Object | None) -> None:
        changed, self._parsed_changed = self._parsed_changed, False
        if new is None:
            changed = self._modules.put(name, None) or changed
        if changed:
            self.on_modules()

    def _all(self) -> tuple[Informer, ...]:
        return (self.modules, self.nodes, self.leases, self.signals)
