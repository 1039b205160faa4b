"""The inject."""

from __future__ import annotations

import asyncio

import pytest

from modules.common.inject import Inject
from weirflow import JSON, Fail
from weirflow.testing import run, settle


async def test_a_press_sends_the_message() -> None:
    async with run(Inject, settings={"message": {"a": 1}}) as node:
        await node.clock.advance(3600)
        assert node.emitted == []
        assert await node.press("send") == {"sent": 1, "send": False}
        assert [each.value for each in node.emitted] == [{"a": 1}]


async def test_at_start_it_sends_once_after_the_delay() -> None:
    async with run(Inject, settings={"atStart": True, "startDelay": 2000}) as node:
        await node.clock.advance(1.9)
        assert node.emitted == []
        await node.clock.advance(3600)
        assert len(node.emitted) == 1


async def test_a_restart_is_a_start_and_so_is_taking_the_lead() -> None:
    async with run(Inject, settings={"atStart": True}) as node:
        await node.clock.advance(0)
        fresh = await node.restart()
        await node.clock.advance(0)
        other = fresh.replica()
        await other.ready()
        await node.clock.advance(0)
        assert other.emitted == []
        await other.lead()
        await node.clock.advance(0)
        assert [len(each.emitted) for each in (node, fresh, other)] == [1, 1, 1]


async def test_at_an_interval_it_goes_on_from_the_start() -> None:
    async with run(Inject, settings={"atStart": True, "interval": 1000}) as node:
        await node.clock.advance(3.5)
        assert len(node.emitted) == 4
        assert len({each.operation_id for each in node.emitted}) == 4


async def test_a_new_interval_counts_from_now_and_sends_no_second_start() -> None:
    async with run(Inject, settings={"atStart": True, "interval": 60_000}) as node:
        await node.clock.advance(30)
        await node.set(interval=10_000)
        await node.clock.advance(25)
        assert len(node.emitted) == 3
        await node.set(interval=0)
        await node.clock.advance(3600)
        assert len(node.emitted) == 3


async def test_what_falls_due_behind_a_slow_flow_is_left_out() -> None:
    async with run(Inject, settings={"interval": 100}) as node:
        gate = asyncio.Event()
        node.replies["out"] = lambda message: gate.wait()
        await node.clock.advance(1.05)
        assert len(node.emitted) == 1
        await node.set(interval=200)
        gate.set()
        await settle()
        await node.clock.advance(1)
        assert 5 <= len(node.emitted) <= 6, "one loop, with the new interval"


async def test_a_failing_flow_shows_and_it_goes_on() -> None:
    def fail(message: JSON) -> JSON:
        raise Fail("no room", code="full")

    async with run(Inject, settings={"interval": 1000}) as node:
        node.replies["out"] = fail
        await node.clock.advance(1)
        assert [problem.code for problem in node.problems] == ["full"]
        with pytest.raises(Fail, match="no room"):
            await node.press("send")
        del node.replies["out"]
        await node.clock.advance(1)
        assert node.problems == []


@pytest.mark.parametrize("interval", [1, 99, -1, 86_400_001])
async def test_unfit_intervals_are_refused(interval: int) -> None:
    async with run(Inject) as node:
        problem = await node.set(interval=interval)
        assert problem is not None
        assert problem.field == "/interval"
