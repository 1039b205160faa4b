"""Components that do what is hard on a test: wait, call out, fail, go on by themselves."""

from __future__ import annotations

import asyncio
from typing import Any

from weirflow import Component, Context, Fail, Field, Model, Module, Result, input, output


class Pause(Component):
    """Sends what comes, later."""

    class Settings(Model):
        seconds: float = 60.0

    settings: Settings
    out = output("out")

    @input("in")
    async def wait(self, ctx: Context, message: Any) -> Result:
        await self.services.clock.sleep(self.settings.seconds)
        return await self.out.emit(ctx, {"at": self.services.clock.time(), "was": message})


class Later(Component):
    """Answers at once, and sends by itself in an hour."""

    out = output("out")

    @input("in")
    async def note(self, ctx: Context, message: Any) -> Result:
        self.spawn(self._send(message), "later")

    async def _send(self, message: Any) -> None:
        await self.services.clock.sleep(3600)
        await self.out.emit(self.services.begin(), message)


class Caller(Component):
    """Asks another machine."""

    answered = output("answered")

    class Ask(Model):
        url: str

    @input("ask")
    async def ask(self, ctx: Context, message: Ask) -> Result:
        answer = await self.services.outbound.request("GET", message.url)
        return await self.answered.emit(ctx, {"status": answer.status})


class Flaky(Component):
    """Fails so many times before it does not."""

    class Settings(Model):
        times: int = 2
        code: str = "busy"

    settings: Settings
    out = output("out")

    def __init__(self) -> None:
        self._failed = 0

    @input("in")
    async def try_it(self, ctx: Context, message: Any) -> Result:
        if self._failed < self.settings.times:
            self._failed += 1
            raise Fail(f"attempt {self._failed}", code=self.settings.code, retryable=True)
        return await self.out.emit(ctx, {"after": self._failed})


class Threaded(Component):
    """Works in a thread for a moment of real time."""

    out = output("out")

    @input("in")
    async def work(self, ctx: Context, message: Any) -> Result:
        async with asyncio.timeout(5):
            value = await asyncio.to_thread(sum, range(100_000))
        return await self.out.emit(ctx, {"sum": value})


class Endless(Component):
    """Never ends."""

    @input("sleep")
    async def sleep(self, ctx: Context, message: Any) -> Result:
        await asyncio.get_running_loop().create_future()

    @input("turn")
    async def turn(self, ctx: Context, message: Any) -> Result:
        while True:
            await asyncio.sleep(0)


class Fussy(Component):
    """Takes its settings or does not."""

    class Settings(Model):
        token: str = Field(secret=True, min_length=3)

    settings: Settings
    out = output("out")

    @input("in")
    async def show(self, ctx: Context, message: Any) -> Result:
        return await self.out.emit(ctx, {"token": self.settings.token})


class Source(Component):
    """Would send by itself as soon as it starts."""

    out = output("out")

    async def start(self, ctx: Context) -> None:
        self.spawn(self._send(), "source")

    async def _send(self) -> None:
        await self.out.emit(self.services.begin(), {"by": "itself"})


parts = Module("parts-v1", "0.1.0", [Pause, Later, Caller, Flaky, Threaded, Endless, Fussy, Source])
