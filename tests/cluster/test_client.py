"""The client and its watches on a real API server, whose history ends and whose process dies."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.cluster.fixtures import ClusterNamespace
from tests.cluster.plane import ETCD, SERVER
from tests.proxy import Proxy
from tests.waiting import eventually
from weirflow.kube.client import list_all
from weirflow.kube.config import load_config
from weirflow.kube.errors import Conflict, Forbidden, Gone, Invalid, TooManyRequests, Unauthorized, Unavailable
from weirflow.kube.http import HttpCluster
from weirflow.kube.informer import Informer
from weirflow.kube.limits import REAL
from weirflow.kube.resources import LEASE, TINY_NODE, TINY_SIGNAL, Object
from weirflow.kube.watching import Pace

PACE = Pace(first_pause=0.05, longest_pause=0.5)


def node(name: str) -> Object:
    return TINY_NODE.new(name, spec={"module": "m", "component": "c"})


@pytest_asyncio.fixture
async def cluster(cluster_namespace: ClusterNamespace) -> AsyncIterator[HttpCluster]:
    async with cluster_namespace.client() as client:
        yield client


@pytest_asyncio.fixture
async def informer(cluster: HttpCluster) -> AsyncIterator[Informer]:
    one = Informer(cluster, TINY_NODE, pace=PACE)
    one.start()
    await asyncio.wait_for(one.synced.wait(), 40)
    yield one
    await one.stop()


async def versions_match(cluster: HttpCluster, informer: Informer) -> bool:
    """Whether the copy is what the cluster has, object by object."""
    objects, _ = await list_all(cluster, TINY_NODE)
    return informer.objects == {obj["metadata"]["name"]: obj for obj in objects}


async def test_the_token_is_sent_and_who_has_none_or_a_wrong_one_is_refused(
    cluster_namespace: ClusterNamespace,
) -> None:
    config = load_config(cluster_namespace.kubeconfig("modules"))
    async with HttpCluster(config) as cluster:
        assert (await cluster.list(TINY_NODE))["items"] == []
        assert cluster.limits is REAL
    async with HttpCluster(dataclasses.replace(config, read_token=lambda: "guessed", _token=None)) as cluster:
        with pytest.raises(Unauthorized):
            await cluster.list(TINY_NODE)
    async with HttpCluster(dataclasses.replace(config, read_token=lambda: "", _token=None)) as cluster:
        with pytest.raises(Forbidden):
            await cluster.list(TINY_NODE)


async def test_a_refused_token_is_replaced_for_reads_writes_and_watches(cluster_namespace: ClusterNamespace) -> None:
    config = load_config(cluster_namespace.kubeconfig("admin"))
    tokens = ["expired", config.read_token()]
    fresh = dataclasses.replace(config, read_token=lambda: tokens.pop(0) if len(tokens) > 1 else tokens[0], _token=None)
    async with HttpCluster(fresh) as cluster:
        assert await cluster.create(TINY_NODE, node("p.m.a"))


async def test_a_json_patch_whose_test_fails_is_invalid_and_a_stale_version_a_conflict(cluster: HttpCluster) -> None:
    made = await cluster.create(TINY_NODE, node("p.m.a"))
    with pytest.raises(Invalid):
        await cluster.patch_status(
            TINY_NODE, "p.m.a", [{"op": "test", "path": "/status/metadata/state-epoch", "value": "1"}], kind="json"
        )
    await cluster.patch_status(TINY_NODE, "p.m.a", {"status": {"metadata": {"state-epoch": "2"}}})
    with pytest.raises(Invalid):
        await cluster.patch_status(
            TINY_NODE, "p.m.a", [{"op": "test", "path": "/status/metadata/state-epoch", "value": "1"}], kind="json"
        )
    lease = await cluster.create(LEASE, LEASE.new("m-lock", spec={"holderIdentity": "a"}))
    version = {"resourceVersion": lease["metadata"]["resourceVersion"]}
    await cluster.patch(LEASE, "m-lock", {"metadata": version, "spec": {"holderIdentity": "b"}})
    with pytest.raises(Conflict):
        await cluster.patch(LEASE, "m-lock", {"metadata": version, "spec": {"holderIdentity": "a"}})
    assert made["metadata"]["generation"] == 1


async def test_a_watch_from_a_forgotten_version_says_so(
    cluster_namespace: ClusterNamespace, cluster: HttpCluster
) -> None:
    first = await cluster.create(TINY_NODE, node("p.m.a"))
    for number in range(3):
        await cluster.patch(TINY_NODE, "p.m.a", {"metadata": {"labels": {"n": str(number)}}})
    plane = cluster_namespace.plane
    plane.kill(SERVER)
    plane.compact()
    plane.start()
    since = first["metadata"]["resourceVersion"]

    async def is_forgotten() -> bool:
        try:
            watch = cluster.watch(TINY_NODE, resource_version=since, timeout_seconds=5, inactivity_seconds=10)
            async for event in watch:
                assert event.type == "BOOKMARK", "history that is not there any more"
        except Gone:
            return True
        except (TooManyRequests, Unavailable):
            return False  # the server is not quite there yet
        raise AssertionError("the watch went on as if nothing had been forgotten")

    await eventually(is_forgotten, 60)


async def test_a_collection_whose_snapshot_is_forgotten_between_pages_is_read_whole(
    cluster_namespace: ClusterNamespace, cluster: HttpCluster
) -> None:
    """Whether this server still had the snapshot or not."""
    names = {f"s{number}" for number in range(501)}
    await asyncio.gather(*(cluster.create(TINY_SIGNAL, TINY_SIGNAL.new(name)) for name in names))
    pages = 0

    class Forgetful(HttpCluster):
        async def list(self, *args: object, **options: object) -> Object:
            nonlocal pages
            pages += 1
            page = await super().list(*args, **options)  # type: ignore[arg-type]
            if pages == 1:
                await cluster.delete(TINY_SIGNAL, "s0")
                await asyncio.to_thread(cluster_namespace.plane.compact)
            return page

    async with Forgetful(cluster.config) as forgetful:
        objects, version = await list_all(forgetful, TINY_SIGNAL)
    assert {obj["metadata"]["name"] for obj in objects} >= names - {"s0"}
    assert len(objects) == len({obj["metadata"]["name"] for obj in objects})
    deleted = cluster.watch(TINY_SIGNAL, resource_version=version, timeout_seconds=5, inactivity_seconds=10)
    if len(objects) == 501:
        assert [event.object["metadata"]["name"] async for event in deleted if event.type == "DELETED"] == ["s0"]


@pytest.mark.parametrize("part", [SERVER, ETCD])
async def test_a_copy_is_exact_again_after_the_server_or_its_store_was_killed(
    cluster_namespace: ClusterNamespace, cluster: HttpCluster, informer: Informer, part: str
) -> None:
    plane = cluster_namespace.plane
    for name in ("p.m.a", "p.m.b"):
        await cluster.create(TINY_NODE, node(name))
    await eventually(lambda: len(informer.objects) == 2)
    plane.kill(part)
    if part == SERVER:
        plane.compact()
    await asyncio.to_thread(plane.start)
    async with cluster_namespace.client() as other:
        await other.delete(TINY_NODE, "p.m.a")
        await other.create(TINY_NODE, node("p.m.c"))
    await eventually(lambda: set(informer.objects) == {"p.m.b", "p.m.c"}, 60)
    await eventually(lambda: versions_match(cluster, informer))
    await eventually(lambda: informer.health.reachable)


async def test_a_copy_is_exact_again_after_its_connections_were_stranded(
    cluster_namespace: ClusterNamespace, cluster: HttpCluster
) -> None:
    config = load_config(cluster_namespace.kubeconfig())
    async with Proxy(cluster_namespace.plane.ports["server"]) as proxy:
        config.server = f"https://127.0.0.1:{proxy.port}"
        async with HttpCluster(config, timeout=4) as remote:
            informer = Informer(remote, TINY_NODE, pace=PACE)
            informer.start()
            await asyncio.wait_for(informer.synced.wait(), 40)
            await remote.create(TINY_NODE, node("p.m.a"))
            proxy.strand()
            await cluster.create(TINY_NODE, node("p.m.b"))
            # What a host does every few seconds: the first sign of a connection that has died in silence.
            assert await remote.get(TINY_NODE, "p.m.b")
            await eventually(lambda: "p.m.b" in informer.objects)
            await eventually(lambda: versions_match(cluster, informer))
            await informer.stop()
