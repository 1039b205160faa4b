"""Work by key: one worker per key at a time, several keys at once, and no key holds up another."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from weirflow.kube.backoff import Backoff

log = logging.getLogger(__name__)


class KeyedPool:
    """Calls ``work(key)`` for every key that was added, level-triggered.

    A key added several times before its turn is worked once; added during its work, once more afterwards. A failed
    key is tried again after a growing pause of its own. At most ``width`` keys are worked at once.
    """

    def __init__(self, name: str, work: Callable[[str], Awaitable[None]], *, width: int = 16) -> None:
        self._name, self._work, self._width = name, work, width
        self._queued: dict[str, None] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._backoff: dict[str, Backoff] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

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
        if tasks := list(self._running.values()):
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=seconds)

    def _start_waiting(self) -> None:
        while self._queued and len(self._running) < self._width:
            key = next(iter(self._queued))
            del self._queued[key]
            self._running[key] = asyncio.create_task(self._one(key), name=f"{self._name} {key}")

    async def _one(self, key: str) -> None:
        try:
            await self._work(key)
            self._backoff.pop(key, None)
        except asyncio.CancelledError:
            raise
        except Exception:
            pause = self._backoff.setdefault(key, Backoff(0.1, 32.0)).pause()
            log.exception("%s: work on one key failed; again in %.1f s", self._name, pause, extra={"node": key})
            if not self._closed:
                self._timers[key] = asyncio.get_running_loop().call_later(pause, self.add, key)
        finally:
            del self._running[key]
            if key in self._again:
                self._again.discard(key)
                self.add(key)
            self._start_waiting()
            if not self._running and not self._queued:
                self._idle.set()
