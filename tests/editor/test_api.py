"""The HTTP API: who may do what, and what malformed requests get."""

import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User
from django.test import AsyncClient

from editor.database import in_database
from editor.process import LiveSide
from projects.models import Change, Flow, Project
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor, edge, new_id
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.both_databases]


class Api:
    """Requests of one person to one flow."""

    def __init__(self, client: AsyncClient, flow: Flow) -> None:
        self.client, self.root = client, f"/api/flows/{flow.pk}"

    async def get(self, path: str = "") -> tuple[int, Any]:
        answer = await self.client.get(self.root + path)
        return answer.status_code, json.loads(answer.content)

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        text = body if isinstance(body, str) else json.dumps(body)
        answer = await self.client.post(self.root + path, text, content_type="application/json", headers=headers)
        return answer.status_code, json.loads(answer.content)

    async def put(self, path: str, body: Any) -> tuple[int, Any]:
        answer = await self.client.put(self.root + path, json.dumps(body), content_type="application/json")
        return answer.status_code, json.loads(answer.content)

    async def delete(self, path: str) -> tuple[int, Any]:
        answer = await self.client.delete(self.root + path)
        return answer.status_code, json.loads(answer.content)

    async def change(self, *ops: Any, base_rev: int = 0) -> tuple[int, Any]:
        body = {"base_rev": base_rev, "client_op_id": uuid.uuid4().hex, "ops": list(ops)}
        return await self.post("/changes", body)


@pytest_asyncio.fixture
async def api(live: LiveSide, owner: User, flow: Flow) -> AsyncIterator[Api]:
    yield await signed_in(owner, flow)


async def signed_in(user: User, flow: Flow) -> Api:
    client = AsyncClient()
    await client.aforce_login(user)
    return Api(client, flow)


def counter(**fields: Any) -> dict[str, Any]:
    place = {"op": "add_node", "id": new_id(), "module": "test-v1", "component": "counter", "x": 0, "y": 0}
    return {**place, **fields}


async def test_a_flow_as_it_is_read(api: Api, flow: Flow) -> None:
    node = counter(label="Visits", settings={"start": 1})
    status, _ = await api.change(node)
    assert status == 200
    status, body = await api.get()
    assert status == 200
    assert body["flow"]["id"] == str(flow.pk)
    assert body["flow"]["project"]["name"] == "Web metrics"
    assert "settings" not in body["nodes"][0]
    assert body["nodes"][0]["name"].endswith(f".test-v1.counter-{node['id']}")
    assert body["can"] == {"edit": True, "control": True, "code": True}
    assert body["cluster"] == {"state": "live", "reason": ""}


READS = ["/siblings", "", "/changes?after=0", "/catalogue", f"/signals/{'0' * 32}"]
WRITES: list[tuple[str, Any]] = [
    ("/changes", {"base_rev": 0, "client_op_id": "x", "ops": [counter()]}),
    ("/undo", {"change": 1, "client_op_id": "y"}),
    ("/nodes/nabcdefghijk/control", {"data": {"reset": True}}),
    ("/validate", {"node": "nabcdefghijk", "settings": {}}),
    ("/contents", {"nodes": ["nabcdefghijk"]}),
]


async def test_the_flows_of_the_project_by_name(api: Api, flow: Flow) -> None:
    other = await Flow.objects.acreate(project_id=flow.project_id, name="Alerts", resource_name="alerts")
    elsewhere = await Project.objects.acreate(name="Elsewhere", resource_name="elsewhere")
    await Flow.objects.acreate(project=elsewhere, name="Another", resource_name="another")
    status, body = await api.get("/siblings")
    names = [{"id": str(other.pk), "name": "Alerts"}, {"id": str(flow.pk), "name": flow.name}]
    assert (status, body["flows"]) == (200, names)


async def test_a_stranger_sees_nothing_at_all(live: LiveSide, flow: Flow, stranger: User) -> None:
    api = await signed_in(stranger, flow)
    for path in READS:
        status, body = await api.get(path)
        assert (path, status, body["error"]["code"]) == (path, 404, "not_found")
    for path, request in WRITES:
        status, body = await api.post(path, request, **{"Idempotency-Key": "k"})
        assert (path, status, body["error"]["code"]) == (path, 404, "not_found")


