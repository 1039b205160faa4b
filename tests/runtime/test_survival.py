"""Processes die under load, and the counts still hold."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.runtime.live import linked
from tests.runtime.load import answers, count, loaded
from tests.runtime.world import LONG_LEASE, World, world
from tests.waiting import eventually
from weirflow.kube.errors import ApiError
from weirflow.kube.resources import LEASE, TINY_SIGNAL

pytestmark = pytest.mark.server


@pytest.mark.parametrize("keyed", [True, False], ids=["with keys", "without keys"])
async def test_a_host_killed_twice_under_load_loses_and_doubles_nothing(alone: World, keyed: bool) -> None:
    _, counter = await alone.counter("/visits")
    async with loaded(alone, keyed=keyed) as load:
        for _ in range(2):
            await load.more(100)
            alone.hosts[-1].kill()
            await alone.start_host()
        await load.more(50)
    applied = await count(alone, counter)
    if keyed:
        assert applied == len(load.keys)
    else:
        assert load.acknowledged <= applied <= load.sent


async def test_a_host_killed_with_more_changes_under_way_than_a_state_remembers_doubles_none(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    async with loaded(alone, clients=600, patience=30.0) as load:
        for _ in range(2):
            await load.more(700, 40)
            alone.hosts[-1].kill()
            await alone.start_host()
        await load.more(700, 40)
    assert await count(alone, counter) == len(load.keys)


async def test_a_cluster_killed_under_load_comes_back_and_the_host_with_it(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    async with loaded(alone) as load:
        await load.more(100)
        alone.cluster_process.kill()
        await alone.cluster_process.start()
        await load.more(100, 40)
    assert await count(alone, counter) == len(load.keys)
    await alone.set(counter, {"initialValue": 5})
    await alone.settled(counter)


async def test_a_terminated_host_finishes_what_it_began_and_hands_over_at_once(tmp_path: Path) -> None:
    async with world(tmp_path, host=False) as one:
        await one.start_host(WEIRFLOW_LEASE_SECONDS=LONG_LEASE)
        server = await one.add("http_server", {"path": "/slow"})
        slow = await one.add("slow", {"seconds": 0.5})
        await one.wire(f"{server}:request", f"{slow}:in", {"a": 1})
        await one.settled(server, slow)
        second = await one.start_host(port=free_port(), WEIRFLOW_LEASE_SECONDS=LONG_LEASE)
        async with linked(one, slow) as live:
            request = asyncio.create_task(one.visit("/slow"))
            await eventually(lambda: live.nodes.get(slow, {}).get("stats", {}).get("in_flight"))
        assert await one.hosts[0].stop() == 0
        assert await request == (200, {"a": 1})

        async def handed_over() -> bool:
            lease = await one.cluster.get(LEASE, "common-v1-lock")
            return str(lease["spec"]["holderIdentity"]).endswith("-1")

        await eventually(handed_over, 40, "the other host, before the Lease could have ended")
        assert second.child is not None
        assert second.child.poll() is None


async def test_a_signal_is_applied_once_though_its_host_dies(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    assert await alone.visit("/visits") == (200, {"count": 1})
    press = await alone.signal(counter, "_control", {"reset": True}, "op-reset")
    await eventually(lambda: alone.signal_gone(press))
    assert (await alone.state(counter))["counter-value"] == "0"
    names = [await alone.signal(counter, "increment", {"amount": 1}, f"op-{n}") for n in range(40)]
    alone.hosts[-1].kill()
    await alone.start_host()
    for name in names:
        await eventually(lambda name=name: alone.signal_gone(name))
    assert await count(alone, counter) == 40


async def test_a_signal_that_fails_says_so_and_stays(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    name = await alone.signal(counter, "set", {"value": "many"}, "op-1")

    async def failed() -> str:
        try:
            return str(((await alone.cluster.get(TINY_SIGNAL, name)).get("status") or {}).get("error") or "")
        except ApiError:
            return ""

    assert "value" in await eventually(failed)


async def test_a_busy_port_is_named_and_taken_once_it_is_free(tmp_path: Path) -> None:
    async with world(tmp_path, host=False) as one:
        server = await one.add("http_server", {"path": "/visits"})
        taken = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", one.port)
        await one.start_host()
        problem = await one.problem(server, "port_busy")
        assert str(one.port) in problem["message"]
        assert "WEIRFLOW_HTTP_PORT" in problem["message"]
        taken.close()

        async def well() -> bool:
            return (await one.status(server))["status"] == "OK"

        await eventually(well)
        assert await one.http.get("/nothing")


async def test_a_host_waits_for_a_cluster_that_is_not_there_yet(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await one.hosts[0].stop()
        one.cluster_process.kill()
        late = await one.start_host(ready=False)
        await eventually(lambda: "waiting for the cluster" in late.log.read_text())
        await one.cluster_process.start()
        server, _ = await one.counter("/visits")
        await eventually(lambda: answers(one, "/visits"))
        assert late.child is not None
        assert late.child.poll() is None
        assert (await one.status(server))["error"] is False


async def test_after_a_restart_a_contested_path_still_belongs_to_the_older_node(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        older = await one.add("http_server", {"path": "/contested"}, node_id="zz")
        await one.settled(older)
        began = int(time.time())
        await eventually(lambda: int(time.time()) > began)
        younger = await one.add("http_server", {"path": "/contested"}, node_id="aa")
        await one.problem(younger, "route_taken")
        one.hosts[0].kill()
        await one.start_host()
        await one.settled(older, younger)
        assert (await one.status(older))["status"] == "OK"
        await one.problem(younger, "route_taken")
