"""Handling what arrives: each message in a task of its own, in bounded number, with an answer whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from weirflow.errors import Fail
from weirflow.transport.base import Receive
from weirflow.transport.envelope import Envelope

log = logging.getLogger(__name__)

#: Messages handled at once. One more is refused at once and not held back: it may be what another one waits for.
ARRIVAL_LIMIT = 4000

#: A result, nothing, or a failure: what goes back to the caller.
Outcome = bytes | None | Fail


class Handling:
    """Hands messages to ``receive`` and its outcomes to whoever brought them."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, envelope: Envelope, answer: Callable[[Outcome], None]) -> asyncio.Task[None] | None:
        """Begin to handle a message; ``answer`` is called once. The task may be cancelled; None: it was refused."""
        if len(self._tasks) >= ARRIVAL_LIMIT:
            message = (
                f"the host of {envelope.target} has {ARRIVAL_LIMIT} messages of others under way; send fewer at once"
            )
            answer(Fail(message, code="overloaded", retryable=True))
            return None
        task = asyncio.create_task(self._handle(envelope, answer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def stop(self, seconds: float) -> None:
        """Let what is under way end within ``seconds``; call off the rest, whose callers hear of it."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=0.1)

    async def _handle(self, envelope: Envelope, answer: Callable[[Outcome], None]) -> None:
        outcome: Outcome
        try:
            outcome = await self._receive(envelope)
        except Fail as error:
            outcome = error
        except asyncio.CancelledError:
            answer(Fail(f"the message to {envelope.target} was called off", code="cancelled", retryable=True))
            raise
        except Exception:
            log.exception("a message to %s could not be handled", envelope.target)
            outcome = Fail(
                f"the host of {envelope.target} could not handle the message; its log says why", code="internal"
            )
        answer(outcome)
