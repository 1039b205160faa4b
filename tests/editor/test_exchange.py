"""Files by the HTTP API: out without secrets, in with what they need said before, and nothing half."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User

from editor.database import in_database
from editor.process import LiveSide
from projects.models import Change, Flow, Node, ProjectSecret
from tests.editor.cluster import register_module
from tests.editor.edits import Editor
from tests.editor.test_api import Api, signed_in
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster

pytestmark = pytest.mark.server

FILE = """\
weirflow: 1
kind: Flow
name: Orders
needs: {modules: [late-v1, test-v1], secrets: [shop/password]}
nodes:
  counter:
    component: test-v1/counter
    at: [0, 0]
    settings: {password: "[[secret:shop/password]]", start: 3}
  somebody:
    component: late-v1/counter
    title: Somebody?
    at: [320, 0]
    settings: {start: 1}
wires:
  - from: counter.out
    to: somebody.in
    mapping: {total: "{{$.n}}"}
"""


async def text_at(api: Api, path: str) -> tuple[int, str, str]:
    answer = await api.client.get(path)
    return answer.status_code, answer.content.decode(), answer.headers.get("Content-Disposition", "")


async def post(api: Api, path: str, body: Any) -> tuple[int, Any]:
    answer = await api.client.post(f"/api{path}", json.dumps(body), content_type="application/json")
    return answer.status_code, json.loads(answer.content)


async def test_a_file_comes_in_as_it_is_and_goes_out_as_it_came(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow
) -> None:
    """A component that nobody offers keeps all it holds, and is known once its module is there."""
    await register_module(admin)
    api = await signed_in(owner, flow)
    project = str(flow.project_id)
    await in_database(
        ProjectSecret.objects.create, project=flow.project, name="shop", key="password", resource_name="a.b"
    )

    async def known() -> bool:
        return bool((await post(api, "/import/plan", {"text": FILE}))[1]["unknown"])

    await eventually(known)
    status, plan = await post(api, "/import/plan", {"text": FILE, "project": project})
    assert status == 200, plan
    assert plan["unknown"] == [{"module": "late-v1", "component": "counter", "nodes": 1}]
    assert plan["secrets"] == [{"name": "shop", "key": "password", "known": True}]
    status, made = await post(api, f"/projects/{project}/import", {"text": FILE})
    assert status == 201, made
    path = f"/api/flows/{made['flows'][0]['id']}/export"
    assert await text_at(api, path) == (200, FILE, 'attachment; filename="orders.yaml"')
    await register_module(admin, "late-v1")

    async def mended() -> bool:
        return (await post(api, "/import/plan", {"text": FILE}))[1]["unknown"] == []

    await eventually(mended)
    assert (await text_at(api, path))[1] == FILE
    status, again = await post(api, "/import", {"text": FILE, "name": "Mine"})
    assert (status, [one["name"] for one in again["flows"]]) == (201, ["Orders"])
    assert "kind: Project\nname: Mine\n" in (await text_at(api, f"/api/projects/{again['project']}/export"))[1]


async def test_an_import_into_a_flow_is_one_step_beside_what_is_there(live: LiveSide, owner: User, flow: Flow) -> None:
    there = await Editor(live, owner, flow).add()
    api = await signed_in(owner, flow)
    status, answer = await api.post("/import", {"text": FILE, "client_op_id": "one"})
    assert status == 200, answer
    assert (await api.post("/import", {"text": FILE, "client_op_id": "one"}))[1]["rev"] == answer["rev"]
    before = await in_database(Node.objects.get, pk=there)
    places = await in_database(
        lambda: list(Node.objects.filter(flow=flow).exclude(pk=there).values_list("x", flat=True))
    )
    assert len(places) == 2
    assert min(places) > before.x
    status, undone = await api.post("/undo", {"change": answer["rev"], "client_op_id": "two"})
    assert status == 200, undone
    assert await in_database(lambda: list(Node.objects.filter(flow=flow).values_list("pk", flat=True))) == [there]


async def test_secrets_as_such_neither_come_in_nor_go_out(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow
) -> None:
    await register_module(admin)
    api = await signed_in(owner, flow)
    literal = FILE.replace("[[secret:shop/password]]", "hunter2")

    async def refused() -> bool:
        return (await post(api, "/import/plan", {"text": literal}))[0] == 422

    await eventually(refused)
    status, answer = await post(api, f"/projects/{flow.project_id}/import", {"text": literal})
    assert status == 422
    (fault,) = answer["error"]["faults"]
    assert (fault["line"], fault["path"]) == (9, "nodes.counter.settings.password")
    assert "hunter2" not in json.dumps(answer)
    # Of a component that nobody knows, names alone tell.
    foreign = literal.replace("test-v1/counter", "gone-v1/counter").replace("password:", "apiToken:")
    status, made = await post(api, f"/projects/{flow.project_id}/import", {"text": foreign})
    assert status == 201, made
    out = (await text_at(api, f"/api/flows/{made['flows'][0]['id']}/export"))[1]
    assert "hunter2" not in out
    assert 'apiToken: "[[secret:counter/apitoken]]"' in out
    assert "secrets: [counter/apitoken]" in out


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("weirflow: 1\nkind: Flow\nname: A\nnodes: {a: {component: b}}", 422, "file_invalid"),
        ('{"weirflow": 1, "nodes": []}', 422, "nodes_copied"),
        ("kind: Project\nweirflow: 1\nname: A\n", 422, "several_flows"),
        ("weirflow: 1\nkind: Flow\nname: A\nwires: &a [*a]", 422, "file_invalid"),
        ("x" * (4 * 1024 * 1024 + 1), 413, "body_too_large"),
    ],
)
async def test_what_cannot_come_in_leaves_nothing(
    live: LiveSide, owner: User, flow: Flow, text: str, status: int, code: str
) -> None:
    api = await signed_in(owner, flow)
    answered, answer = await api.post("/import", {"text": text, "client_op_id": "one"})
    assert (answered, answer["error"]["code"]) == (status, code)
    assert not await in_database(Change.objects.filter(flow=flow).exists)


async def test_templates_are_listed_and_read(live: LiveSide, owner: User, flow: Flow) -> None:
    api = await signed_in(owner, flow)
    answer = await api.client.get("/api/templates")
    rows = json.loads(answer.content)["templates"]
    first = rows[0]
    assert first["howto"]
    text = json.loads((await api.client.get(f"/api/templates/{first['id']}")).content)["text"]
    status, answer = await api.post("/import", {"text": text, "client_op_id": "one"})
    assert status == 200, answer
    assert await in_database(Node.objects.filter(flow=flow).count) == len(first["nodes"])
