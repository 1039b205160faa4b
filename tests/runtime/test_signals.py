"""Signals are handled once, by the leader, whatever the cluster does around it."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from weirflow.context import Context
from weirflow.errors import Fail, NotLeader
from weirflow.kube.errors import Unavailable
from weirflow.kube.resources import encode_json
from weirflow.runtime.concealing import NOTHING
from weirflow.runtime.deadlines import TimerWheel
from weirflow.runtime.signals import Signals


class Cluster:
    def __init__(self) -> None:
        self.deleted: list[tuple[str, str | None]] = []
        self.statuses: list[dict[str, Any]] = []
        self.failures = 0

    async def delete(self, resource: Any, name: str, *, uid: str | None = None) -> None:
        if self.failures:
            self.failures -= 1
            raise Unavailable("cut")
        self.deleted.append((name, uid))

    async def patch_status(self, resource: Any, name: str, patch: dict[str, Any]) -> None:
        self.statuses.append(patch["status"])


class Desk:
    """One node, one signal for it."""

    def __init__(self, port: str = "in", outcomes: tuple[Exception | None, ...] = (None,)) -> None:
        self.cluster = Cluster()
        self.seen: list[tuple[str, Any, str]] = []
        self.outcomes = list(outcomes)
        self.lease = SimpleNamespace(is_leader=True)
        self.node = SimpleNamespace(
            lease=self.lease,
            concealer=NOTHING,
            shared=SimpleNamespace(wheel=TimerWheel()),
            services=SimpleNamespace(begin=lambda id, seconds: Context(id, deadline=time.monotonic() + seconds)),
            handle=self.deliver,
            control=lambda ctx, data: self.deliver(ctx, "_control", data),
        )
        spec = {"node": "n", "port": port, "data": encode_json({"a": 1})}
        metadata = {"name": "s", "uid": "u", "annotations": {"weirflow.io/operation-id": "op"}}
        self.copies = SimpleNamespace(objects={"s": {"metadata": metadata, "spec": spec}})
        nodes: Any = {"n": self.node}
        self.signals = Signals(self.cluster, self.copies, nodes, lambda name: None)  # type: ignore[arg-type]

    async def deliver(self, ctx: Context, port: str, data: Any) -> None:
        self.seen.append((port, data, ctx.operation_id))
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome


@pytest.mark.parametrize("port", ["in", "_control"])
async def test_it_is_delivered_with_its_operation_id_and_deleted(port: str) -> None:
    desk = Desk(port)
    await desk.signals.handle("s")
    assert desk.seen == [(port, {"a": 1}, "op")]
    assert desk.cluster.deleted == [("s", "u")]


async def test_another_turn_before_the_watch_shows_the_deletion_delivers_nothing() -> None:
    desk = Desk()
    await desk.signals.handle("s")
    await desk.signals.handle("s")
    assert len(desk.seen) == 1
    desk.copies.objects.clear()
    await desk.signals.handle("s")
    assert not desk.signals._done


async def test_a_deletion_that_failed_is_made_again_without_a_second_delivery() -> None:
    desk = Desk()
    desk.cluster.failures = 1
    with pytest.raises(Unavailable):
        await desk.signals.handle("s")
    await desk.signals.handle("s")
    assert len(desk.seen) == 1
    assert desk.cluster.deleted == [("s", "u")]


async def test_who_does_not_lead_leaves_it_to_the_leader() -> None:
    desk = Desk()
    desk.lease.is_leader = False
    await desk.signals.handle("s")
    assert not desk.seen
    assert not desk.cluster.deleted


async def test_leadership_lost_in_the_middle_leaves_it_for_the_successor() -> None:
    desk = Desk()

    async def lose(ctx: Context, port: str, data: Any) -> None:
        desk.lease.is_leader = False
        raise NotLeader

    desk.node.handle = lose
    with pytest.raises(NotLeader):
        await desk.signals.handle("s")
    assert not desk.cluster.deleted
    assert not desk.cluster.statuses


async def test_what_may_pass_is_tried_again_under_the_same_operation_id() -> None:
    away = Fail("away", code="cluster_unreachable", retryable=True)
    desk = Desk(outcomes=(away, away))
    await desk.signals.handle("s")
    assert [operation for _, _, operation in desk.seen] == ["op"] * 3
    assert desk.cluster.deleted


async def test_a_failure_is_written_into_the_signal_which_stays() -> None:
    desk = Desk(outcomes=(Fail("no such button", code="unknown_control"),))
    await desk.signals.handle("s")
    assert desk.cluster.statuses == [
        {"error": "no such button", "problem": {"code": "unknown_control", "message": "no such button"}}
    ]
    assert not desk.cluster.deleted


async def test_data_that_cannot_be_read_is_such_a_failure() -> None:
    desk = Desk()
    desk.copies.objects["s"]["spec"]["data"] = "%%%"
    await desk.signals.handle("s")
    assert desk.cluster.statuses[0]["problem"]["code"] == "signal_invalid"
    assert not desk.seen


async def test_of_an_operation_id_without_end_a_digest_is_kept() -> None:
    desk = Desk()
    desk.copies.objects["s"]["metadata"]["annotations"]["weirflow.io/operation-id"] = "x" * 200_000
    await desk.signals.handle("s")
    assert len(desk.seen[0][2]) == 24
