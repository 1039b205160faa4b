"""Versions by the HTTP API: named, opened as a flow is, compared, and gone back to before everybody's eyes."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from editor.database import in_database
from editor.process import LiveSide
from projects.models import Flow, Node
from tests.editor.edits import Editor
from tests.editor.test_api import Api, signed_in
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.both_databases]


def new(name: str, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "name": name, **more}


async def _text(api: Api, path: str) -> tuple[str, str]:
    answer = await AsyncClient.get(api.client, api.root + path)
    return answer["Content-Type"], answer.content.decode()


async def test_a_version_is_named_opened_compared_and_restored(live: LiveSide, owner: User, flow: Flow) -> None:
    editor = Editor(live, owner, flow)
    kept, gone = await editor.add(label="Kept", settings={"start": 1}), await editor.add(label="Gone")
    wire = await editor.wire(gone, kept)
    api = await signed_in(owner, flow)
    status, version = await api.post("/versions", new("Before", note="All is well."))
    assert (status, version["name"], version["nodes"], version["edges"]) == (201, "Before", 2, 1)
    assert (version["by"]["name"], version["deletable"]) == ("owner", True)

    await editor.edit({"op": "set_setting", "id": kept, "path": ["start"], "value": 2})
    await editor.edit({"op": "delete_node", "id": gone})
    added = await editor.add(label="Added")
    _, listed = await api.get("/versions")
    assert [row["name"] for row in listed["versions"]] == ["Before"]
    assert [point["changes"] for point in listed["points"]] == [3, 3]

    status, past = await api.get(f"/versions/{version['id']}")
    assert (status, past["past"]["name"], past["can"]) == (200, "Before", {"edit": False, "control": False})
    assert {node["id"] for node in past["nodes"]} == {kept, gone}
    assert [edge["id"] for edge in past["edges"]] == [wire]
    _, held = await api.post(f"/versions/{version['id']}/contents", {"nodes": [kept, added], "edges": [wire]})
    assert held["nodes"] == {kept: {"settings": {"start": 1}, "schemas": {}}}

    _, diff = await api.get(f"/versions/{version['id']}/diff/now")
    told = {(item["kind"], item["outcome"], item["title"]) for item in diff["items"]}
    assert told == {
        ("node", "changed", "Kept"),
        ("node", "removed", "Gone"),
        ("node", "added", "Added"),
        ("edge", "removed", "Gone.out → Kept.in"),
    }
    kind, text = await _text(api, f"/versions/{version['id']}/diff/now?as=text")
    assert kind == "text/plain; charset=utf-8"
    assert "-  start: 1\n+  start: 2\n" in text

    body = {"client_op_id": uuid.uuid4().hex}
    status, restored = await api.post(f"/versions/{version['id']}/restore", body)
    assert (status, restored["left"]) == (200, [])
    assert (await api.post(f"/versions/{version['id']}/restore", body))[1]["rev"] == restored["rev"]
    assert (await api.get(f"/versions/{version['id']}/diff/now"))[1]["items"] == []
    status, refused = await api.post(f"/versions/{version['id']}/restore", {"client_op_id": uuid.uuid4().hex})
    assert (status, refused["error"]["code"]) == (409, "nothing_to_restore")
    await eventually(editor.settled)

    status, _ = await api.post("/undo", {"change": restored["rev"], "client_op_id": uuid.uuid4().hex})
    assert status == 200
    assert await in_database(lambda: set(Node.objects.values_list("pk", flat=True))) == {kept, added}
    assert (await api.delete(f"/versions/{version['id']}"))[0] == 200
    assert (await api.get(f"/versions/{version['id']}"))[0] == 404


async def test_what_is_asked_for_wrongly_is_refused(live: LiveSide, owner: User, flow: Flow) -> None:
    await Editor(live, owner, flow).add()
    api = await signed_in(owner, flow)
    for ref in ("r999999999", "r", "then", str(uuid.uuid4()), "r" + "9" * 40):
        for path in (f"/versions/{ref}", f"/versions/{ref}/diff/now", f"/versions/now/diff/{ref}"):
            assert (await api.get(path))[0] == 404, path
    assert (await api.post("/versions", new("")))[0] == 422
    assert (await api.post("/versions", {"name": "No id"}))[0] == 400
    assert (await api.get("/versions/now/diff/now?as=poem"))[0] == 400
