"""Nearly every message takes a short way from its edge to the handler. It must be told apart by its speed alone."""

import asyncio
from typing import Any

import pytest

from weirflow import Component, Context, Fail, Field, Model, Module, Result, input, output
from weirflow.expressions import compile_mapping
from weirflow.runtime.edges import Edge
from weirflow.runtime.node import Node
from weirflow.runtime.shared import Shared


class Lease:
    identity, is_leader, epoch = "a", True, 3


class Told(Model):
    do: str = "answer"
    times: int = Field(1, ge=1)


class Actor(Component):
    """Does what it is told."""

    out = output("out", Told)

    class Settings(Model):
        name: str

    @input("in")
    async def act(self, ctx: Context, message: Told) -> Result:
        match message.do:
            case "fail":
                raise Fail("not today", code="today", retryable=True)
            case "crash":
                raise KeyError("lost")
            case "exit":
                raise SystemExit(3)
            case "no json":
                return {"at": object()}
            case "cancelled":
                waiting = asyncio.get_running_loop().create_future()
                waiting.cancel()
                await waiting
            case "nothing":
                return None
        return {
            "times": message.times, "depth": ctx.depth, "edge": ctx.edge, "source": ctx.source, "epoch": ctx.epoch,
            "id": ctx.operation_id, "leader": ctx.leader,
        }  # fmt: skip

    @input("leading", leader=True)
    async def lead(self, ctx: Context, message: Told) -> Result:
        return message


async def _pair(port: str = "in", *, slow: bool, mapping: Any = None) -> tuple[Node, Node, Edge]:
    """A source and an actor; with ``slow``, the edge has a time limit, which no message of the short way may have."""
    shared = Shared(None, None, None, None, lambda _: None, None)  # type: ignore[arg-type]
    module = Module("m", "1", [Actor])
    nodes = [Node(f"p.m.actor-{name}", "u", module, Lease(), shared) for name in "ab"]  # type: ignore[arg-type]
    for node in nodes:
        node.adopt_component("actor")
        assert node.instance is not None
        assert await node.instance.apply_settings({"name": node.name}) is None
        node.read_ports()
    source, target = nodes
    edge = Edge("e", source.name)
    edge.source_port, edge.target, edge.target_port, edge.node = "out", target.name, port, target
    edge.mapping = compile_mapping(mapping or {"do": "{{$.do}}", "times": "{{$.times}}"})
    edge.timeout = 60.0 if slow else None
    source.outgoing = {"out": (edge,)}
    return source, target, edge


async def _outcome(message: dict[str, Any], *, slow: bool, mapping: Any = None) -> dict[str, Any]:
    """What became of a message, as the sender, the nodes and the edge tell it."""
    source, target, edge = await _pair(slow=slow, mapping=mapping)
    assert bool(target.ways)
    ctx = Context("op").child("before", 0, "p.m.before", leadership=source.lease, epoch=3)
    told: dict[str, Any] = {}
    try:
        told["result"] = await source.services.emit(ctx, "out", message)
    except Fail as fail:
        problem = fail.problem
        told["failed"] = (type(fail), problem.message, problem.code, problem.field, problem.edge, problem.port)
        told["of"] = (problem.node, fail.retryable, fail.permanent)
    stats = target.stats
    told["node"] = (stats.count, stats.errors, stats.in_flight, {port: sent for port, (_, sent) in stats.last.items()})
    told["edge"] = (edge.stats.started, edge.stats.count, edge.stats.errors, edge.stats.in_flight, edge.stats.problem)
    told["problems"] = {part: problem.message for part, problem in target.problems.items()}
    told["stack"] = target.stack.to_json() is not None
    return told


