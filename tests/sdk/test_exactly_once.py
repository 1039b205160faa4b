"""Many clients at once, a store that fails in every way, replicas that die: each operation counts once."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.sdk.components import Sum
from weirflow import Fail
from weirflow.errors import StateConflict
from weirflow.testing import Node, run


class _World:
    def __init__(self, node: Node, seed: int) -> None:
        self.node = node
        self.random = random.Random(seed)

    async def client(self, keys: list[str]) -> dict[str, int]:
        """Send each operation until it is answered; the answers by key."""
        answers: dict[str, int] = {}
        for key in keys:
            for _ in range(100):
                try:
                    answers[key] = (await self.node.send("add_quietly", operation_id=key))["total"]
                    break
                except Fail:
                    await asyncio.sleep(0)
            else:
                raise AssertionError(f"{key} was never answered")
        return answers

    async def trouble(self) -> None:
        """Every few steps something goes wrong."""
        for _ in range(40):
            for _ in range(self.random.randrange(12)):
                await asyncio.sleep(0)
            match self.random.randrange(5):
                case 0:
                    self.node.resource.failures.append(Fail("not stored", code="unreachable", retryable=True))
                case 1:
                    self.node.resource.lost_answers += 1
                case 2:
                    self.node.resource.failures.append(StateConflict("somebody was faster"))
                case 3:
                    self.node = await self.node.restart()
                case 4:
                    self.node.resource.open.clear()
                    await asyncio.sleep(0)
                    self.node.resource.open.set()


@pytest.mark.parametrize("seed", range(12))
async def test_each_operation_counts_once_whatever_goes_wrong(seed: int) -> None:
    async with run(Sum) as node:
        world = _World(node, seed)
        clients = [world.client([f"{client}-{number}" for number in range(10)]) for client in range(8)]
        *answers, _ = await asyncio.wait_for(asyncio.gather(*clients, world.trouble()), 60)
        totals = [total for each in answers for total in each.values()]
        assert sorted(totals) == list(range(1, 81))
        assert node.resource.metadata["sum-total"] == "80"
