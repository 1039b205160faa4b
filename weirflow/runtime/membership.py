"""This host among its peers: it takes part in leading its modules, says that it is there, and knows of others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection

from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import ApiError
from weirflow.kube.informer import Health, Informer
from weirflow.kube.lease import LeaseLoop, LeaseTimes
from weirflow.kube.peers import Peers, keep_lease
from weirflow.kube.presence import Presence, PresenceTimes, remove_gone
from weirflow.kube.resources import LEASE, Object
from weirflow.runtime.identity import Identity

log = logging.getLogger(__name__)

_SWEEP_SECONDS = 60.0


class Membership:
    """``leases`` by module, filled by ``start``. ``on_leading`` is told when this host begins or ceases to lead a
    module, ``on_news`` when any Lease says something new. ``times`` are those of the modules' Leases."""

    def __init__(
        self,
        cluster: ClusterClient,
        identity: Identity,
        modules: Collection[str],
        *,
        alive: Callable[[], bool],
        on_leading: Callable[[str, bool], None],
        on_news: Callable[[], None],
        times: LeaseTimes | None = None,
        presence: PresenceTimes | None = None,
    ) -> None:
        self._cluster, self._identity, self._modules = cluster, identity, modules
        self._alive, self._on_leading, self._on_news, self._times = alive, on_leading, on_news, times
        self._presence_times = presence
        self._copies = Informer(cluster, LEASE, keep=keep_lease)
        self._presence: Presence | None = None
        self._sweeping: asyncio.Task[None] | None = None
        self.peers = Peers()
        self.leases: dict[str, LeaseLoop] = {}

    def start(self, address: str, messages: str) -> None:
        """Try to lead every module; others reach this host at ``address`` (its link) and ``messages``."""
        for module in self._modules:
            self.leases[module] = LeaseLoop(
                self._cluster,
                f"{module}-lock",
                self._identity.name,
                address=address,
                messages=messages,
                times=self._times,
                alive=self._alive,
                on_change=lambda leading, module=module: self._leading(module, leading),  # type: ignore[misc]
            )
        self._presence = Presence(
            self._cluster,
            self._identity.name,
            modules=sorted(self._modules),
            address=address,
            messages=messages,
            times=self._presence_times,
            pod=f"{self._identity.pod}:{address.rpartition(':')[2]}" if self._identity.pod else "",
        )
        self._copies.on_change(self._seen)
        self._copies.on_health(self._health)
        self._copies.start()
        for lease in self.leases.values():
            lease.start()
        self._sweeping = asyncio.create_task(self._sweep(), name="presence sweep")

    async def joined(self) -> None:
        """Return when every module has a leader, and this host can be found by the others: its nodes are ready."""
        assert self._presence is not None
        for lease in self.leases.values():
            await lease.known.wait()
        self._presence.start()
        await self._presence.announced.wait()

    @property
    def is_alone(self) -> bool:
        """Whether no other host is known, neither as there nor as leading anything."""
        known = [*self.peers.hosts(), *map(self.peers.leader, self.peers.available())]
        return all(peer is None or peer.identity == self._identity.name for peer in known)

    def announce(self, messages: str) -> None:
        """Say in all Leases of this host that others send to it at ``messages``."""
        for lease in self.leases.values():
            lease.announce(messages)
        if self._presence is not None:
            self._presence.announce(messages)

    async def withdraw(self) -> None:
        """Take over nothing any more, and be found no more. What is led is led until ``leave``."""
        idle = [lease.stop() for lease in self.leases.values() if not lease.is_leader]
        await asyncio.gather(*idle, *([self._presence.stop()] if self._presence is not None else []))

    async def leave(self) -> None:
        """Give back what is led."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        await asyncio.gather(*(lease.stop() for lease in self.leases.values()))
        await self._copies.stop()

    def _seen(self, name: str, new: Object | None, _old: Object | None) -> None:
        if (lease := self.leases.get(name.removesuffix("-lock"))) is not None:
            lease.observe(new)
        if self.peers.put(name, new):
            self._on_news()

    def _health(self, health: Health) -> None:
        if health.reachable:
            self.peers.sighted()
        else:
            self.peers.blinded()

    def _leading(self, module: str, leading: bool) -> None:
        self._on_leading(module, leading)
        self._on_news()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            if any(lease.is_leader for lease in self.leases.values()):
                try:
                    await remove_gone(self._cluster, self.peers)
                except ApiError as error:
                    log.warning("presence Leases of hosts that are gone were not removed: %s", error.message)
