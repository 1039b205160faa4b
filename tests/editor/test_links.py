"""Telemetry from a module host to the browser, and what shows when there is none."""

import base64
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
import pytest_asyncio
from aiohttp import WSMsgType, web
from django.contrib.auth.models import User

from editor.cluster.links import Links
from editor.process import LiveSide
from projects.models import Flow
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor
from tests.editor.test_socket import opened
from tests.waiting import eventually
from weirflow.kube.errors import NotFound, Unavailable
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import LEASE, LINK_SECRET, SECRET

pytestmark = pytest.mark.server


class TelemetryHost:
    """A module host's link listener."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._runner: web.AppRunner | None = None
        self.sockets: list[web.WebSocketResponse] = []
        self.watched: set[str] = set()
        self.inspected: set[str] = set()

    async def start(self, port: int = 0) -> int:
        app = web.Application()
        app.router.add_get("/link/telemetry", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        for socket in self.sockets:
            await socket.close()
        self.sockets.clear()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def say(self, frame: dict[str, Any]) -> None:
        for socket in self.sockets:
            await socket.send_str(orjson.dumps({"seq": 1, **frame}).decode())

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self._key}":
            raise web.HTTPUnauthorized
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                asked = orjson.loads(message.data)
                self.watched = set(asked.get("watch", self.watched))
                self.inspected = set(asked.get("inspect", self.inspected))
        if socket in self.sockets:
            self.sockets.remove(socket)
        return socket


@pytest_asyncio.fixture
async def telemetry(admin: HttpCluster) -> AsyncIterator[TelemetryHost]:
    secret = await admin.get(SECRET, LINK_SECRET)
    host = TelemetryHost(base64.b64decode(secret["data"]["key"]).hex())
    port = await host.start()
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    spec = {"holderIdentity": "h", "leaseDurationSeconds": 600, "acquireTime": now, "renewTime": now}
    metadata = {"annotations": {"weirflow.io/address": f"http://127.0.0.1:{port}", "weirflow.io/epoch": "1"}}
    with contextlib.suppress(NotFound):
        await admin.delete(LEASE, "test-v1-lock")
    await admin.create(LEASE, LEASE.new("test-v1-lock", metadata=metadata, spec=spec))
    yield host
    await host.stop()
    await admin.delete(LEASE, "test-v1-lock")


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
        assert {"count": 7, "rate": 1.5} in edges
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
        await socket.receive("cluster", telemetry="status")
        await socket.live(node_id, value="", state="idle", stats=None)


async def test_a_wrong_key_is_no_link(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, telemetry: TelemetryHost
) -> None:
    telemetry._key = "another"
    editor = Editor(live, owner, flow)
    await editor.add()
    async with opened(owner, flow) as socket:
        assert (await socket.receive("cluster"))["telemetry"] == "status"
        telemetry._key = (await live.hub.connection.link_token()) if live.hub.connection else ""
        await socket.receive("cluster", telemetry="direct")


async def test_a_cluster_that_does_not_give_the_key_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    asked: list[int] = []

    async def no_token() -> str:
        asked.append(1)
        raise Unavailable("read secrets/weirflow-link: no answer in time")

    caplog.set_level("INFO", "editor.cluster.links")
    links = Links(no_token, lambda _frame: None, lambda: None)
    links.want({"http://127.0.0.1:9": (frozenset({"p.m.c-n"}), frozenset())})
    await eventually(lambda: len(asked) >= 2)
    await links.stop()
    assert "no answer in time" in caplog.text
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
