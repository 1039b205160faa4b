"""What is under way on an edge ends when the edge does, and its caller is told."""

import asyncio
import types
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from itertools import pairwise
from typing import Any

import pytest

from tests.runtime.live import linked
from tests.runtime.world import World
from tests.waiting import eventually
from weirflow.kube.resources import TINY_NODE
from weirflow.runtime.edges import Edge
from weirflow.runtime.recall import Recalls

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]

CAUGHT = {"code": "{{ $.code }}", "error": "{{ $.error }}"}


async def _waiting(world: World, path: str, hops: int = 0) -> tuple[list[str], asyncio.Task[Any]]:
    """A request that is under way: server -> ``hops`` transforms -> a node that takes a minute. The server's error port
    answers. Returns the nodes, and the request."""
    server = await world.add("http_server", {"path": path, "timeout": 60_000, "enableErrorPort": True})
    names = [server, *[await world.add("transform") for _ in range(hops)], await world.add("slow", {"seconds": 60})]
    echo = await world.add("echo")
    await world.wire(f"{server}:error", f"{echo}:in", CAUGHT)
    for source, target in pairwise(names):
        await world.wire(f"{source}:{'request' if source == server else 'out'}", f"{target}:in", {})
    await world.settled(*names, echo)
    request = asyncio.create_task(world.visit(path))
    async with linked(world, names[-1]) as live:
        await eventually(lambda: live.nodes.get(names[-1], {}).get("state") == "working", what="the message's arrival")
    return names, request


async def _answer(request: asyncio.Task[Any]) -> Any:
    return (await asyncio.wait_for(request, 30))[1]


@pytest.mark.parametrize("hops", [0, 40], ids=["one task", "several tasks"])
async def test_the_removal_of_an_edge_ends_what_is_on_it(shared: World, hops: int) -> None:
    names, request = await _waiting(shared, f"/removed-{hops}", hops)
    await shared.cluster.patch(TINY_NODE, names[-2], {"spec": {"edges": await _only_errors(shared, names[-2])}})
    answer = await _answer(request)
    assert answer["code"] == "edge_removed"
    assert "the edge was removed" in answer["error"]


async def test_the_deletion_of_a_node_ends_what_is_on_the_edges_to_it(shared: World) -> None:
    names, request = await _waiting(shared, "/deleted")
    await shared.cluster.delete(TINY_NODE, names[-1])
    answer = await _answer(request)
    assert answer["code"] == "edge_removed"
    assert f"{names[-1]} was deleted" in answer["error"]


async def test_the_removal_of_an_edge_ends_its_retries(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/retried", "timeout": 60_000, "enableErrorPort": True})
    flaky, echo = await shared.add("flaky", {"failures": 1}), await shared.add("echo")
    await shared.wire(f"{server}:error", f"{echo}:in", CAUGHT)
    patience = {"maxAttempts": 5, "initialDelayMs": 50_000, "maxDelayMs": 50_000}
    await shared.wire(f"{server}:request", f"{flaky}:in", {}, retryPolicy=patience)
    await shared.settled(server, flaky, echo)
    request = asyncio.create_task(shared.visit("/retried"))
    await shared.problem(flaky, "busy")
    await shared.cluster.patch(TINY_NODE, server, {"spec": {"edges": await _only_errors(shared, server)}})
    assert (await _answer(request))["code"] == "edge_removed"


async def test_new_settings_disturb_nothing_that_is_under_way(shared: World) -> None:
    names, request = await _waiting(shared, "/undisturbed")
    await shared.set(names[-1], {"seconds": 0.01})
    await shared.settled(names[-1])
    assert not request.done()
    await shared.cluster.delete(TINY_NODE, names[-1])
    await _answer(request)


async def _send(edge: Edge) -> None:
    await asyncio.get_running_loop().create_future()


async def _one_by_one(edge: Edge) -> AsyncIterator[None]:
    yield await _send(edge)


async def _in_a_loop(edge: Edge) -> None:
    async for _ in _one_by_one(edge):
        pass


async def _the_next(edge: Edge) -> None:
    await anext(_one_by_one(edge), None)


async def _of_its_own(edge: Edge) -> None:
    class Sending:
        def __await__(self) -> Generator[Any, None, None]:
            return _send(edge).__await__()

    await Sending()


@types.coroutine
def _from_a_generator(edge: Edge) -> Generator[Any, None, None]:
    yield from _send(edge).__await__()


async def _through_a_generator(edge: Edge) -> None:
    await _from_a_generator(edge)


@pytest.mark.parametrize("way", [_in_a_loop, _the_next, _of_its_own, _through_a_generator])
async def test_it_is_found_however_the_component_waits_for_what_it_sends(
    way: Callable[[Edge], Coroutine[Any, Any, None]],
) -> None:
    edge, recalls = Edge("e", "p.m.source"), Recalls(_send.__code__)
    task = asyncio.create_task(way(edge))
    await asyncio.sleep(0)
    recalls.add(edge, "the edge was removed")
    with pytest.raises(asyncio.CancelledError) as ended:
        await asyncio.wait_for(task, 30)
    assert ended.value.args[0].edge is edge


async def _only_errors(world: World, name: str) -> list[Any]:
    return [edge for edge in (await world.get(name))["spec"]["edges"] if edge["port"] == "error"]
