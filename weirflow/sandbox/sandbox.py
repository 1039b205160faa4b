"""All that one event loop has of sandboxes: the nursery, the pools, and how many workers there may be."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from weirflow.errors import Fail
from weirflow.outside import outside
from weirflow.sandbox.checker import Checker
from weirflow.sandbox.crashes import Crashes
from weirflow.sandbox.failures import stopped, unavailable
from weirflow.sandbox.level import Walls
from weirflow.sandbox.limits import Limits
from weirflow.sandbox.memory import memory_for_code
from weirflow.sandbox.nursery import Nursery
from weirflow.sandbox.places import Places
from weirflow.sandbox.pool import Pool
from weirflow.sandbox.room import Room
from weirflow.sandbox.rule import refuse_off, refuse_weak
from weirflow.sandbox.worker import Call, Worker

#: A worker that has had nothing to do for so long ends; how often that is looked at.
_IDLE_SECONDS, _ROUND_SECONDS = 60.0, 10.0
#: Shares that differ by less are the same.
_EVEN = 1e-9
#: So many workers of a project have as much of the processor as anybody, the others less.
_CORES = os.cpu_count() or 1

_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Sandbox] = WeakKeyDictionary()


class Sandbox:
    """Shared by all who are on the same event loop: `Sandbox.here()`. Its processes live from the first `enter` to
    the last `leave`."""

    def __init__(self) -> None:
        self._users = 0
        self._nursery: Nursery | None = None
        self._starting = asyncio.Lock()
        self._pools: dict[Pool, None] = {}
        self._workers: set[Worker] = set()
        self._places = Places(memory_for_code())
        self._room = Room()
        self._crashes = Crashes()
        self._rounds: asyncio.Task[None] | None = None
        self._checkers: dict[str, Checker] = {}
        self._closing: set[asyncio.Task[None]] = set()
        #: What the last worker said of itself.
        self.walls: Walls | None = None

    @classmethod
    def here(cls) -> Sandbox:
        """That of the running loop."""
        loop = asyncio.get_running_loop()
        found = _of_loop.get(loop)
        if found is None:
            found = _of_loop[loop] = cls()
        return found

    def enter(self) -> None:
        """Somebody will need it."""
        self._users += 1

    async def leave(self) -> None:
        """And no more. With the last one its processes end."""
        self._users -= 1
        if self._users == 0:
            await self._close()

    async def check(self, code: str, *, project: str = "") -> dict[str, Any] | None:
        """Compile the text where it can do no harm: what is wrong with it, `{line, text}`, or None. Raises `Fail` where
        the sandbox cannot be had."""
        checker = self._checkers.get(project)
        if checker is None:
            checker = self._checkers[project] = Checker(self, project)
        return await checker.check(code)

    def pool(self, code: str, limits: Limits, printed: Callable[[str], None], *, project: str = "") -> Pool:
        """A pool for code that compiles. Its workers begin with the first message, and are of the project's share."""
        pool = Pool(self, code, limits, printed, project)
        self._pools[pool] = None
        return pool

    def closed(self, pool: Pool) -> None:
        """Said by a pool that was closed."""
        self._pools.pop(pool, None)

    async def worker(
        self,
        limits: Limits,
        *,
        project: str,
        beside: int = 0,
        printed: Callable[[str], None],
        free: Callable[[], None],
        ended: Callable[[Worker, list[Call]], None],
    ) -> Worker:
        """A worker of the project's share that has said hello, for who has as many as `beside` already. Raises `Fail`,
        as where it is less shut in than it has to be."""
        refuse_off()
        if wait := self._crashes.wait(project, asyncio.get_running_loop().time()):
            await asyncio.sleep(wait)
        if not self._places.fits(project, limits.memory):
            self._make_room(project, limits.memory, beside)
        await self._places.take(project, limits.memory, beside)
        try:
            nursery = await self._born_from()
            yields = self._places.held(project) > _CORES
            worker = Worker(
                nursery,
                limits,
                project=project,
                yields=yields,
                room=self._room,
                printed=printed,
                free=free,
                ended=ended,
            )
        except BaseException:
            self._places.give_back(project, limits.memory)
            raise
        self._workers.add(worker)
        try:
            with outside():
                await worker.connect()
                self.walls = await worker.walls
            refuse_weak(self.walls)
        except asyncio.CancelledError:
            worker.kill(stopped())
            raise
        except (Fail, OSError) as error:
            worker.kill(None)
            if isinstance(error, Fail) and error.code == "code_sandbox":
                raise
            raise unavailable(f"a worker ended as it began ({error})") from error
        if self._rounds is None:
            self._rounds = asyncio.get_running_loop().create_task(self._round(), name="code workers at rest")
        return worker

    def ended(self, worker: Worker) -> None:
        """Said by whoever had it: there is room for another."""
        if worker in self._workers:
            self._workers.remove(worker)
            if worker.crashed:
                self._crashes.note(worker.project, asyncio.get_running_loop().time())
            self._places.give_back(worker.project, worker.memory)

    @property
    def is_crowded(self) -> bool:
        """Whether somebody waits for a place."""
        return self._places.is_crowded

    def at_rest(self) -> None:
        """Said by a pool that has nothing more to hand out: who waits for a place may have one of its workers'."""
        if self._places.is_crowded and (idle := self._idle()):
            idle[0].leave()

    def _make_room(self, project: str, memory: int, beside: int) -> None:
        """Have workers end where that makes shares more even: those that have been idle for longest; or some of the
        project that has most, and more than the asking one will have; or of the node that has most in that project."""
        for worker in self._idle():
            worker.leave()
            if self._places.fits(project, memory):
                return
        missing = self._places.missing(project, memory)
        while (giving := self._giving(project, memory, beside)) is not None:
            giving.leave()
            missing -= giving.memory
            if missing <= 0:
                return

    def _giving(self, project: str, memory: int, beside: int) -> Worker | None:
        """One that is to end after its call."""
        stays = {pool: [worker for worker in pool.workers if not worker.leaves] for pool in self._pools}
        shares: dict[str, list[Worker]] = {}
        for pool, workers in stays.items():
            shares.setdefault(pool.project, []).extend(workers)
        if not shares:
            return None
        richest = max(shares, key=lambda one: self._share(shares[one]))
        has = self._places.held(project)
        left = self._share(shares[richest][1:])
        wanted = self._places.share_of(project) + self._places.share(1, memory)
        of_another = richest != project and bool(shares[richest]) and (has == 0 or left >= wanted - _EVEN)
        giving = richest if of_another else project
        workers = max((stays[pool] for pool in stays if pool.project == giving), key=len, default=[])
        return workers[0] if workers and (of_another or beside == 0 or len(workers) > beside + 1) else None

    def _share(self, workers: list[Worker]) -> float:
        return self._places.share(len(workers), sum(worker.memory for worker in workers))

    def _idle(self) -> list[Worker]:
        """Those that have nothing to do, for longest first."""
        workers = [worker for pool in self._pools for worker in pool.workers]
        workers += [worker for checker in self._checkers.values() for worker in checker.workers]
        idle = [worker for worker in workers if not worker.load]
        return sorted(idle, key=lambda worker: worker.idle_since)

    async def _born_from(self) -> Nursery:
        async with self._starting:
            if self._nursery is None or self._nursery.gone:
                if self._nursery is not None:
                    await self._nursery.close()
                nursery = Nursery()
                await nursery.start()
                self._nursery = nursery
            return self._nursery

    async def _round(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_ROUND_SECONDS)
            before = loop.time() - _IDLE_SECONDS
            for pool in list(self._pools):
                pool.rest(before)
            for project, checker in list(self._checkers.items()):
                if checker.rest(before):
                    del self._checkers[project]

    async def _close(self) -> None:
        rounds, self._rounds = self._rounds, None
        nursery, self._nursery = self._nursery, None
        for pool in list(self._pools):
            pool.close()
        for worker in list(self._workers):
            worker.kill(None)
        if rounds is not None:
            rounds.cancel()
            await asyncio.wait([rounds])
        if nursery is not None:
            await nursery.close()
