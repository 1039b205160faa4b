"""The delay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from pydantic import ValidationInfo, field_validator

from modules.common.again import attempts_field, most_bytes_field, pause_field
from modules.common.agenda import Job
from modules.common.keeping import Keeping
from weirflow import (
    Button,
    Context,
    Fail,
    Field,
    Model,
    Port,
    Result,
    button,
    input,
    on_control,
    output,
)

#: The definition of what goes in and comes out.
DELAYED = "delayed-message"
#: Milliseconds of 31 days.
LONGEST = 2_678_400_000
#: Of messages whose callers wait: each has a place of those that may be in the host at once.
MOST_HELD = 900
#: Of messages without a caller, how many are sent on at the same time.
AT_ONCE = 100


class DelayInput(Model):
    """A message to hold back."""

    context: Any = Field(None, title="Message", description="Passed on as it is", configurable=True, id=DELAYED)
    delay: int | None = Field(
        None,
        ge=0,
        le=LONGEST,
        title="Delay",
        description="Milliseconds for this message; those of the settings when empty",
        configurable=True,
    )


class DelayFailure(Model):
    """A message whose caller was answered, and whose flow failed."""

    context: Any = Field(None, title="Message", description="What was sent", shared=True, id=DELAYED)
    error: str = Field(title="Error", description="What went wrong, in words")
    code: str = Field(title="Code", description="The kind of error, such as timeout")
    retryable: bool = Field(title="Retryable", description="Whether a later attempt may go well")


class Delay(Keeping):
    """Holds each message back for a while.

    Messages do not wait for each other: each leaves when its own time is over, those of the same time in the order they
    came. Either the caller waits too, and gets the answer of the flow behind (`answer` is `after`), or it is answered
    at once with nothing, and the message goes on by itself (`at_once`), for 31 days at most. A changed delay is for
    messages that come from then on.

    **A caller that waits** does so within its deadline. A delay that would last past it is refused at once
    (`delay_too_long`, permanent): answer at once, or give the message more time where it enters. It waits in memory, on
    the replica that took it: when that one stops, its caller learns of it.

    **A message whose caller was answered at once** survives a restart: it goes to the leading replica and is kept in
    the node's resource, or in others beside it, from before its caller is answered until the flow behind has taken it.
    What fell due meanwhile leaves as soon as the node is back. One that was under way when the process died is sent
    again as the same operation, so that nodes that keep state count it once; others see it twice then. So is one that
    could not be brought to the flow behind, because its host was starting or away: for four minutes, in growing pauses.
    If the flow behind fails, that shows on the node until one goes well. A failure that a later attempt may not meet (a
    timeout, a busy server) is tried again so often as `attempts` says; then, or at once, it leaves by `failed`. With
    `persistent` off such messages are in the memory of the replica that took them, which is faster, and are lost when
    it stops. 100 are under way at a time.

    At most `maxWaiting` messages wait (900 whose callers wait), and `maxBytes` of those that are kept, each with 200
    bytes of its own; in memory 64 MiB. Past that they are refused with `full`, retryable; one above `maxBytes` or
    512 KiB with `too_large`, permanent. What it takes to keep a message does not grow with those that wait.
    """

    category = "Flow"
    icon = "hourglass"
    tags = ("wait", "sleep", "pause", "later")

    class Settings(Model):
        delay: int = Field(
            1_000, ge=0, le=LONGEST, title="Delay", description="Milliseconds that each message is held back"
        )
        answer: Literal["after", "at_once"] = Field(
            "after",
            title="The caller",
            description="Waits, and gets the flow's answer; or is answered at once with nothing",
            enum_titles=["Waits as well", "Goes on at once"],
        )
        max_waiting: int = Field(500, ge=1, le=50_000, title="Most waiting", description="Messages held back at once")
        attempts: int = attempts_field("for messages whose callers were answered")
        pause: int = pause_field()
        persistent: bool = Field(
            True,
            title="Keep across restarts",
            description="Messages whose callers were answered at once. Off: in memory only, which is faster",
        )
        max_bytes: int = most_bytes_field()

        @field_validator("max_waiting")
        @classmethod
        def _places(cls, most: int, info: ValidationInfo) -> int:
            if info.data.get("answer") == "after" and most > MOST_HELD:
                raise ValueError(f"at most {MOST_HELD} callers may wait here; answer them at once, or lower it")
            return most

    class Control(Model):
        waiting: int = Field(title="Waiting", readonly=True, description="Messages held back now", chart="line")
        failed: int = Field(title="Failed", readonly=True, description="Given up, since the module started")
        drop: Button = button(
            "Drop what waits", confirm="Messages whose callers were answered at once are thrown away."
        )

    settings: Settings

    out = output("out", definition=DELAYED)
    failed = output("failed", DelayFailure)

    def __init__(self) -> None:
        super().__init__()
        self._held = 0

    def ports(self) -> list[Port]:
        ports = [replace(port, leader=self.keeps) if port.name == "in" else port for port in super().ports()]
        # A caller that waits is told of the failure itself.
        return [port for port in ports if port.name != "failed" or self.settings.answer == "at_once"]

    @input("in", label="In")
    async def delay(self, ctx: Context, message: DelayInput) -> Result:
        seconds = (self.settings.delay if message.delay is None else message.delay) / 1000
        if self.settings.answer == "at_once":
            await self.keep(ctx, message.context, seconds, None, "delay")
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
    async def throw_away(self, ctx: Context) -> None:
        await self.drop()

    def control(self) -> Control:
        return self.Control(waiting=self._held + self._room.taken, failed=self._failures, drop=False)

    def live(self) -> str:
        waiting = self._held + self._room.taken
        return f"{waiting} waiting" if waiting else ""

    @property
    def keeps(self) -> bool:
        return self.settings.answer == "at_once" and self.settings.persistent

    @property
    def bounds(self) -> tuple[int, int]:
        return self.settings.max_waiting, self.settings.max_bytes

    @property
    def at_once(self) -> int:
        return AT_ONCE

    @property
    def attempts(self) -> tuple[int, float]:
        return self.settings.attempts, self.settings.pause / 1000

    def failure_of(self, job: Job, failure: Fail) -> DelayFailure:
        return DelayFailure(
            context=job.value, error=failure.problem.message, code=failure.code, retryable=failure.retryable
        )

    async def go_on(self, ctx: Context, job: Job) -> None:
        await self.out.emit(ctx, job.value)

    async def _hold(self, seconds: float) -> None:
        most = self.settings.max_waiting
        if self._held >= most:
            wait = "1 message waits" if most == 1 else f"{most:,} messages wait"
            raise Fail(f"{wait} here already; send fewer at once", code="full", retryable=True)
        self._held += 1
        self.publish()
        try:
            await self.services.clock.sleep(seconds)
        finally:
            self._held -= 1
            self.publish()
