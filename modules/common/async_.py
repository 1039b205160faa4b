"""Going on without the caller."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any, cast

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

#: How long work that is under way may take when the node stops.
STOP_SECONDS = 2.0
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


@dataclass(frozen=True, slots=True)
class _Job:
    value: JSON
    size: int
    operation_id: str
    run_id: str
    traceparent: str


class Async(Component):
    """Answers the caller at once and goes on in the background.

    The message joins a queue, its caller gets `answer` (nothing, unless the mapping gives one), and the flow behind
    `out` runs when its turn comes: first come first served, so many at once as `concurrency` says; with 1 strictly one
    after the other. Each has a deadline of its own, `timeout` from when it starts. What it answers goes nowhere.

    A failure has no caller to travel back to: it leaves by `failed`, and shows on the node until one goes well.

    The queue has a size, `maxWaiting` messages and 64 MiB; past it messages are refused with `full`, which is
    retryable, so that the caller learns that it must slow down.

    The queue is in memory, on the replica that took the message. When that one stops, it works on for two seconds;
    what is left then is lost, though its callers have been answered. Work that must not be lost belongs where it is
    kept: in a database, in a collect, in the state of a node.
    """

    name = "async"
    category = "Flow"
    icon = "async"
    tags = ("background", "queue", "fire and forget", "accept")

    class Settings(Model):
        concurrency: int = Field(10, ge=1, le=100, title="At once", description="Messages under way at the same time")
        max_waiting: int = Field(
            1_000, ge=1, le=10_000, title="Most waiting", description="Messages in the queue and under way"
        )
        timeout: int = Field(
            300_000, ge=100, le=86_400_000, title="Timeout", description="Milliseconds for the flow behind, per message"
        )

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
        self._queue: deque[_Job] = deque()
        self._room = Room()
        self._workers: set[asyncio.Task[None]] = set()
        self._done = self._failures = 0
        self._failing = False

    async def on_settings(self) -> None:
        self._work()

    @input("in", label="In")
    async def accept(self, ctx: Context, message: AsyncInput) -> Result:
        size = self._room.enter(message.context, self.settings.max_waiting)
        operation_id = derive_operation_id(ctx.operation_id, "async")
        self._queue.append(_Job(message.context, size, operation_id, ctx.run_id, ctx.run.traceparent))
        self._work()
        self.publish()
        return message.answer

    async def stop(self) -> None:
        if self._workers:
            await asyncio.wait(self._workers, timeout=STOP_SECONDS)

    @on_control("drop")
    async def drop(self, ctx: Context) -> None:
        while self._queue:
            self._room.leave(self._queue.pop().size)

    def control(self) -> Control:
        waiting = len(self._queue)
        return self.Control(
            waiting=waiting, running=self._room.taken - waiting, done=self._done, failed=self._failures, drop=False
        )

    def live(self) -> str:
        return f"{len(self._queue)} waiting" if self._queue else f"{self._done} done" if self._done else ""

    def _work(self) -> None:
        """Have as many workers as there is work for and the settings allow."""
        for _ in range(min(len(self._queue), self.settings.concurrency - len(self._workers))):
            worker = self.spawn(self._worker(), "async")
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def _worker(self) -> None:
        try:
            while self._queue and len(self._workers) <= self.settings.concurrency:
                job = self._queue.popleft()
                try:
                    await self._run(job)
                finally:
                    self._room.leave(job.size)
                    self.publish()
        finally:
            # At once, not when the loop comes to it: a message that arrives in between needs a worker.
            self._workers.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _run(self, job: _Job) -> None:
        ctx = self.services.begin(job.operation_id, self.settings.timeout / 1000)
        ctx.continue_run(job.run_id)
        if job.traceparent:
            ctx.continue_trace(job.traceparent)
        try:
            await self.out.emit(ctx, job.value)
        except Fail as failure:
            self._failures += 1
            self._failing = True
            self.report(failure.problem)
            await self._tell(job, failure)
        else:
            self._done += 1
            if self._failing:
                self._failing = False
                self.report(None)

    async def _tell(self, job: _Job, failure: Fail) -> None:
        """Send the failure on; should that fail too, it is the one that shows."""
        ctx = self.services.begin(derive_operation_id(job.operation_id, "failed"), self.settings.timeout / 1000)
        value = AsyncFailure(
            context=job.value, error=failure.problem.message, code=failure.code, retryable=failure.retryable
        )
        try:
            await self.failed.emit(ctx, value)
        except Fail as again:
            self.report(again.problem)
