"""A module of components that behave badly on purpose."""

import asyncio
import time
from typing import Any

from weirflow import Component, Context, Fail, Field, Identity, Model, Module, Result, StateStore, input, output


class Echo(Component):
    """Returns what it gets."""

    @input("in")
    async def echo(self, ctx: Context, message: Any) -> Result:
        return message


class Crash(Component):
    """Raises what is no failure of the flow's making."""

    @input("in")
    async def crash(self, ctx: Context, message: Any) -> Result:
        raise RuntimeError("the component is broken")


class Slow(Component):
    """Takes its time, then returns the message."""

    class Settings(Model):
        seconds: float = Field(0.2)

    settings: Settings

    @input("in")
    async def wait(self, ctx: Context, message: Any) -> Result:
        await asyncio.sleep(self.settings.seconds)
        return message


class Flaky(Component):
    """Fails in a way worth another try, the first so many times."""

    class Settings(Model):
        failures: int = Field(2)

    settings: Settings

    def __init__(self) -> None:
        self.seen = 0

    @input("in")
    async def fail(self, ctx: Context, message: Any) -> Result:
        self.seen += 1
        if self.seen <= self.settings.failures:
            raise Fail("not yet", code="busy", retryable=True)
        return {"attempt": self.seen, "operation": ctx.operation_id}


class Dawdle(Component):
    """Takes a minute over the first message, no time over the others."""

    def __init__(self) -> None:
        self.seen = 0

    @input("in")
    async def wait(self, ctx: Context, message: Any) -> Result:
        self.seen += 1
        if self.seen == 1:
            await asyncio.sleep(60)
        return {"attempt": self.seen}


class Hog(Component):
    """Computes without ever letting anybody else have a turn."""

    @input("in")
    async def hog(self, ctx: Context, message: Any) -> Result:
        until = time.monotonic() + 1.2
        while time.monotonic() < until:
            len(message)
        return {"done": True}


class Strict(Component):
    """Takes numbers only, and settings below ten."""

    class Settings(Model):
        limit: int = Field(5, lt=10)

    class Number(Model):
        number: int

    settings: Settings
    out = output("out", Number)

    @input("in")
    async def take(self, ctx: Context, message: Number) -> Result:
        return {"number": message.number, "limit": self.settings.limit}


class Loop(Component):
    """Counts down through its own output, then returns."""

    class Message(Model):
        left: int

    out = output("out", Message)

    @input("in")
    async def turn(self, ctx: Context, message: Message) -> Result:
        if message.left == 0:
            return {"depth": ctx.depth}
        return await self.out.emit(ctx, {"left": message.left - 1})


class Stubborn(Component):
    """A source that cannot start."""

    async def start(self, ctx: Context) -> None:
        raise OSError("no such device")


class Shy(Component):
    """Shows a number past 64 bits, and after a message nothing more."""

    class Control(Model):
        seen: int = Field(readonly=True)

    def __init__(self) -> None:
        self.broken = False

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        self.broken = bool(message["broken"])
        self.publish()
        return message

    def control(self) -> Control:
        if self.broken:
            raise RuntimeError("the panel is broken")
        return self.Control(seen=2**70)


class Guard(Component):
    """Holds a lock for a while. Runs where it is asked, on any replica."""

    class Hold(Model):
        name: str = "door"
        seconds: float = 0.0
        timeout: float = 30.0
        scope: str = "node"

    @input("in")
    async def hold(self, ctx: Context, message: Hold) -> Result:
        async with self.lock(message.name, timeout=message.timeout, scope=message.scope) as held:  # type: ignore[arg-type]
            await asyncio.sleep(message.seconds)
        return {"token": held.token}


class Vault(Component):
    """Keeps a secret, and tells whether it was given the right one."""

    class Word(Model):
        word: str

    class State(Model, version=1):
        word: str = Field("", secret=True)
        tries: int = 0

    state: StateStore[State]

    @input("set", leader=True)
    async def set(self, ctx: Context, message: Word) -> Result:
        async with self.state.change() as state:
            state.word = message.word
        return {"kept": True}

    @input("try", leader=True)
    async def compare(self, ctx: Context, message: Word) -> Result:
        async with self.state.change() as state:
            state.tries += 1
        return {"right": state.word == message.word, "tries": state.tries}


class Chronicle(Component):
    """Writes down what happens to it, takes its time over each, and tells when it is asked."""

    class Settings(Model):
        size: int = 0

    class State(Model, version=1):
        asked: int = 0

    settings: Settings
    state: StateStore[State]

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def _note(self, what: str) -> None:
        self.seen.append(f"{what} begins")
        await asyncio.sleep(0.3)
        self.seen.append(what)

    async def on_identity(self, identity: Identity) -> None:
        if self.state.value.asked:
            self.seen.append("state before identity")
        await self._note("identity")

    async def on_client(self, client: Any) -> None:
        await self._note("client")

    async def on_settings(self) -> None:
        if self.state.value.asked:
            self.seen.append("state")
        await self._note(f"settings {self.settings.size}")

    @input("in", leader=True)
    async def tell(self, ctx: Context, message: Any) -> Result:
        self.seen.append("message")
        async with self.state.change() as state:
            state.asked += 1
        return {"seen": self.seen}


module = Module(
    "faulty-v1", "0.1.0", [Echo, Crash, Slow, Flaky, Dawdle, Hog, Strict, Loop, Stubborn, Shy, Guard, Vault, Chronicle]
)
