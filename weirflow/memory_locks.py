"""Locks in memory, for the tests of components: shared by the replicas of a node, on the tests' own clock."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from weirflow.locks import LockTimeout
from weirflow.services import Clock, LockScope

Key = tuple[LockScope, str]

#: Seconds after which the lock of a replica that was killed is free.
EXPIRY = 15.0


class MemoryGrant:
    """A lock that was taken; see `weirflow.services.Grant`."""

    def __init__(self, locks: MemoryLocks, key: Key, holder: object, token: int) -> None:
        self._locks, self.key, self.holder, self.token = locks, key, holder, token
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @property
    def is_held(self) -> bool:
        """Whether it is."""
        return not self.lost.done()

    async def release(self) -> None:
        """Give it back."""
        if self.is_held:
            self.lost.set_result("it was released")
            self._locks.free(self)


class MemoryLocks:
    """All locks of one node. Those who wait are served in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tokens: dict[Key, int] = {}
        self._held: dict[Key, MemoryGrant] = {}
        self._waiting: dict[Key, deque[asyncio.Future[None]]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def acquire(self, key: Key, holder: object, seconds: float) -> MemoryGrant:
        """Take it. Raises `LockTimeout` after so many seconds of the tests' clock."""
        if key in self._held:
            await self._turn(key, seconds)
        self._tokens[key] = self._tokens.get(key, 0) + 1
        grant = self._held[key] = MemoryGrant(self, key, holder, self._tokens[key])
        return grant

    def lose(self, holder: object, name: str = "") -> None:
        """The replica loses its lock of this name (all of them without one), as if it had been cut off too long."""
        for grant in [*self._held.values()]:
            if grant.holder is holder and name in ("", grant.key[1]) and grant.is_held:
                grant.lost.set_result("not renewed in time")
                self.free(grant)

    def expire(self, holder: object) -> None:
        """The replica was killed: what it held is free after the time that a Lease runs on."""
        held = [grant for grant in self._held.values() if grant.holder is holder]
        if held:
            self._start(self._expire(held))

    def free(self, grant: MemoryGrant) -> None:
        """Hand it to who waits longest."""
        self._held.pop(grant.key, None)
        waiting = self._waiting.get(grant.key) or deque()
        while waiting:
            turn = waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def close(self) -> None:
        """The test is over."""
        for task in self._tasks:
            task.cancel()

    async def _turn(self, key: Key, seconds: float) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append(turn)
        patience = self._start(self._clock.sleep(seconds))
        try:
            await asyncio.wait({turn, patience}, return_when=asyncio.FIRST_COMPLETED)
            if not turn.done():
                raise LockTimeout(f"the lock {key[1]!r} was not to be had within {seconds:g} s", retryable=True)
        finally:
            patience.cancel()
            turn.cancel()

    async def _expire(self, held: list[MemoryGrant]) -> None:
        await self._clock.sleep(EXPIRY)
        for grant in held:
            if grant.is_held:
                grant.lost.set_result("its holder died")
                self.free(grant)

    def _start(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
