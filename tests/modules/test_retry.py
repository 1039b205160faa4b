"""The retry."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from modules.common.retry import WAITING, Retry
from weirflow import JSON, Fail
from weirflow.testing import run, settle


def _busy(times: int, *, retryable: bool = True) -> Callable[[JSON], JSON]:
    left = [times]

    def reply(message: JSON) -> JSON:
        if left[0]:
            left[0] -= 1
            raise Fail("come back later", code="busy", retryable=retryable)
        return {"done": message}

    return reply


async def test_what_went_well_is_not_tried_again() -> None:
    async with run(Retry) as node:
        node.replies["out"] = _busy(0)
        assert await node.send("in", {"context": 7}) == {"done": 7}
        assert len(node.emitted) == 1


async def test_it_tries_again_with_longer_pauses_until_it_goes_well() -> None:
    async with run(Retry, settings={"attempts": 4, "initialDelay": 1000, "factor": 3, "maxDelay": 5000}) as node:
        node.replies["out"] = _busy(3)
        delivery = asyncio.create_task(node.send("in", {"context": 7}))
        for seconds, attempts in ((0, 1), (0.9, 1), (0.1, 2), (2.9, 2), (0.1, 3), (4.9, 3)):
            await node.clock.advance(seconds)
            assert len(node.emitted) == attempts
        assert (node.control["waiting"], node.live) == (1, "1 waiting")
        await node.clock.advance(0.1)
        assert await delivery == {"done": 7}
        assert (node.control["retried"], node.live) == (3, "3 tried again")


async def test_all_attempts_are_one_operation() -> None:
    async with run(Retry, settings={"initialDelay": 0}) as node:
        node.replies["out"] = _busy(2)
        delivery = asyncio.create_task(node.send("in", {"context": 7}))
        await node.clock.advance(1)
        await delivery
        assert len(node.emitted) == 3
        assert len({each.operation_id for each in node.emitted}) == 1


async def test_after_the_last_attempt_the_failure_travels_back() -> None:
    async with run(Retry, settings={"attempts": 2}) as node:
        node.replies["out"] = _busy(9)
        delivery = asyncio.create_task(node.send("in", {}))
        await node.clock.advance(60)
        with pytest.raises(Fail, match="come back later") as failure:
            await delivery
        assert (failure.value.code, failure.value.retryable) == ("busy", True)
        assert (len(node.emitted), node.control["givenUp"]) == (2, 1)


async def test_what_no_attempt_mends_goes_back_at_once() -> None:
    async with run(Retry) as node:
        node.replies["out"] = _busy(1, retryable=False)
        with pytest.raises(Fail):
            await node.send("in", {})
        assert (len(node.emitted), node.control["givenUp"]) == (1, 0)


async def test_no_pause_lasts_past_the_messages_deadline() -> None:
    async with run(Retry, settings={"initialDelay": 5000}) as node:
        node.replies["out"] = _busy(9)
        with pytest.raises(Fail, match="come back later"):
            await node.instance.deliver(node.begin(timeout=4), "in", {})
        assert len(node.emitted) == 1


async def test_a_run_that_was_called_off_is_not_tried_again() -> None:
    async with run(Retry) as node:
        node.replies["out"] = _busy(9)
        ctx = node.begin()
        ctx.cancel("enough")
        with pytest.raises(Fail):
            await node.instance.deliver(ctx, "in", {})
        assert len(node.emitted) == 1


async def test_so_many_messages_wait_and_no_more() -> None:
    async with run(Retry) as node:
        node.replies["out"] = _busy(WAITING * 9)
        waiting = [asyncio.create_task(node.send("in", {})) for _ in range(WAITING)]
        await settle()
        assert node.control["waiting"] == WAITING
        with pytest.raises(Fail):
            await node.send("in", {})
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
        assert node.control["waiting"] == 0
