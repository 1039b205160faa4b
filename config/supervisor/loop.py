"""A single-threaded loop over file descriptors, timers and signals."""

import contextlib
import heapq
import itertools
import os
import selectors
import signal
import time
from collections.abc import Callable, Iterable
from typing import Any

Callback = Callable[[], object]


class Timer:
    """A call due at a moment of the monotonic clock; `cancel()` takes it back."""

    def __init__(self, call: Callback) -> None:
        self.call: Callback | None = call

    def cancel(self) -> None:
        self.call = None


class Loop:
    """Calls back when a descriptor can be read or written, a timer is due or a signal has arrived.

    A poll selector, because standard output may be a file, which epoll refuses.
    """

    def __init__(self) -> None:
        self._selector = selectors.PollSelector()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._stopped = False

    def when_readable(self, fd: int, call: Callback) -> None:
        self._selector.register(fd, selectors.EVENT_READ, call)

    def when_writable(self, fd: int, call: Callback) -> None:
        self._selector.register(fd, selectors.EVENT_WRITE, call)

    def forget(self, fd: int) -> None:
        """No more calls for `fd`; a descriptor that is not known is fine."""
        with contextlib.suppress(KeyError):
            self._selector.unregister(fd)

    def after(self, seconds: float, call: Callback) -> Timer:
        timer = Timer(call)
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), timer))
        return timer

    def on_signals(self, numbers: Iterable[int], call: Callable[[int], None]) -> None:
        """Call `call(number)` from the loop, never from inside a signal handler."""
        reader, writer = os.pipe()
        for fd in (reader, writer):
            os.set_blocking(fd, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in numbers:
            signal.signal(number, _left_to_the_wakeup_fd)

        def drain() -> None:
            with contextlib.suppress(BlockingIOError):
                for number in os.read(reader, 512):
                    call(number)

        self.when_readable(reader, drain)

    def stop(self) -> None:
        self._stopped = True

    def run(self) -> None:
        """Run until `stop()` is called from a callback."""
        self._stopped = False
        while not self._stopped:
            self.turn(None)

    def turn(self, longest: float | None) -> None:
        """One turn: wait for the first event, at most `longest` seconds, and make the calls that are due."""
        for key, _ in self._selector.select(self._patience(longest)):
            # An earlier call of this turn may have closed this descriptor, or its number may already be another's.
            if self._selector.get_map().get(key.fd) is key:
                call: Callback = key.data
                call()
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            timer = heapq.heappop(self._timers)[2]
            if timer.call is not None:
                timer.call()

    def _patience(self, longest: float | None) -> float | None:
        while self._timers and self._timers[0][2].call is None:
            heapq.heappop(self._timers)
        if not self._timers:
            return longest
        due = max(0.0, self._timers[0][0] - time.monotonic())
        return due if longest is None else min(due, longest)


def _left_to_the_wakeup_fd(number: int, frame: Any) -> None:
    """A Python handler must exist for the signal's number to reach the wakeup descriptor."""
