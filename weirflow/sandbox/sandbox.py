"""All that one event loop has of sandboxes: the nursery, the pools, and how many workers there may be."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from weirflow.errors import Fail
from weirflow.outside import outside
from weirflow.sandbox.failures import unavailable
from weirflow.sandbox.inside.frames import CHECK
from weirflow.sandbox.level import Walls
from weirflow.sandbox.limits import Limits
from weirflow.sandbox.nursery import Nursery
from weirflow.sandbox.places import Places
from weirflow.sandbox.pool import Pool
from weirflow.sandbox.rule import refuse_off, refuse_weak
from weirflow.sandbox.worker import Call, Worker

#: A worker that has had nothing to do for so long ends; how often that is looked at.
_IDLE_SECONDS, _ROUND_SECONDS = 60.0, 10.0
#: So many workers of a project have as much of the processor as anybody, the others less.
_CORES = os.cpu_count() or 1
_CHECKER = Limits(deadline=5.0, memory=256 << 20, answer=1 << 16, printed=0, processes=1)

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
        self._places = Places()
        self._rounds: asyncio.Task[None] | None = None
        self._checker: Worker | None = None
        self._checking = asyncio.Lock()
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

    async def check(self, code: str) -> dict[str, Any] | None:
        """Compile the text where it can do no harm: what is wrong with it, `{line, text}`, or None. Raises `Fail` where
        the sandbox cannot be had."""
        payload = code.encode("utf-8", "replace")
        async with self._checking:
            if self._checker is None:
                self._checker = await self.worker(
                    _CHECKER, project="", printed=lambda _: None, free=lambda: None, ended=self._checker_ended
                )
            call = Call(CHECK, payload, asyncio.get_running_loop().create_future())
            self._checker.send(call)
            try:
                with outside():
                    wrong: dict[str, Any] | None = await call.future
            except Fail:
                return {"line": 1, "text": "Python cannot compile this; make it smaller, and nest it less"}
            return wrong

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
        if not self._places.fits(project):
            self._make_room(project, beside)
        await self._places.take(project, beside)
        try:
            nursery = await self._born_from()
            yields = self._places.held(project) > _CORES
            worker = Worker(nursery, limits, project=project, yields=yields, printed=printed, free=free, ended=ended)
        except BaseException:
            self._places.give_back(project)
            raise
        self._workers.add(worker)
        try:
            with outside():
                await worker.connect()
                self.walls = await worker.walls
            refuse_weak(self.walls)
        except asyncio.CancelledError:
            worker.kill(None)
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
            self._places.give_back(worker.project)

    @property
    def is_crowded(self) -> bool:
        """Whether somebody waits for a place."""
        return self._places.is_crowded

    def at_rest(self) -> None:
        """Said by a pool that has nothing more to hand out: who waits for a place may have one of its workers'."""
        if self._places.is_crowded and (idle := self._idle()):
            idle[0].leave()

    def _make_room(self, project: str, beside: int) -> None:
        """Have a worker end where that makes shares more even: the one that has been idle for longest; or one of the
        project that has most, and more than the asking one will have; or of the node that has most in that project."""
        if idle := self._idle():
            idle[0].leave()
            return
        stays = {pool: [worker for worker in pool.workers if not worker.leaves] for pool in self._pools}
        shares = Counter({pool.project: 0 for pool in stays})
        for pool, workers in stays.items():
            shares[pool.project] += len(workers)
        if not shares:
            return
        richest, most = shares.most_common(1)[0]
        has = self._places.held(project)
        of_another = richest != project and (has == 0 or most > has + 1)
        giving = richest if of_another else project
        workers = max((stays[pool] for pool in stays if pool.project == giving), key=len, default=[])
        if workers and (of_another or beside == 0 or len(workers) > beside + 1):
            workers[0].leave()

    def _idle(self) -> list[Worker]:
        """Those that have nothing to do, for longest first."""
        idle = [worker for pool in self._pools for worker in pool.workers if not worker.load]
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

    def _checker_ended(self, worker: Worker, left: list[Call]) -> None:
        self._checker = None
        self.ended(worker)
        for call in left:
            if not call.future.done():
                call.future.set_exception(unavailable("the process that compiles has ended"))

    async def _round(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_ROUND_SECONDS)
            before = loop.time() - _IDLE_SECONDS
            for pool in list(self._pools):
                pool.rest(before)
            if self._checker is not None and not self._checker.load and self._checker.idle_since < before:
                self._checker.leave()

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
