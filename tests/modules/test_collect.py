"""The collect."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from modules.common.collect import Collect
from weirflow import JSON, Fail
from weirflow.testing import Node, run, settle


@pytest.fixture(autouse=True)
def _soon_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flows that never answer are not waited for at the end of each test."""
    monkeypatch.setattr("modules.common.gathering.STOP_SECONDS", 0.05)


def _batches(node: Node) -> list[JSON]:
    return [(each.value["items"], each.value["reason"]) for each in node.emitted]


async def _put(node: Node, *items: JSON, key: str = "") -> JSON:
    results = [await node.send("in", {"item": item, "key": key}) for item in items]
    return results[-1]


async def test_the_item_that_completes_a_list_gets_the_flows_answer() -> None:
    async with run(Collect, settings={"size": 3}) as node:
        node.replies["batch"] = lambda message: {"took": message["count"]}
        assert await _put(node, 1, 2) is None
        assert await _put(node, 3) == {"took": 3}
        assert node.emitted[0].value == {"items": [1, 2, 3], "count": 3, "key": "", "reason": "size"}
        await settle()
        assert (node.state.waiting, node.live) == ([], "")


async def test_items_of_different_runs_can_make_different_lists() -> None:
    async with run(Collect, settings={"size": 2, "withoutKey": "run"}) as node:
        for run_id, item in (("one", 1), ("other", 2), ("one", 3), ("other", 4)):
            await node.send("in", {"item": item}, run_id=run_id)
        assert [each.value["items"] for each in node.emitted] == [[1, 3], [2, 4]]


async def test_items_with_different_keys_make_different_lists() -> None:
    async with run(Collect, settings={"size": 2}) as node:
        await _put(node, 1, key="a")
        await _put(node, 2, key="b")
        await _put(node, 3, key="a")
        assert [(each.value["key"], each.value["items"]) for each in node.emitted] == [("a", [1, 3])]
        await settle()
        assert node.live == "1 waiting"


async def test_a_message_may_say_how_many_belong_to_its_list() -> None:
    async with run(Collect, settings={"size": 100}) as node:
        await node.send("in", {"item": 1, "key": "a", "size": 2})
        await node.send("in", {"item": 2, "key": "a"})
        assert _batches(node) == [([1, 2], "size")]


async def test_a_list_leaves_when_its_first_item_has_waited_long_enough() -> None:
    async with run(Collect, settings={"wait": 10_000}) as node:
        await _put(node, 1, key="a")
        await node.clock.advance(6)
        await _put(node, 2, key="a")
        await _put(node, 3, key="b")
        await node.clock.advance(3.9)
        assert node.emitted == []
        await node.clock.advance(0.2)
        assert _batches(node) == [([1, 2], "time")]
        await node.clock.advance(6)
        assert _batches(node)[1:] == [([3], "time")]
        await _put(node, 4)
        await node.clock.advance(10)
        assert _batches(node)[2:] == [([4], "time")]
        assert node.state.waiting == []


async def test_without_a_wait_a_list_waits_for_ever() -> None:
    async with run(Collect, settings={"wait": 0}) as node:
        await _put(node, 1)
        await node.clock.advance(3600)
        assert node.emitted == []


async def test_a_message_or_a_press_has_lists_leave() -> None:
    async with run(Collect, settings={"wait": 0}) as node:
        for key in ("a", "b", "c"):
            await _put(node, key, key=key)
        assert await node.send("flush", {"key": "b"}) is None
        await settle()
        assert _batches(node) == [(["b"], "flush")]
        await node.press("send")
        await settle()
        assert _batches(node)[1:] == [(["a"], "flush"), (["c"], "flush")]
        assert node.control["sets"] == 0


async def test_what_waits_can_be_thrown_away() -> None:
    async with run(Collect) as node:
        await _put(node, 1, 2)
        assert (await node.press("clear"))["messages"] == 0
        await node.clock.advance(3600)
        assert node.emitted == []


async def test_a_restart_loses_nothing_and_time_goes_on() -> None:
    async with run(Collect, settings={"size": 3, "wait": 60_000}) as node:
        await _put(node, 1, 2)
        await node.clock.advance(30)
        node = await node.restart()
        assert node.live == "2 waiting"
        await node.clock.advance(31)
        assert _batches(node) == [([1, 2], "time")]


