"""What is said about the mappings of a flow: by the API, and after an edit only what the edit reaches."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User
from django.test import AsyncClient

from editor.checks import keeper, rows
from editor.database import in_database
from editor.process import LiveSide
from projects.actions import do_create_flow
from projects.models import Flow
from tests.editor.cluster import port
from tests.editor.edits import Editor
from tests.editor.test_api import Api, signed_in
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_MODULE, TINY_NODE

COUNT = {
    "type": "object",
    "properties": {"count": {"type": "integer"}, "name": {"type": "string"}},
    "required": ["count"],
}
ORDER = {
    "type": "object",
    "properties": {"amount": {"type": "integer"}, "note": {"type": "string", "maxLength": 5}},
    "required": ["amount"],
    "additionalProperties": False,
}
COMPONENTS = [
    {"name": "source", "ports": [port("_settings"), port("out", source=True, schema=COUNT)]},
    {"name": "sink", "ports": [port("_settings"), port("in", schema=ORDER)]},
    {"name": "passing", "ports": [port("_settings"), port("in", schema={}), port("out", source=True, schema={})]},
]
MESSAGE = "test.Open.message"
OPEN = {
    "properties": {"message": {"$ref": "#/$defs/Message"}},
    "$defs": {"Message": {"x-id": MESSAGE, "configurable": True}},
}
COMPONENTS += [
    {"name": "open", "ports": [port("_settings"), port("in", schema=OPEN), port("out", source=True, schema=OPEN)]}
]
FITS = {"amount": "{{ $.count }}"}


async def announce(cluster: HttpCluster, components: list[dict[str, Any]]) -> None:
    status = {"addr": "", "name": "typed-v1", "version": "1.0", "sdkVersion": "1", "components": components}
    await cluster.patch_status(TINY_MODULE, "typed-v1", {"status": status})


class Typed(Editor):
    """Somebody who draws with the typed components."""

    async def place(self, component: str) -> str:
        return await self.add(component, module="typed-v1")


@pytest_asyncio.fixture
async def typed(live: LiveSide, admin: HttpCluster, owner: User, flow: Flow) -> AsyncIterator[Typed]:
    await admin.create(TINY_MODULE, TINY_MODULE.new("typed-v1", spec={"image": "typed-v1:1"}))
    await announce(admin, COMPONENTS)
    await eventually(lambda: live.hub.modules.find("typed-v1", "sink") is not None)
    yield Typed(live, owner, flow)
    await admin.delete(TINY_MODULE, "typed-v1")
    await eventually(lambda: live.hub.modules.find("typed-v1", "sink") is None)


@pytest_asyncio.fixture
async def api(live: LiveSide, owner: User, flow: Flow) -> Api:
    return await signed_in(owner, flow)


async def outcomes(api: Api, since: str = "") -> tuple[dict[str, str], str]:
    status, body = await api.get(f"/validation?since={since}")
    assert status == 200, body
    return {edge: verdict["outcome"] for edge, verdict in body["edges"].items()}, body["token"]


async def test_every_wire_has_an_outcome_with_its_reason(typed: Typed, api: Api) -> None:
    source, sink, passing = [await typed.place(name) for name in ("source", "sink", "passing")]
    good = await typed.wire(source, sink, FITS)
    odd = await typed.wire(passing, sink, {"amount": "{{ $.n }}"})
    bad = await typed.wire(source, passing, {"n": "{{ $.cuont }}"})
    status, body = await api.get("/validation")
    assert (status, body["full"], body["rev"]) == (200, True, (await api.get())[1]["flow"]["rev"])
    assert body["edges"][good] == {"outcome": "valid", "findings": []}
    assert body["edges"][odd]["outcome"] == "unverifiable"
    assert body["edges"][bad]["outcome"] == "invalid"
    assert body["edges"][bad]["findings"] == [
        {
            "level": "invalid",
            "code": "unknown_path",
            "message": "there is no field 'cuont' at $; did you mean $.count?",
            "field": "/n",
            "expression": "$.cuont",
            "position": 1,
            "suggestion": "$.count",
        }
    ]


async def test_an_edit_is_answered_by_what_it_changed_and_judges_no_more(
    live: LiveSide, typed: Typed, api: Api
) -> None:
    source = await typed.place("source")
    sinks = [await typed.place("sink") for _ in range(5)]
    edges = [await typed.wire(source, sink, FITS) for sink in sinks]
    first, token = await outcomes(api)
    assert first == dict.fromkeys(edges, "valid")
    kept = live.hub.checks.kept(typed.flow.pk)
    assert kept is not None
    judged = kept.checks.judged

    await typed.edit({"op": "set_mapping", "id": edges[2], "mapping": {"amount": "many"}})
    changed, later = await outcomes(api, token)
    assert changed == {edges[2]: "invalid"}
    assert kept.checks.judged == judged + 1

    await typed.edit({"op": "set_node", "id": sinks[0], "fields": {"label": "Orders"}})
    assert (await outcomes(api, later))[0] == {}
    assert kept.checks.judged == judged + 1
    # Whoever comes with an old token gets what changed since; with none, or a strange one, everything.
    assert (await outcomes(api, token))[0] == {edges[2]: "invalid"}
    assert len((await outcomes(api, "another.1"))[0]) == 5


async def test_after_more_changes_than_are_worth_following_everything_is_read_again(
    live: LiveSide, typed: Typed, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MAX_CHANGES", 2)
    source, sink, other = [await typed.place(name) for name in ("source", "sink", "sink")]
    edge = await typed.wire(source, sink, FITS)
    _, token = await outcomes(api)
    for number in range(4):
        await typed.edit({"op": "set_mapping", "id": edge, "mapping": {"amount": number}})
    await typed.edit({"op": "delete_node", "id": other})
    await typed.edit({"op": "set_mapping", "id": edge, "mapping": {"amount": "many"}})
    assert (await outcomes(api, token))[0] == {edge: "invalid"}
    kept = live.hub.checks.kept(typed.flow.pk)
    assert kept is not None
    assert kept.nodes.keys() == {source, sink}


async def test_many_who_ask_at_once_while_others_edit_all_end_up_with_the_same(
    live: LiveSide, typed: Typed, api: Api
) -> None:
    source, sink = await typed.place("source"), await typed.place("sink")
    edge = await typed.wire(source, sink, FITS)

    async def edit() -> None:
        for number in range(10):
            await typed.edit({"op": "set_mapping", "id": edge, "mapping": {"amount": str(number)}})

    async def ask() -> None:
        token = ""
        for _ in range(10):
            _, token = await outcomes(api, token)

    await asyncio.gather(edit(), ask(), ask(), ask())
    assert (await outcomes(api))[0] == {edge: "invalid"}
    assert (await api.get("/validation"))[1]["rev"] == (await api.get())[1]["flow"]["rev"]


async def test_only_some_flows_are_kept_and_none_that_nobody_asks_about(
    live: LiveSide, typed: Typed, owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = live.hub.checks
    others = [await in_database(do_create_flow, owner, flow.project, f"Flow {number}") for number in range(5)]
    for one in (flow, *others):
        await checks.answer(owner, one.pk, "")
    assert [checks.kept(one.pk) is not None for one in (flow, *others)] == [False, False, True, True, True, True]
    checks.forget_idle()
    assert checks.kept(others[-1].pk) is not None
    monkeypatch.setattr(keeper, "IDLE_SECONDS", -1.0)
    checks.forget_idle()
    assert all(checks.kept(one.pk) is None for one in others)


async def test_wires_and_nodes_that_go_and_come_back(typed: Typed, api: Api) -> None:
    source, sink = await typed.place("source"), await typed.place("sink")
    edge = await typed.wire(source, sink, {"amount": "{{ $.name }}"})
    assert (await outcomes(api))[0] == {edge: "invalid"}
    deleted = await typed.edit({"op": "delete_node", "id": sink})
    assert (await outcomes(api))[0] == {}
    await typed.undo(deleted.rev)
    assert (await outcomes(api))[0] == {edge: "invalid"}


async def test_a_component_that_takes_something_else_now_is_judged_anew(
    admin: HttpCluster, live: LiveSide, typed: Typed, api: Api
) -> None:
    source, sink = await typed.place("source"), await typed.place("sink")
    edge = await typed.wire(source, sink, FITS)
    _, token = await outcomes(api)
    other = {"type": "object", "properties": {"amount": {"type": "string"}}}
    await announce(admin, [COMPONENTS[0], {"name": "sink", "ports": [port("_settings"), port("in", schema=other)]}])

    async def judged() -> dict[str, str]:
        return (await outcomes(api, token))[0]

    await eventually(lambda: _schema(live, "sink") == other)
    assert await judged() == {edge: "invalid"}


async def test_the_ports_that_a_running_node_reports_count(
    admin: HttpCluster, live: LiveSide, typed: Typed, api: Api
) -> None:
    passing, sink = await typed.place("passing"), await typed.place("sink")
    edge = await typed.wire(passing, sink, FITS)
    first, token = await outcomes(api)
    assert first == {edge: "unverifiable"}
    name = await typed.name(passing)
    await eventually(lambda: live.hub.find(name) is not None)
    await admin.patch_status(TINY_NODE, name, {"status": {"ports": [port("out", source=True, schema=COUNT)]}})
    await eventually(lambda: bool(live.hub.find(name).status.ports))
    assert (await outcomes(api, token))[0] == {edge: "valid"}


async def test_what_people_say_of_an_open_definition_counts_on_both_sides_of_its_node(typed: Typed, api: Api) -> None:
    source, opened, sink = [await typed.place(name) for name in ("source", "open", "sink")]
    into = await typed.wire(source, opened, {"message": "{{ $ }}"})
    out = await typed.wire(opened, sink, {"amount": "{{ $.message.count }}"})
    first, token = await outcomes(api)
    assert first == {into: "valid", out: "unverifiable"}
    said = {"type": "object", "properties": {"total": {"type": "integer"}}, "additionalProperties": False}
    change = await typed.edit(
        {"op": "set_schema", "id": opened, "port": "in", "definition": MESSAGE, "schema": said},
    )
    changed, token = await outcomes(api, token)
    assert changed == {into: "invalid", out: "invalid"}
    await typed.undo(change.rev)
    changed, _ = await outcomes(api, token)
    assert changed == {into: "valid", out: "unverifiable"}


async def test_another_mapping_can_be_asked_about_before_it_is_sent(typed: Typed, api: Api) -> None:
    source, sink = await typed.place("source"), await typed.place("sink")
    edge = await typed.wire(source, sink, FITS)
    status, body = await api.post("/validation", {"edge": edge, "mapping": {"amount": 1, "note": "much too long"}})
    assert (status, body["outcome"]) == (200, "invalid")
    assert [finding["field"] for finding in body["findings"]] == ["/note"]
    assert (await outcomes(api))[0] == {edge: "valid"}
    status, body = await api.post("/validation", {"edge": str(uuid.uuid4()), "mapping": {}})
    assert (status, body["error"]["field"]) == (404, "/edge")
    status, body = await api.post("/validation", {"edge": edge, "mapping": {"note": "x" * 600_000}})
    assert (status, body["error"]["code"]) == (413, "mapping_too_large")


async def test_only_who_sees_the_flow_sees_what_is_said_of_it(
    typed: Typed, flow: Flow, stranger: User, viewer: User
) -> None:
    source, sink = await typed.place("source"), await typed.place("sink")
    edge = await typed.wire(source, sink, FITS)
    assert (await outcomes(await signed_in(viewer, flow)))[0] == {edge: "valid"}
    for api, expected in ((await signed_in(stranger, flow), 404), (Api(AsyncClient(), flow), 401)):
        assert (await api.get("/validation"))[0] == expected
        assert (await api.post("/validation", {"edge": edge, "mapping": {}}))[0] == expected


def _schema(live: LiveSide, component: str) -> Any:
    found = live.hub.modules.find("typed-v1", component)
    return next(entry["schema"] for entry in found["ports"] if entry["name"] == "in") if found else None


async def test_a_scenario_stands_for_what_would_be_made_up_for_who_asks_with_it(typed: Typed, api: Api) -> None:
    passing, sink = await typed.place("passing"), await typed.place("sink")
    edge = await typed.wire(passing, sink, {"amount": "{{ $.n }}"})
    sample = {"node": passing, "port": "out", "data": {"n": 3}}
    made = {"id": str(uuid.uuid4()), "name": "Order", "ports": [sample]}
    _, scenario = await api.post("/scenarios", made)
    with_it = f"/validation?scenario={made['id']}&since="
    _, before = await api.get("/validation")
    assert (before["edges"][edge]["outcome"], before["scenario"]) == ("unverifiable", None)
    _, checked = await api.get(with_it)
    # A message that fits proves nothing of the next one (ADR 36): only one that does not fit is a proof.
    assert (checked["edges"][edge]["outcome"], checked["scenario"]) == ("unverifiable", "Order")

    wrong = {"rev": scenario["rev"], "ports": [{**sample, "data": {"n": "many"}}]}
    await api.put(f"/scenarios/{made['id']}", wrong)
    _, checked = await api.get(with_it + checked["token"])
    assert checked["full"] is False
    assert checked["edges"][edge]["outcome"] == "invalid"
    said = {finding["code"]: finding["message"] for finding in checked["edges"][edge]["findings"]}
    assert "with the scenario Order" in said["does_not_fit_sample"]
    judged = {"edge": edge, "mapping": {"amount": "{{ length($.n) }}"}, "scenario": made["id"]}
    assert (await api.post("/validation", judged))[1]["outcome"] != "invalid"

    await api.delete(f"/scenarios/{made['id']}")
    _, checked = await api.get(with_it + checked["token"])
    assert (checked["edges"][edge]["outcome"], checked["scenario"]) == ("unverifiable", None)
    _, others = await api.get("/validation")
    assert others["edges"][edge] == before["edges"][edge], "what one has chosen is nothing to others"


async def test_a_message_is_made_up_for_any_port(typed: Typed, api: Api) -> None:
    source, sink = await typed.place("source"), await typed.place("sink")
    assert set((await api.get(f"/nodes/{source}/sample?port=out"))[1]["data"]) == {"count", "name"}
    assert "amount" in (await api.get(f"/nodes/{sink}/sample?port=in"))[1]["data"]
    assert (await api.get(f"/nodes/{sink}/sample?port=nowhere"))[1] == {"data": None}
