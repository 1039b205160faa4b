"""Small components that the SDK's tests drive."""

from __future__ import annotations

import asyncio
from typing import Any

from weirflow import (
    JSON,
    Button,
    Component,
    Context,
    Fail,
    Field,
    Model,
    Result,
    StateStore,
    button,
    input,
    on_control,
    output,
    stored,
)


class Amount(Model):
    amount: int = 1


class Total(Model):
    total: int


class Sum(Component):
    """Adds up.

    With everything that state can do wrong at hand.
    """

    class Settings(Model):
        persistent: bool = True

    class State(Model, version=1):
        total: int = stored("sum-total", 0)
        items: list[str] = stored("sum-items", default_factory=list)
        token: str = Field("", secret=True)

    class Control(Model):
        total: int = Field(readonly=True)
        note: str = Field("", max_length=10)
        clear: Button = button("Clear")
        fail: Button = button("Fail")

    settings: Settings
    state: StateStore[State]

    out = output("out", Total)
    other = output("other")

    def __init__(self) -> None:
        #: Holds the handler of "dawdle" between its change and its end.
        self.gate = asyncio.Event()

    @property
    def persistent(self) -> bool:
        return self.settings.persistent

    def control(self) -> Control:
        return self.Control(total=self.state.value.total)

    @input("add", leader=True)
    async def add(self, ctx: Context, message: Amount) -> Result:
        async with self.state.change() as state:
            state.total += message.amount
        return await self.out.emit(ctx, Total(total=state.total))

    @input("add_quietly")
    async def add_quietly(self, ctx: Context, message: Amount) -> Result:
        async with self.state.change() as state:
            state.total += message.amount
        return {"total": state.total}

    @input("dawdle")
    async def dawdle(self, ctx: Context, message: Amount) -> Result:
        async with self.state.change() as state:
            state.total += message.amount
        await self.gate.wait()
        return await self.out.emit(ctx, Total(total=state.total))

    @input("tell_and_add")
    async def tell_and_add(self, ctx: Context, message: Any) -> Result:
        await self.other.emit(ctx, "about to add")
        async with self.state.change() as state:
            state.total += 1

    @input("add_text")
    async def add_text(self, ctx: Context, message: Any) -> Result:
        async with self.state.change() as state:
            state.items.append(message)
        return {"long": message}

    @input("keep_secret")
    async def keep_secret(self, ctx: Context, message: Any) -> Result:
        async with self.state.change() as state:
            state.token = message

    @input("emit_inside")
    async def emit_inside(self, ctx: Context, message: Any) -> Result:
        async with self.state.change() as state:
            state.total = 99
            await self.out.emit(ctx, Total(total=1))

    @input("nest")
    async def nest(self, ctx: Context, message: Any) -> Result:
        async with self.state.change(), self.state.change():
            pass

    @input("twice")
    async def twice(self, ctx: Context, message: Any) -> Result:
        async with self.state.change() as state:
            state.total += 1
        async with self.state.change() as state:
            state.total += 1

    @input("fail_inside")
    async def fail_inside(self, ctx: Context, message: Any) -> Result:
        async with self.state.change() as state:
            state.total += 1
            state.items.append("lost")
            raise Fail("no", code="refused")

    @input("crash")
    async def crash(self, ctx: Context, message: Any) -> Result:
        raise RuntimeError("a fault in the component")

    @input("catch_all")
    async def catch_all(self, ctx: Context, message: Any) -> Result:
        try:
            async with self.state.change() as state:
                state.total += 1
        except Exception as error:
            return str(error)
        return state.total

    @on_control("clear")
    async def clear(self, ctx: Context, message: Control) -> None:
        async with self.state.change() as state:
            state.total = 0
            state.items = [message.note]

    @on_control("fail")
    async def fail(self, ctx: Context) -> None:
        raise Fail("this button never works", code="refused")


class Grown(Component):
    """A second version of something that was stored before."""

    class State(Model, version=3):
        seconds: float = stored("grown-seconds", 0.0)

        @classmethod
        def migrate(cls, old_version: int, data: dict[str, JSON]) -> dict[str, JSON]:
            if old_version < 2:
                raise ValueError("version 1 is too old")
            return {"grown-seconds": data["grown-milliseconds"] / 1000}

    state: StateStore[State]
