"""Three real hosts serve a flow that somebody looks at, and are killed one after the other."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User

from editor.database import close_database
from editor.process import LiveSide, live_side, stop_live_side
from projects.models import Flow
from tests.editor.edits import Editor, edge, new_id
from tests.editor.test_socket import Socket, opened
from tests.runtime.load import answers, count
from tests.runtime.world import World, world
from tests.waiting import eventually

pytestmark = pytest.mark.server


@pytest_asyncio.fixture
async def replicas(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, host=False) as one:
        await one.start_replicas(3)
        yield one


@pytest_asyncio.fixture
async def live(transactional_db: None, replicas: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LiveSide]:
    assert replicas.kubeconfig
    monkeypatch.setenv("KUBECONFIG", str(replicas.kubeconfig("web")))
    side = live_side()
    assert await side.hub.ready(60)
    await eventually(lambda: side.hub.modules.find("http-v1", "http_server"))
    yield side
    await stop_live_side()
    close_database()


class Watcher:
    """What a browser has been shown so far: the newest of every node and wire, and of the modules."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self.nodes: dict[str, dict[str, Any]] = {}
        self.edges: dict[str, dict[str, Any]] = {}
        self.modules: dict[str, dict[str, Any]] = {}
        self.counts: list[int] = []

    async def until(self, holds: Any) -> None:
        while not holds(self):
            self._take(await self._socket.next())

    def _take(self, message: dict[str, Any]) -> None:
        if message["t"] == "cluster":
            self.modules = {one["module"]: one for one in message["modules"]}
        if message["t"] == "live":
            for shown, entries in ((self.nodes, message["nodes"]), (self.edges, message["edges"])):
                for key, delta in entries.items():
                    shown.setdefault(key, {}).update(delta)

    def linked(self, module: str = "common-v1") -> int:
        return int(self.modules.get(module, {}).get("linked", 0))

    def value(self, node_id: str) -> int | None:
        """Its control's, None while nothing of it has come."""
        control = self.nodes.get(node_id, {}).get("control") or {}
        return control.get("value")

    def handled(self, node_id: str) -> int:
        stats = self.nodes.get(node_id, {}).get("stats") or {}
        return int(stats.get("count") or 0)

    def count(self, edge_id: str) -> int:
        return int(self.edges.get(edge_id, {}).get("count") or 0)


async def visit_counter(editor: Editor) -> tuple[str, str]:
    """``GET /visits`` counts: the counter's id, and that of the wire that requests take to it."""
    server, counter, request, answer = new_id(), new_id(), str(uuid.uuid4()), str(uuid.uuid4())
    place = {"op": "add_node", "x": 0, "y": 0}
    settings = {"path": "/visits", "timeout": 20_000}
    body = {"body": {"count": "{{ $.value }}"}}
    await editor.edit(
        {**place, "id": server, "module": "http-v1", "component": "http_server", "settings": settings},
        {**place, "id": counter, "module": "common-v1", "component": "stateful_counter"},
        {**edge(request, server, counter), "source_port": "request", "target_port": "increment"},
        {**edge(answer, counter, server, body), "source_port": "value", "target_port": "response"},
    )
    return counter, request


async def test_what_is_shown_goes_on_while_hosts_are_killed(
    live: LiveSide, owner: User, flow: Flow, replicas: World
) -> None:
    editor = Editor(live, owner, flow)
    counter, request = await visit_counter(editor)
    await eventually(lambda: answers(replicas, "/visits"))
    async with opened(owner, flow) as socket:
        seen = Watcher(socket)
        await seen.until(lambda it: it.linked() == it.linked("http-v1") == 3)

        async def visit(times: int) -> int:
            for _ in range(times):
                await eventually(lambda: answers(replicas, "/visits"), 40)
            return await count(replicas, await editor.name(counter))

        # Any host takes a request and counts it on its own edge; the leader alone counts in the node's state.
        value = await visit(30)
        await seen.until(lambda it: it.value(counter) == value)
        await seen.until(lambda it: it.count(request) == value)
        await seen.until(lambda it: it.handled(counter) == value)

        leader, _ = await replicas.leader()
        reader = next(one for one in ("r0", "r1", "r2") if one != leader)
        replicas.hosts[int(reader[1:])].kill()
        await seen.until(lambda it: it.linked() == 2 and reader in it.modules["common-v1"]["reason"])
        assert seen.count(request) == value, "what it counted stays counted"
        value = await visit(10)
        await seen.until(lambda it: it.value(counter) == value)

        replicas.hosts[int(leader[1:])].kill()
        value = await visit(10)
        await seen.until(lambda it: it.modules["common-v1"]["leader"] not in ("", leader))
        await seen.until(lambda it: it.value(counter) == value)
        assert seen.linked() == 1
