"""A server that asks to come back later is asked later, by all verbs for which that is safe; and a limit of our own."""

import asyncio
from pathlib import Path

import pytest

from tests.kube.scripted import Answer, Request, Scripted, obj
from tests.runtime.world import world
from weirflow.kube.errors import TooManyRequests, Unavailable
from weirflow.kube.http import HttpCluster
from weirflow.kube.limits import EMBEDDED, REAL, SERVER, Limits
from weirflow.kube.resources import LEASE, TINY_NODE
from weirflow.kube.throttle import TokenBucket


async def one(request: Request) -> None:
    await request.json(200, obj("a", "1"))


def busy(code: int, *, header: str = "", seconds: float | None = None) -> Answer:
    async def answer(request: Request) -> None:
        details = {} if seconds is None else {"retryAfterSeconds": seconds}
        await request.status(code, "TooManyRequests", headers=f"Retry-After: {header}\r\n" if header else "", **details)

    return answer


def clock() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize("how", [{"header": "1"}, {"seconds": 1}], ids=["header", "details"])
async def test_a_read_comes_back_after_the_time_that_the_server_named(code: int, how: dict[str, object]) -> None:
    async with Scripted([busy(code, **how)], rest=one) as server, HttpCluster(server.config) as cluster:  # type: ignore[arg-type]
        began = clock()
        assert await cluster.get(TINY_NODE, "a")
        assert clock() >= began + 1


async def test_a_write_that_the_server_had_no_time_for_was_not_done_and_is_sent_again() -> None:
    async with Scripted([busy(429, seconds=0.05)], rest=one) as server, HttpCluster(server.config) as cluster:
        assert await cluster.patch(TINY_NODE, "a", [], kind="json")
    assert server.seen[-1].headers["content-type"] == "application/json-patch+json"
    assert len(server.seen) == 2


async def test_a_write_that_may_have_been_done_is_its_callers_who_learns_how_long_to_wait() -> None:
    async with Scripted([busy(503, header="7")], rest=one) as server, HttpCluster(server.config) as cluster:
        with pytest.raises(Unavailable) as caught:
            await cluster.patch(TINY_NODE, "a", {})
    assert caught.value.retry_after == 7
    assert len(server.seen) == 1


async def test_a_time_beyond_the_requests_own_is_not_waited_for() -> None:
    async with Scripted(rest=busy(429, header="60")) as server, HttpCluster(server.config, timeout=5) as cluster:
        with pytest.raises(TooManyRequests) as caught:
            await cluster.get(TINY_NODE, "a")
    assert caught.value.retry_after == 60
    assert len(server.seen) == 1


@pytest.mark.parametrize("header", ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "soon", "inf"])
async def test_a_time_that_cannot_be_understood_counts_as_none(header: str) -> None:
    async with Scripted([busy(429, header=header)], rest=one) as server, HttpCluster(server.config) as cluster:
        assert await cluster.get(TINY_NODE, "a")


async def test_requests_beyond_the_limit_wait_for_their_turn_and_leases_do_not() -> None:
    limits = Limits(requests=0.1, burst=2, status_writes=1)
    async with Scripted(rest=one) as server, HttpCluster(server.config, timeout=1, limits=limits) as cluster:
        await asyncio.gather(cluster.get(TINY_NODE, "a"), cluster.get(TINY_NODE, "b"))
        waiting = asyncio.create_task(cluster.create(TINY_NODE, obj("c", "")))
        for _ in range(5):
            await cluster.get(LEASE, "l")
        with pytest.raises(Unavailable, match="others come first") as caught:
            await waiting
        assert not caught.value.sent
    assert len(server.seen) == 7


async def test_a_turn_that_is_given_up_is_another_ones() -> None:
    bucket = TokenBucket(rate=20, burst=1)
    await bucket.take()
    waiting = [asyncio.create_task(bucket.take()) for _ in range(100)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.wait_for(bucket.take(), 20)


async def test_limits_follow_what_the_server_says_it_is() -> None:
    async def embedded(request: Request) -> None:
        await request.json(200, obj("a", "1"), f"Server: {SERVER}\r\n")

    async with Scripted([one, embedded], rest=one) as server, HttpCluster(server.config) as cluster:
        for limits in (REAL, EMBEDDED, REAL):
            await cluster.get(TINY_NODE, "a")
            assert cluster.limits is limits
    assert (REAL.status_writes, EMBEDDED.status_writes) == (50, 300)


@pytest.mark.server
async def test_the_embedded_cluster_serves_this_machine_alone_and_is_not_spared(tmp_path: Path) -> None:
    async with world(tmp_path, host=False) as one:
        await asyncio.gather(*(one.cluster.list(TINY_NODE) for _ in range(50)))
        assert one.cluster.limits is EMBEDDED
