"""Going on without the caller."""

from __future__ import annotations

import asyncio

import pytest

from modules.common import room
from modules.common.async_ import Async
from tests.waiting import eventually
from weirflow import JSON, Fail
from weirflow.testing import Node, run, settle


@pytest.fixture(autouse=True)
def _soon_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flows that never answer are not waited for at the end of each test."""
    monkeypatch.setattr("modules.common.keeping.STOP_SECONDS", 0.05)


def _sent(node: Node) -> list[JSON]:
    return [each.value for each in node.emitted if each.port == "out"]


async def test_the_caller_is_answered_at_once_and_the_flow_runs_on() -> None:
    async with run(Async) as node:
        gate = asyncio.Event()
        node.replies["out"] = lambda message: gate.wait()
        assert await node.send("in", {"context": 7, "answer": {"status": 202}}) == {"status": 202}
        await settle()
        assert (_sent(node), node.control["running"], node.control["done"]) == ([7], 1, 0)
        gate.set()
        await settle()
        assert (node.control["running"], node.control["done"], node.live) == (0, 1, "1 done")


async def test_so_many_run_at_once_and_the_others_wait_in_order() -> None:
    async with run(Async, settings={"concurrency": 2}) as node:
        gates = [asyncio.Event() for _ in range(5)]
        node.replies["out"] = lambda message: gates[message].wait()
        for n in range(5):
            assert await node.send("in", {"context": n}) is None
        await settle()
        assert (_sent(node), node.control["waiting"], node.live) == ([0, 1], 3, "3 waiting")
        gates[1].set()
        await settle()
        assert _sent(node) == [0, 1, 2]
        await node.set(concurrency=4)
        await settle()
        assert _sent(node) == [0, 1, 2, 3, 4]


async def test_fewer_workers_take_over_when_the_settings_say_so() -> None:
    async with run(Async, settings={"concurrency": 3}) as node:
        gates = [asyncio.Event() for _ in range(6)]
        node.replies["out"] = lambda message: gates[message].wait()
        for n in range(6):
            await node.send("in", {"context": n})
        await settle()
        await node.set(concurrency=1)
        for gate in gates[:3]:
            gate.set()
        await settle()
        assert _sent(node) == [0, 1, 2, 3]


async def test_a_full_queue_is_told_to_the_caller() -> None:
    async with run(Async, settings={"concurrency": 1, "maxWaiting": 2}) as node:
        node.replies["out"] = lambda message: asyncio.Event().wait()
        for n in range(2):
            await node.send("in", {"context": n})
        with pytest.raises(Fail, match="2 messages wait here already, with 2 bytes") as refused:
            await node.send("in", {"context": 2})
        assert (refused.value.code, refused.value.retryable) == ("full", True)


async def test_so_many_bytes_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "BYTES", 100)
    async with run(Async) as node:
        with pytest.raises(Fail) as refused:
            await node.send("in", {"context": "x" * 100})
        assert refused.value.code == "full"
        assert await node.send("in", {"context": "x"}) is None


async def test_a_failure_leaves_by_a_port_of_its_own_and_shows_until_one_goes_well() -> None:
    def fail(message: JSON) -> JSON:
        raise Fail("no room", code="no_room", retryable=True)

    async with run(Async) as node:
        node.replies["out"] = fail
        await node.send("in", {"context": {"n": 1}})
        await settle()
        assert node.emitted[-1].port == "failed"
        assert node.emitted[-1].value == {"context": {"n": 1}, "error": "no room", "code": "no_room", "retryable": True}
        assert ([problem.code for problem in node.problems], node.control["failed"]) == (["no_room"], 1)
        del node.replies["out"]
        await node.send("in", {"context": 2})
        await settle()
        assert node.problems == []


async def test_a_message_sent_again_is_the_same_operation() -> None:
    async with run(Async) as node:
        for _ in range(2):
            await node.send("in", {"context": 1}, operation_id="one")
        await settle()
        assert len({each.operation_id for each in node.emitted}) == 1


async def test_each_message_has_the_time_of_the_settings() -> None:
    async with run(Async, settings={"timeout": 100}) as node:
        node.replies["out"] = lambda message: asyncio.Event().wait()
        await node.send("in", {"context": 1})
        await eventually(lambda: node.control["failed"] > 0)
        assert node.emitted[-1].value["code"] == "timeout"


async def test_what_waits_can_be_dropped() -> None:
    async with run(Async, settings={"concurrency": 1}) as node:
        gate = asyncio.Event()
        node.replies["out"] = lambda message: gate.wait()
        for n in range(3):
            await node.send("in", {"context": n})
        await settle()
        after = await node.press("drop")
        assert (after["waiting"], after["running"]) == (0, 1)
        gate.set()
        await settle()
        assert _sent(node) == [0]


async def test_work_under_way_may_end_when_the_node_stops() -> None:
    async with run(Async) as node:
        gate = asyncio.Event()
        node.replies["out"] = lambda message: gate.wait()
        await node.send("in", {"context": 1})
        await settle()
        stopping = asyncio.create_task(node.instance.stop())
        await settle()
        gate.set()
        await stopping
        assert node.control["done"] == 1


async def test_a_restart_loses_nothing_that_is_kept_and_repeats_what_was_under_way() -> None:
    async with run(Async, settings={"persistent": True, "concurrency": 2}) as node:
        node.replies["out"] = lambda message: asyncio.Event().wait()
        for n in range(4):
            assert await node.send("in", {"context": n, "answer": n}) == n
        await settle()
        first = node.emitted
        assert (_sent(node), node.control["waiting"], node.control["running"]) == ([0, 1], 2, 2)
        node.replies.clear()
        node = await node.restart()
        await settle()
        assert _sent(node) == [0, 1, 2, 3]
        assert node.emitted[:2] == first
        assert (node.state.waiting, node.control["done"]) == ([], 4)


async def test_a_repeat_of_what_is_kept_is_answered_as_the_first_and_runs_once() -> None:
    async with run(Async, settings={"persistent": True}) as node:
        answers = [await node.send("in", {"context": 1, "answer": "ok"}, operation_id="one") for _ in range(3)]
        await settle()
        assert (answers, _sent(node)) == (["ok"] * 3, [1])


async def test_what_was_kept_is_worked_off_when_it_is_kept_no_more() -> None:
    async with run(Async, settings={"persistent": True, "concurrency": 1}) as node:
        gate = asyncio.Event()
        node.replies["out"] = lambda message: gate.wait()
        for n in range(3):
            await node.send("in", {"context": n})
        await node.set(persistent=False)
        gate.set()
        await settle()
        assert (_sent(node), node.state.waiting) == ([0, 1, 2], [])


async def test_a_queue_in_memory_takes_the_shorter_way_of_components_without_state() -> None:
    async with run(Async) as node:
        assert list(node.instance.open_ways()) == ["in"]
        await node.set(persistent=True)
        assert list(node.instance.open_ways()) == []
        await node.set(persistent=False)
        assert list(node.instance.open_ways()) == ["in"]


async def test_a_lead_that_was_away_for_a_moment_loses_nothing_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with run(Async, settings={"persistent": True, "concurrency": 2}) as node:
        gates = [asyncio.Event() for _ in range(6)]
        leads = True
        monkeypatch.setattr(node, "is_leader", lambda ctx: leads)
        node.replies["out"] = lambda message: gates[message].wait()
        for n in range(6):
            await node.send("in", {"context": n})
        await settle()
        assert _sent(node) == [0, 1]
        leads = False
        gates[0].set()
        await settle()
        assert _sent(node) == [0, 1], "who does not lead begins nothing"
        leads = True
        for gate in gates:
            gate.set()
        await node.clock.advance(3)
        assert sorted(_sent(node)) == [0, 1, 2, 3, 4, 5]
        assert (node.state.waiting, node.control["waiting"], node.control["running"]) == ([], 0, 0)


async def test_a_failure_that_may_pass_is_tried_again_while_others_go_by() -> None:
    async with run(Async, settings={"attempts": 2, "pause": 1_000, "concurrency": 1}) as node:
        failures = [Fail("busy", code="busy", retryable=True)]

        def reply(message: JSON) -> JSON:
            if failures:
                raise failures.pop()
            return None

        node.replies["out"] = reply
        for message in (1, 2):
            await node.send("in", {"context": message})
        await settle()
        assert (_sent(node), node.control["waiting"]) == ([1, 2], 1)
        await node.clock.advance(1)
        assert (_sent(node), node.control["waiting"], node.control["failed"]) == ([1, 2, 1], 0, 0)
