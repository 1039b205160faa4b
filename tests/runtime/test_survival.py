"""Processes die under load, and the counts still hold."""

import asyncio
import signal
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from tests.runtime.live import linked
from tests.runtime.world import World, free_port, world
from tests.waiting import eventually
from weirflow.kube.errors import ApiError
from weirflow.kube.resources import LEASE, TINY_SIGNAL

pytestmark = pytest.mark.server


@dataclass
class Load:
    """Requests until told to stop. With keys each is repeated until it is acknowledged."""

    one: World
    path: str
    keyed: bool
    clients: int = 8
    sent: int = 0
    acknowledged: int = 0
    keys: set[str] = field(default_factory=set)
    running: bool = True

    async def run(self) -> None:
        await asyncio.gather(*(self._client() for _ in range(self.clients)))

    async def _client(self) -> None:
        while self.running:
            key = uuid.uuid4().hex if self.keyed else ""
            self.keys.add(key)
            until = time.monotonic() + 60
            while not await self._request(key) and self.keyed:
                assert time.monotonic() < until, f"no answer to a keyed request within a minute: {self.path}"
                await asyncio.sleep(0.05)

    async def _request(self, key: str) -> bool:
        self.sent += 1
        headers = {"Idempotency-Key": key} if key else {}
        try:
            status, _ = await self.one.visit(self.path, headers=headers, timeout=aiohttp.ClientTimeout(total=15))
        except (aiohttp.ClientError, TimeoutError, OSError):
            await asyncio.sleep(0.02)
            return False
        if status == 200:
            self.acknowledged += 1
        return status == 200


async def count(one: World, counter: str) -> int:
    return int((await one.state(counter)).get("counter-value", 0))


async def answers(one: World, path: str) -> bool:
    try:
        return (await one.visit(path))[0] == 200
    except (aiohttp.ClientError, OSError):
        return False


@pytest.mark.parametrize("keyed", [True, False], ids=["with keys", "without keys"])
async def test_a_host_killed_twice_under_load_loses_and_doubles_nothing(alone: World, keyed: bool) -> None:
    _, counter = await alone.counter("/visits")
    load = Load(alone, "/visits", keyed)
    running = asyncio.create_task(load.run())
    for _ in range(2):
        goal = load.acknowledged + 100
        await eventually(lambda goal=goal: load.acknowledged >= goal)
        alone.hosts[-1].kill()
        await alone.start_host()
    goal = load.acknowledged + 50
    await eventually(lambda: load.acknowledged >= goal)
    load.running = False
    await running
    applied = await count(alone, counter)
    if keyed:
        assert applied == len(load.keys)
    else:
        assert load.acknowledged <= applied <= load.sent


async def test_a_cluster_killed_under_load_comes_back_and_the_host_with_it(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    load = Load(alone, "/visits", keyed=True)
    running = asyncio.create_task(load.run())
    await eventually(lambda: load.acknowledged >= 100)
    alone.cluster_process.kill()
    await alone.cluster_process.start()
    goal = load.acknowledged + 100
    await eventually(lambda: load.acknowledged >= goal, 40)
    load.running = False
    await running
    assert await count(alone, counter) == len(load.keys)
    await alone.set(counter, {"initialValue": 5})
    await alone.settled(counter)


async def test_a_terminated_host_finishes_what_it_began_and_hands_over_at_once(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        server = await one.add("http_server", {"path": "/slow"})
        slow = await one.add("slow", {"seconds": 0.5})
        await one.wire(f"{server}:request", f"{slow}:in", {"a": 1})
        await one.settled(server, slow)
        second = await one.start_host(port=free_port())
        async with linked(one, slow) as live:
            request = asyncio.create_task(one.visit("/slow"))
            await eventually(lambda: live.nodes.get(slow, {}).get("stats", {}).get("in_flight"))
        assert await one.hosts[0].stop() == 0
        assert await request == (200, {"a": 1})

        async def handed_over() -> bool:
            lease = await one.cluster.get(LEASE, "common-v1-lock")
            return str(lease["spec"]["holderIdentity"]).endswith("-1")

        await eventually(handed_over, 3)
        assert second.child is not None
        assert second.child.poll() is None


async def test_a_leader_that_was_frozen_past_its_lease_is_fenced(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        _, counter = await one.counter("/visits")
        assert await one.visit("/visits") == (200, {"count": 1})
        frozen = one.hosts[0]
        other_port = free_port()
        await one.start_host(port=other_port)
        assert frozen.child is not None
        frozen.child.send_signal(signal.SIGSTOP)
        try:
            other = World(one.home, port=other_port)
            other.http = aiohttp.ClientSession(base_url=f"http://127.0.0.1:{other_port}")
            await eventually(lambda: answers(other, "/visits"), 40, "the second host's taking over")
            taken_over = await count(one, counter)
            assert taken_over == 2
            # The system takes the request for the frozen process, which finds it when it wakes.
            reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
            writer.write(b"GET /visits HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            await writer.drain()
        finally:
            frozen.child.send_signal(signal.SIGCONT)
        answer = await asyncio.wait_for(reader.read(), 20)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 503")
        assert await answers(other, "/visits")
        assert await count(one, counter) == 3
        await other.http.close()


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
