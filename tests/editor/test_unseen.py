"""A node that the cluster has and the watch of this web process does not: another made it, or the watch is behind."""

import pytest
from django.contrib.auth.models import User

from editor.cluster import view
from editor.process import LiveSide
from projects.models import Flow
from tests.editor.edits import Editor
from tests.editor.test_push import get
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster

pytestmark = pytest.mark.server


async def test_a_deleted_node_goes_though_it_was_never_seen(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor, connection = Editor(live, owner, flow), live.hub.connection
    assert connection is not None
    monkeypatch.setattr(connection.nodes, "apply", lambda _report: None)
    node_id = await editor.add()
    name = await editor.name(node_id)
    await eventually(editor.settled)
    assert await get(admin, name) is not None
    # What this process wrote itself is forgotten, as if another had: now there is only the watch to tell.
    monkeypatch.setattr(view, "OVERLAY_SECONDS", 0.0)
    connection.view.prune()
    assert connection.view.find(name) is None

    await editor.edit({"op": "delete_node", "id": node_id})
    await eventually(editor.settled)
    assert await get(admin, name) is None
