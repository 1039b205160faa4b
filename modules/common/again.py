"""What becomes of a kept message whose flow fails: sent again while that may help, then handed on as a failure."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from modules.common.agenda import Job
from modules.common.moving import Moving
from weirflow import Context, Fail, Field, Model, Output, derive_operation_id

#: How often a message that is kept is sent again where it could not be brought to the flow behind, and the seconds
#: before the first of these and at most: four minutes in all, for hosts that start, hand over or are away.
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 10, 1.0, 60.0
#: Seconds of the longest pause after a failure of the flow.
_LONGEST = 3600.0


def attempts_field(of: str) -> Any:
    """The setting of that name; ``of`` says of what it is."""
    return Field(1, ge=1, le=20, title="Attempts", description=f"In all, {of}")


def pause_field() -> Any:
    """The setting of that name, in milliseconds."""
    return Field(
        1_000,
        ge=0,
        le=3_600_000,
        title="Pause",
        description="Milliseconds before the second attempt; each pause is twice the last one, an hour at most",
    )


def most_bytes_field() -> Any:
    """The setting `max_bytes`."""
    return Field(
        4_194_304,
        ge=1_024,
        le=16_777_216,
        title="Most bytes",
        description="Of what is kept across restarts, as JSON; more is refused",
    )


class Again(Moving):
    """Derived classes have an output `failed`."""

    failed: Output[Any]

    def __init__(self) -> None:
        super().__init__()
        #: Messages that were given up.
        self._failures = 0

    @property
    @abstractmethod
    def attempts(self) -> tuple[int, float]:
        """How often a message is sent in all, and the seconds before the second time."""

    @abstractmethod
    def failure_of(self, job: Job, failure: Fail) -> Model:
        """What leaves by `failed`."""

    @abstractmethod
    def begin(self, id: str) -> Context:
        """What the operation is sent in."""

    def pause_after(self, job: Job, failure: Fail) -> float | None:
        """Seconds until it is sent again, as the same operation; None to give up."""
        if job.stored and failure.transient and job.tries < _TRIES:
            # Nobody has failed on it: it goes on waiting where it stands.
            job.tries += 1
            return min(_FIRST_PAUSE * 2.0 ** (job.tries - 1), _LONGEST_PAUSE)
        attempts, first = self.attempts
        if not failure.retryable or job.failures + 1 >= attempts:
            return None
        job.failures += 1
        return min(first * 2.0 ** (job.failures - 1), _LONGEST)

    async def give_up(self, job: Job, failure: Fail) -> None:
        """Send the failure on; should that fail too, it is the one that shows."""
        self._failures += 1
        ctx = self.begin(derive_operation_id(job.id, "failed"))
        ctx.continue_run(job.run)
        try:
            await self.failed.emit(ctx, self.failure_of(job, failure))
        except Fail as again:
            self.report(again.problem)
