"""The watch over one cluster: its informers, started and stopped together."""

import asyncio
import base64
from collections.abc import Callable

from editor.cluster.hosts import Hosts
from editor.cluster.modules import Modules
from editor.cluster.pulse import Pulse
from editor.cluster.signals import keep_signal
from editor.cluster.view import NodeInformer, NodeView
from weirflow.kube.client import ClusterClient
from weirflow.kube.informer import Health, Informer
from weirflow.kube.resources import LEASE, LINK_SECRET, SECRET, TINY_MODULE, TINY_SIGNAL, Object
from weirflow.kube.watching import Pace

PACE = Pace(longest_pause=2.0)
"""A person watches whether the cluster is back: try again soon."""


class Connection:
    """``synced`` means that nodes and modules are known; until then nothing may be taken for absent."""

    def __init__(self, cluster: ClusterClient, modules: Modules, hosts: Hosts, on_deleted: Callable[[Object], None]):
        self.cluster = cluster
        self.nodes = NodeInformer(cluster, on_deleted, pace=PACE)
        self.modules = Informer(cluster, TINY_MODULE, keep=self._take_module, pace=PACE)
        self.signals = Informer(cluster, TINY_SIGNAL, keep=keep_signal, pace=PACE)
        self.leases = Informer(cluster, LEASE, pace=PACE)
        self.view = NodeView(self.nodes)
        self.on_health: Callable[[Health], None] = lambda health: None
        self.pulse = Pulse(cluster, lambda _health: self.on_health(self.health))
        self.nodes.on_health(lambda _health: self.on_health(self.health))
        self._modules = modules
        self._parsed_changed = False
        self.on_modules: Callable[[], None] = lambda: None
        self.modules.on_change(self._module_changed)
        self.on_hosts: Callable[[], None] = lambda: None
        self.leases.on_change(lambda name, new, _old: self.on_hosts() if hosts.put(name, new) else None)

    def start(self) -> None:
        """Begin to watch."""
        for informer in self._all():
            informer.start()
        self.pulse.start()

    async def stop(self) -> None:
        """End all watches."""
        await asyncio.gather(self.pulse.stop(), *(informer.stop() for informer in self._all()))

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

    async def link_token(self) -> str:
        """What proves to a module host that we are the web. Raises ``ValueError`` when the Secret has no key."""
        secret = await self.cluster.get(SECRET, LINK_SECRET)
        key = (secret.get("data") or {}).get("key")
        if not key:
            raise ValueError(f"the Secret {LINK_SECRET} has no data.key; start the cluster again to have it made")
        return base64.b64decode(key).hex()

    def _take_module(self, obj: Object) -> Object:
        """A module is parsed on its way in, so that its schemas are not held a second time as base64."""
        metadata = obj["metadata"]
        self._parsed_changed = self._modules.put(metadata["name"], obj) or self._parsed_changed
        return {"metadata": {"name": metadata["name"], "resourceVersion": metadata["resourceVersion"]}}

    def _module_changed(self, name: str, new: Object | None, _old: Object | None) -> None:
        changed, self._parsed_changed = self._parsed_changed, False
        if new is None:
            changed = self._modules.put(name, None) or changed
        if changed:
            self.on_modules()

    def _all(self) -> tuple[Informer, ...]:
        return (self.modules, self.nodes, self.leases, self.signals)