async def test_who_is_not_signed_in_is_asked_to(live: LiveSide, flow: Flow) -> None:
    api = Api(AsyncClient(), flow)
    for path in READS:
        status, body = await api.get(path)
        assert (status, body["error"]["code"]) == (401, "not_signed_in")
    for path, request in WRITES:
        status, body = await api.post(path, request, **{"Idempotency-Key": "k"})
        assert (status, body["error"]["code"]) == (401, "not_signed_in")


async def test_a_viewer_looks_and_neither_edits_nor_presses(
    live: LiveSide, flow: Flow, owner: User, viewer: User
) -> None:
    node_id = await Editor(live, owner, flow).add()
    api = await signed_in(viewer, flow)
    status, body = await api.get()
    assert (status, body["can"]) == (200, {"edit": False, "control": False, "code": False})
    assert (await api.get(f"/changes?after={body['flow']['rev']}"))[0] == 200
    assert (await api.get("/catalogue"))[0] == 200
    status, body = await api.change(counter())
    assert (status, body["error"]["code"]) == (403, "forbidden")
    status, body = await api.post("/undo", {"change": 1, "client_op_id": "y"})
    assert (status, body["error"]["code"]) == (403, "forbidden")
    status, body = await api.post(f"/nodes/{node_id}/control", {"data": {}}, **{"Idempotency-Key": "k"})
    assert (status, body["error"]["code"]) == (403, "forbidden")


async def test_a_colleague_edits(live: LiveSide, flow: Flow, colleague: User) -> None:
    api = await signed_in(colleague, flow)
    status, body = await api.change(counter())
    assert (status, body["prev_rev"] < body["rev"]) == (200, True)


async def test_without_a_csrf_token_nothing_is_written(live: LiveSide, owner: User, flow: Flow) -> None:
    client = AsyncClient(enforce_csrf_checks=True)
    await client.aforce_login(owner)
    status, body = await Api(client, flow).change(counter())
    assert (status, body["error"]["code"]) == (403, "csrf_failed")
    assert not await in_database(Change.objects.exists)


NODE = "nabcdefghijk"
MALFORMED: list[tuple[Any, int, str]] = [
    ([], 400, "no_operations"),
    (["text"], 400, "invalid_operation"),
    ([{"op": "explode", "id": NODE}], 400, "invalid_operation"),
    ([{"op": "set_node", "id": "../..", "fields": {"x": 1}}], 400, "invalid_operation"),
    ([{"op": "set_node", "id": NODE, "fields": {"x": 1}}], 404, "unknown_node"),
    ([counter(x=1.5)], 400, "invalid_operation"),
    ([counter(x=2_000_000)], 400, "invalid_operation"),
    ([counter(component="nothing")], 422, "unknown_component"),
    ([counter(settings={"start": "many"})], 422, "invalid_settings"),
    ([counter(settings={"password": "hunter2"})], 422, "secret_literal"),
    ([counter(settings={"name": "x" * 600_000})], 413, "settings_too_large"),
    ([counter() for _ in range(501)], 413, "too_many_operations"),
    ([{"op": "delete_edge", "id": "no uuid"}], 400, "invalid_operation"),
    ([{"op": "delete_node", "id": ["no", "id"]}], 400, "invalid_operation"),
    ([{"op": "delete_node"}], 400, "invalid_operation"),
]


@pytest.mark.parametrize(("ops", "status", "code"), MALFORMED)
async def test_malformed_operations_are_refused_whole(api: Api, ops: Any, status: int, code: str) -> None:
    good = counter()
    got, body = await api.change(*([good, *ops] if ops else []))
    if code != "too_many_operations" and ops:
        assert body["error"]["op"] == 1
    assert (got, body["error"]["code"]) == (status, code)
    assert (await api.get())[1]["nodes"] == []


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '{"base_rev": "x", "client_op_id": "a", "ops": [{}]}',
        '{"base_rev": -1, "client_op_id": "a", "ops": []}',
        '{"base_rev": 0, "client_op_id": "a\\u0000", "ops": [{}]}',
    ],
)
async def test_bodies_that_cannot_be_read(api: Api, body: str) -> None:
    status, answer = await api.post("/changes", body)
    assert (status, answer["error"]["code"]) == (400, "invalid_request")


