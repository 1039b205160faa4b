"""The delay."""

from __future__ import annotations

import asyncio

import pytest

from modules.common.delay import Delay
from weirflow import JSON, Fail
from weirflow.testing import run, settle


async def test_the_caller_waits_and_gets_the_flows_answer() -> None:
    async with run(Delay, settings={"delay": 2000}) as node:
        node.replies["out"] = lambda message: {"done": message}
        delivery = asyncio.create_task(node.send("in", {"context": 7}))
        await node.clock.advance(1.9)
        assert (node.emitted, node.live) == ([], "1 waiting")
        await node.clock.advance(0.1)
        assert await delivery == {"done": 7}
        assert node.live == ""


async def test_messages_do_not_wait_for_each_other() -> None:
    async with run(Delay) as node:
        deliveries = [
            asyncio.create_task(node.send("in", {"context": delay, "delay": delay})) for delay in (3000, 1000, 0)
        ]
        await node.clock.advance(3)
        await asyncio.gather(*deliveries)
        assert [each.value for each in node.emitted] == [0, 1000, 3000]


async def test_a_delay_past_the_deadline_is_refused_at_once() -> None:
    async with run(Delay) as node:
        with pytest.raises(Fail, match="a delay of 10 s would last past") as refused:
            await node.instance.deliver(node.begin(timeout=5), "in", {"delay": 10_000})
        assert (refused.value.code, refused.value.permanent) == ("delay_too_long", True)


async def test_a_caller_that_goes_leaves_nothing_behind() -> None:
    async with run(Delay) as node:
        delivery = asyncio.create_task(node.send("in", {}))
        await settle()
        delivery.cancel()
        await asyncio.wait([delivery])
        await node.clock.advance(60)
        assert (node.emitted, node.control["waiting"]) == ([], 0)


async def test_a_caller_can_be_answered_at_once() -> None:
    async with run(Delay, settings={"delay": 86_400_000, "answer": "at_once"}) as node:
        assert await node.send("in", {"context": 7}, operation_id="one") is None
        assert (node.emitted, node.control["waiting"]) == ([], 1)
        await node.clock.advance(86_400)
        assert ([each.value for each in node.emitted], node.control["waiting"]) == ([7], 0)


@pytest.mark.parametrize("answer", ["after", "at_once"])
async def test_so_many_messages_wait_and_no_more(answer: str) -> None:
    async with run(Delay, settings={"answer": answer, "maxWaiting": 2}) as node:
        held = [asyncio.create_task(node.send("in", {"context": n})) for n in range(2)]
        await settle()
        with pytest.raises(Fail) as refused:
            await node.send("in", {"context": 2})
        assert (refused.value.code, refused.value.retryable) == ("full", True)
        await node.clock.advance(1)
        await asyncio.gather(*held)
        assert len(node.emitted) == 2


async def test_what_has_no_caller_can_be_dropped_and_its_failures_show() -> None:
    def fail(message: JSON) -> JSON:
        raise Fail("no room", code="no_room")

    async with run(Delay, settings={"answer": "at_once"}) as node:
        node.replies["out"] = fail
        await node.send("in", {})
        await node.clock.advance(1)
        assert [problem.code for problem in node.problems] == ["no_room"]
        await node.send("in", {})
        await node.press("drop")
        await settle()
        assert node.control["waiting"] == 0
        await node.clock.advance(60)
        assert len(node.emitted) == 1
        del node.replies["out"]
        await node.send("in", {})
        await node.clock.advance(1)
        assert node.problems == []
