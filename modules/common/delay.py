"""The delay."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from modules.common.room import Room
from weirflow import (
    JSON,
    Button,
    Component,
    Context,
    Fail,
    Field,
    Model,
    Result,
    button,
    derive_operation_id,
    input,
    on_control,
    output,
)

#: The definition of what goes in and comes out.
DELAYED = "delayed-message"


class DelayInput(Model):
    """A message to hold back."""

    context: Any = Field(None, title="Message", description="Passed on as it is", configurable=True, id=DELAYED)
    delay: int | None = Field(
        None,
        ge=0,
        le=86_400_000,
        title="Delay",
        description="Milliseconds for this message; those of the settings when empty",
        configurable=True,
    )


class Delay(Component):
    """Holds each message back for a while.

    Messages do not wait for each other: each leaves when its own time is over. Either the caller waits too, and gets
    the answer of the flow behind (`answer` is `after`), or it is answered at once with nothing, and the message goes
    on by itself (`at_once`).

    A caller that waits does so within its deadline. A delay that would last past it is refused at once
    (`delay_too_long`, permanent): answer at once, or give the message more time where it enters.

    At most `maxWaiting` messages wait, and 64 MiB of those whose callers were answered; past that they are refused
    with `full`, retryable. They wait in memory, on the replica that took them, and are lost when it stops: a caller
    that waits learns of it, one that was answered does not. A failure of a message without a caller shows on the node.
    """

    category = "Flow"
    icon = "hourglass"
    tags = ("wait", "sleep", "pause", "later")

    class Settings(Model):
        delay: int = Field(
            1_000, ge=0, le=86_400_000, title="Delay", description="Milliseconds that each message is held back"
        )
        answer: Literal["after", "at_once"] = Field(
            "after",
            title="The caller",
            description="Whether it waits as well",
            enum_titles=["Waits, and gets the flow's answer", "Is answered at once"],
        )
        max_waiting: int = Field(500, ge=1, le=900, title="Most waiting", description="Messages held back at once")

    class Control(Model):
        waiting: int = Field(title="Waiting", readonly=True, description="Messages held back now", chart="line")
        drop: Button = button(
            "Drop what waits", confirm="Messages whose callers were answered at once are thrown away."
        )

    settings: Settings

    out = output("out", definition=DELAYED)

    def __init__(self) -> None:
        self._held = 0
        self._room = Room()
        self._later: set[asyncio.Task[None]] = set()
        self._failing = False

    @input("in", label="In")
    async def delay(self, ctx: Context, message: DelayInput) -> Result:
        seconds = (self.settings.delay if message.delay is None else message.delay) / 1000
        if self.settings.answer == "at_once":
            self._hold_without_caller(ctx, message.context, seconds)
            return None
        if seconds >= ctx.remaining():
            raise Fail(
                f"a delay of {seconds:g} s would last past the message's deadline, {ctx.remaining():.1f} s from now; "
                "answer at once, or give the message more time where it enters",
                code="delay_too_long",
                permanent=True,
            )
        await self._hold(seconds)
        return await self.out.emit(ctx, message.context)

    @on_control("drop")
    async def drop(self, ctx: Context) -> None:
        for task in self._later:
            task.cancel()

    def control(self) -> Control:
        return self.Control(waiting=self._held + self._room.taken, drop=False)

    def live(self) -> str:
        waiting = self._held + self._room.taken
        return f"{waiting} waiting" if waiting else ""

    async def _hold(self, seconds: float) -> None:
        most = self.settings.max_waiting
        if self._held >= most:
            raise Fail(f"{most} messages wait here already; send fewer at once", code="full", retryable=True)
        self._held += 1
        self.publish()
        try:
            await self.services.clock.sleep(seconds)
        finally:
            self._held -= 1
            self.publish()

    def _hold_without_caller(self, ctx: Context, value: JSON, seconds: float) -> None:
        size = self._room.enter(value, self.settings.max_waiting)
        task = self.spawn(self._send_later(ctx, value, seconds), "delay")
        self._later.add(task)
        task.add_done_callback(lambda _: self._gone(task, size))
        self.publish()

    def _gone(self, task: asyncio.Task[None], size: int) -> None:
        self._later.discard(task)
        self._room.leave(size)
        self.publish()

    async def _send_later(self, ctx: Context, value: JSON, seconds: float) -> None:
        await self.services.clock.sleep(seconds)
        fresh = self.services.begin(derive_operation_id(ctx.operation_id, "delay"))
        fresh.continue_run(ctx.run_id)
        if ctx.run.traceparent:
            fresh.continue_trace(ctx.run.traceparent)
        try:
            await self.out.emit(fresh, value)
        except Fail as failure:
            self._failing = True
            self.report(failure.problem)
        else:
            if self._failing:
                self._failing = False
                self.report(None)
