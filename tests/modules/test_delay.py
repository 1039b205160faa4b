"""The delay."""

from __future__ import annotations

import asyncio

import pytest

from modules.common.delay import Delay
from tests.waiting import eventually
from weirflow import JSON, Fail, NotLeader
from weirflow.testing import Node, run, settle


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


@pytest.mark.parametrize("answer", ["after", "at_once"])
async def test_a_single_message_that_takes_all_the_room_is_told_as_one(answer: str) -> None:
    async with run(Delay, settings={"answer": answer, "maxWaiting": 1}) as node:
        held = asyncio.create_task(node.send("in", {"context": 1}))
        await settle()
        with pytest.raises(Fail, match=r"^1 message waits here already"):
            await node.send("in", {"context": 2})
        await node.clock.advance(1)
        await held


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
        assert len(sent(node)) == 1
        del node.replies["out"]
        await node.send("in", {})
        await node.clock.advance(1)
        assert node.problems == []


def sent(node: Node) -> list[JSON]:
    """What has left by `out`."""
    return [each.value for each in node.emitted if each.port == "out"]


@pytest.mark.parametrize("persistent", [True, False])
async def test_what_may_go_well_later_is_tried_again_and_what_fails_for_good_leaves_by_failed(persistent: bool) -> None:
    def fail(message: JSON) -> JSON:
        raise Fail(f"{message} was not taken", code="busy", retryable=message != "never")

    settings = {"answer": "at_once", "attempts": 3, "pause": 2_000, "persistent": persistent}
    async with run(Delay, settings=settings) as node:
        node.replies["out"] = fail
        for message in ("never", "later"):
            await node.send("in", {"context": message, "delay": 0})
        await settle()
        assert (sent(node), node.control["failed"], node.control["waiting"]) == (["never", "later"], 1, 1)
        [failure] = [each.value for each in node.emitted if each.port == "failed"]
        assert failure == {"context": "never", "error": "never was not taken", "code": "busy", "retryable": False}
        await node.clock.advance(2)
        assert (sent(node)[2:], node.control["waiting"]) == (["later"], 1)
        await node.clock.advance(4)
        assert (sent(node)[3:], node.control["failed"], node.control["waiting"]) == (["later"], 2, 0)
        assert len({each.operation_id for each in node.emitted if each.value == "later"}) == 1


async def test_only_who_answers_at_once_has_an_output_for_failures() -> None:
    async with run(Delay) as node:
        assert "failed" not in {port.name for port in node.instance.ports()}
        await node.set(answer="at_once")
        assert "failed" in {port.name for port in node.instance.ports()}


LATER = {"answer": "at_once", "delay": 7_200_000}


async def test_a_message_whose_caller_was_answered_survives_a_restart_and_leaves_at_its_time() -> None:
    async with run(Delay, settings=LATER) as node:
        await node.send("in", {"context": 7}, operation_id="one", run_id="the run")
        await node.clock.advance(3600)
        node = await node.restart()
        await settle()
        assert (node.control["waiting"], node.live) == (1, "1 waiting")
        await node.clock.advance(3599)
        assert node.emitted == []
        await node.clock.advance(1)
        assert [each.value for each in node.emitted] == [7]
        assert (node.state.waiting, node.control["waiting"]) == ([], 0)


async def test_what_fell_due_while_nobody_ran_leaves_at_once_and_in_order() -> None:
    async with run(Delay, settings=LATER) as node:
        for n, delay in enumerate((9000, 1000, 9000, 5000)):
            await node.send("in", {"context": n, "delay": delay})
        await node.kill()
        await node.clock.advance(60)
        node = node.replica()
        await node.ready()
        assert node.emitted == [], "only the leader sends what stands in the state"
        await node.lead()
        await settle()
        assert [each.value for each in node.emitted] == [1, 3, 0, 2]


async def test_what_was_under_way_at_the_end_is_sent_again_as_the_same_operation() -> None:
    async with run(Delay, settings=LATER) as node:
        node.replies["out"] = lambda message: asyncio.Event().wait()
        await node.send("in", {"context": 7, "delay": 0})
        await settle()
        [first] = node.emitted
        node.replies.clear()
        node = await node.restart()
        await settle()
        assert node.emitted == [first]
        await settle()
        node = await node.restart()
        await node.clock.advance(10)
        assert node.emitted == [], "what the flow has taken is not sent again"


async def test_a_message_that_could_not_be_brought_to_the_flow_waits_and_is_sent_again() -> None:
    async with run(Delay, settings=LATER) as node:
        node.replies["out"] = unreached
        await node.send("in", {"context": 7, "delay": 0})
        await settle()
        await node.clock.advance(100)
        assert (node.control["waiting"], {problem.code for problem in node.problems}) == (1, {"not_leader"})
        before = len(node.emitted)
        assert 5 <= before <= 10, "pauses grow"
        node.replies.clear()
        await node.clock.advance(60)
        assert (node.control["waiting"], node.problems, len(node.emitted)) == (0, [], before + 1)
        assert len({each.operation_id for each in node.emitted}) == 1


