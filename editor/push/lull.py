"""Waiting for the last of many large changes that come in a row, as when somebody brings in a whole flow.

To push after each of them would write most nodes several times: first alone, then with each of their wires.
"""

import asyncio
import time
from collections.abc import Callable

LULL_SECONDS = 0.1
"""How long nothing must come before the push begins."""
LONGEST_SECONDS = 5.0
"""How long changes may go on coming before the push begins all the same."""


class Lulls:
    """``over`` is called with the name of a project whose changes have come to a rest. ``more`` tells whether a
    large change is under way."""

    def __init__(self, over: Callable[[str], None], more: Callable[[], bool] = lambda: False) -> None:
        self._over, self._more = over, more
        self._began: dict[str, float] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def __contains__(self, project: str) -> bool:
        return project in self._timers

    def changed(self, project: str) -> None:
        """A large change was committed: more may follow."""
        now = time.monotonic()
        if now < self._began.setdefault(project, now) + LONGEST_SECONDS or project not in self._timers:
            self._wait(project)

    def end(self, project: str) -> None:
        """Wait no longer; ``over`` is not called."""
        self._began.pop(project, None)
        if (timer := self._timers.pop(project, None)) is not None:
            timer.cancel()

    def stop(self) -> None:
        """End all waits."""
        for project in list(self._timers):
            self.end(project)

    def _wait(self, project: str) -> None:
        if (timer := self._timers.get(project)) is not None:
            timer.cancel()
        self._timers[project] = asyncio.get_running_loop().call_later(LULL_SECONDS, self._look, project)

    def _look(self, project: str) -> None:
        if self._more() and time.monotonic() < self._began[project] + LONGEST_SECONDS:
            self._wait(project)
            return
        self.end(project)
        self._over(project)
