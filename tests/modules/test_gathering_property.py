"""Whatever happens to its host: what a collect has taken leaves it, once."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from modules.common.collect import Collect
from weirflow import Fail, NotLeader
from weirflow.errors import StateConflict
from weirflow.testing import Emitted, Node, run, settle

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from("ab")),
        st.tuples(st.just("put and go"), st.sampled_from("ab")),
        st.tuples(st.just("advance"), st.sampled_from([1, 4, 11])),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("lead elsewhere"), st.just(0)),
        st.tuples(st.just("refuse a write"), st.sampled_from(["conflict", "failed"])),
        st.tuples(st.just("lose an answer"), st.just(0)),
        st.tuples(st.just("slow"), st.booleans()),
        st.tuples(st.just("away"), st.booleans()),
        st.tuples(st.just("flush"), st.sampled_from(["a", None])),
    ),
    max_size=25,
)


class World:
    """The replicas of one collect, what was given to them, and what came out."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.nodes = [node]
        self.given = 0
        self.taken: set[int] = set()
        #: The flow behind cannot be reached; what has come to it.
        self.away = False
        self.reached: set[int] = set()
        self.callers: list[asyncio.Task[None]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._behind(node)

    def _behind(self, node: Node) -> None:
        def reply(message: dict[str, Any]) -> Any:
            if self.away:
                raise NotLeader(node="behind")
            self.reached.update(message["items"])
            return self.gate.wait()

        node.replies["batch"] = reply

    async def step(self, what: str, how: Any) -> None:
        resource = self.node.resource
        match what:
            case "put" | "put and go":
                self.given += 1
                caller = asyncio.create_task(self._put(self.node, self.given, how))
                self.callers.append(caller)
                await settle()
                if what == "put and go":
                    caller.cancel()
            case "advance":
                await self.node.clock.advance(how)
            case "restart":
                await self._followed_by(await self.node.restart())
            case "lead elsewhere":
                other = self.node.replica()
                await other.ready()
                await other.lead()
                await self._followed_by(other)
            case "refuse a write":
                resource.failures.append(
                    StateConflict("moved on") if how == "conflict" else Fail("no disk", code="disk", retryable=True)
                )
            case "lose an answer":
                resource.lost_answers += 1
            case "slow":
                self.gate.clear() if how else self.gate.set()
            case "away":
                self.away = how
            case "flush":
                with suppress(Fail):
                    await self.node.send("flush", {"key": how})
        await settle()

    async def _followed_by(self, node: Node) -> None:
        self.node = node
        self.nodes.append(node)
        self._behind(node)

    async def _put(self, node: Node, item: int, key: str) -> None:
        try:
            await node.send("in", {"item": item, "key": key})
        except Fail:
            return
        self.taken.add(item)

    async def drain(self) -> list[Emitted]:
        """All that has come out once everything has had its time, each operation once."""
        self.node.resource.failures.clear()
        self.node.resource.lost_answers = 0
        self.gate.set()
        self.away = False
        for _ in range(6):
            await self.node.clock.advance(20)
        for caller in self.callers:
            caller.cancel()
        if self.callers:
            await asyncio.wait(self.callers)
        by_operation: dict[str, Emitted] = {}
        for each in (emitted for node in self.nodes for emitted in node.emitted):
            before = by_operation.setdefault(each.operation_id, each)
            assert before.value["items"] == each.value["items"], "an operation that is sent again is the same"
        return list(by_operation.values())


@given(steps=STEPS)
@settings(max_examples=40, deadline=None)
def test_what_was_taken_leaves_once(steps: list[tuple[str, Any]]) -> None:
    async def play() -> None:
        async with run(Collect, settings={"size": 3, "wait": 10_000}) as node:
            world = World(node)
            for what, how in steps:
                await world.step(what, how)
            out = Counter(item for each in await world.drain() for item in each.value["items"])
            assert {item: count for item, count in out.items() if count > 1} == {}, "twice"
            assert world.taken - world.reached == set(), "lost"
            assert world.node.state.waiting == []

    asyncio.run(play())
