"""The inject."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import field_validator

from weirflow import Button, Component, Context, Fail, Field, Model, button, on_control, output

#: How long a message that is under way may take when the node stops.
STOP_SECONDS = 2.0
#: The definition of what is sent.
INJECTED = "injected-message"
_LEAST_INTERVAL = 100


class Inject(Component):
    """Sends a message at a press, when the flow starts, or again and again.

    `atStart` sends it once when the node starts: when it is deployed, when the module's host restarts, when another
    replica takes the lead. `interval` sends it again and again; what falls due while the flow is still busy is left
    out. The button sends it at any time.

    It runs on the leading replica only. A failure of the flow is shown on the node, and it goes on; a press is told
    it. For calendars use a cron, for a bare beat a ticker, for a message that is typed in each time a signal or a form.
    """

    category = "Sources"
    icon = "inject"
    tags = ("start", "trigger", "interval", "source", "manual")

    class Settings(Model):
        message: Any = Field(
            default_factory=dict,
            title="Message",
            description="What is sent",
            format="code",
            language="json",
            shared=True,
            id=INJECTED,
        )
        at_start: bool = Field(False, title="At start", description="Send it once when the node starts")
        start_delay: int = Field(
            0, ge=0, le=3_600_000, title="Start delay", description="Milliseconds to wait before that"
        )
        interval: int = Field(
            0, ge=0, le=86_400_000, title="Interval", description="Milliseconds between messages; 0: not by itself"
        )

        @field_validator("interval")
        @classmethod
        def _bearable(cls, interval: int) -> int:
            if 0 < interval < _LEAST_INTERVAL:
                raise ValueError(f"the least is {_LEAST_INTERVAL} ms; 0 switches it off")
            return interval

    class Control(Model):
        sent: int = Field(0, title="Sent", readonly=True, description="Since the module started", chart="sparkline")
        send: Button = button("Send", card=True)

    settings: Settings

    out = output("out", definition=INJECTED)

    def __init__(self) -> None:
        self._sent = 0
        self._loop: asyncio.Task[None] | None = None
        self._in_force = 0
        self._running = self._busy = self._failing = False

    async def on_settings(self) -> None:
        if self._running and self.settings.interval != self._in_force:
            self._begin(at_start=False)

    async def start(self, ctx: Context) -> None:
        self._running = True
        self._begin(at_start=self.settings.at_start)

    async def stop(self) -> None:
        self._running = False
        if self._loop is not None and self._busy:
            await asyncio.wait([self._loop], timeout=STOP_SECONDS)

    @on_control("send")
    async def send(self, ctx: Context) -> None:
        self._sent += 1
        self.publish()
        await self.out.emit(ctx, self.settings.message)

    def control(self) -> Control:
        return self.Control(sent=self._sent)

    def live(self) -> str:
        return f"{self._sent} sent" if self._sent else ""

    def _begin(self, *, at_start: bool) -> None:
        """Put the present interval into force. A loop with another one ends: now, or after the message under way."""
        self._in_force = self.settings.interval
        if self._loop is not None and not self._busy:
            self._loop.cancel()
        self._loop = self.spawn(self._run(self._in_force, at_start), "inject")

    async def _run(self, interval: int, at_start: bool) -> None:
        clock = self.services.clock
        if at_start:
            await clock.sleep(self.settings.start_delay / 1000)
            await self._send_by_itself()
        if not interval:
            return
        seconds = interval / 1000
        due = clock.monotonic() + seconds
        while self._in_force == interval and self._loop is asyncio.current_task():
            await clock.sleep(max(0.0, due - clock.monotonic()))
            await self._send_by_itself()
            missed = max(0, int((clock.monotonic() - due) / seconds))
            due += (missed + 1) * seconds

    async def _send_by_itself(self) -> None:
        self._sent += 1
        self.publish()
        self._busy = True
        try:
            await self.out.emit(self.services.begin(), self.settings.message)
        except Fail as error:
            self._failing = True
            self.report(error.problem)
        else:
            if self._failing:
                self._failing = False
                self.report(None)
        finally:
            self._busy = False
