"""The runs that a host remembers: a bounded number, in bounded memory, of every flow some."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from weirflow.runtime.trace import RunTrace

RUN_LIMIT = 256
BYTE_LIMIT = 8 * 1024 * 1024
#: Bytes of messages that are looked at in a second to find out how large they are.
MEASURE_BYTES = 4 * 1024 * 1024

#: A flow, and whether the runs ended in an error.
_Group = tuple[str, bool]


class TraceStore:
    """What has to go is the oldest of the largest group, so that a busy flow drives out neither those of a quiet one
    nor its own few that failed. ``on_news`` hears of each run that has ended."""

    def __init__(self, on_news: Callable[[RunTrace], None], *, runs: int = RUN_LIMIT, size: int = BYTE_LIMIT) -> None:
        self._on_news, self._runs, self._limit = on_news, runs, size
        self._groups: dict[_Group, dict[str, RunTrace]] = {}
        self._by_id: dict[str, _Group] = {}
        self.size = 0
        self._second, self._looked_at = 0.0, 0

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, trace: str) -> RunTrace | None:
        """The run of this trace id."""
        group = self._by_id.get(trace)
        return self._groups[group][trace] if group is not None else None

    def of_flow(self, flow: str, *, errors: bool = False) -> Iterator[RunTrace]:
        """The runs that touched the flow first, newest first; only those that failed with ``errors``."""
        kept = [*self._groups.get((flow, True), {}).values()]
        if not errors:
            kept += self._groups.get((flow, False), {}).values()
        return iter(sorted(kept, key=lambda run: run.began, reverse=True))

    def add(self, run: RunTrace) -> None:
        """Remember a run, from its beginning on; before it has hops. One with the same id, which is the caller's to
        choose, makes way."""
        if (before := self._by_id.get(run.id)) is not None:
            self._drop(run.id, before)
        self._enter(run, (run.flow, False))
        self.grown(run.size)

    def ended(self, run: RunTrace) -> None:
        """Nothing of the run is under way here now."""
        group = run.flow, run.error is not None
        before = self._by_id.get(run.id)
        if before is not None and before != group:
            self._leave(run.id, before)
            self._enter(run, group)
        self._on_news(run)

    def grown(self, size: int) -> None:
        """What is remembered takes ``size`` bytes more."""
        self.size += size
        while self.size > self._limit or len(self._by_id) > self._runs:
            largest = max(self._groups, key=lambda group: len(self._groups[group]))
            oldest = next(iter(self._groups[largest]))
            self._drop(oldest, largest)

    def may_measure(self) -> bool:
        """Whether there is time to look how large another message is."""
        now = time.monotonic()
        if now - self._second > 1.0:
            self._second, self._looked_at = now, 0
        return self._looked_at < MEASURE_BYTES

    def measured(self, size: int) -> None:
        """A message of ``size`` bytes has been looked at."""
        self._looked_at += size

    def _enter(self, run: RunTrace, group: _Group) -> None:
        self._groups.setdefault(group, {})[run.id] = run
        self._by_id[run.id] = group

    def _drop(self, trace: str, group: _Group) -> None:
        run = self._leave(trace, group)
        run.store = None
        self.size -= run.size

    def _leave(self, trace: str, group: _Group) -> RunTrace:
        del self._by_id[trace]
        run = self._groups[group].pop(trace)
        if not self._groups[group]:
            del self._groups[group]
        return run
