"""Whatever happens to its host: what a delay has answered for leaves it, as one operation, at its time."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.common import books, keeping
from modules.common.delay import Delay
from weirflow import Fail, NotLeader
from weirflow.errors import StateConflict
from weirflow.testing import Node, run, settle

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from([0, 1000, 7000])),
        st.tuples(st.just("put and go"), st.sampled_from([0, 1000, 7000])),
        st.tuples(st.just("put many"), st.sampled_from([0, 1000, 7000])),
        st.tuples(st.just("repeat"), st.just(0)),
        st.tuples(st.just("advance"), st.sampled_from([1, 4, 11])),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("lead elsewhere"), st.just(0)),
        st.tuples(st.just("lead again"), st.just(0)),
        st.tuples(st.just("refuse a write"), st.sampled_from(["conflict", "failed"])),
        st.tuples(st.just("lose an answer"), st.just(0)),
        st.tuples(st.just("refuse a batch"), st.just(0)),
        st.tuples(st.just("lose a batch's answer"), st.just(0)),
        st.tuples(st.just("hold writes"), st.booleans()),
        st.tuples(st.just("slow"), st.booleans()),
        st.tuples(st.just("away"), st.booleans()),
        st.tuples(st.just("settings"), st.booleans()),
    ),
    max_size=25,
)


class World:
    """The replicas of one delay, what was given to them, and what came out."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.nodes = [node]
        self.given: dict[int, int] = {}
        self.taken: set[int] = set()
        self.due: dict[int, float] = {}
        self.early: list[int] = []
        #: The flow behind cannot be reached; what has come to it.
        self.away = False
        self.reached: set[int] = set()
        self.callers: list[asyncio.Task[None]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._behind(node)

    def _behind(self, node: Node) -> None:
        def reply(message: int) -> Any:
            if node.clock.time() < self.due[message]:
                self.early.append(message)
            if self.away:
                raise NotLeader(node="behind")
            self.reached.add(message)
            return self.gate.wait()

        node.replies["out"] = reply

    async def step(self, what: str, how: Any) -> None:
        resource = self.node.resource
        match what:
            case "put" | "put and go" | "put many":
                for _ in range(9 if what == "put many" else 1):
                    self._put_one(how)
                await settle()
                if what == "put and go":
                    self.callers[-1].cancel()
            case "repeat":
                if self.given:
                    self._call(len(self.given))
            case "advance":
                await self.node.clock.advance(how)
            case "restart":
                self._follow(await self.node.restart())
            case "lead elsewhere":
                other = self.node.replica()
                await other.ready()
                await other.lead()
                self._follow(other)
            case "lead again":
                if alive := [each for each in self.nodes[:-1] if not each.dead]:
                    await alive[0].lead()
                    await alive[0].instance.start(alive[0].begin())
                    self.nodes.remove(alive[0])
                    self._follow(alive[0])
            case "refuse a write":
                resource.failures.append(
                    StateConflict("moved on") if how == "conflict" else Fail("no disk", code="disk", retryable=True)
                )
            case "lose an answer":
                resource.lost_answers += 1
            case "refuse a batch":
                resource.batches.failures.append(Fail("no room", code="storage_full", retryable=True))
            case "lose a batch's answer":
                resource.batches.lost_answers += 1
            case "hold writes":
                resource.open.clear() if how else resource.open.set()
            case "slow":
                self.gate.clear() if how else self.gate.set()
            case "away":
                self.away = how
            case "settings":
                await self.node.set(maxWaiting=400 if how else 500)
        await settle()

    def _follow(self, node: Node) -> None:
        self.node = node
        self.nodes.append(node)
        self._behind(node)

    def _put_one(self, delay: int) -> None:
        number = len(self.given) + 1
        self.given[number] = delay
        self.due[number] = self.node.clock.time() + delay / 1000
        self._call(number)

    def _call(self, number: int) -> None:
        self.callers.append(asyncio.create_task(self._put(self.node, number)))

    async def _put(self, node: Node, number: int) -> None:
        with suppress(Fail):
            await node.send("in", {"context": number, "delay": self.given[number]}, operation_id=f"op-{number}")
            self.taken.add(number)

    async def drain(self) -> dict[str, int]:
        """All that has come out once everything has had its time, by operation."""
        self.node.resource.open.set()
        await settle()
        self.node.resource.failures.clear()
        self.node.resource.lost_answers = 0
        self.node.resource.batches.failures.clear()
        self.node.resource.batches.lost_answers = 0
        self.gate.set()
        self.away = False
        for _ in range(6):
            await self.node.clock.advance(20)
        for caller in self.callers:
            caller.cancel()
        if self.callers:
            await asyncio.wait(self.callers)
        return {each.operation_id: each.value for node in self.nodes for each in node.emitted if each.port == "out"}


#: Bytes of the state and of a batch: as they are, so that all stands in the state; and so few that hardly any does.
FEW = {"HIGH": 500, "LOW": 250, "HEAD": 1600, "BATCH_BYTES": 900}


@pytest.mark.parametrize("sizes", [{}, FEW], ids=["all in the state", "most in batches"])
@given(steps=STEPS)
@settings(max_examples=40, deadline=None)
def test_what_was_answered_for_leaves(steps: list[tuple[str, Any]], sizes: dict[str, int]) -> None:
    async def play() -> None:
        async with run(Delay, settings={"answer": "at_once"}) as node:
            world = World(node)
            await world.step("put many", 7000)
            for what, how in steps:
                await world.step(what, how)
            out = await world.drain()
            assert sorted(set(out.values())) == sorted(out.values()), "one message as two operations"
            assert world.taken - world.reached == set(), "lost"
            assert world.early == []
            state = world.node.state
            assert (state.waiting, state.batches, world.node.control["waiting"]) == ([], [], 0)

    with pytest.MonkeyPatch.context() as patch:
        # A flow that never answers is not waited for.
        patch.setattr(keeping, "STOP_SECONDS", 0.01)
        for name, size in sizes.items():
            patch.setattr(books, name, size)
        asyncio.run(play())
