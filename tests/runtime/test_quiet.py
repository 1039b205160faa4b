"""What replicas ask of the cluster while nothing happens in thousands of nodes, and when another comes to lead them."""

import asyncio
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from modules.common import module as common
from modules.http import module as http
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.kube.config import load_config
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import LEASE, Object, Resource
from weirflow.runtime.host import Host
from weirflow.runtime.link_key import read_link_key
from weirflow.runtime.options import HostOptions

pytestmark = pytest.mark.server

NODES = 2000


class CountedCluster(HttpCluster):
    """Counts requests by verb and kind."""

    asked: Counter[str]

    async def _request(self, method: str, resource: Resource, *args: Any, **options: Any) -> Object:
        self.asked[f"{method} {resource.plural}"] += 1
        return await super()._request(method, resource, *args, **options)

    def watch(self, resource: Resource, **options: Any) -> Any:
        self.asked[f"WATCH {resource.plural}"] += 1
        return super().watch(resource, **options)


class Three:
    """Three hosts in this process, on a cluster with many nodes."""

    def __init__(self, one: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.one, self._monkeypatch = one, monkeypatch
        self._listener = socket.create_server(("127.0.0.1", one.port))
        self.asked: Counter[str] = Counter()
        self.hosts: dict[str, Host] = {}

    async def start(self) -> None:
        for name in ("a", "b", "c"):
            self._monkeypatch.setenv("WEIRFLOW_IDENTITY", name)
            cluster = CountedCluster(load_config(self.one.home / "kubeconfig.modules"))
            cluster.asked = self.asked
            key = await read_link_key(cluster)
            options = HostOptions(self.one.home, http_port=self.one.port, http_fd=os.dup(self._listener.fileno()))
            host = Host(cluster, key, [common, http], options)
            await host.start()
            self.hosts[name] = host

    async def stop(self) -> None:
        for host in self.hosts.values():
            await host.stop()
        self._listener.close()

    async def renewed(self, times: int) -> None:
        """Wait until the Lease of a module has been renewed so often."""
        versions = set[str]()

        async def enough() -> bool:
            lease = await self.one.cluster.get(LEASE, "common-v1-lock")
            versions.add(lease["metadata"]["resourceVersion"])
            return len(versions) > times

        await eventually(enough, 60, f"{times} renewals")

    async def quiet(self) -> None:
        """Wait until all nodes are reconciled and nothing but Leases is written."""
        for host in self.hosts.values():
            await host._pool.drained()
            await eventually(lambda host=host: not host._statuses._due and not host._statuses._writes, 60)
        await self.renewed(2)


@asynccontextmanager
async def three(home: Path, monkeypatch: pytest.MonkeyPatch, nodes: int) -> AsyncIterator[Three]:
    async with world(home, host=False) as one:
        kinds = ["stateful_counter", "router", "debug", "http_server"]
        for first in range(0, nodes, 50):
            await asyncio.gather(
                *(one.add(kinds[n % 4], {"path": f"/n{n}"} if n % 4 == 3 else None) for n in range(first, first + 50))
            )
        group = Three(one, monkeypatch)
        await group.start()
        try:
            yield group
        finally:
            await group.stop()


async def test_thousands_of_quiet_nodes_cost_nothing_at_rest_nor_when_another_comes_to_lead_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with three(tmp_path, monkeypatch, NODES) as group:
        await group.quiet()
        group.asked.clear()
        await group.renewed(3)
        assert set(group.asked) == {"PATCH leases"}
        # Two modules have one Lease each, and each of three hosts its own, which is renewed five times more seldom.
        assert group.asked.total() <= 2 * 4 + 3

        group.asked.clear()
        leader, _ = await group.one.leader()
        await group.hosts.pop(leader).stop()

        async def handed_over() -> bool:
            return leader not in [(await group.one.leader(module))[0] for module in ("common-v1", "http-v1")]

        await eventually(handed_over)
        await group.quiet()
        asked = {what: n for what, n in group.asked.items() if not what.endswith(" leases")}
        assert asked == {"GET tinymodules": 2, "PATCH tinymodules": 2}, "each module says once where it answers now"


async def test_a_host_whose_work_has_died_gives_its_leases_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with three(tmp_path, monkeypatch, 50) as group:
        dead, _ = await group.one.leader()
        task = group.hosts[dead]._statuses._task
        assert task is not None
        task.cancel()

        async def followed() -> bool:
            leaders = {(await group.one.leader(module))[0] for module in ("common-v1", "http-v1")}
            return not leaders & {dead, ""}

        await eventually(followed, 40, "another leader of both modules")
