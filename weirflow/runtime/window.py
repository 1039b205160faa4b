"""How much of a host's messages may be with other processes at once: by number and by bytes."""

from __future__ import annotations

import asyncio
from collections import deque

from weirflow.errors import Fail


class Window:
    """A message that enters the host waits for its place, first come, first served. One that has come far never waits:
    it may be what those in front wait for. For such there are as many places again; past those they are refused."""

    def __init__(self, count: int = 2000, size: int = 64 * 2**20) -> None:
        self._count, self._size = count, size
        self._taken = self._bytes = 0
        self._waiting: deque[tuple[asyncio.Future[None], int]] = deque()

    @property
    def taken(self) -> int:
        """Messages that have a place."""
        return self._taken

    @property
    def waiting(self) -> int:
        """Messages that wait for one."""
        return len(self._waiting)

    async def enter(self, size: int, *, deep: bool) -> None:
        """Take a place for a message of ``size`` bytes; ``leave`` must follow. Raises ``Fail`` where there is none."""
        if deep:
            if self._taken >= 2 * self._count or self._bytes >= 2 * self._size:
                raise Fail(
                    f"{self._taken} messages with {self._bytes} bytes are with other hosts; send fewer at once",
                    code="overloaded",
                    retryable=True,
                )
        elif self._waiting or not self._has_place():
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((turn, size))
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():
                    self.leave(size)
                raise
            return
        self._take(size)

    def leave(self, size: int) -> None:
        """Give the place back."""
        self._taken -= 1
        self._bytes -= size
        while self._waiting and self._has_place():
            turn, waiting_size = self._waiting.popleft()
            if not turn.cancelled():
                # The place is taken for it at once: nobody who comes meanwhile may have it.
                self._take(waiting_size)
                turn.set_result(None)

    def _has_place(self) -> bool:
        return self._taken < self._count and self._bytes < self._size

    def _take(self, size: int) -> None:
        self._taken += 1
        self._bytes += size
