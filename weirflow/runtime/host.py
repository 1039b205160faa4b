"""A module host: puts the parts together, starts them in order, and ends them in the reverse one."""

from __future__ import annotations

import asyncio
import logging
import time

from weirflow.errors import Problem
from weirflow.kube.http import HttpCluster
from weirflow.kube.informer import Informer
from weirflow.kube.presence import BY_HAND
from weirflow.kube.resources import TINY_NODE, TINY_SIGNAL, module_of
from weirflow.runtime.concealing import Concealers
from weirflow.runtime.deadlines import TimerWheel
from weirflow.runtime.directory import Directory, public_address
from weirflow.runtime.events import EventRecorder
from weirflow.runtime.forwarding import Forwarding
from weirflow.runtime.http_listener import FlowListener
from weirflow.runtime.identity import Identity
from weirflow.runtime.key_ring import KeyRing
from weirflow.runtime.keyed_pool import KeyedPool
from weirflow.runtime.link import LinkServer
from weirflow.runtime.link_key import read_link_key, sealing_key
from weirflow.runtime.lock_sweep import LockSweep
from weirflow.runtime.locks import Locks
from weirflow.runtime.logs import conceal_in_logs
from weirflow.runtime.membership import Membership
from weirflow.runtime.mending import Mender
from weirflow.runtime.messages import Messages
from weirflow.runtime.metrics import Metrics, lease_metrics
from weirflow.runtime.metrics_page import MetricsPage
from weirflow.runtime.node import Node
from weirflow.runtime.node_metrics import node_metrics, queue_metrics, run_metrics
from weirflow.runtime.options import HostOptions
from weirflow.runtime.outbounds import Outbounds
from weirflow.runtime.project_data import ProjectData
from weirflow.runtime.receiving import Receiver
from weirflow.runtime.reconcile import Reconciler
from weirflow.runtime.registration import register
from weirflow.runtime.sealing import Sealer
from weirflow.runtime.secrets import Secrets
from weirflow.runtime.shared import Shared
from weirflow.runtime.shared_key import SharedKey
from weirflow.runtime.signals import Signals
from weirflow.runtime.status import slim
from weirflow.runtime.status_writer import StatusWriter
from weirflow.runtime.telemetry import Telemetry
from weirflow.runtime.trace_view import TraceView
from weirflow.runtime.transports import make_transports, opens_at_once
from weirflow.runtime.watchdog import Watchdog
from weirflow.services import Module

log = logging.getLogger(__name__)


