"""A module of components that send, return, raise and show what they should not."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any

from weirflow import Component, Context, Fail, Field, Model, Module, Result, input, output


class Point(Model):
    x: int


class Other(Model):
    y: str


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


def _cycle() -> Any:
    ring: dict[str, Any] = {}
    ring["self"] = [ring]
    return ring


def _deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def _raise(error: BaseException) -> Any:
    raise error


#: What a component may come up with instead of JSON, by name.
ODD: dict[str, Callable[[], Any]] = {
    "object": object,
    "bytes": lambda: b"\xff\x00",
    "cycle": _cycle,
    "deep": lambda: _deep(10_000),
    "generator": lambda: (_raise(RuntimeError("while it was read")) for _ in range(2)),
    "function": lambda: _raise,
    "nan": lambda: {"n": float("nan"), "i": [float("-inf")]},
    "bare nan": lambda: float("nan"),
    "set": lambda: {"s": {1}},
    "date": lambda: datetime(2026, 1, 1, tzinfo=UTC),
    "enum": lambda: Colour.RED,
    "number enum": lambda: Level.HIGH,
    "keys": lambda: {1: "a", None: "b"},
    "tuple keys": lambda: {(1, 2): "a"},
    "huge number": lambda: 10**5000,
    "surrogate": lambda: "\ud800",
    "surrogate inside": lambda: {"\udfff": ["\ud800"]},
    "huge": lambda: "x" * 100_000_000,
    "wrong model": lambda: Other(y="no point"),
}


class Sends(Component):
    """Sends the odd value whose name it gets."""

    out = output("out", None)
    point = output("point", Point)

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        port = self.point if str(message["what"]).endswith("model") else self.out
        return await port.emit(ctx, ODD[message["what"]]())


class Returns(Component):
    """Returns it."""

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        return ODD[message["what"]]()  # type: ignore[no-any-return]


class Mute(Exception):
    """An error that fails to say what it is."""

    def __str__(self) -> str:
        raise ValueError("it has no words")


#: What a component may let out that is hard to show, or means something to whoever runs it.
ERRORS: dict[str, Callable[[], BaseException]] = {
    "surrogate": lambda: Fail("\ud800 is what it says", code="\udfff"),
    "long": lambda: RuntimeError("long " * 2_000_000),
    "no text": lambda: Fail(None),  # type: ignore[arg-type]
    "mute": Mute,
    "group": lambda: ExceptionGroup("several", [ValueError("one"), TypeError("two")]),
    "exit": lambda: SystemExit(3),
    "interrupt": KeyboardInterrupt,
    "cancel": asyncio.CancelledError,
    "stop": StopAsyncIteration,
    "memory": MemoryError,
    "recursion": lambda: RecursionError("maximum recursion depth exceeded"),
}


class Raises(Component):
    """Raises what is hard to show."""

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        raise ERRORS[message["what"]]()


class Shows(Component):
    """Shows what nobody can."""

    class Control(Model):
        text: Any = Field(None, readonly=True)

    def __init__(self) -> None:
        self.shown = ""

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        self.shown = message["what"]
        self.publish()
        return message

    def control(self) -> Any:
        return self.Control.model_construct(text=ODD[self.shown]() if self.shown else None)

    def live(self) -> str:
        return ODD[self.shown]() if self.shown else ""  # type: ignore[no-any-return]


class Leaks(Component):
    """Sends in tasks of its own that nobody waits for."""

    out = output("out", None)

    def __init__(self) -> None:
        self.tasks: list[Awaitable[Any]] = []

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        for _ in range(message["what"]):
            self.tasks.append(asyncio.create_task(self.out.emit(self.services.begin(), {})))  # type: ignore[arg-type]
        return {"sent": message["what"]}


module = Module("careless-v1", "0.1.0", [Sends, Returns, Raises, Shows, Leaks])
