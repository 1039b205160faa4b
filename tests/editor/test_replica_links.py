"""Telemetry from several hosts that serve one module: found by their Leases, shown as one."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User

from editor.process import LiveSide
from projects.models import Flow
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor
from tests.editor.telemetry_host import Leases, TelemetryHost, telemetry_hosts
from tests.editor.test_socket import Socket, opened
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster

pytestmark = pytest.mark.server


@pytest_asyncio.fixture
async def replicas(admin: HttpCluster) -> AsyncIterator[tuple[list[TelemetryHost], Leases]]:
    async with telemetry_hosts(admin, 2) as made:
        yield made


def said(name: str, count: int, **more: Any) -> dict[str, Any]:
    stats = {"count": count, "errors": 0, "rate": 0.0, "in_flight": 0}
    return {"nodes": {name: {"state": "idle", "error": None, "stats": stats, **more}}}


async def module_told(socket: Socket, **wanted: Any) -> dict[str, Any]:
    """What was last told of the module's telemetry, once it has these values."""
    told = [message for message in socket.received if message["t"] == "cluster"]
    while not told or not told[-1]["modules"] or not wanted.items() <= told[-1]["modules"][0].items():
        told.append(await socket.receive("cluster"))
    return dict(told[-1]["modules"][0])


def total(count: int, rate: float = 0.0) -> dict[str, Any]:
    return {"count": count, "errors": 0, "rate": rate, "in_flight": 0}


async def test_what_all_replicas_say_is_shown_as_one(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: tuple[list[TelemetryHost], Leases]
) -> None:
    (leader, reader), leases = replicas
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    name = await editor.name(node_id)
    async with opened(owner, flow) as socket:
        await eventually(lambda: leader.watched == reader.watched == {name})
        await leader.say(said(name, 3, value="3", control={"value": 3}))
        await reader.say(said(name, 4, value="2", control={"value": 2}))
        await socket.live(node_id, value="3", control={"value": 3}, stats=total(7))
        direct = {"module": "test-v1", "way": "direct", "replicas": 2, "linked": 2, "reason": ""}
        await module_told(socket, **direct, leader="host-0")

        await leases.leads(reader, epoch=2)
        await socket.live(node_id, value="2", control={"value": 2}, stats=total(7))
        await module_told(socket, **direct, leader="host-1")
        await leases.leads(None)
        await socket.live(node_id, value="3")


async def test_a_replica_that_goes_leaves_its_count_and_no_other_trace(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: tuple[list[TelemetryHost], Leases]
) -> None:
    (leader, reader), leases = replicas
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    name = await editor.name(node_id)
    async with opened(owner, flow) as socket:
        await eventually(lambda: leader.watched == reader.watched == {name})
        await leader.say(said(name, 3))
        await reader.say({"nodes": {name: {"stats": total(4, 2.0), "error": {"code": "c", "message": "m"}}}})
        await socket.live(node_id, stats=total(7, 2.0), error={"code": "c", "message": "On host-1: m"})
        await reader.stop()
        await socket.live(node_id, stats=total(7), error=None)
        reason = f"host-1 at {reader.address} does not answer"
        await module_told(socket, way="direct", linked=1, replicas=2, reason=reason)

        await leases.absent(reader)
        await module_told(socket, way="direct", linked=1, replicas=1, reason="")
        await leader.say(said(name, 5))
        await socket.live(node_id, stats=total(9))


async def test_a_host_that_starts_again_counts_on(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: tuple[list[TelemetryHost], Leases]
) -> None:
    (leader, reader), _ = replicas
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    name = await editor.name(node_id)
    async with opened(owner, flow) as socket:
        await eventually(lambda: leader.watched == reader.watched == {name})
        await reader.say(said(name, 4))
        await socket.live(node_id, stats=total(4))
        await reader.restart()
        await eventually(lambda: reader.sockets)
        await reader.say(said(name, 1))
        await socket.live(node_id, stats=total(5))


async def test_who_looks_away_and_back_sees_no_smaller_count_and_no_other_way(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: tuple[list[TelemetryHost], Leases]
) -> None:
    (leader, reader), _ = replicas
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    name = await editor.name(node_id)
    async with opened(owner, flow) as socket:
        await eventually(lambda: leader.watched == reader.watched == {name})
        await reader.say(said(name, 4))
        await socket.live(node_id, stats=total(4))
        await socket.send({"t": "visible", "value": False})
        await eventually(lambda: not leader.sockets and not reader.sockets)
        await reader.restart()
        await socket.send({"t": "visible", "value": True})
        await eventually(lambda: leader.sockets and reader.sockets)
        await reader.say(said(name, 1))
        await socket.live(node_id, stats=total(5))
        await module_told(socket, way="direct", linked=2)
    assert {message["telemetry"] for message in socket.received if message["t"] == "cluster"} <= {
        "connecting",
        "direct",
    }


async def test_frames_of_many_replicas_become_few_for_a_browser(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: tuple[list[TelemetryHost], Leases]
) -> None:
    (leader, reader), _ = replicas
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    name = await editor.name(node_id)
    async with opened(owner, flow) as socket:
        await eventually(lambda: leader.watched == reader.watched == {name})
        began = time.monotonic()
        for count in range(1, 201):
            await leader.say(said(name, count))
            await reader.say(said(name, count))
        await socket.live(node_id, stats=total(400))
        frames = sum(message["t"] == "live" for message in socket.received)
        assert frames <= (time.monotonic() - began) * 20 + 10


async def test_a_new_replica_is_linked_when_it_says_that_it_is_there(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: tuple[list[TelemetryHost], Leases]
) -> None:
    (leader, reader), leases = replicas
    await leases.absent(reader)
    editor = Editor(live, owner, flow)
    await editor.add()
    async with opened(owner, flow) as socket:
        await eventually(lambda: leader.watched)
        assert not reader.watched
        await leases.present(reader)
        await eventually(lambda: reader.watched == leader.watched)
        # What hears of nothing that somebody sees is not linked.
        await socket.send({"t": "visible", "value": False})
        await eventually(lambda: not reader.sockets and not leader.sockets)
