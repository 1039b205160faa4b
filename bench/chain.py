"""A module for the benchmarks alone: a source of many messages, code-like nodes to send them through, and their end."""

import asyncio
import time

from weirflow import Component, Context, Field, Model, Module, Result, input, output

#: Messages between two looks at everything else that the host has to do; Node-RED's generator pauses as often.
BATCH = 1_000


class User(Model):
    name: str


class Count(Model):
    """What travels along the chain."""

    count: int
    user: User


class Generate(Component):
    """Sends `n` messages, each after the one before has come to its end, and says how long that took."""

    title, category = "Generate", "Benchmark"

    class Order(Model):
        n: int = Field(ge=1)

    class Report(Model):
        seconds: float

    message = output("message", Count)
    done = output("done", Report)

    @input("start")
    async def start_all(self, ctx: Context, message: Order) -> Result:
        began, user = time.perf_counter(), User(name="bob")
        for number in range(message.n):
            await self.message.emit(ctx, Count(count=number, user=user))
            if number % BATCH == 0:
                await asyncio.sleep(0)
        return await self.done.emit(ctx, self.Report(seconds=time.perf_counter() - began))


class Step(Component):
    """Counts one up, as a line of code in a function node would."""

    title, category = "Step", "Benchmark"

    out = output("out", Count)

    @input("in")
    async def step(self, ctx: Context, message: Count) -> Result:
        return await self.out.emit(ctx, Count(count=message.count + 1, user=message.user))


class Sink(Component):
    """Takes a message and answers nothing."""

    title, category = "Sink", "Benchmark"

    @input("in")
    async def take(self, ctx: Context, message: Count) -> None:
        return None


module = Module("chain-v1", "0.1.0", [Generate, Step, Sink])
