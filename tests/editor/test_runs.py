"""Recorded runs by the HTTP API: of all hosts, for those who may see the flow."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User

from editor.database import in_database
from editor.process import LiveSide
from projects.models import Flow
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor
from tests.editor.telemetry_host import Leases, TelemetryHost, telemetry_hosts
from tests.editor.test_api import signed_in
from tests.editor.test_live_runs import run, span
from tests.editor.test_socket import opened
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster

pytestmark = pytest.mark.server

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest_asyncio.fixture
async def replicas(admin: HttpCluster) -> AsyncIterator[tuple[list[TelemetryHost], Leases]]:
    async with telemetry_hosts(admin, 2) as made:
        yield made


async def test_runs_are_asked_of_every_host_and_told_with_node_ids(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: tuple[list[TelemetryHost], Leases]
) -> None:
    (one, other), _ = replicas
    editor = Editor(live, owner, flow)
    node = await editor.add()
    name = await editor.name(node)
    drawn = await in_database(Flow.objects.get, pk=flow.pk)
    foreign = {**span("9", 0, 1), "node": "somebody.elses.node-x"}
    parts: list[dict[str, Any]] = [
        run(TRACE, 1000, {**span("1", 0, 10), "node": name, "message": {"n": 1}}),
        run(TRACE, 5, {**span("2", 0, 4, "1"), "node": name}, foreign, entered=False),
    ]
    for host_, part in zip((one, other), parts, strict=True):
        host_.runs = [{**part, "node": name, "flow": drawn.resource_name}, {**part, "trace": "f" * 32, "flow": "other"}]
    api = await signed_in(owner, flow)
    await eventually(lambda: len(live.hub.listening.telemetry.serving(["test-v1"])) == 2)
    status, body = await api.get("/runs")
    assert status == 200
    assert [(entry["trace"], entry["node"], entry["spans"], entry["hosts"]) for entry in body["runs"]] == [
        (TRACE, node, 3, ["host-0", "host-1"])
    ]
    status, whole = await api.get(f"/runs/{TRACE}")
    assert status == 200
    assert [(each["id"], each["node"], each["host"], each["start_ms"]) for each in whole["spans"]] == [
        ("1", node, "host-0", 0),
        ("2", node, "host-1", 3),
    ]
    assert whole["spans"][0]["message"] == {"n": 1}
    assert "somebody" not in str(whole)
    assert (await api.get(f"/runs/{'0' * 32}"))[0] == 404

    await other.stop()
    status, body = await api.get("/runs")
    assert (body["runs"][0]["hosts"], body["silent"]) == (["host-0"], ["host-1"])


async def test_a_stranger_is_told_of_no_runs(live: LiveSide, flow: Flow, stranger: User) -> None:
    api = await signed_in(stranger, flow)
    assert (await api.get("/runs"))[0] == 404
    assert (await api.get(f"/runs/{TRACE}"))[0] == 404


async def test_an_open_page_hears_that_there_are_new_runs(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: tuple[list[TelemetryHost], Leases]
) -> None:
    editor = Editor(live, owner, flow)
    name = await editor.name(await editor.add())
    async with opened(owner, flow) as socket:
        await eventually(lambda: replicas[0][0].watched == {name})
        await replicas[0][0].say({"nodes": {}, "edges": {}, "runs": [name, "another.node-x"]})
        await socket.receive("live", runs=1)
