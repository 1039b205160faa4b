"""When descriptive status is written, and in what order."""

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.waiting import eventually
from weirflow.kube.errors import Unavailable
from weirflow.runtime import status_writer
from weirflow.runtime.alerts import NodeAlerts
from weirflow.runtime.status_queue import BURST_NODES, BURST_SECONDS, PATIENCE_SECONDS, Lane, StatusQueue
from weirflow.runtime.status_writer import StatusWriter


class Cluster:
    def __init__(self) -> None:
        self.written: list[tuple[str, str, float]] = []
        self.failures = 0

    async def patch_status(self, resource: Any, name: str, patch: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise Unavailable("away")
        self.written.append((name, patch["status"]["says"], time.monotonic()))


def node(name: str, says: str = "a", problem: object = None) -> Any:
    return SimpleNamespace(
        name=name,
        says=says,
        problem=problem,
        lease=SimpleNamespace(is_leader=True),
        observed_status="",
        written_status="",
        status_written_at=0.0,
        state=SimpleNamespace(alerts=NodeAlerts("here", lambda: None)),
    )


class Desk:
    """A writer over some nodes."""

    def __init__(self, **options: Any) -> None:
        self.cluster = Cluster()
        self.nodes: dict[str, Any] = {}
        self.writer = StatusWriter(self.cluster, self.nodes.get, **options)  # type: ignore[arg-type]

    def add(self, one: Any) -> Any:
        self.nodes[one.name] = one
        self.writer.changed(one)
        return one


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(status_writer, "describe", lambda one: {"says": one.says})
    monkeypatch.setattr(status_writer, "digest", lambda status: status["says"])
    monkeypatch.setattr(status_writer, "_DEBOUNCE", 0.2)
    desk = Desk()
    yield desk
    await desk.writer.stop(0.1)


async def test_the_first_change_goes_at_once_and_the_newest_of_many_after_the_pause(desk: Desk) -> None:
    desk.writer.start()
    one = desk.add(node("n"))
    await eventually(lambda: desk.cluster.written)
    for n in range(50):
        one.says = str(n)
        desk.writer.changed(one)
        await asyncio.sleep(0)
    await eventually(lambda: len(desk.cluster.written) == 2)
    (_, _, first), (_, says, second) = desk.cluster.written
    assert says == "49"
    assert second - first >= 0.19


async def test_what_says_the_same_as_the_store_is_not_written(desk: Desk) -> None:
    one = node("n")
    one.observed_status = "a"
    desk.writer.start()
    desk.add(one)
    await eventually(lambda: not desk.writer._due)
    assert not desk.cluster.written


async def test_one_who_does_not_lead_writes_nothing(desk: Desk) -> None:
    one = node("n")
    one.lease.is_leader = False
    desk.writer.start()
    desk.add(one)
    await eventually(lambda: not desk.writer._due)
    assert not desk.cluster.written


async def test_errors_go_first_and_the_budget_holds(desk: Desk) -> None:
    desk.writer = StatusWriter(desk.cluster, desk.nodes.get, budget=40.0)  # type: ignore[arg-type]
    for n in range(20):
        desk.add(node(f"n{n}"))
    desk.add(node("broken", problem="it is broken"))
    desk.writer.start()
    began = time.monotonic()
    await eventually(lambda: len(desk.cluster.written) == 21)
    assert desk.cluster.written[0][0] == "broken"
    assert time.monotonic() - began >= 0.3


async def test_a_write_that_failed_is_made_again(desk: Desk) -> None:
    desk.cluster.failures = 2
    desk.writer.start()
    desk.add(node("n"))
    await eventually(lambda: desk.cluster.written)


async def test_a_stop_writes_what_is_still_due(desk: Desk) -> None:
    desk.writer.start()
    one = desk.add(node("n"))
    await eventually(lambda: desk.cluster.written)
    one.says = "last"
    desk.writer.changed(one)
    await desk.writer.stop(1.0)
    assert desk.cluster.written[-1][1] == "last"


async def test_a_node_that_is_gone_is_forgotten(desk: Desk) -> None:
    one = desk.add(node("n"))
    del desk.nodes[one.name]
    desk.writer.start()
    await eventually(lambda: not desk.writer._due)
    assert not desk.cluster.written


async def test_the_first_statuses_of_many_new_nodes_wait_until_no_more_come() -> None:
    queue, start = StatusQueue(), 100.0
    for n in range(BURST_NODES + 10):
        queue.add(f"new{n}", start, Lane.NEW, start)
    queue.add("changed", start, Lane.CHANGE, start)
    queue.add("new5", start, Lane.ERROR, start)
    assert queue.due(start, 100) == ["new5", "changed"]
    assert len(queue.due(start + BURST_SECONDS, 100)) == BURST_NODES + 11
    # More keep coming: whoever came first waits no longer than the rest of a few seconds.
    for second in range(1, int(PATIENCE_SECONDS) + 1):
        queue.add(f"late{second}", start + second, Lane.NEW, start + second)
    assert len(queue.due(start + PATIENCE_SECONDS, 100)) == BURST_NODES + 11
