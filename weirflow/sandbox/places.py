"""How many workers there may be at once and with how much memory, and whose turn it is: a share for each project
(docs/adr/0119, 0135).

A project may have every place that nobody else asks for, but for a few that are kept for projects which have less than
those few: so that a project whose calls are slow keeps nobody from beginning. What becomes free goes to the project
that has the least. The same goes for memory, of which a worker has what it may use.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import NamedTuple

from weirflow.errors import Fail
from weirflow.sandbox.failures import unavailable
from weirflow.sandbox.limits import MIB

#: Of all nodes of a host together.
MOST_WORKERS = 64
#: One in so many is kept for projects that have few, and so much of the memory.
KEPT_OF = 8
#: How long a node waits for a worker when all are in use, before its messages are told so.
PATIENCE_SECONDS = 10.0


class _Asked(NamedTuple):
    project: str
    memory: int
    #: How many workers its node has already.
    beside: int


class Places:
    """Whoever has taken one gives it back. Held and asked for by project, whatever that is called; `most_memory` and
    the memory of one are bytes."""

    def __init__(self, most_memory: int) -> None:
        self._most_memory = most_memory
        self._held: Counter[str] = Counter()
        self._memory: Counter[str] = Counter()
        self._waiting: dict[asyncio.Future[None], _Asked] = {}

    @property
    def is_crowded(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)

    def held(self, project: str) -> int:
        """How many a project has."""
        return self._held[project]

    def share(self, workers: int, memory: int) -> float:
        """What part of the host so many workers with so much memory are: of the one or the other, what is more."""
        return max(workers / MOST_WORKERS, memory / self._most_memory)

    def share_of(self, project: str) -> float:
        """What part of the host a project has."""
        return self.share(self._held[project], self._memory[project])

    def fits(self, project: str, memory: int) -> bool:
        """Whether there is one with so much memory for the project now."""
        return _missing(1, MOST_WORKERS, self._held, project) <= 0 and self.missing(project, memory) <= 0

    def missing(self, project: str, memory: int) -> int:
        """How many bytes have to become free for it; 0 or less when none."""
        return _missing(memory, self._most_memory, self._memory, project)

    async def take(self, project: str, memory: int, beside: int) -> None:
        """Wait for one, for a node that has as many as `beside`. Raises `Fail` when there is none for too long, or
        never one with so much memory."""
        most = self._most_memory - self._most_memory // KEPT_OF
        if memory > most:
            raise _never(memory, most)
        if self.fits(project, memory) and self._is_first(project, memory):
            self._grant(project, memory)
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[place] = _Asked(project, memory, beside)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await place
        except BaseException as error:
            self._waiting.pop(place, None)
            if place.done() and not place.cancelled():
                # It came as the wait was over.
                self.give_back(project, memory)
            if isinstance(error, TimeoutError):
                raise unavailable(self._full(project)) from None
            raise

    def give_back(self, project: str, memory: int) -> None:
        """There is room for another, or several: for the project that has least, and in it for the node that has; or
        who came first."""
        self._held[project] -= 1
        self._memory[project] -= memory
        self._held += Counter()  # without those that have none
        self._memory += Counter()
        while (place := self._next()) is not None:
            asked = self._waiting.pop(place)
            self._grant(asked.project, asked.memory)
            place.set_result(None)

    def _grant(self, project: str, memory: int) -> None:
        self._held[project] += 1
        self._memory[project] += memory

    def _is_first(self, project: str, memory: int) -> bool:
        """Whether nobody waits who has less: who needs much would else never get it while others take little by
        little. The kept part is there without a wait."""
        waiting = (self.share_of(asked.project) for place, asked in self._waiting.items() if not place.done())
        return self._is_modest(project, memory) or self.share_of(project) < min(waiting, default=2.0)

    def _is_modest(self, project: str, memory: int) -> bool:
        """Whether it has no more than the kept part even with that."""
        few = self._held[project] < MOST_WORKERS // KEPT_OF
        return few and self._memory[project] + memory <= self._most_memory // KEPT_OF

    def _next(self) -> asyncio.Future[None] | None:
        asking = sorted((place for place in self._waiting if not place.done()), key=self._turn)
        for place in asking:
            asked = self._waiting[place]
            if self.fits(asked.project, asked.memory) and (
                place is asking[0] or self._is_modest(asked.project, asked.memory)
            ):
                return place
        return None

    def _turn(self, place: asyncio.Future[None]) -> tuple[float, int]:
        asked = self._waiting[place]
        return self.share_of(asked.project), asked.beside

    def _full(self, project: str) -> str:
        memory, mine = self._memory.total() // MIB, self._memory[project] // MIB
        return (
            f"{self._held.total()} processes with {memory:,} MiB run code at once already, and one host may have "
            f"{MOST_WORKERS} with {self._most_memory // MIB:,} MiB; {self._held[project]} of them with {mine:,} MiB "
            "are this project's: send less at once, lower deadlines and memory, or run more module hosts"
        )


def _missing(more: int, most: int, held: Counter[str], project: str) -> int:
    """Of `most`, what is short for a project to have `more`. The kept part is for who has no more than that."""
    kept = most // KEPT_OF
    return more + held.total() + (0 if held[project] + more <= kept else kept) - most


def _never(memory: int, most: int) -> Fail:
    text = (
        f"the node's processes may use {memory // MIB:,} MiB each, and all of a project's have {most // MIB:,} MiB on "
        "this host: lower the memory in the settings, or set WEIRFLOW_CODE_MEMORY where the host runs"
    )
    return Fail(text, code="code_sandbox", permanent=True)
