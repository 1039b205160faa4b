"""What waits on two replicas, of which the leading one is killed: what was acknowledged is counted, once."""

import asyncio
import json
import uuid
from pathlib import Path

import aiohttp
import pytest

from tests.runtime.load import count
from tests.runtime.test_replicas import leading
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.kube.client import list_all
from weirflow.kube.resources import TINY_BATCH, TINY_NODE, decode_json, encode_json

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


async def delayed(one: World) -> tuple[str, str]:
    """``GET /later`` is answered at once and counted three seconds after, and an hour after by a second delay. Each of
    its messages is long enough for a batch of its own. The names of the counter and of the second delay."""
    server = await one.add("http_server", {"path": "/later", "timeout": 10_000})
    delay = await one.add("delay", {"delay": 3_000, "answer": "at_once"})
    reminder = await one.add("delay", {"delay": 3_600_000, "answer": "at_once"})
    counter = await one.add("stateful_counter")
    message = {"amount": 1, "padding": "x" * 70_000}
    for each in (delay, reminder):
        await one.wire(f"{server}:request", f"{each}:in", {"context": message})
    await one.wire(f"{delay}:out", f"{counter}:increment", {"amount": "{{ $.amount }}"})
    await one.settled(server, delay, reminder, counter)
    return counter, reminder


async def in_batches(one: World, node: str) -> int:
    """How many messages of the node stand in batches that its state names."""
    names = json.loads((await one.state(node)).get("waiting-batches", "[]"))
    found, _ = await list_all(one.cluster, TINY_BATCH)
    texts = {each["metadata"]["name"]: each["spec"]["data"] for each in found}
    return sum(len(decode_json(texts.get(each["name"]) or encode_json([]))) for each in names)


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
        counter = await collected(one)
        later, reminder = await delayed(one)
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
        await eventually(lambda: holds(one, reminder, held), 30, "all that is kept in batches")
        await one.cluster.delete(TINY_NODE, reminder)
        await eventually(lambda: without(one, reminder), 30, "batches to go with their node")


async def holds(one: World, node: str, messages: int) -> bool:
    """Whether so many stand in its batches."""
    return await in_batches(one, node) == messages


async def without(one: World, node: str) -> bool:
    """Whether it has no batches."""
    found, _ = await list_all(one.cluster, TINY_BATCH)
    return all(each["spec"]["node"] != node for each in found)


async def counted(one: World, counter: str, least: int) -> bool:
    """Whether the counter has come so far."""
    return await count(one, counter) >= least
