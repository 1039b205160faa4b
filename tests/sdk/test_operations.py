"""A repeat of an operation is answered, not applied again."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sdk.components import Sum
from weirflow import AlreadyApplied, Fail, operations
from weirflow.operations import MAX_AGE, MAX_OPERATIONS, KnownOperations, Operation, OperationLog
from weirflow.testing import run, settle


async def test_a_repeat_sends_the_first_message_again() -> None:
    async with run(Sum) as node:
        node.replies["out"] = lambda value: {"answer": value["total"]}
        assert await node.send("add", operation_id="a") == {"answer": 1}
        assert await node.send("add") == {"answer": 2}
        assert await node.send("add", operation_id="a") == {"answer": 1}
        assert node.state.total == 2
        first, _, again = node.emitted
        assert first == again


async def test_a_repeat_gets_the_first_result() -> None:
    async with run(Sum) as node:
        assert await node.send("add_quietly", operation_id="a") == {"total": 1}
        node = await node.restart()
        assert await node.send("add_quietly", operation_id="a") == {"total": 1}
        assert node.state.total == 1


async def test_a_repeat_after_a_failover_gets_the_first_result() -> None:
    async with run(Sum) as node:
        other = node.replica()
        await other.ready()
        await node.send("add", operation_id="a")
        await other.lead()
        await other.send("add", operation_id="a")
        assert other.state.total == 1
        assert other.emitted == node.emitted


async def test_a_repeat_waits_until_the_first_is_stored() -> None:
    async with run(Sum) as node:
        node.resource.open.clear()
        both = [asyncio.create_task(node.send("add_quietly", operation_id="a")) for _ in range(2)]
        await settle()
        assert not any(task.done() for task in both)
        node.resource.open.set()
        assert await asyncio.gather(*both) == [{"total": 1}, {"total": 1}]


async def test_a_repeat_of_what_was_not_stored_is_applied() -> None:
    async with run(Sum) as node:
        node.resource.failures.append(Fail("gone", code="unreachable", retryable=True))
        with pytest.raises(Fail):
            await node.send("add", operation_id="a")
        await node.send("add", operation_id="a")
        assert node.state.total == 1


async def test_a_repeat_whose_answer_got_lost_is_not_applied_again() -> None:
    async with run(Sum) as node:
        await node.send("add_quietly", operation_id="a")
        stored = node.resource.metadata
        async with run(Sum, metadata=stored) as fresh:
            assert await fresh.send("add_quietly", operation_id="a") == {"total": 1}


async def test_a_result_that_is_too_long_is_not_kept() -> None:
    async with run(Sum) as node:
        await node.send("add_text", "x" * 2000, operation_id="a")
        with pytest.raises(AlreadyApplied, match="not kept"):
            await node.send("add_text", "x" * 2000, operation_id="a")
        assert len(node.state.items) == 1


async def test_a_handler_that_catches_everything_cannot_take_a_repeat_for_an_error() -> None:
    async with run(Sum) as node:
        assert await node.send("catch_all", None, operation_id="a") == 1
        assert await node.send("catch_all", None, operation_id="a") == 1


async def test_without_persistence_repeats_are_known_too() -> None:
    async with run(Sum, settings={"persistent": False}) as node:
        await node.send("add_quietly", operation_id="a")
        assert await node.send("add_quietly", operation_id="a") == {"total": 1}


async def test_background_work_hears_of_a_repeat() -> None:
    async with run(Sum) as node:
        store = node.instance.component.state
        ctx = node.begin("a")
        async with store.change(ctx) as state:
            state.total = 1
        with pytest.raises(AlreadyApplied):
            async with store.change(ctx) as state:
                state.total = 2


async def test_operations_are_forgotten_after_ten_minutes() -> None:
    async with run(Sum) as node:
        await node.send("add_quietly", operation_id="a")
        await node.clock.advance(601)
        await node.send("add_quietly", operation_id="b")
        assert [entry[0] for entry in json.loads(node.resource.metadata["state-ops"])] == ["b"]


@pytest.mark.parametrize("wrong", [-86_400, 86_400], ids=["a day behind", "a day ahead"])
async def test_clocks_of_replicas_do_not_matter(wrong: int) -> None:
    async with run(Sum) as node:
        await node.send("add_quietly", operation_id="a")
        stored = dict(node.resource.metadata)
    [(id, at, outcome)] = json.loads(stored["state-ops"])
    stored["state-ops"] = json.dumps([(id, at + wrong, outcome)])
    async with run(Sum, metadata=stored) as successor:
        await successor.send("add_quietly", operation_id="b")
        assert await successor.send("add_quietly", operation_id="a") == {"total": 1}
        successor = await successor.restart()
        assert await successor.send("add_quietly", operation_id="a") == {"total": 1}
        assert successor.state.total == 2


async def test_a_replica_remembers_more_than_is_stored() -> None:
    async with run(Sum) as node:
        reader = node.replica()
        await reader.ready()
        for number in range(2 * MAX_OPERATIONS):
            await node.send("add_quietly", operation_id=f"op-{number}")
        assert await node.send("add_quietly", operation_id="op-0") == {"total": 1}
        await reader.lead()
        assert await reader.send("add_quietly", operation_id="op-0") == {"total": 1}
        assert reader.state.total == 2 * MAX_OPERATIONS


async def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MAX_REMEMBERED", 10)
    known = KnownOperations()
    for number in range(30):
        known.add(Operation(f"op-{number}", 0, float(number)))
    assert known.get("op-19") is None
    assert known.get("op-20") is not None
    known.add(Operation("late", 0, 29.0 + MAX_AGE))
    assert known.get("op-28") is None
    assert known.get("op-29") is not None


async def test_a_pressed_button_counts_once() -> None:
    async with run(Sum) as node:
        await node.send("add")
        assert await node.press("clear", operation_id="p", note="first") == {
            "total": 0,
            "note": "",
            "clear": False,
            "fail": False,
        }
        await node.send("add")
        await node.press("clear", operation_id="p", note="again")
        assert (node.state.total, node.state.items) == (1, ["first"])


@given(st.lists(st.integers(0, 2000), max_size=600))
def test_the_log_keeps_the_newest_within_its_limits(gaps: list[int]) -> None:
    log, now, made = OperationLog(), 0, []
    for index, gap in enumerate(gaps):
        now += gap // 100
        operation = Operation(f"op-{index}", now, now)
        operation.keep({"result": index})
        made.append(operation)
        log = log.with_one_more(operation)
    kept = log.entries
    assert len(kept) <= MAX_OPERATIONS
    assert list(kept) == made[len(made) - len(kept) :]
    assert all(now - entry.at <= 600 for entry in kept)
    again = OperationLog.read(log.text(), now)
    assert [(entry.id, entry.at, entry.known_outcome()) for entry in again.entries] == [
        (entry.id, entry.at, entry.known_outcome()) for entry in kept
    ]


_Step = st.one_of(
    st.tuples(st.just("add"), st.integers(-5, 5), st.integers(0, 6)),
    st.tuples(st.just("lose"), st.integers(-5, 5), st.integers(0, 6)),
    st.tuples(st.just("fail"), st.integers(-5, 5), st.integers(0, 6)),
    st.tuples(st.just("clear"), st.just(0), st.integers(7, 9)),
    st.tuples(st.sampled_from(["restart", "failover"]), st.just(0), st.just(0)),
)


@given(steps=st.lists(_Step, max_size=25))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_happens_each_operation_is_applied_once(steps: list[tuple[str, int, int]]) -> None:
    """Against a plain model: the first delivery of an id that reaches the store counts, all others answer like it.

    "lose": the host dies after the write, before the answer. "fail": the write fails, the client sends again.
    """

    async def scenario() -> None:
        total, answers = 0, dict[str, int]()
        async with run(Sum) as node:
            for kind, amount, number in steps:
                key = f"key-{number}"
                if kind == "restart":
                    node = await node.restart()
                elif kind == "failover":
                    fresh = node.replica()
                    await fresh.ready()
                    await fresh.lead()
                    node = fresh
                elif kind == "clear":
                    if key not in answers:
                        total, answers[key] = 0, 0
                    await node.press("clear", operation_id=key)
                else:
                    if key not in answers:
                        total += amount
                        answers[key] = total
                    if kind == "fail":
                        node.resource.failures.append(Fail("unreachable", retryable=True))
                        with pytest.raises(Fail):
                            await node.send("add_quietly", {"amount": 1000}, operation_id=f"never-{len(answers)}")
                        node.resource.failures.clear()
                    if kind == "lose":
                        await node.send("add_quietly", {"amount": amount}, operation_id=key)
                        node = await node.restart()
                    result = await node.send("add_quietly", {"amount": amount}, operation_id=key)
                    assert result == {"total": answers[key]}
                assert node.state.total == total

    asyncio.run(scenario())