@pytest.mark.parametrize(
    "message",
    [
        {"do": "answer", "times": 2},
        {"do": "answer", "times": None},
        {"do": None, "times": None},
        {"do": "nothing", "times": 1},
        {"do": "answer", "times": 0},
        {"do": 5, "times": 1},
        {"do": "fail", "times": 1},
        {"do": "crash", "times": 1},
        {"do": "exit", "times": 1},
        {"do": "no json", "times": 1},
        {"do": "cancelled", "times": 1},
    ],
    ids=repr,
)
async def test_it_ends_as_on_the_long_way(message: dict[str, Any]) -> None:
    short, long = await _outcome(message, slow=False), await _outcome(message, slow=True)
    assert short == long


async def test_a_mapping_that_cannot_be_worked_out_fails_alike() -> None:
    mapping = {"times": "{{$.do / 2}}"}
    message = {"do": "text", "times": 1}
    short = await _outcome(message, slow=False, mapping=mapping)
    assert short == await _outcome(message, slow=True, mapping=mapping)
    assert short["failed"][0].__name__ == "EvaluationError"
    assert short["node"][0] == 0


async def test_it_is_closed_to_inputs_of_leaders_to_nodes_that_catch_and_to_those_without_settings() -> None:
    _, target, _ = await _pair(slow=False)
    assert target.ways.keys() == {"in"}
    target.catches = True
    target.open_ways()
    assert not target.ways
    fresh = Node("p.m.actor-c", "u", target.module, target.lease, target.shared)
    fresh.adopt_component("actor")
    assert not fresh.ways
    assert fresh.instance is not None
    await fresh.instance.apply_settings({"name": "c"})
    fresh.read_ports()
    assert fresh.ways


async def test_who_is_called_off_on_it_counts_no_failure() -> None:
    class Waits(Actor):
        """Waits."""

        @input("in")
        async def act(self, ctx: Context, message: Told) -> Result:
            await asyncio.get_running_loop().create_future()

    source, target, edge = await _pair(slow=False)
    assert target.instance is not None
    validate, _, emit = target.ways["in"]
    target.ways = {"in": (validate, Waits.act.__get__(target.instance.component), emit)}
    ctx = Context("op").child("before", 0, "p.m.before", leadership=source.lease, epoch=3)
    task = asyncio.ensure_future(source.services.emit(ctx, "out", {"do": "wait", "times": 1}))
    await asyncio.sleep(0)
    assert (target.stats.in_flight, edge.stats.in_flight) == (1, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (target.stats.in_flight, edge.stats.in_flight, target.stats.errors) == (0, 0, 0)


async def test_latencies_are_kept_one_by_one_and_then_one_for_several() -> None:
    source, target, _ = await _pair(slow=False)
    ctx = Context("op").child("before", 0, "p.m.before", leadership=source.lease, epoch=3)
    for _ in range(2400):
        await source.services.emit(ctx, "out", {"do": "nothing", "times": 1})
    buckets, _ = target.stats.latency.unsettled()
    assert target.stats.count == 2400
    assert 2390 <= sum(buckets.values()) <= 2410


async def test_a_failure_that_an_author_keeps_happens_at_each_node_that_raises_it_and_keeps_nothing() -> None:
    kept = Fail("always this one", code="kept")

    class Stubborn(Component):
        """Fails."""

        @input("in")
        async def act(self, ctx: Context, message: Any) -> Result:
            raise kept

    stubborn = Stubborn()
    first, second = await _pair(slow=False), await _pair(slow=False)
    for source, target, edge in (first, second, first):
        validate, _, emit = target.ways["in"]
        target.ways = {"in": (validate, stubborn.act, emit)}
        target.name = edge.target = f"p.m.stubborn-{'ab'[target is second[1]]}"
        ctx = Context("op").child("before", 0, "p.m.before", leadership=source.lease, epoch=3)
        with pytest.raises(Fail, match="always this one") as failed:
            await source.services.emit(ctx, "out", {})
        assert failed.value.problem.node == target.name
        assert target.problem is not None
        assert target.problem.code == "kept"
        assert edge.stats.problem == failed.value.problem
    assert (first[1].stats.errors, second[1].stats.errors) == (2, 1)
    assert kept.__traceback__ is None
