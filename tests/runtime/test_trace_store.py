"""What a host remembers of runs is bounded in number and bytes, and no flow drives out another."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from weirflow.context import Context
from weirflow.errors import Fail
from weirflow.runtime.sampling import Quota
from weirflow.runtime.trace import MESSAGE_BYTES, SPAN_LIMIT, RunTrace, read_traceparent
from weirflow.runtime.trace_store import MEASURE_BYTES, RUN_LIMIT, TraceStore
from weirflow.runtime.traces import Traces, leave_trail


def ended_run(store: TraceStore, flow: str, name: str, error: BaseException | None = None) -> RunTrace:
    run = RunTrace(name, flow, time.monotonic(), store)
    store.add(run)
    run.entry = run.open(f"node-of-{flow}", "out", None, "", time.monotonic())
    run.close(run.entry, error)
    return run


def test_the_oldest_goes_and_a_quiet_flow_and_failures_stay() -> None:
    store = TraceStore(lambda _: None, runs=20)
    ended_run(store, "quiet", "q")
    ended_run(store, "busy", "failed", Fail("no"))
    for n in range(100):
        ended_run(store, "busy", f"b{n}")
    assert len(store) == 20
    assert [run.id for run in store.of_flow("quiet")] == ["q"]
    assert [run.id for run in store.of_flow("busy", errors=True)] == ["failed"]
    assert next(store.of_flow("busy")).id == "b99"
    assert store.get("b50") is None


def test_memory_is_bounded_whatever_messages_bring() -> None:
    store = TraceStore(lambda _: None, size=200_000)
    for n in range(200):
        run = RunTrace(str(n), "f", time.monotonic(), store)
        store.add(run)
        for _ in range(5):
            run.take(run.open("n", "in", None, "", 0.0), "x" * 3000)
        assert store.size <= 200_000
    assert 0 < len(store) < 20
    assert store.size == sum(run.size for run in store.of_flow("f"))


def test_a_run_of_many_hops_keeps_the_first() -> None:
    store = TraceStore(lambda _: None)
    run = RunTrace("t", "f", time.monotonic(), store)
    store.add(run)
    for _ in range(SPAN_LIMIT + 7):
        run.close(run.open("n", "in", None, "", 0.0))
    assert (len(run.spans), run.is_full) == (SPAN_LIMIT, True)


def test_large_messages_are_measured_and_not_kept_and_the_measuring_has_its_bound() -> None:
    store = TraceStore(lambda _: None)
    run = RunTrace("t", "f", time.monotonic(), store)
    store.add(run)
    small, large, late = (run.open("n", "in", None, "", 0.0) for _ in range(3))
    run.take(small, {"a": 1})
    run.take(large, "x" * MEASURE_BYTES)
    run.take(late, {"a": 1})
    assert (small.size, small.message) == (7, {"a": 1})
    assert large.message is None
    assert large.size is not None
    assert large.size > MESSAGE_BYTES
    assert late.size is None


def test_a_run_is_over_when_nothing_of_it_is_under_way() -> None:
    told: list[str] = []
    store = TraceStore(lambda run: told.append(run.id))
    run = RunTrace("t", "f", time.monotonic(), store)
    store.add(run)
    run.entry = run.open("a", "out", None, "", time.monotonic())
    branch = run.open("b", "in", "e", run.entry.id, time.monotonic())
    run.close(run.entry)
    assert (run.ended, told) == (None, [])
    run.close(branch, asyncio.CancelledError())
    assert run.ended is not None
    assert told == ["t"]
    assert branch.error is not None
    assert branch.error.code == "cancelled"
    assert run.error is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", True),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", False),
        ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-09-later", True),
    ],
)
def test_a_traceparent_is_read(text: str, read: bool) -> None:
    assert read_traceparent(text) == ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", read)


@pytest.mark.parametrize("text", ["", "00-1-2-01", f"00-{'0' * 32}-{'1' * 16}-01", f"00-{'1' * 32}-{'0' * 16}-01"])
def test_what_is_no_traceparent_is_nothing(text: str) -> None:
    assert read_traceparent(text) == ("", "", False)


def test_failures_and_ids_that_come_again_take_no_room_once_they_are_gone() -> None:
    traces = Traces()
    source = SimpleNamespace(name="p.m.source", flow="f")
    edge: Any = SimpleNamespace(id="e", target="p.m.target", target_port="in")
    for n in range(3 * RUN_LIMIT):
        traces.failed = Quota(1)
        ctx = Context("op")
        if n % 2:
            ctx.continue_trace(f"00-{1:032x}-{2:016x}-00")
        error = Fail("no")
        leave_trail(error, ctx.run, edge, 0.0)
        source.flow = f"f{n % 3}"
        traces.failure(source, "out", ctx, error, 0.0)  # type: ignore[arg-type]
    kept = [run for n in range(3) for run in traces.store.of_flow(f"f{n}")]
    assert len(kept) == len(traces.store) == RUN_LIMIT
    assert {len(run.spans) for run in kept} == {2}
    assert traces.store.size == sum(run.size for run in kept)
