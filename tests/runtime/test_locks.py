"""Locks of components on a cluster: named, owned, bounded, and free again when a host dies."""

import asyncio
import re
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.kube.leases import Leases
from tests.ports import free_port
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.errors import Fail
from weirflow.kube.client import list_all
from weirflow.kube.resources import LABEL_LOCK, LEASE, TINY_MODULE, TINY_NODE, Object
from weirflow.locks import LockTimeout
from weirflow.runtime import locks as locks_module
from weirflow.runtime.lock_sweep import LockSweep
from weirflow.runtime.locks import HeldLock, Locks, lease_name

NODE = "p.m.printer-n1"


class Cluster(Leases):
    """Leases, and one TinyModule."""

    async def get(self, resource: Any, name: str) -> Object:
        if resource is TINY_MODULE:
            return {"metadata": {"name": name, "uid": "module-uid"}}
        return await super().get(resource, name)


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


def locks(cluster: Cluster, identity: str = "host-0") -> Locks:
    return Locks(cluster, identity)  # type: ignore[arg-type]


async def take(one: Locks, name: str = "x", *, node: str = NODE, scope: Any = "node", seconds: float = 0) -> HeldLock:
    return await one.acquire(node, f"uid of {node}", name, scope, seconds)


def test_every_lock_has_a_lease_of_its_own_with_a_valid_name() -> None:
    owners = ("p.m.a-1", "p.m.a-1x", "p.m.b-1", "m")
    names = ("", "x", "X", "x ", "ä", "a/b", "a\0b", "\ud800", "x" * 256, "-", ".")
    found = {lease_name(scope, owner, name) for scope in ("node", "module") for owner in owners for name in names}
    assert len(found) == 2 * len(owners) * len(names)
    assert all(re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name) and len(name) <= 63 for name in found)
    assert lease_name("node", "ab", "c") != lease_name("node", "a", "bc")


async def test_a_lease_says_what_it_is_for_and_goes_with_its_owner(cluster: Cluster) -> None:
    host = locks(cluster)
    held = await take(host, "front door")
    [lease] = cluster.leases.values()
    assert lease["metadata"]["annotations"]["weirflow.io/lock"] == f"front door of {NODE}"
    assert lease["metadata"]["ownerReferences"] == [
        {"apiVersion": TINY_NODE.api_version, "kind": "TinyNode", "name": NODE, "uid": f"uid of {NODE}"}
    ]
    await held.release()
    wide = await take(host, "front door", scope="module")
    other = cluster.leases[lease_name("module", "m", "front door")]
    assert other["metadata"]["ownerReferences"][0]["uid"] == "module-uid"
    with pytest.raises(LockTimeout):
        await take(locks(cluster, "host-1"), "front door", node="p.m.other-n2", scope="module")
    await wide.release()


async def test_on_one_host_the_cluster_is_asked_for_a_lock_by_one_at_a_time(cluster: Cluster) -> None:
    host = locks(cluster)
    held = await take(host)
    waiting = [asyncio.create_task(take(host, seconds=20)) for _ in range(50)]
    with pytest.raises(LockTimeout, match="other work of this host"):
        await take(host, seconds=0.05)
    asked = len(cluster.asked)
    assert asked < 5
    tokens = [held.token]
    await held.release()
    for task in waiting:
        grant = await task
        tokens.append(grant.token)
        await grant.release()
    assert tokens == sorted(set(tokens))
    assert not host._turns
    assert host._waiting == 0


async def test_more_than_can_be_waited_for_are_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks_module, "MAX_WAITING", 2)
    host = locks(cluster)
    held = await take(host)
    waiting = [asyncio.create_task(take(host, seconds=20)) for _ in range(2)]
    await eventually(lambda: host._waiting == 2)
    with pytest.raises(Fail) as refused:
        await take(host, seconds=20)
    assert refused.value.code == "overloaded"
    await held.release()
    for task in waiting:
        await (await task).release()


async def test_what_an_earlier_process_of_this_host_held_is_free_at_once(cluster: Cluster) -> None:
    before = await take(locks(cluster))
    before._grant._task.cancel()
    after = await take(locks(cluster))
    assert after.token > before.token
    with pytest.raises(LockTimeout):
        await take(locks(cluster, "host-1"))
    await after.release()


async def test_a_release_goes_through_though_its_caller_is_cancelled(cluster: Cluster) -> None:
    host = locks(cluster)
    held = await take(host)
    leaving = asyncio.create_task(held.release())
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait([leaving])
    await host.close(5.0)
    assert cluster.leases[lease_name("node", NODE, "x")]["spec"]["holderIdentity"] == ""


