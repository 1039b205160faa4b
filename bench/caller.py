"""A module for the benchmark of calls between modules: it calls, as often and as many at once as it is told."""

import asyncio
import time
from statistics import median

from weirflow import Component, Context, Field, Model, Module, Result, input, output


class Visit(Model):
    """What crosses: a message of ordinary size."""

    number: int
    path: str = "/visits"
    user: str = "bob"
    text: str = "x" * 200


class Call(Component):
    """Sends `n` messages, `width` at once, each waiting for its answer, and says how long that took."""

    title, category = "Call", "Benchmark"

    class Order(Model):
        n: int = Field(ge=1)
        width: int = Field(1, ge=1)

    class Report(Model):
        seconds: float
        p50_ms: float

    message = output("message", Visit)
    done = output("done", Report)

    @input("start")
    async def start_all(self, ctx: Context, message: Order) -> Result:
        numbers = iter(range(message.n))
        took: list[float] = []

        async def one_after_the_other() -> None:
            for number in numbers:
                began = time.perf_counter()
                answer = await self.message.emit(ctx, Visit(number=number))
                took.append(time.perf_counter() - began)
                if answer["number"] != number:
                    raise RuntimeError(f"{answer} is not the answer to {number}")

        began = time.perf_counter()
        await asyncio.gather(*(one_after_the_other() for _ in range(message.width)))
        report = self.Report(seconds=time.perf_counter() - began, p50_ms=median(took) * 1000)
        return await self.done.emit(ctx, report)


module = Module("caller-v1", "0.1.0", [Call])
