"""Recording runs: which, from where on, and what becomes of those that fail unrecorded."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from weirflow.context import Context, Run
from weirflow.errors import Fail, Problem
from weirflow.runtime.sampling import ASKED_RATE, FAILED_RATE, JOINED_RATE, Quota, Sampler
from weirflow.runtime.trace import RunTrace, Span, read_traceparent
from weirflow.runtime.trace_store import TraceStore

if TYPE_CHECKING:
    from weirflow.runtime.edges import Edge
    from weirflow.runtime.node import Node

#: Hops of the way of an error that are kept.
_TRAIL_LIMIT = 64
#: A caller that gives up at the deadline may be a little earlier than the deadline.
_DEADLINE_SLACK = 0.05


class Traces:
    """One per host."""

    def __init__(self) -> None:
        self._watchers: set[Callable[[str], None]] = set()
        self.store = TraceStore(self._news)
        self.sampler = Sampler()
        self.asked, self.joined, self.failed = Quota(ASKED_RATE), Quota(JOINED_RATE), Quota(FAILED_RATE)

    def watch(self, told: Callable[[str], None]) -> None:
        """Call ``told`` with the node at which a run entered, or was first seen here, when it has ended."""
        self._watchers.add(told)

    def unwatch(self, told: Callable[[str], None]) -> None:
        """Tell no more."""
        self._watchers.discard(told)

    def begin(self, source: Node, ctx: Context, now: float) -> RunTrace | None:
        """The trace of what enters at ``source``, if it is to be recorded."""
        run = ctx.run
        trace, _, sampled = read_traceparent(run.traceparent) if run.traceparent else ("", "", False)
        wanted = sampled and self.asked.take(now)
        if not wanted and not self.sampler.take(source.sampling, now):
            return None
        return self._start(run, trace, source.flow, now)

    def join(self, traceparent: str, node: Node, ctx: Context, now: float) -> RunTrace | None:
        """The trace of what another host has sent, if that one records it."""
        trace, _, sampled = read_traceparent(traceparent)
        if not sampled:
            return None
        known = self.store.get(trace)
        if known is not None:
            ctx.run.trace, ctx.run.plain = known, False
            return known
        return self._start(ctx.run, trace, node.flow, now) if self.joined.take(now) else None

    def failure(self, source: Node, port: str, ctx: Context, error: BaseException, began: float) -> None:
        """What entered at ``source`` has failed and was not recorded: keep what is known of its way."""
        now = time.monotonic()
        if isinstance(error, asyncio.CancelledError):
            if now < ctx.deadline - _DEADLINE_SLACK:
                return
            error = Fail("there was no answer before the message's deadline", code="timeout")
        if not self.failed.take(now):
            return
        trace = read_traceparent(ctx.run.traceparent)[0] if ctx.run.traceparent else ""
        record = RunTrace(trace or os.urandom(16).hex(), source.flow, began, self.store)
        self.store.add(record)
        record.entry = span = record.open(source.name, port, None, "", began)
        for edge, set_out, ended, problem in reversed(_trail_of(error, ctx.run)):
            hop = record.open(edge.target, edge.target_port, edge.id, span.id, set_out)
            hop.error = problem
            record.close(hop, ended=ended)
            span = hop
        record.close(record.entry, error)

    def _start(self, run: Run, trace: str, flow: str, now: float) -> RunTrace:
        known = self.store.get(trace) if trace else None
        if known is None:
            known = RunTrace(trace or os.urandom(16).hex(), flow, now, self.store)
            self.store.add(known)
        run.trace, run.plain = known, False
        return known

    def _news(self, run: RunTrace) -> None:
        span = run.entry or (run.spans[0] if run.spans else None)
        if span is not None:
            for told in self._watchers:
                told(span.node)


def caller_of(ctx: Context) -> str:
    """The id of the span outside that made the run enter, empty for none."""
    return read_traceparent(ctx.run.traceparent)[1] if ctx.run.traceparent else ""


def span_of(ctx: Context) -> Span | None:
    """The span that ``ctx`` is in; only contexts of recorded runs have one."""
    return getattr(ctx, "span", None)


def traceparent_of(ctx: Context) -> str:
    """The trace context for whoever handles ``ctx`` elsewhere; empty when the run is not traced."""
    trace, span = ctx.run.trace, span_of(ctx)
    return ctx.run.traceparent if trace is None or span is None else trace.traceparent(span)


_Step = tuple["Edge", float, float, Problem | None]


def leave_trail(error: BaseException, run: Run, edge: Edge, began: float) -> None:
    """``error`` comes back along ``edge``: it remembers its way, innermost first, for the one that records it."""
    trail: tuple[Run, list[_Step]] | None = getattr(error, "trail", None)
    if trail is None or trail[0] is not run:
        # One and the same exception may be raised in many runs.
        trail = error.trail = (run, [])  # type: ignore[attr-defined]
    if len(trail[1]) < _TRAIL_LIMIT:
        problem = error.problem if isinstance(error, Fail) else None
        trail[1].append((edge, began, time.monotonic(), problem))


def _trail_of(error: BaseException, run: Run) -> list[_Step]:
    while True:
        trail = getattr(error, "trail", None)
        if trail is not None and trail[0] is run:
            return list(trail[1])
        if error.__cause__ is None:
            return []
        error = error.__cause__
