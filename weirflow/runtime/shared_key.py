"""The link's key as it is now: a Secret that was deleted and made anew has another one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from weirflow.kube.backoff import Backoff
from weirflow.kube.errors import ApiError
from weirflow.runtime.link_key import LinkKeyError

log = logging.getLogger(__name__)

_READ_SECONDS = 5.0
#: Between two readings: whoever brings wrong keys all the time must not make us read all the time.
_FIRST_PAUSE, _MOST_PAUSE = 1.0, 15.0


class SharedKey:
    """``key`` holds until somebody is refused for theirs, or we for ours; then ``read`` tells what it is by now."""

    def __init__(self, key: bytes, read: Callable[[], Awaitable[bytes]]) -> None:
        self.value = key
        self._read = read
        self._backoff = Backoff(_FIRST_PAUSE, _MOST_PAUSE)
        self._due = 0.0
        self._task: asyncio.Task[None] | None = None

    def doubt(self) -> None:
        """A key did not fit: look soon whether ours is out of date. Whoever was refused tries again."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._refresh(), name="key of the link")

    async def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _refresh(self) -> None:
        await asyncio.sleep(max(0.0, self._due - time.monotonic()))
        try:
            async with asyncio.timeout(_READ_SECONDS):
                key = await self._read()
        except (ApiError, LinkKeyError, TimeoutError) as error:
            log.info("the link's key cannot be read again: %s", error or "the cluster does not answer")
        else:
            if key != self.value:
                self.value = key
                self._backoff.reset()
                log.info("the link's key is another one by now")
        self._due = time.monotonic() + self._backoff.pause()
