"""A long queue: what is due last stands in batches beside the state."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from modules.common import books
from modules.common.async_ import Async
from modules.common.delay import Delay
from tests.waiting import eventually
from weirflow import Fail
from weirflow.errors import StateError
from weirflow.testing import Node, run, settle

LATER = {"answer": "at_once", "delay": 7_200_000}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly more than two small messages stand in the state itself."""
    for name, size in {"HIGH": 500, "LOW": 250, "HEAD": 1600, "BATCH_BYTES": 900}.items():
        monkeypatch.setattr(books, name, size)


async def put(node: Node, *numbers: int) -> None:
    for number in numbers:
        await node.send("in", {"context": number}, operation_id=f"op-{number}")
    await settle()


async def test_what_is_written_for_a_message_does_not_grow_with_those_that_wait() -> None:
    async with run(Delay, settings={**LATER, "maxWaiting": 50_000}) as node:
        most = 0
        for n in range(3000):
            await node.send("in", {"context": n})
            most = max(most, sum(map(len, node.resource.metadata.values())))
        assert most < 2 * books.HIGH
        assert node.control["waiting"] == 3000
        node = await node.restart()
        await eventually(lambda: node.control["waiting"] == 3000)
        await node.clock.advance(7200)
        await eventually(lambda: node.control["waiting"] == 0, 30)
        assert sorted(each.value for each in node.emitted) == list(range(3000))
        await eventually(lambda: (node.state.waiting, node.state.batches, node.resource.batches.stored) == ([], [], {}))


@pytest.mark.usefixtures("few")
async def test_a_long_queue_of_an_async_stays_first_come_first_served_across_a_restart() -> None:
    async with run(Async, settings={"persistent": True, "concurrency": 1}) as node:
        node.replies["out"] = lambda message: asyncio.Event().wait()
        for number in range(20):
            await put(node, number)
            await node.clock.advance(0.001)
        assert len(node.state.batches) > 1
        await node.kill()
        node = node.replica()
        await node.ready()
        await node.lead()
        await eventually(lambda: len(node.emitted) == 20)
        assert [each.value for each in node.emitted] == list(range(20))


@pytest.mark.usefixtures("few")
async def test_what_is_dropped_leaves_the_batches_too() -> None:
    async with run(Delay, settings=LATER) as node:
        await put(node, *range(9))
        assert node.resource.batches.stored
        node = await node.restart()
        await node.press("drop")
        await settle()
        assert (node.control["waiting"], node.state.waiting, node.state.batches) == (0, [], [])
        assert node.resource.batches.stored == {}
        await node.clock.advance(7200)
        assert node.emitted == []


@pytest.mark.usefixtures("few")
async def test_where_no_batch_can_be_made_the_state_itself_takes_what_it_can() -> None:
    async with run(Delay, settings=LATER) as node:
        refusal = Fail("the cluster refuses: install again", code="batch_refused")
        node.resource.batches.failures += [refusal] * 1000
        with pytest.raises(Fail, match="install again") as refused:
            await put(node, *range(9))
        assert (refused.value.code, refused.value.retryable) == ("full", True)
        assert "batch_refused" in {problem.code for problem in node.problems}
        assert node.control["waiting"] == 7
        node.resource.batches.failures.clear()
        await node.clock.advance(1)
        await put(node, 7, 8)
        await node.clock.advance(7200)
        assert sorted(each.value for each in node.emitted) == list(range(9))


@pytest.mark.usefixtures("few")
async def test_all_that_stood_in_removed_batches_is_told_and_the_others_leave() -> None:
    async with run(Delay, settings=LATER) as node:
        await put(node, *range(12))
        removed = node.state.batches[:2]
        left = 12 - sum(batch.count for batch in removed)
        for batch in removed:
            del node.resource.batches.stored[batch.name]
        node = await node.restart()
        await settle()
        [problem] = node.problems
        assert (problem.code, problem.message.split(" ")[0]) == ("kept_lost", str(12 - left))
        assert node.control["waiting"] == left
        assert not set(removed) & set(node.state.batches)
        await node.clock.advance(7200)
        assert len(node.emitted) == left
        assert [problem.code for problem in node.problems] == ["kept_lost"], "it stays to be seen"


