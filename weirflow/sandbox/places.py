"""How many workers there may be at once, and whose turn it is: a share for each project (docs/adr/0119).

A project may have every place that nobody else asks for, but for a few that are kept for projects which have less than
those few: so that a project whose calls are slow keeps nobody from beginning. A place that becomes free goes to the
project that has the least of them.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from weirflow.sandbox.failures import unavailable

#: Of all nodes of a host together.
MOST_WORKERS = 64
#: One in so many is kept for projects that have few.
KEPT_OF = 8
#: How long a node waits for a worker when all are in use, before its messages are told so.
PATIENCE_SECONDS = 10.0


class Places:
    """Whoever has taken one gives it back. Held and asked for by project, whatever that is called."""

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()
        #: Who asks, and how many workers its node has already.
        self._waiting: dict[asyncio.Future[None], tuple[str, int]] = {}

    @property
    def is_crowded(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)

    def held(self, project: str) -> int:
        """How many a project has."""
        return self._held[project]

    def fits(self, project: str) -> bool:
        """Whether there is one for the project now."""
        free = MOST_WORKERS - self._held.total()
        kept = MOST_WORKERS // KEPT_OF
        return free > 0 and (free > kept or self._held[project] < kept)

    async def take(self, project: str, beside: int) -> None:
        """Wait for one, for a node that has as many as `beside`. Raises `Fail` when there is none for too long."""
        if self.fits(project):
            self._held[project] += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[place] = project, beside
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await place
        except BaseException as error:
            self._waiting.pop(place, None)
            if place.done() and not place.cancelled():
                # It came as the wait was over.
                self.give_back(project)
            if isinstance(error, TimeoutError):
                raise unavailable(_full(self._held[project])) from None
            raise

    def give_back(self, project: str) -> None:
        """There is room for another: for the project that has least, and in it for the node that has; or who came
        first."""
        self._held[project] -= 1
        self._held += Counter()  # without those that have none
        for place, (asking, _) in sorted(self._waiting.items(), key=self._turn):
            if not place.done() and self.fits(asking):
                del self._waiting[place]
                self._held[asking] += 1
                place.set_result(None)
                return

    def _turn(self, waiting: tuple[asyncio.Future[None], tuple[str, int]]) -> tuple[int, int]:
        project, beside = waiting[1]
        return self._held[project], beside


def _full(held: int) -> str:
    return (
        f"{MOST_WORKERS} processes run code at once already, as many as one host may, and {held} of them for this "
        "project: send less at once, lower deadlines, or run more module hosts"
    )
