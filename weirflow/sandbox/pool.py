"""The workers of one node's code, and the messages that wait for them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from weirflow.errors import JSON, Fail
from weirflow.json_bytes import json_bytes
from weirflow.outside import outside
from weirflow.sandbox.failures import overloaded, stopped, too_large, unloadable
from weirflow.sandbox.inside.frames import CALL, LOAD
from weirflow.sandbox.limits import MIB, Limits
from weirflow.sandbox.worker import Call, Worker

if TYPE_CHECKING:
    from weirflow.sandbox.sandbox import Sandbox

#: What may wait in one pool; how large one message may be, in bytes of JSON.
MOST_CALLS, MOST_BYTES = 10_000, 64 * MIB
MOST_MESSAGE = 32 * MIB
#: Another worker is worth its start when the others have been at one call for so long.
_SLOW_SECONDS = 0.005
#: So many workers may end while they load the code: one may have been killed by somebody.
_TRIES = 3
#: A worker is replaced after this long, which code that keeps something in it should not get used to.
_LIFETIME_SECONDS = 600.0


class Pool:
    """Calls `code`, a text that compiles, for one message after the other or for several at once. Made by
    `Sandbox.pool`; whoever has it closes it. `printed` is called with what a call has printed.
    """

    def __init__(
        self, sandbox: Sandbox, code: str, limits: Limits, printed: Callable[[str], None], project: str
    ) -> None:
        self._sandbox, self._limits, self._printed = sandbox, limits, printed
        #: Whose share its workers are of.
        self.project = project
        self._code = code.encode("utf-8", "surrogatepass")
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Call] = deque()
        self._bytes = 0
        self._workers: list[Worker] = []
        self._growing: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None
        self._closed = False
        #: Workers in a row that have ended while they loaded the code.
        self._unloaded = 0

    @property
    def workers(self) -> list[Worker]:
        """Those that live."""
        return self._workers

    @property
    def waits(self) -> bool:
        """Whether messages wait and there is no worker at all."""
        return bool(self._waiting) and not self._workers

    async def call(self, message: JSON) -> JSON:
        """What the code returns for `message`. Raises `Fail`; `docs/code.md` lists the codes. A caller that is
        cancelled leaves its place."""
        if self._closed:
            raise stopped()
        payload = json_bytes(message)
        if len(payload) > MOST_MESSAGE:
            raise too_large(len(payload), MOST_MESSAGE)
        if len(self._waiting) >= MOST_CALLS or (self._waiting and self._bytes + len(payload) > MOST_BYTES):
            raise overloaded(len(self._waiting))
        call = Call(CALL, payload, self._loop.create_future())
        self._waiting.append(call)
        self._bytes += len(payload)
        self._feed()
        with outside():
            return await call.future

    def close(self) -> None:
        """End all workers now; what waits or runs fails as `stopped`. May be called twice."""
        if self._closed:
            return
        self._closed = True
        if self._growing is not None:
            self._growing.cancel()
        if self._later is not None:
            self._later.cancel()
        for worker in list(self._workers):
            worker.kill(stopped())
        self._fail(stopped())
        self._sandbox.closed(self)

    async def finish(self, seconds: float) -> None:
        """Answer what there is, for so long at most, then close. Nothing more may be called."""
        calls = [call.future for call in self._waiting]
        calls += [call.future for worker in self._workers for call in worker.calls]
        try:
            if calls:
                await asyncio.wait(calls, timeout=seconds)
        finally:
            self.close()

    def rest(self, before: float) -> None:
        """Let the workers go that have had nothing to do since `before`, a time of the loop."""
        for worker in list(self._workers):
            if not worker.load and worker.idle_since < before:
                worker.leave()

    def _feed(self) -> None:
        """Hand out what waits, to who has the least to do."""
        waiting, workers = self._waiting, self._workers
        while waiting:
            worker = max(workers, key=_takes, default=None) if len(workers) != 1 else workers[0]
            if worker is None or worker.takes <= 0:
                self._help()
                return
            call = waiting.popleft()
            self._bytes -= len(call.payload)
            if not call.future.done():
                worker.send(call)
                if self._loop.time() - worker.born > _LIFETIME_SECONDS:
                    worker.leave()
        if self._sandbox.is_crowded:
            self._sandbox.at_rest()

    def _help(self) -> None:
        """All are busy: begin another worker if it is worth it, or look again when it may be."""
        if self._growing is not None or len(self._workers) >= self._limits.processes:
            return
        quickest = min((worker.busy_for for worker in self._workers), default=_SLOW_SECONDS)
        if quickest >= _SLOW_SECONDS:
            self._growing = self._loop.create_task(self._grow(), name="code worker")
        elif self._later is None:
            self._later = self._loop.call_later(_SLOW_SECONDS - quickest, self._look_again)

    def _look_again(self) -> None:
        self._later = None
        if self._waiting and not self._closed:
            self._feed()

    async def _grow(self) -> None:
        try:
            worker = await self._sandbox.worker(
                self._limits,
                project=self.project,
                beside=len(self._workers),
                printed=self._printed,
                free=self._feed,
                ended=self._worker_ended,
            )
        except Fail as fail:
            if not self._workers:
                self._fail(fail)
            return
        finally:
            self._growing = None
        load = Call(LOAD, self._code, self._loop.create_future())
        load.future.add_done_callback(self._loaded)
        worker.send(load)
        self._workers.append(worker)
        self._feed()

    def _loaded(self, future: asyncio.Future[JSON]) -> None:
        """Code under which one worker after the other ends before it has seen a message: who waits is told."""
        error = future.exception() if not future.cancelled() else None
        if self._closed:
            return
        self._unloaded = self._unloaded + 1 if error is not None else 0
        if self._unloaded >= _TRIES:
            self._unloaded = 0
            self._fail(unloadable(str(error)))

    def _worker_ended(self, worker: Worker, left: list[Call]) -> None:
        if worker in self._workers:
            self._workers.remove(worker)
        self._sandbox.ended(worker)
        if self._closed:
            for call in left:
                _fail(call, stopped())
            return
        # None of these has been begun.
        self._waiting.extendleft(call for call in reversed(left) if call.kind == CALL)
        self._bytes += sum(len(call.payload) for call in left)
        if self._waiting:
            self._feed()

    def _fail(self, fail: Fail) -> None:
        while self._waiting:
            _fail(self._waiting.popleft(), fail)
        self._bytes = 0


def _takes(worker: Worker) -> int:
    return worker.takes


def _fail(call: Call, fail: Fail) -> None:
    if not call.future.done():
        call.future.set_exception(fail)
