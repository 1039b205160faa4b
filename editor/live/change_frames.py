"""The document stream to the browsers of one flow: changes that follow each other closely travel as one message."""

import asyncio
from collections.abc import Callable
from typing import Any

from weirflow.cadence import Cadence

INTERVAL = 0.025
"""Seconds. Fifty people who edit one flow make 200 changes a second, and each goes to all of them."""
BURST = 3
"""Messages that may follow each other at once after a pause: who edits alone is never kept waiting."""


class ChangeFrames:
    """``tell`` sends a message to all browsers of the flow. None is lost and none overtakes another."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell = tell
        self._waiting: list[dict[str, Any]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._cadence = Cadence(BURST)

    def add(self, change: dict[str, Any]) -> None:
        """The next change of the flow."""
        self._waiting.append(change)
        if self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._cadence.wait(loop.time(), INTERVAL)
        if wait > 0:
            self._timer = loop.call_later(wait, self._send)
        else:
            self._send()

    def close(self) -> None:
        """Nobody is there any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._waiting.clear()

    def _send(self) -> None:
        self._timer = None
        changes, self._waiting = self._waiting, []
        self._cadence.sent(asyncio.get_running_loop().time(), INTERVAL)
        if len(changes) == 1:
            self._tell({"t": "change", **changes[0]})
        elif changes:
            self._tell({"t": "changes", "changes": changes})