SETTINGS: dict[str, tuple[bytes, str]] = {
    "no utf-8": (b'{"name": "\xff"}', "invalid_request"),
    "no number": (b'{"start": NaN}', "not_json"),
    "past all floats": (b'{"start": 1e999}', "not_json"),
    "400 digits": (b'{"start": ' + b"9" * 400 + b"}", "not_json"),
    "10,000 digits": (b'{"start": ' + b"9" * 10_000 + b"}", "invalid_request"),
    "half a character": (b'{"name": "\\ud800"}', "not_json"),
    "a NUL": (b'{"name": "\\u0000"}', "not_json"),
    "10,000 levels": (b'{"name": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "invalid_request"),
    "200 levels": (b'{"name": ' + b"[" * 200 + b"]" * 200 + b"}", "not_json"),
    "a key twice": (b'{"start": 1, "start": "many"}', "invalid_settings"),
    "a list": (b"[1]", "invalid_operation"),
    "a text": (b'"text"', "invalid_operation"),
    "another type": (b'{"tags": [1]}', "invalid_settings"),
}


@pytest.mark.parametrize("name", SETTINGS)
async def test_settings_that_nobody_should_send_are_refused_with_their_place(api: Api, name: str) -> None:
    settings, code = SETTINGS[name]
    op = json.dumps(counter()).removesuffix("}").encode() + b', "settings": ' + settings + b"}"
    body = b'{"base_rev": 0, "client_op_id": "raw", "ops": [' + op + b"]}"
    answer = await api.client.post(api.root + "/changes", body, content_type="application/json")
    error = json.loads(answer.content)["error"]
    assert (400 <= answer.status_code < 500, error["code"]) == (True, code), error
    assert error["message"].endswith(".")
    if code != "invalid_request":
        assert error["op"] == 0
    assert (await api.get())[1]["nodes"] == []


async def test_a_body_above_the_limit(api: Api) -> None:
    status, body = await api.post("/changes", "x" * (5 * 1024 * 1024))
    assert (status, body["error"]["code"]) == (413, "body_too_large")


async def test_wires_to_unknown_ports_and_in_the_wrong_direction(api: Api) -> None:
    a, b = counter(), counter()
    await api.change(a, b)
    wire = edge(str(uuid.uuid4()), a["id"], b["id"])
    status, body = await api.change({**wire, "target_port": "nowhere"})
    assert (status, body["error"]["code"], body["error"]["field"]) == (422, "unknown_port", "/target_port")
    status, body = await api.change({**wire, "source_port": "in"})
    assert (status, body["error"]["code"]) == (422, "wrong_direction")


async def test_the_same_batch_sent_twice_is_applied_once(api: Api) -> None:
    body = {"base_rev": 0, "client_op_id": "once", "ops": [counter()]}
    first, second = await api.post("/changes", body), await api.post("/changes", body)
    assert first == second
    assert len((await api.get())[1]["nodes"]) == 1


async def test_catching_up_and_trimmed_changes(api: Api, flow: Flow) -> None:
    revs = [(await api.change(counter()))[1]["rev"] for _ in range(3)]
    status, body = await api.get(f"/changes?after={revs[0]}")
    assert [change["rev"] for change in body["changes"]] == revs[1:]
    assert body["changes"][0]["prev_rev"] == revs[0]
    assert body["changes"][0]["by"]["name"] == "owner"
    assert (await api.get(f"/changes?after={revs[2]}"))[1] == {"changes": []}
    await in_database(lambda: Change.objects.filter(flow=flow, rev=revs[1]).delete())
    status, body = await api.get(f"/changes?after={revs[0]}")
    assert (status, body["error"]["code"]) == (410, "changes_trimmed")


async def test_undo_and_redo(api: Api) -> None:
    _, applied = await api.change(counter())
    status, undone = await api.post("/undo", {"change": applied["rev"], "client_op_id": "u1"})
    assert (status, (await api.get())[1]["nodes"]) == (200, [])
    status, _ = await api.post("/undo", {"change": undone["rev"], "client_op_id": "u2"})
    assert (status, len((await api.get())[1]["nodes"])) == (200, 1)
    status, body = await api.post("/undo", {"change": 999, "client_op_id": "u3"})
    assert (status, body["error"]["code"]) == (404, "unknown_change")


async def test_the_catalogue_has_schemas_as_json(api: Api) -> None:
    status, body = await api.get("/catalogue")
    assert status == 200
    component = next(c for c in body["components"] if c["name"] == "counter")
    assert (component["title"], component["category"], component["icon"]) == ("Counter", "State", "hash")
    settings = next(p for p in component["ports"] if p["name"] == "_settings")
    assert settings["schema"]["properties"]["start"] == {"type": "integer", "minimum": 0}
    debug = next(c for c in body["components"] if c["name"] == "debug")
    assert (debug["title"], debug["category"]) == ("Debug", "Other")
    assert {m["name"]: m["available"] for m in body["modules"]}["test-v1"] is False


async def test_settings_are_checked_before_they_are_sent(api: Api) -> None:
    node = counter()
    await api.change(node)
    status, body = await api.post("/validate", {"node": node["id"], "settings": {"start": -1, "password": "x"}})
    assert (status, {error["field"] for error in body["errors"]}) == (200, {"/start", "/password"})
    assert (await api.post("/validate", {"node": node["id"], "settings": {"start": 1}}))[1] == {"errors": []}
    status, body = await api.post("/validate", {"node": "nzzzzzzzzzzz", "settings": {}})
    assert (status, body["error"]["code"]) == (404, "not_found")
    status, body = await api.post("/validate", {"node": "\ud800", "settings": {}})
    assert (status, body["error"]["code"]) == (400, "invalid_request")


async def test_a_press_is_sent_once_and_its_end_can_be_asked_for(api: Api, host: FakeHost) -> None:
    node = counter()
    await api.change(node)
    path = f"/nodes/{node['id']}/control"
    presses = [await api.post(path, {"data": {"reset": True}}, **{"Idempotency-Key": "k1"}) for _ in range(3)]
    assert [status for status, _ in presses] == [202, 202, 202]
    signal = presses[0][1]["id"]
    assert {body["id"] for _, body in presses} == {signal}

    async def done() -> bool:
        return (await api.get(f"/signals/{signal}"))[1] == {"state": "done", "problem": None}

    await eventually(done)
    assert (await api.post(path, {"data": {"reset": True}}, **{"Idempotency-Key": "k1"}))[0] == 202
    await eventually(lambda: host.pressed.count(signal) == 1)
    host.fail_presses = True
    _, body = await api.post(path, {"data": {"reset": True}}, **{"Idempotency-Key": "k2"})

    async def failed() -> bool:
        return (await api.get(f"/signals/{body['id']}"))[1]["state"] == "failed"

    await eventually(failed)
    status, answer = await api.post(path, {"data": {}})
    assert (status, answer["error"]["code"]) == (400, "invalid_request")


async def test_an_address_that_is_none_answers_as_the_api_does(api: Api) -> None:
    for path in ("/nothing", "/nodes/x"):
        status, body = await api.get(path)
        assert (status, body["error"]["code"]) == (404, "not_found")


async def test_the_api_describes_itself(api: Api) -> None:
    from openapi_spec_validator import validate

    answer = await api.client.get("/api/openapi.json")
    document = json.loads(answer.content)
    validate(document)
    assert {"/api/flows/{flow}", "/api/flows/{flow}/contents"} <= document["paths"].keys()
    answers = document["paths"]["/api/flows/{flow}"]["get"]["responses"]
    assert {"200", "401", "404", "503"} <= answers.keys()
    refusal = answers["404"]["content"]["application/json"]["schema"]
    assert refusal == {"$ref": "#/components/schemas/ErrorOut"}
