"""Connections that die without a word, behind a proxy that keeps them open and forwards nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.kube.scripted import Request, Scripted, obj
from tests.proxy import Proxy
from tests.waiting import eventually
from weirflow.kube.credentials import ClusterConfig
from weirflow.kube.errors import Unavailable
from weirflow.kube.http import HttpCluster
from weirflow.kube.informer import Informer
from weirflow.kube.resources import TINY_NODE
from weirflow.kube.watching import Pace

#: So long that only what these tests are about can end a watch.
LONG = Pace(shortest=600, longest=600, grace=600, quiet=600, first_pause=0.01, longest_pause=0.1)


class Store:
    """One object that counts its versions, and watches that tell of them."""

    def __init__(self) -> None:
        self.version = 1
        self.grown = asyncio.Event()
        self.watches = 0
        self.together = asyncio.Barrier(5)

    def grow(self) -> None:
        self.version += 1
        self.grown.set()
        self.grown = asyncio.Event()

    async def answer(self, request: Request) -> None:
        if "watch" in request.query:
            self.watches += 1
            await request.open_watch()
            seen = int(request.query["resourceVersion"])
            while True:
                for version in range(seen + 1, self.version + 1):
                    await request.event("MODIFIED", obj("a", str(version)))
                seen = self.version
                await self.grown.wait()
        elif request.method == "GET" and request.path.endswith("/tinynodes"):
            await request.page(obj("a", str(self.version)), rv=str(self.version))
        else:
            if request.path.endswith("/together"):
                await self.together.wait()
            await request.json(200, obj("a", str(self.version)))


@asynccontextmanager
async def behind(store: Store, *, timeout: float = 1.0) -> AsyncIterator[tuple[HttpCluster, Proxy]]:
    async with (
        Scripted(rest=store.answer) as server,
        Proxy(server.port) as proxy,
        HttpCluster(ClusterConfig(f"http://127.0.0.1:{proxy.port}"), timeout=timeout) as cluster,
    ):
        yield cluster, proxy


async def five_connections(cluster: HttpCluster) -> None:
    await asyncio.gather(*(cluster.get(TINY_NODE, "together") for _ in range(5)))


async def test_a_read_on_a_dead_connection_is_answered_on_a_new_one_within_its_time() -> None:
    async with behind(Store()) as (cluster, proxy):
        await five_connections(cluster)
        proxy.strand()
        assert await cluster.get(TINY_NODE, "a")


async def test_one_write_without_an_answer_is_enough_to_leave_all_dead_connections() -> None:
    async with behind(Store()) as (cluster, proxy):
        await five_connections(cluster)
        proxy.strand()
        with pytest.raises(Unavailable, match="no answer in time"):
            await cluster.patch(TINY_NODE, "a", {})
        for _ in range(10):
            assert await cluster.patch(TINY_NODE, "a", {})


async def test_nobody_waits_longer_on_dead_connections_than_whoever_found_them_dead() -> None:
    async with behind(Store(), timeout=60) as (cluster, proxy):
        await five_connections(cluster)
        proxy.strand()
        began = asyncio.get_running_loop().time()
        writes = [asyncio.create_task(cluster.patch(TINY_NODE, "a", {})) for _ in range(3)]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.2):
                await cluster.patch(TINY_NODE, "b", {})
        for error in await asyncio.gather(*writes, return_exceptions=True):
            assert isinstance(error, Unavailable)
        assert asyncio.get_running_loop().time() < began + 50
        assert await cluster.patch(TINY_NODE, "a", {})


async def test_a_silent_watch_is_opened_anew_when_another_request_gets_no_answer() -> None:
    store = Store()
    async with behind(store) as (cluster, proxy):
        informer = Informer(cluster, TINY_NODE, pace=LONG)
        informer.start()
        await eventually(lambda: store.watches == 1)
        await cluster.get(TINY_NODE, "a")
        proxy.strand()
        store.grow()
        with pytest.raises(Unavailable):
            await cluster.patch(TINY_NODE, "a", {})
        await eventually(lambda: informer.objects["a"]["metadata"]["resourceVersion"] == "2")
        assert store.watches == 2
        await informer.stop()


async def test_a_watch_that_speaks_is_kept_though_a_request_gets_no_answer() -> None:
    store = Store()
    async with behind(store, timeout=0.5) as (cluster, proxy):
        await cluster.get(TINY_NODE, "a")
        proxy.strand()
        informer = Informer(cluster, TINY_NODE, pace=LONG)
        informer.start()
        await eventually(lambda: store.watches == 1)
        writing = asyncio.create_task(cluster.patch(TINY_NODE, "a", {}))
        while not writing.done():
            store.grow()
            await asyncio.sleep(0.01)
        await eventually(lambda: informer.objects["a"]["metadata"]["resourceVersion"] == str(store.version))
        assert store.watches == 1
        await informer.stop()
        await asyncio.gather(writing, return_exceptions=True)


async def test_a_watch_gets_no_connection_that_was_used_before() -> None:
    store = Store()
    async with behind(store) as (cluster, proxy):
        await cluster.get(TINY_NODE, "a")
        proxy.strand()
        watch = cluster.watch(TINY_NODE, resource_version="0", timeout_seconds=60, inactivity_seconds=60)
        assert (await asyncio.wait_for(anext(watch), 30)).type == "BOOKMARK"
        await watch.aclose()  # type: ignore[attr-defined]


async def test_a_watch_that_is_never_taken_up_is_given_up() -> None:
    async with behind(Store(), timeout=0.3) as (cluster, proxy):
        proxy.frozen = True
        watch = cluster.watch(TINY_NODE, resource_version="0", timeout_seconds=60, inactivity_seconds=60)
        with pytest.raises(Unavailable, match="no answer in time"):
            await anext(watch)
