"""Nodes in several flows as the cluster has them: who they are never changes, only where they are said to belong."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from editor.process import LiveSide
from projects.models import Flow
from tests.editor.edits import Editor
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
