"""Handling what arrives: each message in a task of its own, in bounded number, with an answer whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from weirflow.errors import Fail
from weirflow.transport.base import Receive
from weirflow.transport.envelope import Envelope

log = logging.getLogger(__name__)

#: Messages handled at once, and their bytes. One more is refused and not held back: it may be what another waits for.
ARRIVAL_LIMIT = 4000
ARRIVAL_BYTES = 256 * 2**20

#: A result, nothing, or a failure: what goes back to the caller.
Outcome = bytes | None | Fail
Answer = Callable[[Outcome], None]


class Handling:
    """Hands messages to ``receive`` and its outcomes to whoever brought them."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._under_way: dict[asyncio.Task[None], tuple[Envelope, Answer]] = {}
        self._bytes = 0

    def take(self, envelope: Envelope, answer: Answer) -> asyncio.Task[None] | None:
        """Begin to handle a message; ``answer`` is called once. The task may be cancelled; None: it was refused."""
        count = len(self._under_way)
        if count >= ARRIVAL_LIMIT or self._bytes >= ARRIVAL_BYTES:
            message = f"the host of {envelope.target} has {count} messages of others under way; send fewer at once"
            answer(Fail(message, code="overloaded", retryable=True))
            return None
        task = asyncio.create_task(self._handle(envelope, answer))
        self._under_way[task] = envelope, answer
        self._bytes += len(envelope.payload)
        task.add_done_callback(self._ended)
        return task

    async def stop(self, seconds: float) -> None:
        """Let what is under way end within ``seconds``; call off the rest, whose callers hear of it."""
        if self._under_way:
            _, late = await asyncio.wait(list(self._under_way), timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=0.1)

    async def _handle(self, envelope: Envelope, answer: Answer) -> None:
        outcome: Outcome
        try:
            outcome = await self._receive(envelope)
        except Fail as error:
            outcome = error
        except Exception:
            log.exception("a message to %s could not be handled", envelope.target)
            message = f"the host of {envelope.target} could not handle the message; its log says why"
            outcome = Fail(message, code="internal")
        answer(outcome)

    def _ended(self, task: asyncio.Task[None]) -> None:
        envelope, answer = self._under_way.pop(task)
        self._bytes -= len(envelope.payload)
        # Also where it was called off before it began.
        if task.cancelled():
            answer(Fail(f"the message to {envelope.target} was called off", code="cancelled", retryable=True))
