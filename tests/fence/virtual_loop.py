"""An event loop whose clock moves only when it is told to, and that can be run until nothing is left to do."""

import asyncio
import selectors
from collections.abc import Callable
from typing import Any
from unittest import mock


class _Selector(selectors.SelectSelector):
    """Never waits: where a loop would sleep, it is told to stop instead."""

    def __init__(self) -> None:
        super().__init__()
        self.loop: VirtualLoop | None = None

    def select(self, timeout: float | None = None) -> list[Any]:
        if self.loop is not None and (timeout is None or timeout > 0):
            self.loop.fell_idle(timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """``time`` and, while it runs, ``time.monotonic`` are ``now``; two runs of the same calls are the same."""

    def __init__(self) -> None:
        selector = _Selector()
        self.now = 1000.0
        #: Seconds until the next timer, as of when the loop fell idle.
        self._next: float | None = None
        super().__init__(selector)
        selector.loop = self

    def time(self) -> float:
        return self.now

    def fell_idle(self, next_timer: float | None) -> None:
        """Called by the selector: there is nothing to do until then."""
        self._next = next_timer
        self.stop()

    def settle(self) -> None:
        """Run until every task waits for time to pass, or for the world."""
        with mock.patch("time.monotonic", self.time):
            self.run_forever()

    def advance(self, seconds: float) -> None:
        """Let time pass; what is due on the way happens at its time."""
        end = self.now + seconds
        self.settle()
        while self._next is not None and self.now + self._next <= end:
            self.now += self._next
            self.settle()
        self.now = end
        self.settle()

    def finish(self, work: Any) -> Any:
        """The result of a coroutine that needs nothing but this loop."""
        task = self.create_task(work)
        self.settle()
        assert task.done(), f"{work} waits for something"
        return task.result()

    def do(self, work: Callable[..., Any], *args: Any) -> None:
        """Call what needs a running loop, and settle."""

        async def call() -> None:
            work(*args)

        self.finish(call())

    def end(self) -> None:
        """Cancel what is left, and close."""
        for task in asyncio.all_tasks(self):
            task.cancel()
        self.settle()
        self.close()