@pytest.mark.usefixtures("few")
async def test_a_batch_that_no_state_names_is_removed_by_who_makes_the_next() -> None:
    async with run(Delay, settings=LATER) as node:
        node.resource.batches.lost_answers = 1
        await put(node, *range(3))
        assert (len(node.resource.batches.stored), node.state.batches) == (1, [])
        [orphan] = node.resource.batches.stored
        node.resource.batches.stored["batch-of-a-later-leader"] = node.epoch + 2, "[]"
        node = await node.restart()
        await put(node, 3, 4)
        assert orphan not in node.resource.batches.stored
        assert "batch-of-a-later-leader" in node.resource.batches.stored
        await node.clock.advance(7200)
        assert len(node.emitted) == 5


async def test_half_of_many_batches_may_leave_while_the_store_is_away() -> None:
    async with run(Delay, settings={**LATER, "maxWaiting": 10_000, "maxBytes": 16_777_216}) as node:
        for number in range(1200):
            # Their times lie as far apart as can be, so that each batch holds some of the first half.
            value = {"context": [number, "x" * 10_000], "delay": 1000 * (1 + number * 769 % 1200)}
            await node.send("in", value)
        await settle()
        assert len(node.state.batches) > 80
        node.resource.open.clear()
        await node.clock.advance(600)
        node.resource.open.set()
        await eventually(lambda: node.control["waiting"] == 600)
        assert sum(map(len, node.resource.metadata.values())) < books.HEAD
        node = await node.restart()
        await node.clock.advance(600)
        await eventually(lambda: len(node.emitted) == 600)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("wrong", [{"gone": "zz"}, {"count": -3}, {"name": "../tinynodes/other"}])
async def test_an_edit_of_the_state_that_names_no_batch_is_told_and_loses_nothing(wrong: dict[str, Any]) -> None:
    async with run(Delay, settings=LATER) as node:
        await put(node, *range(9))
        texts = node.resource.metadata
        good = texts["waiting-batches"]
        texts["waiting-batches"] = json.dumps([*json.loads(good), {"name": f"batch-{0:032}", "count": 3, **wrong}])
        node = await node.restart()
        with pytest.raises(StateError, match="waiting-batches"):
            await put(node, 9)
        texts["waiting-batches"] = good
        node = await node.restart()
        await node.clock.advance(7200)
        await eventually(lambda: len(node.emitted) == 9)


@pytest.mark.usefixtures("few")
async def test_what_comes_after_a_drop_that_read_the_batches_itself_leaves_at_its_time() -> None:
    async with run(Delay, settings=LATER) as node:
        await put(node, *range(9))
        node.resource.batches.failures.append(Fail("away", code="cluster_unreachable", retryable=True))
        node = await node.restart()
        await settle()
        await node.press("drop")
        await node.send("in", {"context": 9, "delay": 5_000})
        await node.clock.advance(5)
        assert [each.value for each in node.emitted] == [9]


@pytest.mark.usefixtures("few")
async def test_a_drop_that_is_stored_after_its_caller_was_called_off_holds() -> None:
    async with run(Delay, settings={**LATER, "delay": 30_000}) as node:
        await put(node, *range(9))
        node.resource.open.clear()
        pressed = asyncio.create_task(node.press("drop"))
        await settle()
        pressed.cancel()
        await asyncio.wait([pressed])
        node.resource.open.set()
        await eventually(lambda: (node.state.waiting, node.state.batches) == ([], []))
        await node.clock.advance(30)
        await settle()
        assert (node.emitted, node.control["waiting"], node.resource.batches.stored) == ([], 0, {})
