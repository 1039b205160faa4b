"""An event loop whose time stands still while anything can run, and is moved on when nothing else can happen.

Delays of hours pass at once, and in the right order, for whatever waits on the loop: `asyncio.sleep`, timeouts, the
pauses of retries, the deadlines of messages. Time that work outside the loop takes (threads, child processes) is real.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Literal

#: Real seconds for which something outside that might still answer is waited for, after its last sign of life.
_PATIENCE = 0.3
#: Real seconds between two looks at the bound, while only the outside can go on.
_LOOK = 0.05
#: Real seconds that ending a test may take past its bound.
_GRACE = 5.0

#: Why time was not moved on: nothing is left to happen, the flow's own time is over, or the test's real time is.
Rest = Literal["idle", "over", "too_long"]

_real = time.monotonic


class VirtualLoop(asyncio.SelectorEventLoop):
    """``time()`` begins at the real one and then goes its own way. ``rest`` ends after ``seconds`` of real time."""

    def __init__(self, seconds: float) -> None:
        self.now = _real()
        self._give_up = self.now + seconds
        self._horizon = self.now
        self._resting: asyncio.Future[Rest] | None = None
        self._outside = 0
        self._threads = threading.active_count()
        super().__init__(_Mover(self))

    def time(self) -> float:
        """Seconds, the loop's own."""
        return self.now

    @property
    def held(self) -> AbstractContextManager[None]:
        """While it is entered, time goes its real way (`weirflow.outside`)."""
        return self._holding()

    @contextmanager
    def _holding(self) -> Iterator[None]:
        self._outside += 1
        try:
            yield
        finally:
            self._outside -= 1

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        """As ever; time goes its real way until the answer is there."""
        future = super().run_in_executor(executor, func, *args)
        self._outside += 1
        future.add_done_callback(self._answered)
        return future

    async def rest(self, seconds: float) -> Rest:
        """Let happen what happens, for at most so many seconds of the loop's own time."""
        self._horizon = self.now + seconds
        self._resting = self.create_future()
        return await self._resting

    def _answered(self, _future: object) -> None:
        self._outside -= 1
        # The thread stays, and has nothing to say until it is given something again.
        self._threads = max(self._threads, threading.active_count())

    # For the selector.

    def patience(self, since: float, descriptors: int) -> float:
        """Real seconds to wait for the outside, which has given no sign of life ``since``."""
        if self._outside:
            return _LOOK
        if descriptors or threading.active_count() > self._threads:
            return max(0.0, min(_LOOK, since + _PATIENCE - _real()))
        return 0.0

    def turned(self) -> None:
        """Something ran, and something else can at once: for how long that goes on is bounded, too."""
        if self._late() and self._resting is not None:
            self._end("too_long")

    def pass_over(self, seconds: float | None) -> bool:
        """Nothing can run: move on by so many seconds (None: nothing is waiting for any time). False at the end."""
        if self._late():
            ended = self._end("too_long")
        elif seconds is None:
            ended = self._end("idle")
        else:
            ended = self.now + seconds > self._horizon and self._end("over")
        if not ended and seconds is not None:
            self.now += seconds
        return ended or seconds is not None

    def _end(self, why: Rest) -> bool:
        """Tell who rests, if somebody does."""
        resting, self._resting = self._resting, None
        if resting is None or resting.done():
            return False
        resting.set_result(why)
        return True

    def _late(self) -> bool:
        late = _real() - self._give_up
        if late > _GRACE:
            raise TimeoutError("the test could not be ended: a component does not let itself be called off")
        return late > 0


class _Mover(selectors.DefaultSelector):
    """Waits for the outside as long as that makes sense, then moves the loop's time on."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop
        self._alive_at = _real()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """As any selector, but for what ``timeout`` stands for."""
        found = super().select(0)
        if found or (timeout is not None and timeout <= 0):
            self._loop.turned()
            return self._seen(found)
        # One descriptor is the loop's own, by which threads wake it.
        patience = self._loop.patience(self._alive_at, len(self.get_map()) - 1)
        if patience > 0:
            began = _real()
            found = super().select(patience if timeout is None else min(patience, timeout))
            self._loop.now += _real() - began
            if found or self._loop.patience(self._alive_at, len(self.get_map()) - 1) > 0:
                self._loop.pass_over(0.0)
                return self._seen(found)
        if not self._loop.pass_over(timeout):
            return self._seen(super().select(_LOOK))
        return []

    def _seen(self, found: list[tuple[selectors.SelectorKey, int]]) -> list[tuple[selectors.SelectorKey, int]]:
        if found:
            self._alive_at = _real()
        return found


@contextmanager
def own_time(loop: VirtualLoop) -> Iterator[None]:
    """`time.monotonic` is the loop's meanwhile, for the whole process: deadlines of messages are reckoned in it (ADR
    110). Not the one that the standard library has taken at its import, as for locks and queues."""
    time.monotonic = loop.time
    try:
        yield
    finally:
        time.monotonic = _real
