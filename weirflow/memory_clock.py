"""Time for components in memory: it stands still until it is told to pass."""

from __future__ import annotations

import asyncio
import heapq
import itertools


class FakeClock:
    """Time that passes only in `advance`. Starts at 2026-01-01T00:00:00Z."""

    def __init__(self) -> None:
        self._passed = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def time(self) -> float:
        """Unix seconds."""
        return 1_767_225_600.0 + self._passed

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self._passed

    async def sleep(self, seconds: float) -> None:
        """Return once so much time has been let pass."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._passed + seconds, next(self._order), waiter))
        await waiter

    async def advance(self, seconds: float) -> None:
        """Let time pass; whoever sleeps wakes in order, and may go to sleep again."""
        until = self._passed + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            self._passed, _, waiter = heapq.heappop(self._sleepers)
            if not waiter.done():
                waiter.set_result(None)
            await settle()
        self._passed = until


async def settle() -> None:
    """Let everything run that can run without waiting for time or the outside."""
    for _ in range(20):
        await asyncio.sleep(0)
