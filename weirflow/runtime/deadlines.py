"""Deadlines of messages on one timer per host: tens of thousands come and go in a second, and nearly none fires."""

import asyncio
import math
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from weirflow.errors import Fail

_TICK = 0.02


class TimerWheel:
    """Calls back within ``_TICK`` seconds after a time of ``time.monotonic``. To add or remove is a set operation."""

    def __init__(self) -> None:
        self._slots: dict[int, set[Callable[[], None]]] = {}
        self._done = 0
        self._handle: asyncio.TimerHandle | None = None

    def add(self, at: float, callback: Callable[[], None]) -> int:
        """Call ``callback`` soon after ``at``. Returns the slot, which ``remove`` wants back."""
        if self._handle is None:
            self._done = int(time.monotonic() / _TICK)
            self._handle = asyncio.get_running_loop().call_later(_TICK, self._turn)
        slot = max(math.ceil(at / _TICK), self._done + 1)
        self._slots.setdefault(slot, set()).add(callback)
        return slot

    def remove(self, slot: int, callback: Callable[[], None]) -> None:
        """Forget a callback, if it has not been called."""
        if (callbacks := self._slots.get(slot)) is not None:
            callbacks.discard(callback)
            if not callbacks:
                del self._slots[slot]

    def close(self) -> None:
        """Call nothing any more."""
        self._slots.clear()
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _turn(self) -> None:
        now = int(time.monotonic() / _TICK)
        behind = now - self._done
        # After a long pause of the process there may be more ticks to catch up with than there are slots.
        due = (
            range(self._done + 1, now + 1) if behind < len(self._slots) else sorted(s for s in self._slots if s <= now)
        )
        for slot in due:
            for callback in self._slots.pop(slot, ()):
                callback()
        self._done = now
        self._handle = asyncio.get_running_loop().call_later(_TICK, self._turn) if self._slots else None


class Until:
    """``with Until(wheel, deadline, "what"):`` cancels the block at the deadline, as a retryable ``Fail``."""

    __slots__ = ("_cancelling", "_deadline", "_expired", "_slot", "_task", "_what", "_wheel")

    def __init__(self, wheel: TimerWheel, deadline: float, what: str) -> None:
        self._wheel, self._deadline, self._what = wheel, deadline, what
        self._expired = False

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None
        self._task, self._cancelling = task, task.cancelling()
        self._slot = self._wheel.add(self._deadline, self._expire)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._expired:
            self._wheel.remove(self._slot, self._expire)
        elif self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise timed_out(self._what) from error

    def _expire(self) -> None:
        self._expired = True
        self._task.cancel()


def timed_out(what: str) -> Fail:
    """The failure of a message that met its deadline."""
    return Fail(
        f"{what} did not finish before the message's deadline; make it faster, or allow more time",
        code="timeout",
        retryable=True,
    )
