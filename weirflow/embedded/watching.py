"""One watch from its start to its end: the watcher in the hub, its timeout and its bookmarks."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from weirflow.embedded.hub import Hub, Watcher

DEFAULT_SECONDS = (1_800, 3_600)
"""A watch without a timeout ends after half an hour to an hour, so that clients do not come back all at once."""
BOOKMARK_SECONDS = 60.0
LAST_BOOKMARK = 2.0
"""Seconds before the end at which the last bookmark goes out."""


class WatchStream:
    """A running watch. `take` gives the lines so far; `ended` says that no more will come."""

    def __init__(
        self,
        hub: Hub,
        watcher: Watcher,
        seconds: float,
        bookmark: Callable[[], bytes] | None,
        on_close: Callable[[WatchStream], None],
    ) -> None:
        self._hub = hub
        self._on_close = on_close
        self._watcher = watcher
        self._bookmark = bookmark
        self._timers: list[asyncio.TimerHandle] = []
        self._over = False
        loop = asyncio.get_running_loop()
        seconds = seconds or random.uniform(*DEFAULT_SECONDS)  # noqa: S311
        self._timers.append(loop.call_later(seconds, self.finish))
        self._ends = loop.time() + seconds
        if bookmark is not None:
            self._plan_bookmark()

    def _plan_bookmark(self) -> None:
        loop = asyncio.get_running_loop()
        left = self._ends - loop.time()
        if left > LAST_BOOKMARK:
            self._timers[1:] = [loop.call_later(min(BOOKMARK_SECONDS, left - LAST_BOOKMARK), self._send_bookmark)]

    def _send_bookmark(self) -> None:
        if self._bookmark is not None and not self.ended:
            self._watcher.push(self._bookmark())
            self._watcher.wake()
            self._plan_bookmark()

    @property
    def ended(self) -> bool:
        return self._over or self._watcher.cut

    def take(self) -> list[bytes]:
        return self._watcher.take()

    def finish(self) -> None:
        """End the watch as its timeout does: what is queued may still be taken."""
        self.close()
        self._watcher.wake()

    def close(self) -> None:
        """Stop following; idempotent."""
        self._over = True
        for timer in self._timers:
            timer.cancel()
        self._hub.remove(self._watcher)
        self._on_close(self)
