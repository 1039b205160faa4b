"""The retry."""

from __future__ import annotations

from typing import Any

from weirflow import Component, Context, Fail, Field, Model, Result, input, output, output_handler

#: The definition of what goes in and comes out.
RETRIED = "retried-message"
#: Messages of one node that wait for their next attempt; more are not tried again.
WAITING = 1_000


class RetryInput(Model):
    """A message whose flow may fail."""

    context: Any = Field(None, title="Message", description="Passed on as it is", configurable=True, id=RETRIED)


class Retry(Component):
    """Sends a message again when the flow behind it fails for the moment.

    Only failures that a later attempt may not meet are tried again: a timeout, a busy server, a closed connection.
    Others, such as a message that is refused, go back at once. Between attempts it waits, longer each time: the first
    pause, times the factor, up to the longest pause.

    The caller waits meanwhile, and gets the answer of the attempt that went well. It gives up when the attempts are
    used up, or when the next pause would last past the message's deadline; the last failure then travels back under
    its own code. To catch it here, switch this node's error port on: it sends `{context, error, code, retryable}`.

    All attempts are the same operation: nodes behind that keep state count it once. A wire can try again by itself
    (its delivery settings); this node does so for the whole flow behind it, and shows it. At most 1,000 messages wait
    at once; past that, failures go back at once.
    """

    category = "Flow"
    icon = "retry"
    tags = ("again", "back-off", "error", "attempts")

    class Settings(Model):
        attempts: int = Field(3, ge=1, le=20, title="Attempts", description="In all, the first one included")
        initial_delay: int = Field(
            1_000, ge=0, le=3_600_000, title="First pause", description="Milliseconds before the second attempt"
        )
        factor: float = Field(2.0, ge=1, le=10, title="Factor", description="Each pause is so many times the last one")
        max_delay: int = Field(
            30_000, ge=0, le=3_600_000, title="Longest pause", description="Milliseconds; no pause is longer"
        )

    class Control(Model):
        waiting: int = Field(title="Waiting", readonly=True, description="Messages between two attempts")
        retried: int = Field(title="Tried again", readonly=True, description="Attempts after a first one")
        given_up: int = Field(title="Given up", readonly=True, description="Messages whose attempts were used up")

    settings: Settings

    out = output("out", definition=RETRIED)

    def __init__(self) -> None:
        self._waiting = self._retried = self._given_up = 0

    @input("in", label="In")
    async def retry(self, ctx: Context, message: RetryInput) -> Result:
        attempt = 1
        while True:
            try:
                return await self.out.emit(ctx, message.context)
            except Fail as failure:
                if not failure.retryable:
                    raise
                pause = self._pause(attempt)
                used_up = attempt >= self.settings.attempts
                if used_up or pause >= ctx.remaining() or self._waiting >= WAITING or ctx.cancelled:
                    self._given_up += 1
                    self.publish()
                    raise
            await self._wait(pause)
            attempt += 1
            # Counts what is sent anew, so that this attempt has the operation id of the first.
            handler = output_handler(ctx)
            assert handler is not None
            ctx.enter(handler, ctx.message)

    async def _wait(self, seconds: float) -> None:
        self._waiting += 1
        self.publish()
        try:
            await self.services.clock.sleep(seconds)
        finally:
            self._waiting -= 1
        self._retried += 1
        self.publish()

    def _pause(self, attempt: int) -> float:
        """Seconds after the failed attempt of that number."""
        settings = self.settings
        return min(settings.initial_delay * settings.factor ** (attempt - 1), settings.max_delay) / 1000

    def control(self) -> Control:
        return self.Control(waiting=self._waiting, retried=self._retried, given_up=self._given_up)

    def live(self) -> str:
        if self._waiting:
            return f"{self._waiting} waiting"
        return f"{self._retried} tried again" if self._retried else ""
