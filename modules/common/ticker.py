"""The ticker."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from weirflow import Component, Context, Fail, Field, Model, output

#: How long a tick that is under way may take when the ticker stops.
STOP_SECONDS = 2.0


class Tick(Model):
    """Sent at each interval."""

    n: int = Field(title="Tick", description="1 for the first tick since the ticker started")
    timestamp: str = Field(title="Timestamp", description="When it ticked", format="date-time")


class Ticker(Component):
    """Sends a message at a fixed interval.

    One replica ticks, the leading one. Ticks never pile up: while the flow behind is still busy with one, those that
    fall due are left out. A failure of the flow is shown on the node, and the ticker goes on.
    """

    category = "Sources"
    icon = "clock"
    tags = ("timer", "interval", "source")

    class Settings(Model):
        interval: int = Field(1000, ge=10, le=86_400_000, title="Interval", description="Milliseconds between ticks")
        enabled: bool = Field(True, title="Enabled", description="Off: the ticker is silent")

    class Control(Model):
        ticks: int = Field(title="Ticks", readonly=True, chart="sparkline", description="Since the ticker started")
        last_tick: str = Field(title="Last tick", readonly=True, description="When it ticked last", format="date-time")

    settings: Settings

    tick = output("tick", Tick)

    def __init__(self) -> None:
        self._count = 0
        self._last = ""
        self._running = False
        self._in_force: tuple[int, bool] | None = None
        self._loop: asyncio.Task[None] | None = None
        self._busy = False
        self._failing = False

    async def on_settings(self) -> None:
        if self._running and (self.settings.interval, self.settings.enabled) != self._in_force:
            self._begin()

    async def start(self, ctx: Context) -> None:
        self._count = 0
        self._running = True
        self._begin()

    async def stop(self) -> None:
        self._running = False
        self._in_force = None
        if self._loop is not None and self._busy:
            await asyncio.wait([self._loop], timeout=STOP_SECONDS)

    def control(self) -> Control:
        return self.Control(ticks=self._count, last_tick=self._last)

    def live(self) -> str:
        if not self.settings.enabled:
            return "off"
        return "1 tick" if self._count == 1 else f"{self._count:,} ticks"

    def _begin(self) -> None:
        """Put the present interval into force. A loop with another one ends now if it sleeps, else after its tick."""
        self._in_force = (self.settings.interval, self.settings.enabled)
        if self._loop is not None and not self._busy:
            self._loop.cancel()
        self._loop = self.spawn(self._run(self._in_force), "ticker") if self.settings.enabled else None

    async def _run(self, in_force: tuple[int, bool]) -> None:
        clock, interval = self.services.clock, in_force[0] / 1000
        due = clock.monotonic() + interval
        while True:
            await clock.sleep(max(0.0, due - clock.monotonic()))
            await self._tick()
            if self._in_force is not in_force:
                return
            missed = max(0, int((clock.monotonic() - due) / interval))
            due += (missed + 1) * interval

    async def _tick(self) -> None:
        self._count += 1
        self._last = datetime.fromtimestamp(self.services.clock.time(), UTC).isoformat().replace("+00:00", "Z")
        self.publish()
        self._busy = True
        try:
            await self.tick.emit(self.services.begin(), Tick(n=self._count, timestamp=self._last))
        except Fail as error:
            self._failing = True
            self.report(error.problem)
        else:
            if self._failing:
                self._failing = False
                self.report(None)
        finally:
            self._busy = False
