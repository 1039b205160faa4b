"""Nodes in several flows as the cluster has them: who they are never changes, only where they are said to belong."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from editor.database import in_database
from editor.process import LiveSide
from projects.actions import do_delete_flow
from projects.errors import ProjectError
from projects.models import Flow, Removed
from tests.editor.edits import Editor
from tests.editor.test_push import get
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_NODE

pytestmark = pytest.mark.server

SHARED = "tinysystems.io/shared-with-flows"
FLOW = "tinysystems.io/flow-name"


async def test_sharing_and_moving_reach_the_same_tinynode(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow, other_flow: Flow
) -> None:
    here, there = Editor(live, owner, flow), Editor(live, owner, other_flow)
    node, stays = await here.add(), await here.add()
    await here.wire(node, stays)
    name = await here.name(node)
    await eventually(here.settled)
    first = (await admin.get(TINY_NODE, name))["metadata"]
    assert SHARED not in first["annotations"]

    await here.edit({"op": "share_node", "id": node, "flow": str(other_flow.pk)})
    guest = await there.add()
    await there.wire(node, guest)
    await eventually(here.settled)
    await eventually(there.settled)
    shared: dict[str, Any] = await admin.get(TINY_NODE, name)
    assert shared["metadata"]["annotations"][SHARED] == other_flow.resource_name
    assert {edge["flowID"] for edge in shared["spec"]["edges"]} == {flow.resource_name, other_flow.resource_name}

    moved = await here.edit({"op": "move_node", "id": node, "flow": str(other_flow.pk)})
    await eventually(there.settled)
    after: dict[str, Any] = await admin.get(TINY_NODE, name)
    assert after["metadata"]["uid"] == first["uid"]
    assert after["metadata"]["labels"][FLOW] == other_flow.resource_name
    # The wire to what stayed keeps it shown where it was.
    assert after["metadata"]["annotations"][SHARED] == flow.resource_name
    assert len(after["spec"]["edges"]) == 2

    await here.undo(moved.rev)
    await eventually(here.settled)
    back: dict[str, Any] = await admin.get(TINY_NODE, name)
    assert (back["metadata"]["uid"], back["metadata"]["labels"][FLOW]) == (first["uid"], flow.resource_name)


async def test_a_setting_changed_where_a_node_is_shown_reaches_the_same_tinynode(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow, other_flow: Flow
) -> None:
    here, there = Editor(live, owner, flow), Editor(live, owner, other_flow)
    node = await here.add()
    name = await here.name(node)
    await here.edit({"op": "share_node", "id": node, "flow": str(other_flow.pk)})
    await eventually(here.settled)
    await there.edit({"op": "set_node", "id": node, "fields": {"label": "Orders"}})
    await eventually(here.settled)
    await eventually(there.settled)
    found: dict[str, Any] = await admin.get(TINY_NODE, name)
    assert found["metadata"]["annotations"]["tinysystems.io/node-label"] == "Orders"
    assert found["metadata"]["labels"][FLOW] == flow.resource_name


async def test_a_deleted_flow_takes_the_wires_of_its_guests_from_the_cluster_and_leaves_the_guests(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow, other_flow: Flow
) -> None:
    here, there = Editor(live, owner, flow), Editor(live, owner, other_flow)
    node, stays = await here.add(), await here.add()
    await here.wire(node, stays)
    await here.edit({"op": "share_node", "id": node, "flow": str(other_flow.pk)})
    guest = await there.add()
    await there.wire(node, guest)
    await eventually(here.settled)
    await eventually(there.settled)
    name, gone = await here.name(node), await there.name(guest)

    await in_database(do_delete_flow, owner, other_flow)
    await eventually(here.settled)
    await eventually(lambda: in_database(lambda: not Removed.objects.exists()))
    assert await get(admin, gone) is None
    left: dict[str, Any] = await admin.get(TINY_NODE, name)
    assert {edge["flowID"] for edge in left["spec"]["edges"]} == {flow.resource_name}
    assert not left["metadata"]["annotations"].get(SHARED)


async def test_a_flow_is_deleted_only_when_no_other_shows_its_nodes_and_then_from_the_cluster_too(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow, other_flow: Flow
) -> None:
    here, there = Editor(live, owner, flow), Editor(live, owner, other_flow)
    node = await here.add()
    await here.edit({"op": "share_node", "id": node, "flow": str(other_flow.pk)})
    guest = await there.add()
    await there.wire(node, guest)
    await eventually(here.settled)
    await eventually(there.settled)
    name, stays = await here.name(node), await there.name(guest)
    with pytest.raises(ProjectError) as refused:
        await in_database(do_delete_flow, owner, flow)
    assert refused.value.code == "flow_shared"
    assert other_flow.name in refused.value.message

    await there.edit({"op": "delete_node", "id": node})
    await in_database(do_delete_flow, owner, flow)
    await eventually(lambda: in_database(lambda: not Removed.objects.exists()))
    await eventually(there.settled)
    assert await get(admin, name) is None
    left: dict[str, Any] = await admin.get(TINY_NODE, stays)
    assert not any(port.get("from", "").startswith(name) for port in left["spec"].get("ports", []))
