"""Scenarios by the HTTP API: kept without secrets, within limits, and as resources that other editors read."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from editor.database import in_database
from editor.process import LiveSide
from projects.actions import do_delete_flow
from projects.models import Flow, Removed, Scenario
from projects.operations import limits
from tests.editor.cluster import FakeHost, port
from tests.editor.edits import Editor
from tests.editor.test_api import Api, signed_in
from tests.waiting import eventually
from weirflow.kube.errors import NotFound
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_MODULE, TINY_SCENARIO, decode_json

pytestmark = pytest.mark.server

LOGIN = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "pin": {"type": "string", "secret": True}, "inner": {}},
}


def new(name: str = "A good day", *ports: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "name": name, "ports": list(ports)}


def sample(node: str, data: Any, port_name: str = "out") -> dict[str, Any]:
    return {"node": node, "port": port_name, "data": data}


async def test_a_scenario_is_kept_changed_and_deleted(live: LiveSide, owner: User, flow: Flow) -> None:
    node = await Editor(live, owner, flow).add()
    api = await signed_in(owner, flow)
    wanted = new("  A good   day ", sample(node, {"count": 3}))
    status, row = await api.post("/scenarios", wanted)
    assert status == 201
    assert row == {
        "id": wanted["id"],
        "name": "A good day",
        "rev": row["rev"],
        "created_by": owner.username,
        "ports": [sample(node, {"count": 3})],
    }
    assert (await api.post("/scenarios", wanted))[1] == row, "the same once more keeps no second one"
    assert (await api.get("/scenarios"))[1] == {"scenarios": [row], "next": None}

    change = {"rev": row["rev"], "name": "Another day", "ports": [sample(node, [1, 2])]}
    status, changed = await api.put(f"/scenarios/{row['id']}", change)
    assert (status, changed["name"], changed["ports"]) == (200, "Another day", [sample(node, [1, 2])])
    assert changed["rev"] > row["rev"]
    status, body = await api.put(f"/scenarios/{row['id']}", {**change, "name": "Too late"})
    assert (status, body["error"]["code"], body["error"]["by"]) == (409, "scenario_changed", owner.username)

    assert await api.delete(f"/scenarios/{row['id']}") == (200, {"id": row["id"]})
    assert (await api.get("/scenarios"))[1] == {"scenarios": [], "next": None}
    assert (await api.delete(f"/scenarios/{row['id']}"))[0] == 404


async def test_nothing_secret_is_kept(live: LiveSide, admin: HttpCluster, owner: User, flow: Flow) -> None:
    components = [{"name": "login", "ports": [port("_settings"), port("out", source=True, schema=LOGIN)]}]
    status = {"addr": "", "name": "test-v1", "version": "9.9", "sdkVersion": "1", "components": components}
    await admin.patch_status(TINY_MODULE, "test-v1", {"status": status})
    await eventually(lambda: live.hub.modules.find("test-v1", "login"))
    node = await Editor(live, owner, flow).add("login")
    api = await signed_in(owner, flow)
    said = {
        "name": "Ada",
        "pin": "0000-by-schema",
        "inner": {
            "password": "hunter-by-name",
            "text": "call https://ada:pass-by-shape@example.org with ghp_0123456789abcdefghij0123",
        },
    }
    _, row = await api.post("/scenarios", new("Secrets", sample(node, said)))
    kept = str((await in_database(Scenario.objects.get, pk=row["id"])).ports)
    for secret in ("by-schema", "by-name", "by-shape", "ghp_"):
        assert secret not in kept
    assert row["ports"][0]["data"]["name"] == "Ada"
    assert row["ports"][0]["data"]["inner"]["text"].startswith("call https://ada:<redacted>@example.org")


async def test_a_viewer_reads_and_a_stranger_finds_nothing(
    live: LiveSide, owner: User, viewer: User, stranger: User, flow: Flow
) -> None:
    node = await Editor(live, owner, flow).add()
    _, row = await (await signed_in(owner, flow)).post("/scenarios", new("Mine", sample(node, 1)))
    one = f"/scenarios/{row['id']}"

    async def writes(api: Api) -> list[int]:
        answers = [
            await api.post("/scenarios", new()),
            await api.put(one, {"rev": row["rev"], "name": "Yours"}),
            await api.delete(one),
        ]
        return [status for status, _ in answers]

    api = await signed_in(viewer, flow)
    assert (await api.get("/scenarios"))[1] == {"scenarios": [row], "next": None}
    assert await writes(api) == [403, 403, 403]
    api = await signed_in(stranger, flow)
    assert (await api.get("/scenarios"))[0] == 404
    assert await writes(api) == [404, 404, 404]


async def test_what_cannot_be_kept_is_refused_with_the_reason(
    live: LiveSide, owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = await Editor(live, owner, flow).add()
    api = await signed_in(owner, flow)
    await api.post("/scenarios", new("Taken"))
    refusals = {
        "name_taken": new("Taken"),
        "name_missing": new("  "),
        "not_found": new("One", sample("nabcdefghijk", 1)),
        "unknown_port": new("One", sample(node, 1, "nowhere")),
        "sample_twice": new("One", sample(node, 1), sample(node, 2)),
        "sample_too_large": new("One", sample(node, "x" * limits.MAX_SAMPLE_BYTES)),
        "not_json": new("One", sample(node, "\x00")),
    }
    for code, body in refusals.items():
        assert (await api.post("/scenarios", body))[1]["error"]["code"] == code
    monkeypatch.setattr("projects.actions.scenarios.MAX_SCENARIO_BYTES", 100)
    _, body = await api.post("/scenarios", new("One", sample(node, "x" * 100)))
    assert body["error"]["code"] == "scenario_too_large"
    monkeypatch.setattr("projects.actions.scenarios.MAX_SCENARIO_BYTES_OF_FLOW", 110)
    assert (await api.post("/scenarios", new("One", sample(node, "x" * 10))))[0] == 201
    _, body = await api.post("/scenarios", new("Two", sample(node, "x" * 10)))
    assert body["error"]["code"] == "scenarios_too_large"
    monkeypatch.setattr("projects.actions.scenarios.MAX_SCENARIOS", 2)
    _, body = await api.post("/scenarios", new("Three"))
    assert body["error"]["code"] == "too_many_scenarios"


async def test_samples_of_a_deleted_node_are_not_told_and_come_back_with_it(
    live: LiveSide, admin: HttpCluster, host: FakeHost, owner: User, flow: Flow
) -> None:
    editor = Editor(live, owner, flow)
    node = await editor.add()
    name = await editor.name(node)
    api = await signed_in(owner, flow)
    _, row = await api.post("/scenarios", new("One", sample(node, 1)))
    resource = (await in_database(Scenario.objects.get, pk=row["id"])).resource_name

    async def stored() -> list[str] | None:
        try:
            spec = (await admin.get(TINY_SCENARIO, resource))["spec"]
        except NotFound:
            return None
        return [entry["port"] for entry in spec["ports"]]

    async def holds() -> bool:
        return await stored() == [f"{name}:out"]

    async def holds_none() -> bool:
        return await stored() == []

    await eventually(holds)
    gone = await editor.edit({"op": "delete_node", "id": node})
    assert (await api.get("/scenarios"))[1]["scenarios"][0]["ports"] == []
    await eventually(holds_none)
    await editor.undo(gone.rev)
    assert (await api.get("/scenarios"))[1]["scenarios"] == [row]
    await eventually(holds)


async def test_a_scenario_is_a_resource_that_other_editors_read(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow
) -> None:
    editor = Editor(live, owner, flow)
    node = await editor.add()
    name = await editor.name(node)
    api = await signed_in(owner, flow)
    _, row = await api.post("/scenarios", new("A good day", sample(node, {"count": 3})))
    resource = (await in_database(Scenario.objects.get, pk=row["id"])).resource_name

    async def clean() -> bool:
        return not await in_database(Scenario.objects.filter(dirty=True).exists)

    await eventually(clean)
    stored = await admin.get(TINY_SCENARIO, resource)
    assert stored["metadata"]["annotations"]["tinysystems.io/scenario-name"] == "A good day"
    assert stored["metadata"]["labels"]["tinysystems.io/flow-name"] == flow.resource_name
    [entry] = stored["spec"]["ports"]
    assert (entry["port"], decode_json(entry["data"])) == (f"{name}:out", {"count": 3})

    await api.put(f"/scenarios/{row['id']}", {"rev": row["rev"], "name": "Better", "ports": []})
    await eventually(clean)
    stored = await admin.get(TINY_SCENARIO, resource)
    assert stored["metadata"]["annotations"]["tinysystems.io/scenario-name"] == "Better"
    assert stored["spec"]["ports"] == []

    await api.post("/scenarios", new("Second"))
    await in_database(do_delete_flow, owner, flow)

    async def removed() -> bool:
        return not await in_database(Removed.objects.exists)

    await eventually(removed)
    with pytest.raises(NotFound):
        await admin.get(TINY_SCENARIO, resource)
