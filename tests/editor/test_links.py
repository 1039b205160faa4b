"""Telemetry from one module host to the browser, and what shows when there is none."""

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import WSMsgType, web
from django.contrib.auth.models import User

from editor.cluster.links import Links
from editor.cluster.telling import Asked
from editor.process import LiveSide
from projects.models import Flow
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor
from tests.editor.telemetry_host import Leases, TelemetryHost, telemetry_hosts
from tests.editor.test_socket import opened
from tests.waiting import eventually
from weirflow.kube.errors import Unavailable
from weirflow.kube.http import HttpCluster
from weirflow.kube.peers import Peer
from weirflow.runtime.link_key import read_link_key

pytestmark = pytest.mark.server


@pytest_asyncio.fixture
async def telemetry(admin: HttpCluster) -> AsyncIterator[TelemetryHost]:
    async with telemetry_hosts(admin, 1) as (hosts, _):
        yield hosts[0]


async def test_values_go_from_the_host_to_the_browser(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, telemetry: TelemetryHost
) -> None:
    editor = Editor(live, owner, flow)
    a, b = await editor.add(), await editor.add("debug")
    wire = await editor.wire(a, b)
    names = {await editor.name(a), await editor.name(b)}
    async with opened(owner, flow) as socket:
        await socket.receive("cluster", telemetry="direct")
        await eventually(lambda: telemetry.watched == names)
        await telemetry.say(
            {
                "nodes": {await editor.name(a): {"value": "42", "state": "running", "at": int(time.time() * 1000)}},
                "edges": {wire: {"count": 7, "rate": 1.5}},
            }
        )
        await socket.live(a, value="42", state="running")
        edges = [message["edges"].get(wire, {}) for message in socket.received if message["t"] == "live"]
        assert {"count": 7, "rate": 1.5, "errors": 0, "in_flight": 0, "error": None} in edges
        added = await editor.add()
        await eventually(lambda: len(telemetry.watched) == 3)
        await editor.edit({"op": "delete_node", "id": added})
        await eventually(lambda: telemetry.watched == names)
        await socket.send({"t": "inspect", "node": a})
        await eventually(lambda: len(telemetry.inspected) == 1)
        await socket.send({"t": "visible", "value": False})
        await eventually(lambda: not telemetry.sockets)
    await eventually(lambda: not live.hub.board.flows)


async def test_without_its_host_a_node_shows_its_status_and_says_so(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, telemetry: TelemetryHost
) -> None:
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    name = await editor.name(node_id)
    await eventually(editor.settled)
    async with opened(owner, flow) as socket:
        await socket.receive("cluster", telemetry="direct")
        await eventually(lambda: telemetry.watched == {name})
        await telemetry.say({"nodes": {name: {"value": "42", "state": "running", "stats": {"count": 1}}}})
        await socket.live(node_id, value="42")
        await telemetry.stop()
        told = await socket.receive("cluster", telemetry="status")
        assert told["modules"] == [
            {
                "module": "test-v1",
                "way": "status",
                "replicas": 1,
                "linked": 0,
                "leader": "host-0",
                "reason": f"host-0 at {telemetry.address} does not answer",
            }
        ]
        await socket.live(node_id, value="", state="idle", stats=None)


async def test_a_node_that_is_gone_from_its_host_shows_its_status(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, telemetry: TelemetryHost
) -> None:
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    name = await editor.name(node_id)
    async with opened(owner, flow) as socket:
        await eventually(lambda: telemetry.watched == {name})
        await telemetry.say({"nodes": {name: {"value": "42", "state": "running", "stats": {"count": 1}}}})
        await socket.live(node_id, value="42")
        await telemetry.say({"nodes": {name: None}})
        await socket.live(node_id, value="", stats=None)


async def test_a_wrong_key_is_no_link(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, telemetry: TelemetryHost, admin: HttpCluster
) -> None:
    telemetry.key = b"another"
    editor = Editor(live, owner, flow)
    await editor.add()
    async with opened(owner, flow) as socket:
        told = await socket.receive("cluster", telemetry="status")
        assert "refuses the link's key" in told["modules"][0]["reason"]
        telemetry.key = await read_link_key(admin)
        await socket.receive("cluster", telemetry="direct")


async def test_what_cannot_prove_to_be_the_host_is_told_nothing_and_not_believed(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, admin: HttpCluster
) -> None:
    asked: list[str] = []

    async def pretend(request: web.Request) -> web.StreamResponse:
        asked.append(str(request.headers))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"hello": {"host": "host-0", "run": "r", "proof": "0" * 64}})
        await socket.send_json({"seq": 1, "nodes": {name: {"value": "invented"}}, "edges": {}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                asked.append(message.data)
        return socket

    editor, leases = Editor(live, owner, flow), Leases(admin)
    node_id = await editor.add()
    name = await editor.name(node_id)
    key = await read_link_key(admin)
    impostor = TelemetryHost("host-0", key)
    impostor._serve = pretend  # type: ignore[method-assign]
    await impostor.start()
    try:
        await leases.present(impostor)
        await leases.leads(impostor)
        async with opened(owner, flow) as socket:
            told = await socket.receive("cluster", telemetry="status")
            assert "cannot prove that it is that host" in told["modules"][0]["reason"]
            await eventually(lambda: len(asked) >= 2)
        assert not any(secret in said for said in asked for secret in (name, key.hex()))
        assert all("invented" not in str(message) for message in socket.received)
    finally:
        await impostor.stop()
        await leases.clear()


async def test_a_cluster_that_does_not_give_the_key_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    asked: list[int] = []

    async def no_key() -> bytes:
        asked.append(1)
        raise Unavailable("read secrets/weirflow-link: no answer in time")

    caplog.set_level("INFO", "editor.cluster.host_link")
    links = Links(no_key, None, lambda _host, _run, _frame: None, lambda _host: None)
    links.want({Peer("h", "http://127.0.0.1:9"): Asked(frozenset({"p.m.c-n"}))})
    await eventually(lambda: len(asked) >= 2)
    assert links.reach("h").way == "status"
    await links.stop()
    assert caplog.text.count("no answer in time") == 1
    assert all(record.exc_info is None for record in caplog.records)


async def test_the_watch_ends_when_nobody_has_been_there_for_a_while(
    live: LiveSide, owner: User, flow: Flow, admin: HttpCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = Editor(live, owner, flow)
    await editor.add()
    await eventually(editor.settled)
    monkeypatch.setattr("editor.hub.IDLE_SECONDS", 0.0)
    await eventually(lambda: live.hub.connection is None)
    monkeypatch.setattr("editor.hub.IDLE_SECONDS", 600.0)
    async with opened(owner, flow) as socket:
        await socket.receive("cluster", state="live")
        node_id = await editor.add()
        assert (await socket.receive("change"))["ops"][0]["id"] == node_id
        await eventually(editor.settled)


async def test_who_is_served_is_told_and_known_to_the_first_who_asks(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, admin: HttpCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("editor.cluster.served.AWAY_SECONDS", 0.0)
    async with telemetry_hosts(admin, 1) as (_, leases):
        assert await live.hub.ready(60)
        assert live.hub.connection is not None
        assert await live.hub.connection.knows_leaders(5)
        assert "test-v1" in live.hub.served.names()
        async with opened(owner, flow) as socket:
            await socket.receive("live", full=True)
            await leases.leads(None)
            await socket.receive("catalogue")
            assert "test-v1" not in live.hub.served.names()