async def test_a_list_under_way_at_a_crash_is_sent_again_as_the_same_operation() -> None:
    async with run(Collect, settings={"size": 2}) as node:
        node.replies["batch"] = lambda message: asyncio.Event().wait()
        await _put(node, 1)
        last = asyncio.create_task(_put(node, 2))
        await settle()
        fresh = await node.restart()
        fresh.replies = {}
        await settle()
        assert [each.operation_id for each in fresh.emitted] == [each.operation_id for each in node.emitted]
        last.cancel()
        await asyncio.wait([last])
        assert fresh.state.waiting == []


async def test_a_list_whose_caller_goes_is_sent_without_it() -> None:
    async with run(Collect, settings={"size": 1}) as node:
        gate = asyncio.Event()
        node.replies["batch"] = lambda message: gate.wait()
        caller = asyncio.create_task(_put(node, 1))
        await settle()
        caller.cancel()
        await asyncio.wait([caller])
        gate.set()
        await settle()
        assert _batches(node) == [([1], "size")] * 2
        assert len({each.operation_id for each in node.emitted}) == 1
        assert node.state.waiting == []


async def test_a_failure_goes_back_to_the_caller_and_the_list_is_gone() -> None:
    def fail(message: JSON) -> JSON:
        raise Fail("no room", code="no_room")

    async with run(Collect, settings={"size": 1}) as node:
        node.replies["batch"] = fail
        with pytest.raises(Fail, match="no room"):
            await _put(node, 1)
        await settle()
        assert node.state.waiting == []
        await node.set(size=10, wait=1000)
        await _put(node, 2)
        await node.clock.advance(2)
        assert [problem.code for problem in node.problems] == ["no_room"]
        assert node.state.waiting == []


@pytest.mark.parametrize("by", ["time", "size"])
async def test_a_list_that_could_not_be_brought_to_the_flow_stays_and_is_sent_again(by: str) -> None:
    def unreached(message: JSON) -> JSON:
        raise Fail("the host of counter starts", code="not_here", retryable=True)

    async with run(Collect, settings={"size": 1} if by == "size" else {"wait": 1000}) as node:
        node.replies["batch"] = unreached
        with suppress(Fail):
            await _put(node, 1)
        await node.clock.advance(10)
        assert len(node.state.waiting) == 1
        assert {problem.code for problem in node.problems} == {"not_here"}
        node.replies.clear()
        await node.clock.advance(10)
        assert (node.state.waiting, node.problems) == ([], [])
        assert len({each.operation_id for each in node.emitted}) == 1


async def test_a_slow_flow_holds_up_no_other_list() -> None:
    async with run(Collect, settings={"wait": 1000}) as node:
        node.replies["batch"] = lambda message: asyncio.Event().wait() if message["key"] == "slow" else None
        await _put(node, 1, key="slow")
        await node.clock.advance(1)
        await _put(node, 2, key="quick")
        await node.clock.advance(1)
        assert len(node.emitted) == 2
        assert [each.key for each in node.state.waiting] == ["slow"]


@pytest.mark.parametrize(
    ("settings", "items", "code", "retryable"),
    [
        ({"maxBytes": 1024}, ["x" * 600, "x" * 600], "full", True),
        ({"maxBytes": 1024}, ["x" * 2000], "too_large", False),
    ],
)
async def test_so_many_bytes_and_no_more(settings: Any, items: list[JSON], code: str, retryable: bool) -> None:
    async with run(Collect, settings=settings) as node:
        with pytest.raises(Fail) as refused:
            await _put(node, *items)
        assert (refused.value.code, refused.value.retryable) == (code, retryable)


async def test_so_many_lists_and_no_more() -> None:
    async with run(Collect, settings={"maxSets": 1}) as node:
        await _put(node, 1, key="a")
        with pytest.raises(Fail, match="1 set waits or is under way"):
            await _put(node, 2, key="b")
        await node.set(maxSets=2)
        await _put(node, 2, key="b")
        with pytest.raises(Fail, match="2 sets wait or are under way") as refused:
            await _put(node, 3, key="c")
        assert refused.value.code == "full"
        await _put(node, 4, key="a")


async def test_the_next_leader_goes_on() -> None:
    async with run(Collect, settings={"wait": 10_000}) as node:
        await _put(node, 1)
        other = node.replica()
        await other.ready()
        await other.lead()
        await other.clock.advance(11)
        assert (_batches(node), _batches(other)) == ([], [([1], "time")])


async def test_in_memory_it_writes_nothing() -> None:
    async with run(Collect, settings={"persistent": False, "size": 2}) as node:
        await _put(node, 1, 2)
        await settle()
        assert _batches(node) == [([1, 2], "size")]
        assert node.resource.writes == 0
