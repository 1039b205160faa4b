"""The ticker."""

from __future__ import annotations

import asyncio

import pytest

from modules.common.ticker import Ticker
from weirflow import JSON, Fail
from weirflow.testing import run, settle


async def test_it_ticks_at_its_interval() -> None:
    async with run(Ticker, settings={"interval": 500}) as node:
        await node.clock.advance(0.6)
        assert node.live == "1 tick"
        await node.clock.advance(1.0)
        assert [each.value for each in node.emitted] == [
            {"n": 1, "timestamp": "2026-01-01T00:00:00.500000Z"},
            {"n": 2, "timestamp": "2026-01-01T00:00:01Z"},
            {"n": 3, "timestamp": "2026-01-01T00:00:01.500000Z"},
        ]
        assert node.control == {"ticks": 3, "lastTick": "2026-01-01T00:00:01.500000Z"}
        assert node.live == "3 ticks"


async def test_only_the_leader_ticks() -> None:
    async with run(Ticker, leader=False) as node:
        await node.clock.advance(5)
        assert node.emitted == []
        await node.lead()
        await node.clock.advance(1)
        assert len(node.emitted) == 1


async def test_it_stops_with_the_leadership() -> None:
    async with run(Ticker) as node:
        await node.clock.advance(2)
        other = node.replica()
        await other.ready()
        await other.lead()
        await node.clock.advance(3)
        assert (len(node.emitted), len(other.emitted)) == (2, 3)


async def test_each_tick_is_an_operation_of_its_own() -> None:
    async with run(Ticker) as node:
        await node.clock.advance(3)
        assert len({each.operation_id for each in node.emitted}) == 3


async def test_a_new_interval_counts_from_now() -> None:
    async with run(Ticker, settings={"interval": 86_400_000}) as node:
        await node.clock.advance(10)
        await node.set(interval=1000)
        await node.clock.advance(2.5)
        assert len(node.emitted) == 2
        assert len([task for task in asyncio.all_tasks() if task.get_name() == "ticker"]) == 1


async def test_other_settings_do_not_disturb_it() -> None:
    async with run(Ticker) as node:
        await node.clock.advance(0.9)
        await node.set(interval=1000)
        await node.clock.advance(0.2)
        assert len(node.emitted) == 1


async def test_switched_off_it_is_silent() -> None:
    async with run(Ticker, settings={"enabled": False}) as node:
        await node.clock.advance(5)
        assert (node.emitted, node.live) == ([], "off")
        await node.set(enabled=True)
        await node.clock.advance(1)
        await node.set(enabled=False)
        await node.clock.advance(5)
        assert len(node.emitted) == 1


async def test_ticks_do_not_pile_up_behind_a_slow_flow() -> None:
    async with run(Ticker, settings={"interval": 100}) as node:
        gate = asyncio.Event()

        async def slow() -> JSON:
            await gate.wait()

        node.replies["tick"] = lambda value: slow()
        await node.clock.advance(1.05)
        assert len(node.emitted) == 1
        gate.set()
        await settle()
        await node.clock.advance(0.1)
        assert len(node.emitted) == 2


async def test_a_tick_under_way_ends_before_a_new_interval_begins() -> None:
    async with run(Ticker, settings={"interval": 100}) as node:
        gate = asyncio.Event()
        ended = []

        async def slow() -> JSON:
            await gate.wait()
            ended.append(True)

        node.replies["tick"] = lambda value: slow()
        await node.clock.advance(0.1)
        await node.set(interval=200)
        gate.set()
        await settle()
        assert ended == [True]
        await node.clock.advance(1.0)
        assert len(node.emitted) == 6


async def test_a_failing_flow_shows_and_the_ticker_goes_on() -> None:
    def fail(value: JSON) -> JSON:
        raise Fail("no room", code="full")

    async with run(Ticker) as node:
        node.replies["tick"] = fail
        await node.clock.advance(2)
        assert [problem.code for problem in node.problems] == ["full", "full"]
        del node.replies["tick"]
        await node.clock.advance(1)
        assert (node.problems, len(node.emitted)) == ([], 3)


@pytest.mark.parametrize("interval", [0, 9, -1, "soon", 86_400_001])
async def test_unfit_intervals_are_refused(interval: object) -> None:
    async with run(Ticker) as node:
        problem = await node.set(interval=interval)
        assert problem is not None
        assert problem.field == "/interval"


async def test_a_tick_under_way_may_end_when_the_ticker_stops() -> None:
    async with run(Ticker) as node:
        gate = asyncio.Event()
        ended = []

        async def slow() -> JSON:
            await gate.wait()
            ended.append(True)

        node.replies["tick"] = lambda value: slow()
        await node.clock.advance(1)
        stopping = asyncio.create_task(node.instance.stop())
        await settle()
        gate.set()
        await stopping
        assert ended == [True]
        await node.clock.advance(5)
        assert len(node.emitted) == 1
