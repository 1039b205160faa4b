"""A node comes to life in one order: identity, client, state, reconcile, settings, then messages."""

from typing import Any

import pytest

from weirflow import Component, Context, Field, Identity, Model, OutputHandler, Port, Result, input
from weirflow.spec import Position
from weirflow.testing import run

CLIENT = object()


class Settings(Model):
    size: int = Field(1, lt=10)


class Declared(Component):
    """Writes down what happens to it."""

    Settings = Settings

    class State(Model):
        value: int = 0

    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def on_identity(self, identity: Identity) -> None:
        self.seen.append(("identity", identity.component))

    async def on_client(self, client: Any) -> None:
        self.seen.append(("client", client is CLIENT))

    def validate_state(self, state: Any) -> Any:
        self.seen.append(("state", state.value))
        return state

    async def on_settings(self) -> None:
        self.seen.append(("settings", self.settings.size, self.state.value.value))
        if self.settings.size == 7:
            raise ValueError("seven is refused")

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        self.seen.append(("message", message))
        return self.settings.size


class Direct(Component):
    """The same, as the requirement documents write components."""

    Settings = Settings

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def ports(self) -> list[Port]:
        ports = ("_identity", "_client", "_reconcile")
        return [
            Port("_settings", "Settings", Position.TOP, True, Settings),
            *[Port(name, name, Position.TOP, True, None) for name in ports],
            Port("in", "In", Position.LEFT, True, None),
        ]

    async def handle(self, ctx: Context, output: OutputHandler, port: str, message: Any) -> Result:
        self.seen.append(port)
        return None


async def test_a_declared_component_is_told_in_order() -> None:
    stored = {"value": "3", "state-version": "4", "state-epoch": "1", "state-schema": "1"}
    async with run(Declared, settings={"size": 2}, metadata=stored, client=CLIENT) as node:
        await node.send("in", {"n": 1})
        seen = node.instance.component.seen  # type: ignore[attr-defined]
    assert seen == [
        ("identity", "declared"),
        ("client", True),
        ("state", 3),
        ("settings", 2, 3),
        ("message", {"n": 1}),
    ]


async def test_a_direct_component_is_told_in_order() -> None:
    async with run(Direct, client=CLIENT) as node:
        await node.send("in", {})
        seen = node.instance.component.seen  # type: ignore[attr-defined]
    assert [port for index, port in enumerate(seen) if port not in seen[:index]] == [
        "_identity",
        "_client",
        "_reconcile",
        "_settings",
        "in",
    ]


@pytest.mark.parametrize(("size", "field"), [(70, "/size"), (7, None)], ids=["invalid", "refused by the component"])
async def test_settings_that_fail_leave_those_before_in_force(size: int, field: str | None) -> None:
    async with run(Declared, settings={"size": 2}) as node:
        problem = await node.set(size=size)
        assert problem is not None
        assert problem.field == field
        assert await node.send("in", {}) == 2


async def test_without_a_cluster_there_is_nothing_to_hand_over() -> None:
    async with run(Declared) as node:
        assert ("client", True) not in node.instance.component.seen  # type: ignore[attr-defined]
