"""Work by key: one worker per key at a time, several keys at once, and no key holds up another."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextvars import Context

from weirflow.kube.backoff import Backoff

log = logging.getLogger(__name__)

#: Between two lines about failures that are nobody's fault here, in seconds.
_SAY_SECONDS = 10.0
#: How long a worker goes on, in seconds, before everybody else on the loop has a turn.
_TURN_SECONDS = 0.002


class KeyedPool:
    """Calls ``work(key)`` for every key that was added, level-triggered.

    A key added several times before its turn is worked once; added during its work, once more afterwards. A failed
    key is tried again after a growing pause of its own. At most ``width`` keys are worked at once. ``outside`` are
    failures whose cause lies elsewhere, as in a cluster under load: a line now and then tells of them, no traceback.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[str], Awaitable[None]],
        *,
        width: int = 16,
        outside: tuple[type[Exception], ...] = (),
    ) -> None:
        self._name, self._work, self._width, self._outside = name, work, width, outside
        self._said_at = -_SAY_SECONDS
        self._unsaid = 0
        self._queued: dict[str, None] = {}
        self._running: set[str] = set()
        self._workers: set[asyncio.Task[None]] = set()
        self._again: set[str] = set()
        self._backoff: dict[str, Backoff] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    @property
    def depth(self) -> int:
        """Keys that wait for their turn or have it."""
        return len(self._queued) + len(self._running)

    def add(self, key: str) -> None:
        """Ask for work on ``key`` soon."""
        if self._closed:
            return
        if timer := self._timers.pop(key, None):
            timer.cancel()
        if key in self._running:
            self._again.add(key)
            return
        self._queued[key] = None
        self._idle.clear()
        self._start_waiting()

    async def drained(self) -> None:
        """Wait until nothing is queued or running; keys that wait for another attempt do not count."""
        await self._idle.wait()

    async def close(self, seconds: float = 1.0) -> None:
        """Take nothing more, let running work end within ``seconds``, cancel the rest."""
        self._closed = True
        self._queued.clear()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        if tasks := list(self._workers):
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=seconds)

    def _start_waiting(self) -> None:
        if self._queued and len(self._workers) < self._width:
            # A context of its own: it must not inherit what belongs to whoever happened to ask first.
            worker = asyncio.create_task(self._work_off(), name=f"{self._name} worker", context=Context())
            self._workers.add(worker)
            worker.add_done_callback(self._ended)

    async def _work_off(self) -> None:
        """Take key after key while there are any: a task for each would cost more than the work on most."""
        until = time.monotonic() + _TURN_SECONDS
        while self._queued:
            key = next(iter(self._queued))
            del self._queued[key]
            self._start_waiting()
            await self._one(key)
            if time.monotonic() > until:
                await asyncio.sleep(0)
                until = time.monotonic() + _TURN_SECONDS

    async def _one(self, key: str) -> None:
        self._running.add(key)
        try:
            await self._work(key)
            if self._backoff:
                self._backoff.pop(key, None)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            pause = self._backoff.setdefault(key, Backoff(0.1, 32.0)).pause()
            if isinstance(error, self._outside):
                self._say(key, error, pause)
            else:
                log.exception("%s: work on one key failed; again in %.1f s", self._name, pause, extra={"node": key})
            if not self._closed:
                self._timers[key] = asyncio.get_running_loop().call_later(pause, self.add, key)
        finally:
            self._running.discard(key)
            if key in self._again:
                self._again.discard(key)
                self.add(key)

    def _say(self, key: str, error: Exception, pause: float) -> None:
        now = time.monotonic()
        if now < self._said_at + _SAY_SECONDS:
            self._unsaid += 1
            return
        more = f" ({self._unsaid} more since the last line)" if self._unsaid else ""
        log.warning("%s: %s; again in %.1f s%s", self._name, error, pause, more, extra={"node": key})
        self._said_at, self._unsaid = now, 0

    def _ended(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        self._start_waiting()
        if not self._workers and not self._queued:
            self._idle.set()