class Host:
    """Serves ``modules`` on one cluster. ``start`` returns when it is ready; ``stop`` takes at most four seconds."""

    def __init__(
        self,
        cluster: HttpCluster,
        link_key: bytes,
        modules: list[Module],
        options: HostOptions,
    ) -> None:
        self._cluster, self._options = cluster, options
        self._modules = {module.name: module for module in modules}
        names = frozenset(self._modules)
        self._identity = Identity(options.home, options.slot, by_hand=options.by_hand)
        self._listener = FlowListener(
            options.http_host, options.http_port, self._listener_problem, options.http_hosts, options.http_fd
        )
        self._resources = Informer(
            cluster, TINY_NODE, keep=lambda node: slim(node) if module_of(node["metadata"]["name"]) in names else None
        )
        self._membership = Membership(
            cluster,
            self._identity,
            names,
            alive=self._alive,
            on_leading=self._leadership_changed,
            on_news=self._hosts_changed,
            times=options.lease,
            presence=BY_HAND if options.by_hand else None,
        )
        self._directory = Directory(
            cluster, self._membership.peers, self._module_changed, has_nats=options.nats is not None
        )
        self._key = SharedKey(link_key, lambda: read_link_key(cluster))
        wheel = TimerWheel()
        self._messages = Messages(
            make_transports(options, self._identity.name, names, self._key, wheel),
            self._directory.addresses,
            self._taking_messages,
        )
        self._opens_at_once = opens_at_once(options)
        self._forwarding = Forwarding(self._membership.peers, self._messages.send)
        self._statuses = StatusWriter(
            cluster, lambda name: self._reconciler.nodes.get(name), budget=cluster.limits.status_writes
        )
        self._metrics = Metrics()
        self._metrics.collect(lambda: lease_metrics(self._membership.leases))
        self._events = EventRecorder(cluster, cluster.config.namespace, self._identity.name)
        self._locks = Locks(cluster, self._identity.name)
        self._lock_sweep = LockSweep(cluster, self._resources.objects, self._leads)
        self._outbound = Outbounds(cluster, options.outbound)
        self._data = ProjectData(options.home / "data", self._outbound.exists)
        self._outbound.on_project(self._data.seen)
        sealer = Sealer(sealing_key(link_key))
        self._key_ring = KeyRing(cluster, sealer, self._keys_changed)
        concealers = Concealers()
        self._secrets = Secrets(cluster, concealers, self._secret_changed)
        conceal_in_logs(concealers.text)
        self._shared = Shared(
            cluster,
            self._listener.routes,
            sealer,
            self._forwarding,
            self._statuses.changed,
            self._messages,
            wheel,
            identity=self._identity.name,
            metrics=self._metrics,
            events=self._events,
            locks=self._locks,
            outbound=self._outbound,
            data=self._data.folder,
            secrets=self._secrets,
            concealers=concealers,
            node_gone=self._lock_sweep.soon,
            key_missed=self._key_ring.missed,
            mend=lambda name: self._mender.add(name),
        )
        self._pool = KeyedPool("reconcile", lambda name: self._reconciler.reconcile(name))
        self._reconciler = Reconciler(
            self._resources,
            self._modules,
            self._membership.leases,
            self._shared,
            self._pool.add,
            self._node_changed,
            self._directory.problem,
        )
        self._mender = Mender(cluster, self._reconciler.nodes, cluster.limits.status_writes / 4)
        self._registrations = KeyedPool("register", self._register)
        self._signal_pool = KeyedPool("signal", lambda name: self._signals.handle(name), width=64)
        self._signal_copies = Informer(
            cluster,
            TINY_SIGNAL,
            keep=lambda signal: signal if module_of(str((signal.get("spec") or {}).get("node"))) in names else None,
        )
        self._signals = Signals(cluster, self._signal_copies, self._reconciler.nodes, self._signal_pool.add)
        self._metrics.collect(
            lambda: node_metrics(
                self._reconciler.nodes, self._shared.totals, time.monotonic(), each=options.metrics_nodes
            )
        )
        pools = {"reconcile": self._pool, "register": self._registrations, "signals": self._signal_pool}
        self._metrics.collect(lambda: queue_metrics(self._shared, pools))
        self._metrics.collect(lambda: run_metrics(self._shared.traces))
        self._telemetry = Telemetry(self._reconciler.nodes, concealers)
        page = MetricsPage(self._metrics, self._key, token=options.metrics_token, open_here=options.metrics_open)
        self._link = LinkServer(
            self._telemetry,
            TraceView(self._shared.traces, self._reconciler.nodes, concealers),
            self._key,
            self._identity.name,
            page,
        )
        self._watchdog = Watchdog(self._held_up)
        self._stopping = False

    async def start(self) -> None:
        """Start all parts; returns when every module's Lease is held and every node has been reconciled."""
        await self._link.start(self._options.link_host, self._options.link_port, self._cluster.config.server)
        receiver = Receiver(self._reconciler.nodes, lambda name: name in self._resources.objects)
        await self._messages.start(receiver.receive, at_once=self._opens_at_once)
        self._listener.start()
        self._resources.on_change(self._reconciler.changed)
        self._signal_copies.on_change(lambda name, _new, _old: self._signal_pool.add(name))
        self._statuses.start()
        self._events.start()
        self._membership.start(self._link.address, self._messages.address)
        self._directory.start()
        # First the keys: a state that cannot be opened would be shown as a fault of its node.
        await asyncio.gather(self._key_ring.start(), self._secrets.start())
        self._outbound.start()
        self._resources.start()
        self._signal_copies.start()
        await self._resources.synced.wait()
        await self._outbound.synced()
        self._data.start()
        await self._pool.drained()
        self._reconciler.sources_may_start = True
        for name in sorted(self._reconciler.nodes, key=self._age):
            if (spec := self._reconciler.nodes[name].spec) is not None and spec.is_source:
                self._pool.add(name)
        await self._membership.joined()
        await asyncio.gather(self._pool.drained(), self._registrations.drained())
        self._listener.ready()
        self._watchdog.start()
        log.info(
            "serving %s as %s with %d nodes",
            ", ".join(self._modules),
            self._identity.name,
            len(self._reconciler.nodes),
        )

    async def stop(self) -> None:
        """Stop taking, finish what is in flight, flush, release the Leases."""
        self._stopping = True
        self._watchdog.stop()
        began = time.monotonic()
        await asyncio.gather(
            self._membership.withdraw(),
            self._listener.stop(1.0),
            self._signal_pool.close(1.0),
            self._pool.close(0.5),
            self._registrations.close(0.2),
            self._mender.close(0.5),
            self._lock_sweep.close(),
            self._data.stop(),
        )
        nodes = list(self._reconciler.nodes.values())
        # Until here others were served: from now on they wait for the next leader, so what is left is quick.
        await _bounded(0.5, self._messages.stop(0.4), *self._shared.branches)
        await _bounded(0.5, *(node.close() for node in nodes))
        await _bounded(0.7, *(node.writer.flush(0.6) for node in nodes))
        await asyncio.gather(self._statuses.stop(0.5), self._events.stop(0.5))
        for node in nodes:
            node.writer.close()
        await _bounded(0.8, self._membership.leave())
        await self._resources.stop()
        await self._signal_copies.stop()
        await self._directory.stop()
        await self._key_ring.stop()
        await self._outbound.stop()
        await self._secrets.stop()
        await self._link.stop()
        await self._key.stop()
        self._shared.wheel.close()
        await self._cluster.close()
        self._identity.release()
        log.info("stopped in %.1f s", time.monotonic() - began)

    @property
    def identity(self) -> str:
        """The name under which this host holds its Leases."""
        return self._identity.name

    @property
    def flows_url(self) -> str:
        """Where its flows answer over HTTP."""
        return self._listener.routes.base_url

    def leader(self, module: str) -> str:
        """The identity of the host that leads ``module`` as far as is known; empty: nobody."""
        if self._leads(module):
            return self.identity
        peer = self._membership.peers.leader(module)
        return peer.identity if peer is not None else ""

    def _alive(self) -> bool:
        """Whether the work that leadership stands for is done here. A host that stops gives it back in its turn."""
        return self._stopping or (self._resources.reading and self._statuses.writing)

    def _leads(self, module: str) -> bool:
        lease = self._membership.leases.get(module)
        return lease is not None and lease.is_leader

    def _age(self, name: str) -> tuple[str, str]:
        """Sorts the oldest first: of two nodes that want one path, the same has it after every start."""
        resource = self._resources.objects.get(name) or {"metadata": {}}
        return str(resource["metadata"].get("creationTimestamp", "")), name

    def _leadership_changed(self, module: str, leading: bool) -> None:
        for name, node in self._reconciler.nodes.items():
            if node.module.name == module:
                node.written_status = ""
                node.changed()
                self._pool.add(name)
        if leading:
            self._lock_sweep.soon()
            self._registrations.add(module)
            for name in self._signal_copies.objects:
                self._signal_pool.add(name)

    def _hosts_changed(self) -> None:
        """Another host came, went, leads something new or says another address."""
        if not self._membership.is_alone and not self._stopping:
            self._messages.open()
        self._messages.news()
        self._forwarding.leaders_changed()
        for module in self._directory.moved():
            self._module_changed(module)

    def _module_changed(self, module: str) -> None:
        self._messages.news()
        self._reconciler.module_changed(module)

    def _taking_messages(self, address: str) -> None:
        self._membership.announce(address)
        for module, lease in self._membership.leases.items():
            if lease.is_leader:
                self._registrations.add(module)

    def _keys_changed(self) -> None:
        for name in self._reconciler.nodes:
            self._pool.add(name)

    def _secret_changed(self, name: str) -> None:
        if (node := self._reconciler.nodes.get(name)) is not None:
            node.secrets.stale = True
            self._pool.add(name)

    def _node_changed(self, node: Node) -> None:
        if not self._stopping:
            self._telemetry.attach(node)
            self._signals.node_changed(node.name)

    def _listener_problem(self, name: str, problem: Problem | None) -> None:
        if (node := self._reconciler.nodes.get(name)) is not None:
            node.set_problem("listener", problem)

    def _held_up(self, name: str, problem: Problem | None) -> None:
        if (node := self._reconciler.nodes.get(name)) is not None:
            if problem is not None:
                self._metrics.held_up.labels(node.module.name, node.component).inc()
            node.set_problem("blocked", problem)

    async def _register(self, module: str) -> None:
        address = public_address(self._messages.address, module)
        await register(self._cluster, self._modules[module], address, by_hand=self._options.by_hand)


async def _bounded(seconds: float, *work: object) -> None:
    """Run all of ``work`` at once, for at most ``seconds``."""
    tasks = [asyncio.ensure_future(one) for one in work]  # type: ignore[call-overload]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
