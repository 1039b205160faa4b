"""Messages by when they are due."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from weirflow import JSON, Model


@dataclass(slots=True)
class Job:
    """A message that waits here."""

    #: The operation that it is sent under, the same however often that is.
    id: str
    #: Unix seconds.
    due: float
    value: JSON
    run: str
    trace: str
    #: What it takes, in bytes.
    size: int
    #: Whether it stands in the state as well.
    stored: bool
    #: How often it could not be brought to the flow behind.
    tries: int = 0
    #: How often the flow behind has failed on it, and it was to be sent again.
    failures: int = 0

    def kept(self) -> Kept:
        """What stands of it in the state."""
        return Kept(id=self.id, due=self.due, value=self.value, run=self.run, trace=self.trace)


class Kept(Model, frozen=True):
    """A message that waits, as it stands in the state."""

    id: str
    due: float
    value: Any = None
    run: str = ""
    trace: str = ""


class Agenda:
    """Adding a message and taking the one that is due first cost the logarithm of their number. Of those that are due
    at the same time the first to come is the first to go."""

    def __init__(self) -> None:
        self._jobs: dict[str, tuple[int, Job]] = {}
        #: Due time, number and id; entries whose message has been removed stay until they come up.
        self._heap: list[tuple[float, int, str]] = []
        self._numbers = itertools.count()

    def __len__(self) -> int:
        return len(self._jobs)

    def __contains__(self, id: str) -> bool:
        return id in self._jobs

    def add(self, job: Job) -> None:
        """Have it wait; in place of one with its id, if there is."""
        number = next(self._numbers)
        self._jobs[job.id] = number, job
        heapq.heappush(self._heap, (job.due, number, job.id))

    def extend(self, jobs: Iterable[Job]) -> None:
        """Have all of them wait."""
        for job in jobs:
            self.add(job)

    def remove(self, id: str) -> None:
        """Forget it; does nothing where it does not wait."""
        self._jobs.pop(id, None)
        if not self._jobs:
            self._heap.clear()

    def clear(self) -> list[Job]:
        """Forget all; they are returned, in the order in which they came."""
        jobs = [job for _, job in self._jobs.values()]
        self._jobs.clear()
        self._heap.clear()
        return jobs

    def due(self) -> float | None:
        """When the first one is; None if nothing waits."""
        while self._heap:
            due, number, id = self._heap[0]
            if self._jobs.get(id, (None,))[0] == number:
                return due
            heapq.heappop(self._heap)
        return None

    def take(self, now: float) -> Job | None:
        """The first one that is due by now, which then waits no longer."""
        due = self.due()
        if due is None or due > now:
            return None
        return self._jobs.pop(heapq.heappop(self._heap)[2])[1]
