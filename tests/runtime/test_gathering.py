"""What waits on two replicas, of which the leading one is killed: what was acknowledged is counted, once."""

import asyncio
import uuid
from pathlib import Path

import aiohttp
import pytest

from tests.runtime.load import count
from tests.runtime.test_replicas import leading
from tests.runtime.world import World, world
from tests.waiting import eventually

pytestmark = pytest.mark.server

#: Kept now, or kept before: the client that is told so need not send it again.
ACKNOWLEDGED = (200, 204, 409)
TIMEOUT = aiohttp.ClientTimeout(total=10)


async def collected(one: World) -> str:
    """``GET /items`` puts an item into lists of seven, or of a second; the name of the counter of their items."""
    server = await one.add("http_server", {"path": "/items", "timeout": 10_000})
    collect = await one.add("collect", {"size": 7, "wait": 1_000})
    counter = await one.add("stateful_counter")
    await one.wire(f"{server}:request", f"{collect}:in", {"item": "{{ $.path }}"})
    await one.wire(f"{collect}:batch", f"{counter}:increment", {"amount": "{{ $.count }}"})
    await one.settled(server, collect, counter)
    return counter


async def delayed(one: World) -> str:
    """``GET /later`` is answered at once and counted three seconds after; the name of the counter."""
    server = await one.add("http_server", {"path": "/later", "timeout": 10_000})
    delay = await one.add("delay", {"delay": 3_000, "answer": "at_once"})
    counter = await one.add("stateful_counter")
    await one.wire(f"{server}:request", f"{delay}:in", {"context": {"amount": 1}})
    await one.wire(f"{delay}:out", f"{counter}:increment", {"amount": "{{ $.amount }}"})
    await one.settled(server, delay, counter)
    return counter


async def put(one: World, times: int, path: str = "/items") -> int:
    """Send so many items, each until it is acknowledged; how many that were."""
    for _ in range(times):
        key = uuid.uuid4().hex
        async with asyncio.timeout(60):
            while True:
                try:
                    status, _ = await one.visit(path, headers={"Idempotency-Key": key}, timeout=TIMEOUT)
                except (aiohttp.ClientError, TimeoutError, OSError):
                    status = 0
                if status in ACKNOWLEDGED:
                    break
                await asyncio.sleep(0.05)
    return times


async def test_a_killed_leader_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    async with world(tmp_path, host=False) as one:
        await one.start_replicas(2)
        counter, later = await collected(one), await delayed(one)
        leader = await leading(one)
        clients = [asyncio.create_task(put(one, 40)) for _ in range(6)]
        await eventually(lambda: counted(one, counter, 30))
        held = await put(one, 20, "/later")
        leader.kill()
        await leader.start()
        sent = sum(await asyncio.gather(*clients))
        await eventually(lambda: counted(one, counter, sent), 60, "all items")
        await eventually(lambda: counted(one, later, held), 60, "all that was delayed")
        assert (await count(one, counter), await count(one, later)) == (sent, held)


async def counted(one: World, counter: str, least: int) -> bool:
    """Whether the counter has come so far."""
    return await count(one, counter) >= least
