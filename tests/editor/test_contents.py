"""Settings and mappings are read for some nodes and wires at a time, by who may see the flow, and within bounds."""

import json
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from editor.database import in_database
from editor.process import LiveSide
from projects.contents import MAX_BYTES, MAX_IDS
from projects.models import Edge, Flow, Node, Project, Share
from tests.editor.edits import Editor, new_id
from tests.editor.test_api import Api, api, signed_in

__all__ = ["api"]

pytestmark = pytest.mark.server


async def asked(client: Api, nodes: list[str], edges: list[str] | None = None) -> Any:
    status, body = await client.post("/contents", {"nodes": nodes, "edges": edges or []})
    assert status == 200, body
    return body


async def test_contents_of_what_was_asked_for_and_of_nothing_else(
    api: Api, live: LiveSide, owner: User, flow: Flow
) -> None:
    editor = Editor(live, owner, flow)
    one, other = await editor.add(settings={"name": "é", "start": 1}), await editor.add(settings={"start": 2})
    wire = await editor.wire(one, other, {"n": "{{ $.n }}"})
    body = await asked(api, [one, new_id(), one], [wire, str(uuid.uuid4())])
    flow_now = await in_database(Flow.objects.get, pk=flow.pk)
    assert body == {
        "rev": flow_now.rev,
        "nodes": {one: {"settings": {"name": "é", "start": 1}, "schemas": {}}},
        "edges": {wire: {"mapping": {"n": "{{ $.n }}"}}},
        "left": [],
    }


async def test_nodes_of_other_flows_only_where_they_are_shown(
    api: Api, live: LiveSide, owner: User, flow: Flow, stranger: User
) -> None:
    elsewhere = await Flow.objects.acreate(project_id=flow.project_id, name="Other", resource_name="other-flow")
    node = await Editor(live, owner, elsewhere).add(settings={"start": 7})
    assert (await asked(api, [node]))["nodes"] == {}
    await in_database(Share.objects.create, node_id=node, flow=flow, x=0, y=0)
    assert (await asked(api, [node]))["nodes"][node]["settings"] == {"start": 7}


async def test_who_may_look_at_the_flow_may_read_them_and_nobody_else(
    live: LiveSide, owner: User, viewer: User, stranger: User, flow: Flow
) -> None:
    node = await Editor(live, owner, flow).add(settings={"start": 1})
    body = {"nodes": [node], "edges": []}
    assert (await (await signed_in(viewer, flow)).post("/contents", body))[0] == 200
    status, answer = await (await signed_in(stranger, flow)).post("/contents", body)
    assert (status, answer["error"]["code"]) == (404, "not_found")
    status, answer = await Api(AsyncClient(), flow).post("/contents", body)
    assert (status, answer["error"]["code"]) == (401, "not_signed_in")
    own = await Project.objects.acreate(name="Own", resource_name="own")
    mine = await Flow.objects.acreate(project=own, name="Mine", resource_name="mine")
    await own.memberships.acreate(user=stranger, role="owner")
    status, answer = await (await signed_in(stranger, mine)).post("/contents", body)
    assert (status, answer["nodes"]) == (200, {})


async def test_a_request_has_a_bound_and_says_it(api: Api) -> None:
    ids = [new_id() for _ in range(MAX_IDS)]
    assert (await api.post("/contents", {"nodes": ids}))[0] == 200
    status, answer = await api.post("/contents", {"nodes": ids, "edges": [str(uuid.uuid4())]})
    assert (status, answer["error"]["code"]) == (413, "too_many_ids")
    assert (await api.post("/contents", {"nodes": [*ids, new_id()]}))[0] == 400
    for wrong in ({"nodes": ["../.."]}, {"edges": ["no uuid"]}, {"nodes": "all"}):
        assert (await api.post("/contents", wrong))[0] == 400


async def test_an_answer_has_a_bound_and_names_what_is_left(api: Api, flow: Flow, live: LiveSide, owner: User) -> None:
    editor = Editor(live, owner, flow)
    ids = [await editor.add() for _ in range(8)]
    wire = await editor.wire(ids[0], ids[1])
    large = {"name": "x" * (MAX_BYTES // 5)}
    await in_database(lambda: Node.objects.filter(pk__in=ids).update(settings=large))
    await in_database(lambda: Edge.objects.filter(pk=wire).update(mapping={"m": 1}))
    got: dict[str, Any] = {}
    wanted, wires, rounds = ids, [wire], 0
    while wanted or wires:
        body = await asked(api, wanted, wires)
        got |= body["nodes"] | body["edges"]
        assert len(json.dumps(body["nodes"])) < MAX_BYTES * 1.3
        wanted = [one for one in body["left"] if one in ids]
        wires = [one for one in body["left"] if one == wire]
        rounds += 1
    assert (set(got), rounds) == ({*ids, wire}, 2)


async def test_a_flow_opens_with_its_structure_and_with_what_is_empty(
    api: Api, live: LiveSide, owner: User, flow: Flow
) -> None:
    editor = Editor(live, owner, flow)
    empty, full = await editor.add(), await editor.add(settings={"start": 1})
    said = await editor.add()
    await in_database(lambda: Node.objects.filter(pk=said).update(schemas={"out": {"m.Out": {"type": "string"}}}))
    bare, mapped = await editor.wire(empty, full), await editor.wire(full, empty, {"n": 1})
    elsewhere = await Flow.objects.acreate(project_id=flow.project_id, name="Other", resource_name="other-flow")
    guest = await Editor(live, owner, elsewhere).add(settings={"start": 7})
    await in_database(Share.objects.create, node_id=guest, flow=flow, x=0, y=0)
    _, body = await api.get()
    nodes = {row["id"]: {key: row[key] for key in ("settings", "schemas") if key in row} for row in body["nodes"]}
    assert nodes == {empty: {"settings": {}, "schemas": {}}, full: {}, said: {}, guest: {}}
    edges = {row["id"]: row.get("mapping") for row in body["edges"]}
    assert edges == {bare: {}, mapped: None}


async def test_opening_costs_the_same_whatever_nodes_hold(api: Api, live: LiveSide, owner: User, flow: Flow) -> None:
    editor = Editor(live, owner, flow)
    node = await editor.add(settings={"name": "short"})
    wire = await editor.wire(node, await editor.add(), {"n": 1})
    before = await api.client.get(api.root)
    await in_database(lambda: Node.objects.filter(pk=node).update(settings={"name": "x" * 400_000}))
    await in_database(lambda: Edge.objects.filter(pk=wire).update(mapping={"n": "x" * 200_000}))
    after = await api.client.get(api.root)
    assert len(after.content) == len(before.content)
