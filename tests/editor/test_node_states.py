"""The state of a node by the HTTP API: looked at by those who see the flow, edited through the leader by editors."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User

from editor.process import LiveSide
from projects.models import Flow
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor
from tests.editor.telemetry_host import Leases, TelemetryHost, telemetry_hosts
from tests.editor.test_api import Api, signed_in
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import ANNOTATION_BY, TINY_NODE, TINY_SIGNAL, decode_json

pytestmark = pytest.mark.server

FIELD = {"name": "value", "key": "counter-value", "title": "Value", "schema": {"type": "integer"}}
EDIT = {"field": "value", "value": 7, "was": "0123456789abcdef"}


def told(leads: bool, version: int, **more: Any) -> dict[str, Any]:
    value = {**FIELD, "secret": False, "editable": True, "value": version, "bytes": 1, "cut": False, "digest": "d"}
    return {"kept": True, "leads": leads, "epoch": 1, "version": version, "fields": [value], "history": [], **more}


@pytest_asyncio.fixture
async def replicas(admin: HttpCluster) -> AsyncIterator[list[TelemetryHost]]:
    async with telemetry_hosts(admin, 2) as (hosts, _leases):
        assert isinstance(_leases, Leases)
        yield hosts


@pytest_asyncio.fixture
async def node(live: LiveSide, owner: User, flow: Flow, host: FakeHost) -> tuple[str, str]:
    """The id of a node, and its TinyNode's name."""
    editor = Editor(live, owner, flow)
    made = await editor.add()
    await eventually(editor.settled)
    return made, await editor.name(made)


async def send(api: Api, node: str, body: dict[str, Any], key: str = "") -> tuple[int, Any]:
    return await api.post(f"/nodes/{node}/state", body, **{"Idempotency-Key": key or uuid.uuid4().hex})


async def test_the_leaders_word_counts_and_nodes_have_their_ids(
    live: LiveSide, owner: User, flow: Flow, replicas: list[TelemetryHost], node: tuple[str, str]
) -> None:
    pk, name = node
    change = {"epoch": 1, "version": 3, "at": 5, "count": 1, "changed": []}
    history = [{**change, "by": {"kind": "message", "node": one}} for one in (name, "somebody.elses.node-x")]
    replicas[0].states[name] = told(False, 9)
    replicas[1].states[name] = told(True, 3, history=history)
    await eventually(lambda: len(live.hub.listening.telemetry.serving(["test-v1"])) == 2)
    api = await signed_in(owner, flow)
    status, state = await api.get(f"/nodes/{pk}/state")
    assert (status, state["running"], state["host"], state["version"]) == (200, True, "host-1", 3)
    assert [entry["by"]["node"] for entry in state["history"]] == [pk, None]
    assert (await api.get(f"/nodes/{pk}/state/value"))[1]["value"] == 3
    assert (await api.get(f"/nodes/{pk}/state/nothing"))[0] == 404


async def test_without_a_host_what_is_stored_is_told_and_nothing_is_edited(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow, node: tuple[str, str]
) -> None:
    pk, name = node
    sealed = "sealed:key-1:" + "x" * 40
    kept = {"counter-value": "42", "word": sealed, "api-token": "t0k", "state-epoch": "2", "state-version": "7"}
    await admin.patch_status(TINY_NODE, name, {"status": {"metadata": kept}})
    api = await signed_in(owner, flow)
    _, state = await api.get(f"/nodes/{pk}/state")
    assert (state["running"], state["epoch"], state["version"]) == (False, 2, 7)
    fields = {field["name"]: field for field in state["fields"]}
    assert (fields["counter-value"]["value"], fields["word"]["set"]) == ("42", True)
    assert sealed not in str(state)
    assert "t0k" not in str(state)
    status, body = await send(api, pk, EDIT)
    assert (status, body["error"]["code"]) == (409, "not_running")


async def test_an_edit_goes_to_the_leader_as_a_signal_that_says_who(
    live: LiveSide,
    admin: HttpCluster,
    owner: User,
    flow: Flow,
    host: FakeHost,
    replicas: list[TelemetryHost],
    node: tuple[str, str],
) -> None:
    pk, name = node
    replicas[0].states[name] = told(True, 3)
    await eventually(lambda: len(live.hub.listening.telemetry.serving(["test-v1"])) == 2)
    api = await signed_in(owner, flow)
    # The signal stays where it fails, so that it can be looked at.
    host.fail_presses = True
    status, body = await send(api, pk, EDIT, "once")
    assert status == 202
    assert (await send(api, pk, EDIT, "once"))[1] == body

    async def failed() -> bool:
        return bool((await api.get(f"/signals/{body['id']}"))[1]["state"] == "failed")

    await eventually(failed)
    signal = await admin.get(TINY_SIGNAL, body["id"])
    assert (signal["spec"]["node"], signal["spec"]["port"]) == (name, "_state")
    assert decode_json(signal["spec"]["data"]) == {**EDIT, "by": owner.username}
    assert signal["metadata"]["annotations"][ANNOTATION_BY] == owner.username
    assert host.pressed.count(body["id"]) == 1


async def test_who_may_look_does_not_edit_and_a_stranger_finds_nothing(
    live: LiveSide, viewer: User, stranger: User, flow: Flow, node: tuple[str, str]
) -> None:
    pk, _ = node
    api = await signed_in(viewer, flow)
    assert (await api.get(f"/nodes/{pk}/state"))[0] == 200
    assert (await send(api, pk, EDIT))[0] == 403
    assert (await api.get("/nodes/nabcdefghijk/state"))[0] == 404
    api = await signed_in(stranger, flow)
    assert (await api.get(f"/nodes/{pk}/state"))[0] == 404
    assert (await api.get(f"/nodes/{pk}/state/value"))[0] == 404
    assert (await send(api, pk, EDIT))[0] == 404
