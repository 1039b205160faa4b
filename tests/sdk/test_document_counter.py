"""The example of requirement document 000 in Python, as it stands there: one `handle`, `_reconcile`, its own lock."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from weirflow import (
    Button,
    Component,
    ComponentInfo,
    Context,
    Fail,
    Field,
    Model,
    NotLeader,
    OutputHandler,
    Port,
    Position,
    Result,
    StateError,
    button,
    is_leader,
    output_handler,
)
from weirflow.testing import run, settle


class Settings(Model):
    initial_value: int = 0
    persistent: bool = True


class Increment(Model):
    amount: int = 1


class Count(Model):
    value: int
    previous: int


class ControlState(Model):
    value: int = Field(readonly=True)
    reset: Button = button("Reset Counter")


class DocumentCounter(Component):
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.limits = Settings()
        self.count = 0

    def info(self) -> ComponentInfo:
        return ComponentInfo("document_counter", "Counter", "Counter with state propagation across replicas")

    def ports(self) -> list[Port]:
        return [
            Port("_settings", "Settings", Position.TOP, True, Settings()),
            Port("_control", "Control", Position.TOP, True, ControlState),
            Port("_reconcile", "Reconcile", Position.TOP, True),
            Port("increment", "Increment", Position.LEFT, True, Increment()),
            Port("value", "Value", Position.RIGHT, False, Count),
        ]

    def control(self) -> ControlState:
        return ControlState(value=self.count)

    async def handle(self, ctx: Context, output: OutputHandler, port: str, message: Any) -> Result:
        if port == "_settings":
            self.limits = message
            return None
        if port == "_reconcile":
            with self.lock:
                self.count = int(message["status"]["metadata"].get("counter-value", self.count))
            return None
        if port == "increment":
            if not is_leader(ctx):
                raise Fail("only leader can modify state", code="not_leader")
            with self.lock:
                previous, self.count = self.count, self.count + message.amount
                value = self.count
            await self.persist(ctx, output)
            return await output(ctx, "value", Count(value=value, previous=previous))
        raise Fail(f"unknown port: {port}")

    async def persist(self, ctx: Context, output: OutputHandler) -> None:
        def update(node: dict[str, Any]) -> None:
            node["status"]["metadata"]["counter-value"] = str(self.count)

        if self.limits.persistent:
            await output(ctx, "_reconcile", update)

    async def handle_control(self, ctx: Context, state: Any, port: str, message: Any) -> Any:
        if port == "reset":
            self.count = self.limits.initial_value
            output = output_handler(ctx)
            assert output is not None
            await self.persist(ctx, output)
        return self.control()


async def test_it_counts_and_its_state_stands_in_the_resource() -> None:
    async with run(DocumentCounter) as node:
        node.replies["value"] = lambda value: value
        assert await node.send("increment", {"amount": 41}) == {"value": 41, "previous": 0}
        assert await node.send("increment") == {"value": 42, "previous": 41}
        assert node.resource.metadata["counter-value"] == "42"
        assert node.resource.metadata["state-version"] == "2"


async def test_it_recovers_before_the_first_message() -> None:
    async with run(DocumentCounter) as node:
        await node.send("increment", {"amount": 5})
        node = await node.restart()
        assert node.control["value"] == 5
        await node.send("increment")
        assert node.emitted[0].value == {"value": 6, "previous": 5}


async def test_readers_are_told_and_can_take_over() -> None:
    async with run(DocumentCounter) as node:
        reader = node.replica()
        await reader.ready()
        await node.send("increment", {"amount": 7})
        await settle()
        assert reader.control["value"] == 7
        with pytest.raises(Fail, match="only leader"):
            await reader.send("increment")
        await reader.lead()
        await reader.send("increment")
        assert reader.resource.metadata["counter-value"] == "8"
        with pytest.raises(NotLeader):
            await node.send("increment")


async def test_reset_works_through_the_control_handler() -> None:
    async with run(DocumentCounter, settings={"initialValue": 3}) as node:
        await node.send("increment", {"amount": 7})
        assert await node.press("reset") == {"value": 3, "reset": False}
        assert node.resource.metadata["counter-value"] == "3"


async def test_an_update_that_changes_nothing_writes_nothing() -> None:
    async with run(DocumentCounter) as node:
        await node.send("increment")
        await node.send("increment", {"amount": 0})
        assert node.resource.writes == 1


async def test_without_persistence_nothing_is_written() -> None:
    async with run(DocumentCounter, settings={"persistent": False}) as node:
        await node.send("increment")
        assert (node.resource.metadata, node.control["value"]) == ({}, 1)


@pytest.mark.parametrize(
    "update",
    [
        "no function",
        lambda node: node["status"]["metadata"].update({"n": 1}),
        lambda node: node["status"]["metadata"].update({"state-epoch": "9"}),
    ],
)
async def test_updates_that_cannot_be_stored_are_refused(update: Any) -> None:
    async with run(DocumentCounter) as node:
        with pytest.raises(StateError):
            await node.instance.emit(node.begin(), "_reconcile", update)
        assert node.resource.metadata == {}


async def test_what_could_not_be_delivered_is_delivered_before_the_next_message() -> None:
    async with run(DocumentCounter, metadata={"counter-value": "many"}) as node:
        with pytest.raises(Fail, match="many"):
            await node.send("increment")
        assert node.resource.metadata == {"counter-value": "many"}
        mended = {"counter-value": "7", "state-version": "1", "state-epoch": "1"}
        node.resource.metadata = mended
        node.instance.load_state(mended)
        await node.send("increment")
        assert node.emitted[0].value == {"value": 8, "previous": 7}


async def test_what_the_component_says_against_the_node_is_shown() -> None:
    async with run(DocumentCounter, metadata={"counter-value": "many"}) as node:
        assert "many" in node.problems[0].message
