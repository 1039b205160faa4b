"""The merge."""

from __future__ import annotations

import asyncio

import pytest

from modules.common.merge import Merge
from weirflow import JSON, Context, Fail, MessageRejected
from weirflow.testing import Node, run, settle


def _sent(node: Node) -> list[JSON]:
    return [(each.port, each.value["values"]) for each in node.emitted]


async def test_the_last_of_its_inputs_gets_the_answer_for_all() -> None:
    async with run(Merge) as node:
        node.replies["merged"] = lambda message: {"sum": sum(message["values"].values())}
        assert await node.send("a", {"value": 1, "key": "k"}) is None
        assert await node.send("b", {"value": 2, "key": "k"}) == {"sum": 3}
        assert node.emitted[0].value == {"values": {"a": 1, "b": 2}, "key": "k"}
        await settle()
        assert node.state.waiting == []


async def test_messages_with_different_keys_never_mix() -> None:
    async with run(Merge, settings={"maxSets": 500}) as node:
        node.replies["merged"] = lambda message: message["values"]
        await asyncio.gather(*(node.send("a", {"value": n, "key": str(n)}) for n in range(200)))
        answers = await asyncio.gather(*(node.send("b", {"value": n, "key": str(n)}) for n in reversed(range(200))))
        assert answers == [{"a": n, "b": n} for n in reversed(range(200))]


async def test_without_a_key_those_of_one_run_belong_together() -> None:
    async with run(Merge) as node:
        node.replies["merged"] = lambda message: message["values"]
        for n in range(20):
            assert await node.send("a", {"value": n}, run_id=f"run-{n}") is None
        for n in reversed(range(20)):
            assert await node.send("b", {"value": n}, run_id=f"run-{n}") == {"a": n, "b": n}
        assert {each.value["key"] for each in node.emitted} == {""}


async def test_what_its_run_leaves_incomplete_goes_on_as_that_run() -> None:
    async with run(Merge, settings={"wait": 1000}) as node:
        runs: list[str] = []
        emit = node.emit

        async def noting(ctx: Context, port: str, value: JSON) -> JSON:
            runs.append(ctx.run_id)
            return await emit(ctx, port, value)

        node.emit = noting  # type: ignore[method-assign]
        await node.send("a", {"value": 1}, run_id="one")
        await node.send("b", {"value": 2}, run_id="other")
        await node.clock.advance(1)
        assert sorted(runs) == ["one", "other"]
        assert [each.port for each in node.emitted] == ["incomplete", "incomplete"]


async def test_a_key_joins_over_runs() -> None:
    async with run(Merge) as node:
        await node.send("a", {"value": 1, "key": "k"}, run_id="one")
        await node.send("b", {"value": 2, "key": "k"}, run_id="other")
        assert _sent(node) == [("merged", {"a": 1, "b": 2})]


async def test_they_can_be_paired_as_they_come() -> None:
    async with run(Merge, settings={"withoutKey": "order"}) as node:
        for port, value in (("a", 1), ("a", 2), ("b", 3), ("b", 4)):
            await node.send(port, {"value": value})
        assert _sent(node) == [("merged", {"a": 1, "b": 3}), ("merged", {"a": 2, "b": 4})]


async def test_null_is_a_value_too() -> None:
    async with run(Merge) as node:
        await node.send("a", {}, run_id="one")
        await node.send("b", {"value": 1}, run_id="one")
        assert _sent(node) == [("merged", {"a": None, "b": 1})]


async def test_its_inputs_are_those_of_the_settings() -> None:
    async with run(Merge, settings={"inputs": ["price", "stock", "name"]}) as node:
        inputs = [port.name for port in node.instance.ports() if not port.source and not port.system]
        assert inputs == ["price", "stock", "name"]
        for name in inputs:
            await node.send(name, {"value": name}, run_id="one")
        assert _sent(node) == [("merged", {"price": "price", "stock": "stock", "name": "name"})]
        with pytest.raises(MessageRejected):
            await node.send("a", {})


async def test_what_does_not_come_in_time_is_named() -> None:
    async with run(Merge, settings={"wait": 5000, "inputs": ["a", "b", "c"]}) as node:
        await node.send("b", {"value": 1, "key": "k"})
        await node.clock.advance(5)
        assert [(each.port, each.value) for each in node.emitted] == [
            ("incomplete", {"values": {"b": 1}, "missing": ["a", "c"], "key": "k"})
        ]
        await node.send("a", {"value": 2, "key": "k"})
        assert len(node.emitted) == 1, "what comes too late begins a new set"


async def test_a_restart_loses_nothing() -> None:
    async with run(Merge) as node:
        await node.send("a", {"value": 1}, run_id="one")
        node = await node.restart()
        await node.send("b", {"value": 2}, run_id="one")
        assert _sent(node) == [("merged", {"a": 1, "b": 2})]


async def test_a_message_delivered_twice_counts_once() -> None:
    async with run(Merge) as node:
        for _ in range(2):
            await node.send("a", {"value": 1}, operation_id="one")
        assert node.control["messages"] == 1


async def test_an_input_less_completes_what_waits_for_it_when_its_time_comes() -> None:
    async with run(Merge, settings={"inputs": ["a", "b", "c"], "wait": 1000}) as node:
        await node.send("a", {"value": 1}, run_id="one")
        await node.send("b", {"value": 2}, run_id="one")
        await node.set(inputs=["a", "b"])
        await node.clock.advance(1)
        assert _sent(node) == [("merged", {"a": 1, "b": 2})]


async def test_so_many_sets_and_no_more() -> None:
    async with run(Merge, settings={"maxSets": 1}) as node:
        await node.send("a", {"key": "1"})
        with pytest.raises(Fail) as refused:
            await node.send("a", {"key": "2"})
        assert (refused.value.code, refused.value.retryable) == ("full", True)


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        (["only"], "/inputs"),
        (["a", "a"], "/inputs"),
        (["a", "merged"], "/inputs"),
        (["a", "not ok"], "/inputs/1"),
        (["a", "_settings"], "/inputs/1"),
    ],
)
async def test_unfit_inputs_are_refused_and_those_before_stay(inputs: list[str], field: str) -> None:
    async with run(Merge) as node:
        problem = await node.set(inputs=inputs)
        assert problem is not None
        assert problem.field == field
        await node.send("b", {"value": 1})
        assert node.control["messages"] == 1


async def test_half_a_character_does_not_keep_a_message_from_being_stored() -> None:
    async with run(Merge) as node:
        await node.send("a", {"value": "half \ud800", "key": "k"})
        await node.send("b", {"value": 2**70, "key": "k"})
        assert node.emitted[0].value == {"values": {"a": "half ?", "b": 2**70}, "key": "k"}
