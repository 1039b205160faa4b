"""What must be withstood, one after the other under a steady load; afterwards every key was counted exactly once."""

import asyncio
from pathlib import Path

import pytest

from tests.cluster.chaos import FROZEN_SECONDS, Scene, scene
from tests.cluster.fixtures import ClusterNamespace
from tests.cluster.plane import ETCD, SERVER
from tests.runtime.world import world
from tests.transport.broker import Broker

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]


async def processes_die(it: Scene) -> None:
    """Of the hosts themselves."""
    async with it.fault("a leader is killed"):
        leader = await it.host(leading=True)
        leader.kill()
        await it.load.more(50, 60)
        await leader.start()
    async with it.fault("a reader is killed"):
        reader = await it.host(leading=False)
        reader.kill()
        await it.load.more(50, 60)
        await reader.start()
    async with it.fault("a leader is frozen past its Lease, and goes on"):
        leader = await it.host(leading=True)
        leader.freeze()
        try:
            await asyncio.sleep(FROZEN_SECONDS)
        finally:
            leader.thaw()


async def connections_break(it: Scene) -> None:
    """Between the leader and the cluster, then between all hosts and the cluster."""
    async with it.fault("the leader's connections are cut, again and again"):
        leader = await it.leader()
        for _ in range(10):
            it.proxies[leader].drop()
            await asyncio.sleep(0.2)
    async with it.fault("the leader is cut off past its Lease"):
        leader = await it.leader()
        it.proxies[leader].cut = True
        it.proxies[leader].drop()
        await asyncio.sleep(FROZEN_SECONDS)
        it.proxies[leader].cut = False
    async with it.fault("what the leader sends hangs past its Lease, and arrives then"):
        leader = await it.leader()
        it.proxies[leader].frozen = True
        await asyncio.sleep(FROZEN_SECONDS)
        it.proxies[leader].frozen = False
    async with it.fault("all connections are stranded"):
        for proxy in it.proxies:
            proxy.strand()


async def everything_is_replaced(it: Scene) -> None:
    """A rolling restart."""
    async with it.fault("all hosts are stopped and started, one after the other"):
        for host in it.one.hosts:
            assert await host.stop() == 0
            await it.load.more(20, 60)
            await host.start()


async def test_on_a_laptop_every_key_is_counted_once(tmp_path: Path) -> None:
    async with world(tmp_path, host=False) as one, scene(one, None) as it:
        await processes_die(it)
        async with it.fault("the cluster is killed"):
            one.cluster_process.kill()
            await asyncio.sleep(1.0)
            await one.cluster_process.start()
        async with it.fault("the cluster is frozen"):
            one.cluster_process.freeze()
            await asyncio.sleep(FROZEN_SECONDS)
            one.cluster_process.thaw()
        await connections_break(it)
        await everything_is_replaced(it)


async def test_on_a_real_cluster_with_a_broker_every_key_is_counted_once(
    tmp_path: Path, cluster_namespace: ClusterNamespace
) -> None:
    plane, broker = cluster_namespace.plane, Broker(tmp_path)
    await broker.start()
    try:
        async with (
            world(tmp_path / "world", host=False, kubeconfig=cluster_namespace.kubeconfig) as one,
            scene(one, broker) as it,
        ):
            await processes_die(it)
            for part in (SERVER, ETCD):
                async with it.fault(f"{part} is killed"):
                    plane.kill(part)
                    await asyncio.sleep(1.0)
                    await asyncio.to_thread(plane.start)
            async with it.fault("the broker is killed"):
                broker.kill()
                await asyncio.sleep(2.0)
                await broker.start()
            await connections_break(it)
            await everything_is_replaced(it)
    finally:
        broker.kill()
