"""How far a run of tests is: written by who reads its process, taken by who keeps what came."""

import asyncio
from typing import Any

Result = dict[str, Any]
Problem = dict[str, Any]
"""`{code, message}`."""


class Progress:
    """`test` is the one that is run now. It holds at most one result of each test, until that is taken."""

    def __init__(self) -> None:
        self.test: str | None = None
        self.done = 0
        self.counts: dict[str, int] = {}
        self.stopped = False
        self._fresh: dict[str, Result] = {}
        self._news = asyncio.Event()

    def running(self, name: str) -> None:
        """It begins."""
        self.test = name
        self._news.set()

    def ended(self, result: Result) -> None:
        """What came of it."""
        self._fresh[result["name"]] = result
        self.done += 1
        self.counts[result["outcome"]] = self.counts.get(result["outcome"], 0) + 1
        if self.test == result["name"]:
            self.test = None
        self._news.set()

    def broke(self, problem: Problem) -> None:
        """The process ended in the midst of a test: that is what became of it."""
        if self.test is not None:
            self.ended(_not_run(self.test, problem))

    def stop(self) -> None:
        """Somebody wants it to end."""
        self.stopped = True
        self._news.set()

    def look(self) -> None:
        """There is something else to see: its process was begun, or has ended."""
        self._news.set()

    async def news(self) -> None:
        """Waits until there is something to take."""
        await self._news.wait()

    def take(self) -> dict[str, Result]:
        """The results since this was called before."""
        self._news.clear()
        fresh, self._fresh = self._fresh, {}
        return fresh


def _not_run(name: str, problem: Problem) -> Result:
    return {
        "name": name, "outcome": "error", "problem": problem, "findings": [], "steps": [], "wires": {}, "messages": 0,
        "seconds": 0.0, "passed": 0.0,
    }  # fmt: skip
