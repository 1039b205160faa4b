"""Going on without the caller."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
SENT_ON = "async-message"


class AsyncInput(Model):
    """A message to go on with, and what its sender is told."""

    context: Any = Field(None, title="Message", description="Sent on as it is", configurable=True, id=SENT_ON)
    answer: Any = Field(
        None, title="Answer", description="What the caller gets at once, such as 202 for a request", configurable=True
    )


class AsyncFailure(Model):
    """A message whose flow failed."""

    context: Any = Field(None, title="Message", description="What was sent", shared=True, id=SENT_ON)
    error: str = Field(title="Error", description="What went wrong, in words")
    code: str = Field(title="Code", description="The kind of error, such as timeout")
    retryable: bool = Field(title="Retryable", description="Whether a later attempt may go well")


class Async(Keeping):
    """Answers the caller at once and goes on in the background.

    The message joins a queue, its caller gets `answer` (nothing, unless the mapping gives one), and the flow behind
    `out` runs when its turn comes: first come first served, so many at once as `concurrency` says; with 1 strictly one
    after the other. Each has a deadline of its own, `timeout` from when it starts. What it answers goes nowhere.

    A failure has no caller to travel back to. One that a later attempt may not meet (a timeout, a busy server) is tried
    again, as the same operation, so often as `attempts` says and in growing pauses; others go by meanwhile. Then it
    leaves by `failed`, and it shows on the node until one goes well.

    The queue has a size, `maxWaiting` messages and 64 MiB; past it messages are refused with `full`, which is
    retryable, so that the caller learns that it must slow down.

    **What a restart loses.** The queue is in memory, on the replica that took the message. When that one stops, it
    works on for two seconds; what is left then is lost, though its callers have been answered. Switch *Keep across
    restarts* on for work that must not be: the queue is then in the node's resource, and in others beside it, worked
    off by the leading replica, and a caller is answered when its message stands there, which costs a write to the
    cluster. What was under way when the process died runs again as the same operation, so that nodes that keep state
    count it once; others see it twice then. Such a queue holds `maxBytes`, each message with 200 bytes of its own; one
    above that, or 512 KiB, is refused with `too_large`, permanent. What it takes to keep a message does not grow with
    the queue.
    """

    name = "async"
    category = "Flow"
    icon = "async"
    tags = ("background", "queue", "fire and forget", "accept")

    class Settings(Model):
        concurrency: int = Field(10, ge=1, le=100, title="At once", description="Messages under way at the same time")
        max_waiting: int = Field(
            1_000, ge=1, le=50_000, title="Most waiting", description="Messages in the queue and under way"
        )
        timeout: int = Field(
            300_000, ge=100, le=86_400_000, title="Timeout", description="Milliseconds for the flow behind, per message"
        )
        attempts: int = attempts_field("where a later one may go well; the first one included")
        pause: int = pause_field()
        persistent: bool = Field(
            False,
            title="Keep across restarts",
            description="Off: the queue is in memory only, which is faster",
        )
        max_bytes: int = most_bytes_field()

    class Control(Model):
        waiting: int = Field(title="Waiting", readonly=True, description="Messages in the queue", chart="line")
        running: int = Field(title="Running", readonly=True, description="Messages under way")
        done: int = Field(title="Done", readonly=True, description="Since the module started")
        failed: int = Field(title="Failed", readonly=True, description="Since the module started")
        drop: Button = button(
            "Drop the queue", confirm="All messages that wait are thrown away; those under way go on."
        )

    settings: Settings

    out = output("out", definition=SENT_ON)
    failed = output("failed", AsyncFailure)

    def __init__(self) -> None:
        super().__init__()
        self._done = 0

    def ports(self) -> list[Port]:
        return [replace(port, leader=self.keeps) if port.name == "in" else port for port in super().ports()]

    @input("in", label="In")
    async def accept(self, ctx: Context, message: AsyncInput) -> Result:
        await self.keep(ctx, message.context, 0, message.answer, "async")
        return message.answer

    @on_control("drop")
    async def throw_away(self, ctx: Context) -> None:
        await self.drop()

    def control(self) -> Control:
        return self.Control(
            waiting=len(self._agenda),
            running=len(self._workers),
            done=self._done,
            failed=self._failures,
            drop=False,
        )

    def live(self) -> str:
        waiting = len(self._agenda)
        return f"{waiting} waiting" if waiting else f"{self._done} done" if self._done else ""

    @property
    def keeps(self) -> bool:
        return self.settings.persistent

    @property
    def bounds(self) -> tuple[int, int]:
        return self.settings.max_waiting, self.settings.max_bytes

    @property
    def at_once(self) -> int:
        return self.settings.concurrency

    @property
    def attempts(self) -> tuple[int, float]:
        return self.settings.attempts, self.settings.pause / 1000

    def begin(self, id: str) -> Context:
        return self.services.begin(id, self.settings.timeout / 1000)

    async def go_on(self, ctx: Context, job: Job) -> None:
        await self.out.emit(ctx, job.value)
        self._done += 1

    def failure_of(self, job: Job, failure: Fail) -> AsyncFailure:
        return AsyncFailure(
            context=job.value, error=failure.problem.message, code=failure.code, retryable=failure.retryable
        )
