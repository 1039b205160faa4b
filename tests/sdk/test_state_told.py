"""What a component is told of its state: when its change is stored, and what others have made of it."""

from __future__ import annotations

import asyncio

import pytest

from tests.sdk.components import Amount, Sum
from weirflow import Context, Fail, Result, input
from weirflow.testing import run, settle


class Told(Sum):
    """Says what it has seen of its state, and when its change was stored."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_state(self) -> None:
        self.seen.append(f"version {self.state.version}")

    @input("wait")
    async def wait(self, ctx: Context, message: Amount) -> Result:
        async with self.state.change() as state:
            state.total += message.amount
        self.seen.append("changed")
        await self.state.stored({"answer": state.total})
        self.seen.append("stored")
        return {"answer": state.total}


async def test_a_handler_can_wait_until_its_change_is_stored() -> None:
    async with run(Told) as node:
        node.resource.open.clear()
        sending = asyncio.create_task(node.send("wait", operation_id="one"))
        await settle()
        assert node.instance.component.seen[-1:] == ["changed"]
        node.resource.open.set()
        assert await sending == {"answer": 1}
        assert node.instance.component.seen[-1:] == ["stored"]
        assert await node.send("wait", operation_id="one") == {"answer": 1}, "a repeat gets what the first was answered"
        node.resource.failures.append(Fail("the API server is gone", code="unreachable", retryable=True))
        with pytest.raises(Fail, match="the API server is gone"):
            await node.send("wait")
        assert node.instance.component.seen[-1:] == ["changed"]


async def test_a_component_hears_of_a_state_that_others_have_made_and_not_of_its_own() -> None:
    async with run(Told) as node:
        other = node.replica()
        await other.ready()
        node.instance.component.seen.clear()
        other.instance.component.seen.clear()
        await node.send("add")
        await node.send("add")
        assert (node.instance.component.seen, other.instance.component.seen) == ([], ["version 1", "version 2"])


async def test_what_goes_wrong_in_hearing_of_it_shows_on_the_node() -> None:
    class Deaf(Sum):
        def on_state(self) -> None:
            raise KeyError("lost")

    async with run(Deaf) as node:
        await node.send("add")
        assert (await node.restart()).problems[0].code == "component_error"