async def test_what_falls_due_after_all_workers_were_busy_leaves_at_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Delay, "at_once", 1)
    async with run(Delay, settings=LATER) as node:
        gate = asyncio.Event()
        node.replies["out"] = lambda message: gate.wait()
        for number, delay in enumerate((1000, 1000, 6000)):
            await node.send("in", {"context": number, "delay": delay})
        await node.clock.advance(2)
        gate.set()
        await settle()
        await node.clock.advance(5)
        assert [each.value for each in node.emitted] == [0, 1, 2]


async def test_a_flow_that_can_never_be_reached_is_not_waited_for_for_ever() -> None:
    async with run(Delay, settings=LATER) as node:
        node.replies["out"] = unreached
        await node.send("in", {"context": 7, "delay": 0})
        await node.clock.advance(600)
        assert (node.control["waiting"], {problem.code for problem in node.problems}) == (0, {"not_leader"})
        assert len(sent(node)) == 11


def unreached(message: JSON) -> JSON:
    """As the runtime says it of a node behind."""
    raise NotLeader(node="counter")


async def test_nobody_is_told_before_his_message_is_stored() -> None:
    async with run(Delay, settings=LATER) as node:
        node.resource.failures.append(Fail("no answer from the store", code="unreachable", retryable=True))
        with pytest.raises(Fail, match="no answer from the store"):
            await node.send("in", {"context": 1}, operation_id="one")
        assert node.control["waiting"] == 0
        await node.send("in", {"context": 1}, operation_id="one")
        await node.send("in", {"context": 1}, operation_id="one")
        assert (node.control["waiting"], len(node.state.waiting)) == (1, 1)


async def test_a_caller_called_off_in_the_middle_leaves_a_message_that_is_sent_once() -> None:
    async with run(Delay, settings={"answer": "at_once", "delay": 1000}) as node:
        node.resource.open.clear()
        delivery = asyncio.create_task(node.send("in", {"context": 1}))
        await settle()
        delivery.cancel()
        await asyncio.wait([delivery])
        node.resource.open.set()
        await node.clock.advance(20)
        assert [each.value for each in node.emitted] == [1]
        assert (node.control["waiting"], node.state.waiting) == (0, [])


async def test_who_loses_the_lead_sends_nothing_of_the_state_and_who_takes_it_does() -> None:
    async with run(Delay, settings={"answer": "at_once", "delay": 10_000}) as node:
        await node.send("in", {"context": 1})
        other = node.replica()
        await other.ready()
        await other.lead()
        await node.clock.advance(30)
        assert (node.emitted, [each.value for each in other.emitted]) == ([], [1])
        assert other.state.waiting == []


async def test_a_changed_delay_is_for_messages_from_then_on() -> None:
    async with run(Delay, settings={"answer": "at_once", "delay": 10_000}) as node:
        await node.send("in", {"context": "before"})
        await node.set(delay=1000)
        await node.send("in", {"context": "after"})
        await node.clock.advance(1)
        assert [each.value for each in node.emitted] == ["after"]
        await node.set(persistent=False)
        await node.clock.advance(9)
        assert [each.value for each in node.emitted] == ["after", "before"]
        assert node.state.waiting == []


async def test_what_is_kept_has_a_size() -> None:
    async with run(Delay, settings={**LATER, "maxBytes": 2048}) as node:
        with pytest.raises(Fail) as refused:
            await node.send("in", {"context": "x" * 2048})
        assert (refused.value.code, refused.value.permanent) == ("too_large", True)
        await node.send("in", {"context": "x" * 1500})
        with pytest.raises(Fail) as refused:
            await node.send("in", {"context": "x" * 1500})
        assert (refused.value.code, refused.value.retryable) == ("full", True)
        await node.press("drop")
        await node.send("in", {"context": "x" * 1500})
        assert (node.control["waiting"], len(node.state.waiting)) == (1, 1)


async def test_thousands_wait_on_one_timer() -> None:
    async with run(Delay, settings={**LATER, "persistent": False, "maxWaiting": 3000}) as node:
        before = asyncio.all_tasks()
        for n in range(3000):
            await node.send("in", {"context": n})
        assert node.control["waiting"] == 3000
        assert len(asyncio.all_tasks() - before) <= 1, "the watch alone may have begun anew"
        await node.clock.advance(7200)
        await eventually(lambda: len(node.emitted) == 3000)
        assert [each.value for each in node.emitted] == list(range(3000))


async def test_so_many_callers_may_wait_and_no_more() -> None:
    async with run(Delay) as node:
        problem = await node.set(maxWaiting=901)
        assert problem is not None
        assert problem.field == "/maxWaiting"
        assert await node.set(maxWaiting=901, answer="at_once") is None


@pytest.mark.parametrize("persistent", [True, False])
async def test_whatever_a_message_holds_it_is_kept(persistent: bool) -> None:
    async with run(Delay, settings={**LATER, "persistent": persistent}) as node:
        for value in ("half \ud800", {"a\udfff": [2**70]}, float("inf")):
            await node.send("in", {"context": value})
        if persistent:
            node = await node.restart()
        await node.clock.advance(7200)
        assert len(node.emitted) == 3
        assert node.emitted[0].value == "half ?"
