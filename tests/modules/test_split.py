"""The split."""

from __future__ import annotations

import asyncio

import pytest

from modules.common.split import Split
from weirflow import JSON, Fail
from weirflow.testing import Node, run, settle


def _items(node: Node) -> list[JSON]:
    return [each.value["item"] for each in node.emitted if each.port == "item"]


async def test_items_go_one_by_one_and_then_it_is_done() -> None:
    async with run(Split) as node:
        node.replies["item"] = lambda message: message["item"] * 2
        assert await node.send("in", {"items": [1, 2, 3], "context": {"order": 7}}) == [2, 4, 6]
        first, *_, done = node.emitted
        assert first.value == {
            "item": 1,
            "index": 0,
            "count": 3,
            "batch": first.value["batch"],
            "context": {"order": 7},
        }
        assert (done.port, done.value) == (
            "done",
            {"results": [2, 4, 6], "count": 3, "failed": 0, "context": {"order": 7}},
        )


async def test_the_answer_of_done_comes_first() -> None:
    async with run(Split) as node:
        node.replies |= {"item": lambda message: 1, "done": lambda message: {"sum": sum(message["results"])}}
        assert await node.send("in", {"items": [0, 0]}) == {"sum": 2}


@pytest.mark.parametrize("items", [[], [1, 2]])
async def test_without_any_answer_it_says_nothing(items: list[JSON]) -> None:
    async with run(Split) as node:
        assert await node.send("in", {"items": items}) is None
        assert node.emitted[-1].port == "done"


async def test_an_item_waits_for_the_one_before() -> None:
    async with run(Split) as node:
        gate = asyncio.Event()
        node.replies["item"] = lambda message: gate.wait()
        delivery = asyncio.create_task(node.send("in", {"items": [1, 2, 3]}))
        await settle()
        assert _items(node) == [1]
        gate.set()
        await delivery
        assert _items(node) == [1, 2, 3]


async def test_so_many_are_under_way_at_once_as_the_settings_say() -> None:
    async with run(Split, settings={"concurrency": 2}) as node:
        gates = {item: asyncio.Event() for item in range(4)}

        async def answer(item: int) -> JSON:
            await gates[item].wait()
            return item

        node.replies["item"] = lambda message: answer(message["item"])
        delivery = asyncio.create_task(node.send("in", {"items": [0, 1, 2, 3]}))
        await settle()
        assert _items(node) == [0, 1]
        gates[1].set()
        await settle()
        assert _items(node) == [0, 1, 2]
        for gate in gates.values():
            gate.set()
        assert await delivery == [0, 1, 2, 3], "in the order of the items, whichever was through first"


def _fails_at(bad: int) -> object:
    def reply(message: JSON) -> JSON:
        if message["item"] == bad:
            raise Fail("no such thing", code="not_found")
        return "ok"

    return reply


@pytest.mark.parametrize("concurrency", [1, 2])
async def test_a_failure_ends_the_list(concurrency: int) -> None:
    async with run(Split, settings={"concurrency": concurrency}) as node:
        node.replies["item"] = _fails_at(2)  # type: ignore[assignment]
        with pytest.raises(Fail, match="no such thing"):
            await node.send("in", {"items": list(range(50))})
        assert len(_items(node)) <= 4
        assert node.emitted[-1].port == "item"


async def test_or_the_others_go_on() -> None:
    async with run(Split, settings={"onError": "continue"}) as node:
        node.replies["item"] = _fails_at(1)  # type: ignore[assignment]
        assert await node.send("in", {"items": [0, 1, 2]}) == ["ok", None, "ok"]
        assert node.emitted[-1].value["failed"] == 1


async def test_a_list_sent_again_is_the_same_operations() -> None:
    async with run(Split, settings={"concurrency": 3}) as node:
        for _ in range(2):
            await node.send("in", {"items": [1, 2, 3]}, operation_id="list")
        ids = [each.operation_id for each in node.emitted]
        assert ids[:4] == ids[4:]
        assert len(set(ids[:4])) == 4


async def test_a_list_that_is_too_long_is_refused_as_a_whole() -> None:
    async with run(Split, settings={"maxItems": 2}) as node:
        with pytest.raises(Fail, match="the list has 3 items, the most is 2") as refused:
            await node.send("in", {"items": [1, 2, 3]})
        assert (refused.value.code, refused.value.problem.field, node.emitted) == ("too_many_items", "/items", [])


async def test_others_get_their_turn_beside_a_long_list() -> None:
    async with run(Split) as node:
        delivery = asyncio.create_task(node.send("in", {"items": list(range(10_000))}))
        await asyncio.sleep(0)
        assert not delivery.done()
        await delivery