async def test_locks_of_a_node_are_few_and_idle_ones_make_room(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks_module, "MAX_LOCKS", 3)
    host = locks(cluster)
    held = await take(host, "held")
    for name in ("a", "b"):
        await (await take(host, name)).release()
    with pytest.raises(Fail) as refused:
        await take(host, "c")
    assert refused.value.code == "too_many_locks"
    await (await take(host, "a")).release()
    await (await take(host, "other", node="p.m.other-n2")).release()
    old = (datetime.now(UTC) - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for name in ("held", "a"):
        cluster.leases[lease_name("node", NODE, name)]["spec"]["renewTime"] = old
    await (await take(host, "c")).release()
    assert lease_name("node", NODE, "a") not in cluster.leases
    assert lease_name("node", NODE, "held") in cluster.leases
    await held.release()


async def test_the_leader_removes_the_locks_of_nodes_that_are_gone(cluster: Cluster) -> None:
    host = locks(cluster)
    for node in ("p.m.here-n1", "p.m.gone-n2", "p.other.gone-n3"):
        await (await take(host, node=node)).release()
    await (await take(host, scope="module")).release()
    nodes = {"p.m.here-n1": {"metadata": {"uid": "uid of p.m.here-n1"}}}
    sweep = LockSweep(cluster, nodes, lambda module: module == "m")  # type: ignore[arg-type]
    await sweep.sweep()
    kept = {lease["metadata"]["annotations"]["weirflow.io/lock"] for lease in cluster.leases.values()}
    assert kept == {"x of p.m.here-n1", "x of p.other.gone-n3", "x of m"}
    # Made anew under its name, a node is another one.
    nodes["p.m.here-n1"]["metadata"]["uid"] = "new"
    await sweep.sweep()
    assert len(cluster.leases) == 2


async def door(one: World, path: str, **hold: Any) -> str:
    """A node that takes its lock for ``GET path``."""
    server = await one.add("http_server", {"path": path, "timeout": 60_000})
    guard = await one.add("guard")
    await one.wire(f"{server}:request", f"{guard}:in", hold)
    await one.settled(server, guard)
    return guard


async def lock_leases(one: World) -> list[Object]:
    leases, _ = await list_all(one.cluster, LEASE, label_selector=LABEL_LOCK)
    return leases


@pytest.mark.server
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_lock_is_taken_over_from_a_host_that_died_or_hangs(tmp_path: Path, how: signal.Signals) -> None:
    async with world(tmp_path) as one:
        await door(one, "/hold", name="door", seconds=120, scope="module")
        await door(one, "/try", name="door", seconds=0, scope="module")
        status, first = await one.visit("/try")
        assert status == 200
        other_port = free_port()
        await one.start_host(port=other_port)
        holding = asyncio.create_task(one.visit("/hold"))

        async def is_held() -> bool:
            """Renewed once: the holder knows that it is one."""
            specs = [lease["spec"] for lease in await lock_leases(one)]
            return any(spec["holderIdentity"] and spec["renewTime"] > spec["acquireTime"] for spec in specs)

        await eventually(is_held)
        child = one.hosts[0].child
        assert child is not None
        child.send_signal(how)
        try:
            async with aiohttp.ClientSession(base_url=f"http://127.0.0.1:{other_port}") as session:

                async def taken_over() -> dict[str, Any] | None:
                    async with session.get("/try") as answer:
                        return await answer.json() if answer.status == 200 else None

                second = await eventually(taken_over, 90, "the lock's being taken over")
            assert second["token"] > first["token"] + 1
        finally:
            child.send_signal(signal.SIGCONT)
        if how == signal.SIGSTOP:
            # Awake again it finds that it has lost the lock, and says so instead of finishing.
            status, _ = await asyncio.wait_for(holding, 30)
            assert status == 503
            assert "was lost" in one.hosts[0].log.read_text()
        holding.cancel()
        await asyncio.wait([holding])


@pytest.mark.server
async def test_a_locks_lease_goes_after_its_node_and_hosts_may_write_it(alone: World) -> None:
    guard = await door(alone, "/try")
    assert (await alone.visit("/try"))[0] == 200
    [lease] = await lock_leases(alone)
    assert lease["metadata"]["ownerReferences"][0]["name"] == guard
    await alone.cluster.delete(TINY_NODE, guard)

    async def gone() -> bool:
        return not await lock_leases(alone)

    await eventually(gone, 60)
