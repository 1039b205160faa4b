"""What is seen of a test's messages: at each port, along each wire, and what failed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from weirflow.context import Context, Run
from weirflow.errors import JSON, Fail, Problem, problem_of
from weirflow.flowtest.cases import ABSENT
from weirflow.json_bytes import json_bytes
from weirflow.runtime.routing import Emit
from weirflow.runtime.trace import RunTrace, Span
from weirflow.runtime.trace_store import TraceStore
from weirflow.runtime.traces import Traces

if TYPE_CHECKING:
    from weirflow.runtime.node import Node

#: Messages of one test in all, those that are told step by step, and bytes of messages that are kept.
MOST_MESSAGES, MOST_STEPS, MOST_BYTES = 20_000, 500, 16 << 20


#: A node's resource name, and the port.
Port: TypeAlias = tuple[str, str]


@dataclass(slots=True, eq=False)
class Step:
    """One message: along ``wire`` from an output to an input, or where it enters (``wire`` is None).

    ``at`` is in seconds since the beginning, on the test's clock. ``sent`` is
    the message at the output, ``message`` what the mapping has made of it.
    """

    at: float
    wire: str | None
    source: Port | None
    target: Port | None
    sent: JSON = ABSENT
    message: JSON = ABSENT
    problem: Problem | None = None


class Record:
    """Of one test."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.steps: list[Step] = []
        self.messages = 0
        self.bytes = 0
        #: Port -> what was seen there, in order.
        self.seen: dict[Port, list[JSON]] = {}
        self.failures: list[tuple[Step, Problem]] = []
        #: Wire -> how many messages have set out along it; and the two ports that it connects.
        self.wires: dict[str, int] = {}
        self.ends: dict[str | None, tuple[Port, Port]] = {}
        #: Why nothing more is let pass.
        self.full: str | None = None
        self.trace = TestTrace(self)

    def look(self, node: str, port: str, message: JSON) -> None:
        """A message is at a port: one that has come in, or is sent. Raises ``Fail`` past the limits."""
        self.messages += 1
        if self.messages > MOST_MESSAGES:
            self.full = f"more than {MOST_MESSAGES:,} messages: give the test less to do, or end the loop in the flow"
        else:
            try:
                self.bytes += len(json_bytes(message))
            except (TypeError, ValueError, RecursionError):
                self.bytes += 1024
            if self.bytes > MOST_BYTES:
                self.full = f"more than {MOST_BYTES >> 20} MiB of messages: give the test smaller ones"
        if self.full is not None:
            raise Fail(f"the test has had {self.full}", code="test_limit", permanent=True)
        self.seen.setdefault((node, port), []).append(message)

    def tap(self, node: Node, emit: Emit) -> Emit:
        """``emit`` of a node, looked at."""

        def looked(ctx: Context, port: str, value: JSON) -> Coroutine[Any, Any, JSON]:
            self.look(node.name, port, value)
            return emit(ctx, port, value)

        return looked

    def begin(self, run: Run) -> None:
        """Have every hop of a run looked at."""
        run.trace, run.plain = self.trace, False


class TestTrace(RunTrace):
    """The runtime's record of a run, without its limits. All runs of a test share it, so it never ends."""

    __test__ = False
    __slots__ = ("_record",)

    def __init__(self, record: Record) -> None:
        super().__init__("0" * 31 + "1", "", time.monotonic(), TraceStore(lambda _run: None))
        self._record = record

    @property
    def is_full(self) -> bool:
        """Never: what there may be is bounded by the record."""
        return False

    def open(self, node: str, port: str, edge: str | None, parent: str, began: float) -> Span:
        """A message sets out: along an edge, or it enters."""
        record = self._record
        span = TestSpan(len(record.steps) + 1, parent, node, port, edge, began)
        if edge is None:
            span.step = Step(began - record.began, None, (node, port), None)
        else:
            source = record.ends[edge][0] if edge in record.ends else None
            span.step = Step(began - record.began, edge, source, (node, port))
            record.wires[edge] = record.wires.get(edge, 0) + 1
        if len(record.steps) < MOST_STEPS:
            record.steps.append(span.step)
        return span

    def enter(self, node: str, port: str, message: JSON) -> Span:
        """A message is given at an input. ``close`` must follow."""
        span = self.open(node, port, None, "", time.monotonic())
        step = step_of(span)
        step.source, step.target, step.message = None, step.source, message
        self._record.look(node, port, message)
        return span

    def take(self, span: Span, message: JSON, *, keep: bool = True) -> None:
        """It has been mapped, and is at the target."""
        step = step_of(span)
        if step.wire is None:
            step.sent = message
            return
        step.message = message
        self._record.look(span.node, span.port, message)

    def take_sent(self, span: Span, source: str, port: str, value: JSON) -> None:
        """What it was before the mapping."""
        step = step_of(span)
        step.source, step.sent = (source, port), value

    def close(self, span: Span, error: BaseException | None = None, ended: float | None = None) -> None:
        """The answer is there."""
        if error is None:
            return
        step = step_of(span)
        if isinstance(error, asyncio.CancelledError):
            step.problem = Problem("cancelled", "it was called off by its caller")
        else:
            step.problem = problem_of(error)
            self._record.failures.append((step, step.problem))


class TestSpan(Span):
    """With the step that is told of it."""

    __test__ = False
    __slots__ = ("step",)
    step: Step


def step_of(span: Span) -> Step:
    """The step of a span that a `TestTrace` has opened."""
    assert isinstance(span, TestSpan)
    return span.step


class TestTraces(Traces):
    """Has every run recorded, in the one record of the test."""

    __test__ = False

    def __init__(self, record: Record) -> None:
        super().__init__()
        self._record = record

    def begin(self, source: Node, ctx: Context, now: float) -> RunTrace | None:
        """Always."""
        self._record.begin(ctx.run)
        return self._record.trace

    def failure(self, source: Node, port: str, ctx: Context, error: BaseException, began: float) -> None:
        """Nothing fails unrecorded."""
