"""The cluster is slow, dies, comes back; nothing that was edited is lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from django.contrib.auth.models import User

from editor.database import close_database, in_database
from editor.process import LiveSide, live_side, stop_live_side
from projects.models import Flow, Node
from tests.editor.cluster import ClusterProcess, FakeHost, client, register_module
from tests.editor.edits import Editor
from tests.editor.test_push import get, settings_of
from tests.editor.test_socket import opened
from tests.proxy import Proxy, port_of, through
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_NODE

pytestmark = pytest.mark.server


@pytest_asyncio.fixture
async def proxy(
    transactional_db: None,
    shared_cluster: ClusterProcess,
    admin: HttpCluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Proxy]:
    slow = Proxy(port_of(shared_cluster.kubeconfig()))
    port = await slow.start()
    monkeypatch.setenv("KUBECONFIG", str(through(shared_cluster.kubeconfig(), port, tmp_path / "kubeconfig")))
    assert await live_side().hub.ready(60)
    yield slow
    slow.delay, slow.cut = 0.0, False
    await stop_live_side()
    close_database()
    await slow.stop()


async def test_delete_and_undo_at_once_while_the_cluster_is_slow(
    proxy: Proxy, owner: User, flow: Flow, admin: HttpCluster, host: FakeHost
) -> None:
    editor = Editor(live_side(), owner, flow)
    a, b = await editor.add(), await editor.add(settings={"start": 5})
    wire = await editor.wire(a, b)
    name = await editor.name(b)
    await eventually(editor.settled)
    for round_, pause in enumerate((0.0, 0.1, 0.25, 0.4, 0.6, 0.9)):
        value = str((round_ + 1) * 100)
        await host.count(name, int(value))
        proxy.delay = 0.2
        deleted = await editor.edit({"op": "delete_node", "id": b})
        await asyncio.sleep(pause)
        await editor.undo(deleted.rev)
        await eventually(editor.settled, 60)
        proxy.delay = 0.0
        obj = await admin.get(TINY_NODE, name)
        assert obj["status"]["metadata"]["counter-value"] == value, pause
        assert settings_of(obj) == {"start": 5}
        source = await admin.get(TINY_NODE, await editor.name(a))
        assert [edge["id"] for edge in source["spec"]["edges"]] == [wire]


async def test_edits_while_the_cluster_cannot_be_reached_arrive_later(
    proxy: Proxy, owner: User, flow: Flow, admin: HttpCluster
) -> None:
    live = live_side()
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    name = await editor.name(node_id)
    await eventually(editor.settled)
    async with opened(owner, flow) as socket:
        await socket.receive("cluster", state="live")
        proxy.cut = True
        proxy.drop()
        lost = await socket.receive("cluster", state="unreachable")
        assert lost["reason"]
        await editor.edit({"op": "set_setting", "id": node_id, "path": ["start"], "value": 8})
        another = await editor.add(label="drawn meanwhile")
        rev = (await in_database(Node.objects.get, pk=another)).desired_rev
        await socket.live(another, push={"state": "pending", "rev": rev, "problem": None})
        proxy.cut = False
        await socket.receive("cluster", state="live")
    await eventually(editor.settled, 60)
    assert settings_of(await admin.get(TINY_NODE, name)) == {"start": 8}
    assert await get(admin, await editor.name(another)) is not None


async def test_connections_that_break_in_the_middle_of_writes_lose_nothing(
    proxy: Proxy, owner: User, flow: Flow, admin: HttpCluster
) -> None:
    editor = Editor(live_side(), owner, flow)
    node_id = await editor.add()
    name = await editor.name(node_id)
    await eventually(editor.settled)
    proxy.delay = 0.02
    for value in range(20):
        await editor.edit({"op": "set_setting", "id": node_id, "path": ["start"], "value": value})
        await asyncio.sleep(0.03)
        proxy.drop()
    proxy.delay = 0.0
    await eventually(editor.settled, 60)
    assert settings_of(await admin.get(TINY_NODE, name)) == {"start": 19}


async def test_a_cluster_that_is_killed_and_started_again_gets_what_was_edited_meanwhile(
    transactional_db: None, own_cluster: ClusterProcess, owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(own_cluster.kubeconfig()))
    async with client(own_cluster.kubeconfig("admin")) as admin:
        await register_module(admin)
        live = live_side()
        try:
            assert await live.hub.ready(60)
            editor = Editor(live, owner, flow)
            ids = [await editor.add() for _ in range(5)]
            names = [await editor.name(node_id) for node_id in ids]
            for value in range(10):
                for node_id in ids:
                    await editor.edit({"op": "set_setting", "id": node_id, "path": ["start"], "value": value})
                if value == 5:
                    own_cluster.kill()
            deleted = await editor.edit({"op": "delete_node", "id": ids[0]})
            own_cluster.start()
            await eventually(editor.settled, 60)
            assert await get(admin, names[0]) is None
            for name in names[1:]:
                assert settings_of(await admin.get(TINY_NODE, name)) == {"start": 9}
            await editor.undo(deleted.rev)
            await eventually(editor.settled, 60)
            assert settings_of(await admin.get(TINY_NODE, names[0])) == {"start": 9}
        finally:
            await stop_live_side()
            close_database()


async def test_what_a_web_process_left_unpushed_the_next_one_pushes(
    live: LiveSide, owner: User, flow: Flow, admin: HttpCluster
) -> None:
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    name = await editor.name(node_id)
    await eventually(editor.settled)
    await stop_live_side()
    await editor.edit({"op": "set_setting", "id": node_id, "path": ["start"], "value": 3})
    assert not await editor.settled()
    live_side()
    await eventually(editor.settled)
    assert settings_of(await admin.get(TINY_NODE, name)) == {"start": 3}
