"""Large control values: the view keeps the part that the canvas draws, a selected node shows all of them."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from editor.process import LiveSide
from projects.models import Flow
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor
from tests.editor.telemetry_host import telemetry_hosts
from tests.editor.test_socket import opened
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_NODE, encode_json

pytestmark = pytest.mark.server


def values(count: int) -> dict[str, Any]:
    return {
        "value": count,
        "history": [{"at": "2026-01-01T00:00:00Z", "value": n} for n in range(50)],
        "note": "n" * 300,
    }


async def show(admin: HttpCluster, name: str, control: dict[str, Any]) -> None:
    """Write a node's control values as its host would."""
    port = {"name": "_control", "label": "", "position": 0, "source": True, "schema": encode_json({})}
    status = {"ports": [{**port, "configuration": encode_json(control)}]}
    await admin.patch_status(TINY_NODE, name, {"status": status})


async def test_a_selected_node_shows_all_of_its_controls_and_others_their_plain_values(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, admin: HttpCluster
) -> None:
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    await eventually(editor.settled)
    name = await editor.name(node_id)
    await show(admin, name, values(3))
    async with opened(owner, flow) as socket:
        await socket.live(node_id, value="3", control={"value": 3})
        await socket.send({"t": "inspect", "node": node_id})
        await socket.live(node_id, control=values(3))
        await show(admin, name, values(4))
        await socket.live(node_id, value="4", control=values(4))
        await show(admin, name, {"value": 5})
        await socket.live(node_id, control={"value": 5})


async def test_what_a_host_says_is_not_read_from_the_cluster(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, admin: HttpCluster
) -> None:
    editor = Editor(live, owner, flow)
    node_id = await editor.add()
    await eventually(editor.settled)
    name = await editor.name(node_id)
    await show(admin, name, values(3))
    async with telemetry_hosts(admin, 1) as (hosts, _), opened(owner, flow) as socket:
        await socket.send({"t": "inspect", "node": node_id})
        await eventually(lambda: hosts[0].inspected == {name})
        await hosts[0].say({"nodes": {name: {"value": "9", "control": {"value": 9}}}})
        await socket.live(node_id, control={"value": 9})
        await hosts[0].stop()
        await socket.live(node_id, control=values(3))
