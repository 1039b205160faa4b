"""The websocket: who may open it, the document stream and the live stream."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import User
from django.test import AsyncClient

from config.asgi import application
from editor.database import in_database
from editor.process import LiveSide
from projects import signals
from projects.actions import do_rename_flow
from projects.models import Flow, Membership
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor
from tests.waiting import eventually

pytestmark = pytest.mark.server


class Socket:
    """A browser's side of the websocket; keeps what it has received."""

    def __init__(self, inner: WebsocketCommunicator) -> None:
        self.inner = inner
        self.received: list[dict[str, Any]] = []

    async def receive(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next message of a kind with these fields, skipping others."""
        async with asyncio.timeout(40):
            while True:
                message = json.loads(await self.inner.receive_from(timeout=40))
                self.received.append(message)
                if message["t"] == kind and all(message.get(k) == v for k, v in fields.items()):
                    return message

    async def next(self) -> dict[str, Any]:
        """The next message of any kind."""
        message: dict[str, Any] = json.loads(await self.inner.receive_from(timeout=40))
        self.received.append(message)
        return message

    async def changes(self) -> list[dict[str, Any]]:
        """The next changes: those that follow each other closely come as one message."""
        while True:
            message = await self.next()
            if message["t"] == "change":
                return [message]
            if message["t"] == "changes":
                return list(message["changes"])

    async def closed(self) -> int:
        """The close code, skipping what came before."""
        async with asyncio.timeout(40):
            while True:
                message = await self.inner.receive_output(timeout=40)
                if message["type"] == "websocket.close":
                    return int(message["code"])

    async def send(self, message: Any) -> None:
        await self.inner.send_to(message if isinstance(message, str) else json.dumps(message))

    async def live(self, node_id: str, **wanted: Any) -> dict[str, Any]:
        """Wait until the node's entry, merged from the frames, has these values."""
        entry: dict[str, Any] = {}
        for message in self.received:
            if message["t"] == "live":
                entry.update(message["nodes"].get(node_id, {}))
        while not all(entry.get(key) == value for key, value in wanted.items()):
            entry.update((await self.receive("live"))["nodes"].get(node_id, {}))
        return entry


def communicator(path: str, cookie: str = "", origin: str = "http://localhost") -> WebsocketCommunicator:
    headers = [(b"host", b"localhost"), (b"origin", origin.encode())]
    if cookie:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    return WebsocketCommunicator(application, path, headers=headers)


async def cookie_of(user: User) -> str:
    client = AsyncClient()
    await client.aforce_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@asynccontextmanager
async def opened(user: User, flow: Flow) -> AsyncIterator[Socket]:
    inner = communicator(f"/ws/flows/{flow.pk}", await cookie_of(user))
    connected, _ = await inner.connect(timeout=40)
    assert connected
    try:
        yield Socket(inner)
    finally:
        await inner.disconnect(timeout=40)


async def test_hello_state_of_the_cluster_and_a_snapshot_come_first(live: LiveSide, owner: User, flow: Flow) -> None:
    async with opened(owner, flow) as socket:
        hello = await socket.receive("hello")
        assert hello["rev"] == (await in_database(Flow.objects.get, pk=flow.pk)).rev
        assert hello["session"] == live.session
        assert await socket.receive("cluster") == {
            "t": "cluster",
            "state": "live",
            "reason": "",
            "telemetry": "direct",
            "modules": [],
        }
        snapshot = await socket.receive("live")
        assert [one["name"] for one in snapshot.pop("here").values()] == ["owner"]
        assert snapshot == {"t": "live", "full": True, "nodes": {}, "edges": {}, "runs": 0}


async def test_an_open_editor_hears_of_another_name(live: LiveSide, owner: User, flow: Flow) -> None:
    async with opened(owner, flow) as socket:
        await socket.receive("hello")
        await in_database(do_rename_flow, owner, flow, "Calls")
        assert await socket.receive("titles") == {"t": "titles", "flow": "Calls", "project": flow.project.name}


async def test_an_open_editor_hears_of_a_name_that_another_process_gave(
    live: LiveSide, owner: User, flow: Flow
) -> None:
    def rename() -> None:
        Flow.objects.filter(pk=flow.pk).update(name="Elsewhere")

    async with opened(owner, flow) as socket:
        await socket.receive("hello")
        await in_database(rename)
        await live.hub.catch_up()
        assert await socket.receive("titles") == {"t": "titles", "flow": "Elsewhere", "project": flow.project.name}


@pytest.mark.parametrize("who", ["stranger", "nobody"])
async def test_who_may_not_look_is_closed_with_a_code(
    live: LiveSide, flow: Flow, stranger: User, owner: User, who: str
) -> None:
    cookie = await cookie_of(stranger) if who == "stranger" else ""
    inner = communicator(f"/ws/flows/{flow.pk}", cookie)
    assert (await inner.connect(timeout=40))[0]
    assert await Socket(inner).closed() == (4404 if who == "stranger" else 4401)


async def test_a_flow_that_does_not_exist_is_closed_like_a_strangers(live: LiveSide, owner: User) -> None:
    inner = communicator(f"/ws/flows/{uuid.uuid4()}", await cookie_of(owner))
    assert (await inner.connect(timeout=40))[0]
    assert await Socket(inner).closed() == 4404


async def test_another_origin_is_refused(live: LiveSide, owner: User, flow: Flow) -> None:
    inner = communicator(f"/ws/flows/{flow.pk}", await cookie_of(owner), origin="http://evil.example")
    assert not (await inner.connect(timeout=40))[0]


@pytest.mark.parametrize("origin", ["http://localhost:8080", "https://localhost", "http://127.0.0.1"])
async def test_a_page_of_another_program_on_this_machine_is_refused(
    live: LiveSide, owner: User, flow: Flow, origin: str
) -> None:
    inner = communicator(f"/ws/flows/{flow.pk}", await cookie_of(owner), origin=origin)
    assert (await inner.connect(timeout=40))[0]
    assert await Socket(inner).closed() == 4403


@pytest.mark.parametrize("path", ["/", "/elsewhere", "/ws/flows/no-uuid"])
async def test_an_address_without_a_socket_is_closed_like_an_unknown_flow(live: LiveSide, path: str) -> None:
    inner = communicator(path)
    assert (await inner.connect(timeout=40))[0]
    assert await Socket(inner).closed() == 4404


async def test_two_tabs_see_each_others_edits_without_a_gap(
    live: LiveSide, owner: User, colleague: User, flow: Flow
) -> None:
    editor = Editor(live, owner, flow)
    async with opened(owner, flow) as one, opened(colleague, flow) as two:
        rev = (await one.receive("hello"))["rev"]
        await two.receive("hello")
        for _ in range(20):
            await editor.add()
        for socket in (one, two):
            last, seen = rev, 0
            while seen < 20:
                for change in await socket.changes():
                    assert change["prev_rev"] == last
                    assert change["ops"][0]["op"] == "add_node"
                    assert change["by"]["name"] == "owner"
                    last, seen = change["rev"], seen + 1


async def test_a_change_committed_by_another_process_is_told_too(live: LiveSide, owner: User, flow: Flow) -> None:
    editor = Editor(live, owner, flow)
    async with opened(owner, flow) as socket:
        await socket.receive("hello")
        receivers, signals.flow_changed.receivers = signals.flow_changed.receivers, []
        signals.flow_changed.sender_receivers_cache.clear()
        try:
            node_id = await editor.add()
        finally:
            signals.flow_changed.receivers = receivers
            signals.flow_changed.sender_receivers_cache.clear()
        change = await socket.receive("change")
        assert change["ops"][0]["id"] == node_id
        await eventually(editor.settled)


async def test_push_state_and_values_arrive_on_the_live_stream(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost
) -> None:
    editor = Editor(live, owner, flow)
    async with opened(owner, flow) as socket:
        await socket.receive("hello")
        node_id = await editor.add()
        entry = await socket.live(node_id, state="idle")
        while entry["push"]["state"] != "observed":
            entry.update((await socket.receive("live"))["nodes"].get(node_id, {}))
        assert entry["push"]["problem"] is None
    async with opened(owner, flow) as late:
        snapshot = await late.receive("live", full=True)
        assert snapshot["nodes"][node_id]["push"]["state"] == "observed"


async def test_a_status_error_shows_on_the_node(live: LiveSide, owner: User, flow: Flow, host: FakeHost) -> None:
    from weirflow.kube.resources import TINY_NODE

    editor = Editor(live, owner, flow)
    async with opened(owner, flow) as socket:
        node_id = await editor.add()
        name = await editor.name(node_id)
        await eventually(editor.settled)
        problem = {"code": "bad_setting", "message": "start is too low", "field": "/start"}
        status = {"status": "start is too low", "error": True, "problem": problem}
        await host.cluster.patch_status(TINY_NODE, name, {"status": status})
        await socket.live(node_id, state="error", error=problem)


async def test_a_hidden_tab_pauses_and_starts_again_from_a_snapshot(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost
) -> None:
    editor = Editor(live, owner, flow)
    async with opened(owner, flow) as socket:
        await socket.receive("live", full=True)
        await socket.send({"t": "visible", "value": False})
        await socket.send({"t": "ping"})
        await socket.receive("pong")
        node_id = await editor.add()
        await socket.receive("change")
        nodes = live.hub.board.flows[flow.pk].nodes
        await eventually(lambda: node_id in nodes and nodes[node_id].entry()["push"]["state"] == "observed")
        await socket.send({"t": "ping"})
        await socket.receive("pong")
        assert sum(message["t"] == "live" for message in socket.received) == 1
        await socket.send({"t": "visible", "value": True})
        snapshot = await socket.receive("live")
        assert snapshot["full"]
        assert snapshot["nodes"][node_id]["push"]["state"] == "observed"


async def test_what_cannot_be_understood_is_ignored(live: LiveSide, owner: User, flow: Flow) -> None:
    async with opened(owner, flow) as socket:
        for text in ("{", "[]", "1", '{"t": 1}', '{"t": "visible", "value": "x"}', "x" * 20_000):
            await socket.send(text)
        await socket.send({"t": "ping"})
        await socket.receive("pong")


async def test_who_floods_the_socket_is_closed(live: LiveSide, owner: User, flow: Flow) -> None:
    async with opened(owner, flow) as socket:
        for _ in range(150):
            await socket.send({"t": "ping"})
        assert await socket.closed() == 4408


async def test_who_loses_the_right_is_closed_and_gets_nothing_more(
    live: LiveSide, owner: User, colleague: User, flow: Flow
) -> None:
    async with opened(colleague, flow) as socket:
        await socket.receive("live", full=True)

        def remove() -> None:
            Membership.objects.filter(user=colleague).delete()
            signals.access_changed.send_robust(None, user_id=colleague.pk, project_id=flow.project_id)

        await in_database(remove)
        assert await socket.closed() == 4403


async def test_the_sweep_finds_rights_lost_in_silence_and_sessions_that_ended(
    live: LiveSide, owner: User, colleague: User, flow: Flow
) -> None:
    from django.contrib.sessions.models import Session

    async with opened(colleague, flow) as socket:
        await socket.receive("live", full=True)
        await in_database(lambda: Membership.objects.filter(user=colleague).delete())
        assert await socket.closed() == 4403
    async with opened(owner, flow) as socket:
        await socket.receive("live", full=True)
        await in_database(lambda: Session.objects.all().delete())
        assert await socket.closed() == 4401


async def test_the_end_of_a_press_is_told(live: LiveSide, owner: User, flow: Flow, host: FakeHost) -> None:
    from editor import controls

    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    await eventually(editor.settled)
    async with opened(owner, flow) as socket:
        await socket.receive("live", full=True)
        signal = await controls.press(
            live.hub, owner, controls.in_flow(flow.pk), node_id, "_control", {"reset": True}, "key"
        )
        ended = await socket.receive("control")
        assert ended == {"t": "control", "id": signal, "node": node_id, "state": "done", "problem": None}
        host.fail_presses = True
        signal = await controls.press(
            live.hub, owner, controls.in_flow(flow.pk), node_id, "_control", {"reset": True}, "key 2"
        )
        ended = await socket.receive("control")
        assert (ended["id"], ended["state"], ended["problem"]["message"]) == (signal, "failed", "no such button")


async def test_new_components_are_told(live: LiveSide, owner: User, flow: Flow, host: FakeHost) -> None:
    from tests.editor.cluster import register_module
    from weirflow.kube.resources import TINY_MODULE

    async with opened(owner, flow) as socket:
        await socket.receive("live", full=True)
        await register_module(host.cluster, "more-v1")
        await socket.receive("catalogue")
        await host.cluster.delete(TINY_MODULE, "more-v1")
        await socket.receive("catalogue")
