"""A module for the benchmarks alone: nodes that change what they show, many times a second."""

import asyncio
import time

from weirflow import Component, Context, Field, Model, Module


class Pulse(Component):
    """Shows when it last changed, in milliseconds since 1970, and how often it has."""

    title, category = "Pulse", "Benchmark"

    class Settings(Model):
        per_second: float = Field(50.0, gt=0, le=1_000)

    settings: Settings
    _shown = ""

    async def start(self, ctx: Context) -> None:
        self.spawn(self._beat(), "pulse")

    def live(self) -> str:
        return self._shown

    async def _beat(self) -> None:
        due, count = time.monotonic(), 0
        while True:
            count += 1
            self._shown = f"{time.time() * 1000:.1f} {count}"
            self.publish()
            due += 1 / self.settings.per_second
            await asyncio.sleep(max(0.0, due - time.monotonic()))


module = Module("bench-v1", "0.1.0", [Pulse])
