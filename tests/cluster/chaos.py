"""Three replicas that count for steady clients while people edit the flow; each reaches the cluster through a proxy of
its own, two of them with a clock that is off."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from editor.cluster.connection import Connection
from editor.cluster.modules import Modules
from tests.cluster.clock_skew import skewed
from tests.proxy import Proxy, port_of, through
from tests.runtime.load import Load, count, loaded
from tests.runtime.test_replicas import agree
from tests.runtime.world import Process, World
from tests.transport.broker import Broker
from tests.waiting import eventually
from weirflow.kube.config import load_config
from weirflow.kube.errors import ApiError
from weirflow.kube.http import HttpCluster
from weirflow.kube.peers import Peers
from weirflow.kube.resources import ANNOTATION_POSITION_X, TINY_NODE

REPLICAS = 3
#: Shorter than in life: what is tried here is what happens around a Lease, not how long it lasts.
LEASE_SECONDS = "6,4,0.8"
#: Longer than a Lease.
FROZEN_SECONDS = 7.5
SKEWS = (0.0, 3600.0, -120.0)
RECOVERY_SECONDS = 60.0


@dataclass
class Scene:
    """``gaps``: by fault, the seconds in which no client was answered."""

    one: World
    proxies: list[Proxy]
    server: str
    counter: str
    load: Load
    editor: Connection
    gaps: dict[str, float] = field(default_factory=dict)

    @asynccontextmanager
    async def fault(self, name: str) -> AsyncIterator[None]:
        """Something breaks and is mended within the block; clients must be answered again afterwards."""
        await self.load.more(50, RECOVERY_SECONDS)
        self.load.longest_gap = 0.0
        began = time.monotonic()
        yield
        await self.load.more(50, RECOVERY_SECONDS)
        self.gaps[name] = self.load.longest_gap
        print(f"{name}: {self.load.longest_gap:.1f} s without an answer, of {time.monotonic() - began:.1f} s")

    async def leader(self) -> int:
        """The number of the replica that leads the counter's module."""

        async def held() -> str:
            try:
                return (await self.one.leader())[0]
            except ApiError:
                return ""

        return int((await eventually(held, 60, "a leader")).removeprefix("r"))

    async def host(self, *, leading: bool) -> Process:
        """The host that leads, or one that reads."""
        leader = await self.leader()
        return self.one.hosts[leader if leading else (leader + 1) % REPLICAS]

    async def people(self) -> None:
        """Nodes are dragged and settings changed, all the time."""
        for number in range(1_000_000):
            try:
                position = {"metadata": {"annotations": {ANNOTATION_POSITION_X: str(number)}}}
                await self.one.cluster.patch(TINY_NODE, self.counter, position)
                if number % 5 == 0:
                    await self.one.set(self.counter, {"maxHistory": 10 + number % 50})
            except ApiError:
                await asyncio.sleep(0.2)
            await asyncio.sleep(0.1)

    async def check(self) -> None:
        """Nothing was lost, nothing counted twice, and everybody shows the same."""
        applied = len(self.load.keys)
        assert await count(self.one, self.counter) == applied
        await agree(self.one, self.counter, applied)
        await self.one.settled(self.server, self.counter)
        for name in (self.server, self.counter):
            problem = (await self.one.status(name)).get("problem")
            # A leader that woke too late says what it could not write any more; nobody wrote past the fence.
            assert problem is None or problem["code"] == "state_refused", problem
        await eventually(lambda: self.shown_in_editor() == applied, what="the editor's showing what was counted")

    def shown_in_editor(self) -> int | None:
        """The count on the canvas."""
        node = self.editor.view.find(self.counter)
        return None if node is None or node.status.control is None else int(node.status.control["value"])


@asynccontextmanager
async def watched(one: World) -> AsyncIterator[Connection]:
    """The editor's watch over the cluster."""
    assert one.kubeconfig
    async with HttpCluster(load_config(one.kubeconfig("web"))) as cluster:
        editor = Connection(cluster, Modules(), Peers(), lambda _node: None)
        editor.start()
        try:
            assert await editor.synced(60)
            yield editor
        finally:
            await editor.stop()


@asynccontextmanager
async def scene(one: World, broker: Broker | None) -> AsyncIterator[Scene]:
    """Starts the hosts, the load and the people; at its end all that clients sent has been answered."""
    assert one.kubeconfig
    kubeconfig = one.kubeconfig("modules")
    proxies = [Proxy(port_of(kubeconfig)) for _ in range(REPLICAS)]
    try:
        own = []
        for number, proxy in enumerate(proxies):
            path = through(kubeconfig, await proxy.start(), one.home / f"kubeconfig.r{number}")
            environment = {"KUBECONFIG": str(path), "WEIRFLOW_LEASE_SECONDS": LEASE_SECONDS, **skewed(SKEWS[number])}
            if broker is not None:
                environment["WEIRFLOW_NATS_URL"] = broker.url
            own.append(environment)
        await one.start_replicas(REPLICAS, own)
        server, counter = await one.counter()
        async with watched(one) as editor:
            async with loaded(one, clients=6, patience=4.0, fresh=True) as load:
                made = Scene(one, proxies, server, counter, load, editor)
                people = asyncio.create_task(made.people())
                try:
                    yield made
                finally:
                    people.cancel()
                    await asyncio.wait([people])
            await made.check()
    finally:
        for proxy in proxies:
            await proxy.stop()
