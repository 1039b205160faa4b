"""Dashboards on the live side: who may look, edit and press, what is watched, and the resource it becomes."""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User
from django.test import AsyncClient

from editor.database import in_database
from editor.process import LiveSide
from projects.models import Flow, Membership, Project, WidgetPage
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor
from tests.editor.test_socket import Socket, communicator, cookie_of
from tests.waiting import eventually
from weirflow.kube.errors import NotFound
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_WIDGET_PAGE, decode_json, encode_json

pytestmark = pytest.mark.server


class Person:
    """Requests of one person to the dashboard of a project."""

    def __init__(self, client: AsyncClient, project: Project) -> None:
        self.client, self.root = client, f"/api/projects/{project.pk}/pages"

    async def get(self, path: str = "", *, absolute: bool = False) -> tuple[int, Any]:
        answer = await self.client.get(path if absolute else self.root + path)
        return answer.status_code, json.loads(answer.content)

    async def post(self, path: str, body: Any, *, absolute: bool = False, **headers: str) -> tuple[int, Any]:
        address = path if absolute else self.root + path
        answer = await self.client.post(address, json.dumps(body), content_type="application/json", headers=headers)
        return answer.status_code, json.loads(answer.content)

    async def change(self, *ops: Any) -> tuple[int, Any]:
        return await self.post("/changes", {"client_op_id": uuid.uuid4().hex, "ops": list(ops)})

    async def press(self, page: str, node: str, **data: Any) -> tuple[int, Any]:
        key = {"Idempotency-Key": uuid.uuid4().hex}
        return await self.post(f"/api/pages/{page}/nodes/{node}/control", {"data": data}, absolute=True, **key)


async def signed_in(user: User, project: Project) -> Person:
    client = AsyncClient()
    await client.aforce_login(user)
    return Person(client, project)


class Floor:
    """A page with a widget of a node, both made by the owner."""

    def __init__(self, owner: Person, page: str, widget: str, node: str, editor: Editor) -> None:
        self.owner, self.page, self.widget, self.node, self.editor = owner, page, widget, node, editor

    async def set(self, **fields: Any) -> tuple[int, Any]:
        return await self.owner.change({"op": "set_page", "id": self.page, "fields": fields})


def page_op(page: str, **more: Any) -> dict[str, Any]:
    return {"op": "add_page", "id": page, "name": "Floor", **more}


def widget_op(widget: str, page: str, node: str, **more: Any) -> dict[str, Any]:
    return {"op": "add_widget", "id": widget, "page": page, "node": node, "x": 0, "y": 0, "w": 2, "h": 4, **more}


@pytest_asyncio.fixture
async def floor(live: LiveSide, host: FakeHost, owner: User, project: Project, flow: Flow) -> AsyncIterator[Floor]:
    editor = Editor(live, owner, flow)
    node = await editor.add(label="Visits")
    person = await signed_in(owner, project)
    page, widget = str(uuid.uuid4()), str(uuid.uuid4())
    status, body = await person.change(page_op(page), widget_op(widget, page, node))
    assert status == 200, body
    yield Floor(person, page, widget, node, editor)


@asynccontextmanager
async def opened(user: User, page: str) -> AsyncIterator[Socket]:
    inner = communicator(f"/ws/pages/{page}", await cookie_of(user))
    connected, _ = await inner.connect(timeout=40)
    assert connected
    try:
        yield Socket(inner)
    finally:
        await inner.disconnect(timeout=40)


async def test_the_dashboard_as_it_is_read(floor: Floor, project: Project) -> None:
    status, body = await floor.owner.get()
    assert status == 200
    assert [page["name"] for page in body["pages"]] == ["Floor"]
    assert [widget["node"] for widget in body["widgets"]] == [floor.node]
    assert body["nodes"][0]["label"] == "Visits"
    assert [(one["module"], one["name"]) for one in body["components"]] == [("test-v1", "counter")]
    assert body["can"] == {"edit": True, "control": True, "manage": True}
    assert body["project"] == {"id": str(project.pk), "name": project.name}


async def test_nodes_with_a_control_panel_can_be_chosen(floor: Floor, viewer: User, project: Project) -> None:
    plain = await floor.editor.add("debug", label="Plain")
    status, body = await floor.owner.get("/choices")
    assert status == 200
    assert [node["id"] for node in body["nodes"]] == [floor.node]
    assert plain not in json.dumps(body)
    assert (await (await signed_in(viewer, project)).get("/choices"))[0] == 403


async def test_a_viewer_looks_and_a_stranger_finds_nothing(
    floor: Floor, viewer: User, stranger: User, project: Project
) -> None:
    for person, read, write in ((viewer, 200, 403), (stranger, 404, 404)):
        api = await signed_in(person, project)
        assert (await api.get())[0] == read
        assert (await api.get("/changes?after=0"))[0] == read
        assert (await api.change(page_op(str(uuid.uuid4()))))[0] == write
        assert (await api.post("/undo", {"change": 1, "client_op_id": "x"}))[0] in (403, 404)
        assert (await api.press(floor.page, floor.node, reset=True))[0] == write


async def test_a_press_from_a_page_reaches_the_module_and_says_who_pressed(
    floor: Floor, host: FakeHost, colleague: User, owner: User, project: Project
) -> None:
    api = await signed_in(colleague, project)
    async with opened(owner, floor.page) as socket:
        await socket.receive("live")
        status, body = await api.press(floor.page, floor.node, reset=True)
        assert status == 202
        ended = await socket.receive("control", id=body["id"])
        assert (ended["node"], ended["state"]) == (floor.node, "done")
    assert host.pressed == [body["id"]]
    status, outcome = await api.get(f"/api/pages/{floor.page}/signals/{body['id']}", absolute=True)
    assert (status, outcome) == (200, {"state": "done", "problem": None})
    pressed = (await floor.owner.get())[1]["nodes"][0]["pressed"]
    assert pressed["reset"]["by"] == "colleague"
    flow_root = f"/api/flows/{floor.editor.flow.pk}/nodes/{floor.node}/presses"
    assert (await floor.owner.get(flow_root, absolute=True))[1]["pressed"] == pressed


async def test_what_a_role_may_press_is_asked_at_every_press(
    floor: Floor, viewer: User, colleague: User, project: Project
) -> None:
    looking, editing = await signed_in(viewer, project), await signed_in(colleague, project)

    async def answers() -> list[int]:
        return [(await one.press(floor.page, floor.node, reset=True))[0] for one in (looking, editing)]

    assert await answers() == [403, 202]
    assert (await floor.set(operators="everyone"))[0] == 200
    assert await answers() == [202, 202]
    assert (await floor.set(operators="nobody"))[0] == 200
    assert await answers() == [403, 403]


async def test_a_page_opens_neither_other_nodes_nor_hidden_fields_nor_the_flow(
    floor: Floor, viewer: User, project: Project
) -> None:
    await floor.set(operators="everyone")
    other = await floor.editor.add()
    api = await signed_in(viewer, project)
    assert (await api.press(floor.page, other, reset=True))[0] == 404
    hide = [{"op": "add", "path": "/properties/reset/hidden", "value": True}]
    await floor.owner.change({"op": "set_widget", "id": floor.widget, "fields": {"schema_patch": hide}})
    for spelling in ("reset", "Reset", "re_set"):
        status, body = await api.press(floor.page, floor.node, **{spelling: True})
        assert (status, body["error"]["code"]) == (403, "not_on_page")
    assert (await api.press(floor.page, floor.node, pause=True))[0] == 202
    flow_root = f"/api/flows/{floor.editor.flow.pk}/nodes/{floor.node}/control"
    answer = await api.post(flow_root, {"data": {"reset": True}}, absolute=True, **{"Idempotency-Key": "k"})
    assert answer[0] == 403


async def test_a_page_becomes_a_resource_that_others_can_read(
    floor: Floor, admin: HttpCluster, project: Project
) -> None:
    hide = [{"op": "add", "path": "/properties/reset/hidden", "value": True}]
    fields = {"title": "Today", "x": 4, "y": 2, "schema_patch": hide}
    await floor.owner.change({"op": "set_widget", "id": floor.widget, "fields": fields})
    row = await in_database(WidgetPage.objects.get, pk=floor.page)

    async def pushed() -> bool:
        return not (await in_database(WidgetPage.objects.get, pk=floor.page)).dirty

    await eventually(pushed)
    page = await admin.get(TINY_WIDGET_PAGE, row.resource_name)
    assert page["metadata"]["labels"] == {"tinysystems.io/project-name": project.resource_name}
    assert page["metadata"]["annotations"] == {
        "tinysystems.io/page-name": "Floor",
        "tinysystems.io/page-sort-idx": "0",
        "weirflow.io/operators": "editors",
    }
    place = {"gridX": 4, "gridY": 2, "gridW": 2, "gridH": 4}
    port = f"{await floor.editor.name(floor.node)}:_control"
    assert page["spec"]["widgets"] == [{"port": port, "name": "Today", **place, "schemaPatch": encode_json(hide)}]
    assert decode_json(page["spec"]["widgets"][0]["schemaPatch"]) == hide
    _, body = await floor.owner.change({"op": "delete_page", "id": floor.page})

    async def gone() -> bool:
        try:
            await admin.get(TINY_WIDGET_PAGE, row.resource_name)
        except NotFound:
            return True
        return False

    await eventually(gone)
    await floor.owner.post("/undo", {"change": body["rev"], "client_op_id": uuid.uuid4().hex})

    async def back() -> bool:
        return not await gone()

    await eventually(back)


async def test_only_what_the_page_shows_is_watched(
    floor: Floor, live: LiveSide, owner: User, project: Project, other_flow: Flow
) -> None:
    """Its nodes may be of several flows; what is added later comes too, what is taken off does not."""
    elsewhere = await Editor(live, owner, other_flow).add(label="Stock")
    await floor.editor.add(label="Not on the page")
    async with opened(owner, floor.page) as socket:
        hello = await socket.receive("hello")
        assert hello["rev"] == (await floor.owner.get())[1]["rev"]
        full = await socket.receive("live", full=True)
        assert list(full["nodes"]) == [floor.node]
        added = str(uuid.uuid4())
        await floor.owner.change(widget_op(added, floor.page, elsewhere, x=2))
        change = await socket.receive("change")
        assert [op["op"] for op in change["ops"]] == ["add_widget"]
        assert change["prev_rev"] == hello["rev"]
        await socket.live(elsewhere, state="idle")
        board = live.hub.board.flows[uuid.UUID(floor.page)]
        assert set(board.nodes) == {floor.node, elsewhere}
        await floor.owner.change({"op": "delete_widget", "id": floor.widget})
        await eventually(lambda: set(board.nodes) == {elsewhere})
        assert live.hub.listening.telemetry is not None
    await eventually(lambda: uuid.UUID(floor.page) not in live.hub.board.flows)


async def test_a_node_that_goes_and_comes_back_is_told(floor: Floor, owner: User, live: LiveSide) -> None:
    async with opened(owner, floor.page) as socket:
        await socket.receive("live", full=True)
        deleted = await floor.editor.edit({"op": "delete_node", "id": floor.node})
        await socket.receive("nodes")
        _, body = await floor.owner.get()
        assert (body["nodes"], [widget["node"] for widget in body["widgets"]]) == ([], [floor.node])
        board = live.hub.board.flows[uuid.UUID(floor.page)]
        await floor.editor.undo(deleted.rev)
        await socket.receive("nodes")
        assert [node["id"] for node in (await floor.owner.get())[1]["nodes"]] == [floor.node]
        await eventually(lambda: floor.node in board.nodes)


async def test_the_socket_of_a_page_is_for_those_who_may_see_it(
    floor: Floor, viewer: User, stranger: User, project: Project
) -> None:
    inner = communicator(f"/ws/pages/{floor.page}", await cookie_of(stranger))
    assert (await inner.connect(timeout=40))[0]
    assert await Socket(inner).closed() == 4404
    async with opened(viewer, floor.page) as socket:
        await socket.receive("live", full=True)
        await in_database(Membership.objects.filter(user=viewer, project=project).delete)
        assert await socket.closed() == 4403


async def test_a_page_that_is_deleted_is_shut(floor: Floor, owner: User) -> None:
    async with opened(owner, floor.page) as socket:
        await socket.receive("live", full=True)
        await floor.owner.change({"op": "delete_page", "id": floor.page})
        assert await socket.closed() == 4404


async def test_changes_that_another_process_made_arrive(floor: Floor, live: LiveSide, owner: User) -> None:
    async with opened(owner, floor.page) as socket:
        await socket.receive("live", full=True)
        page = next(iter(live.hub.pages.open_pages()))
        # As if the signal of the commit had gone to another process.
        live.hub.pages.changed = lambda *_: None  # type: ignore[method-assign]
        await floor.set(name="Hall")
        del live.hub.pages.changed
        await live.hub.catch_up()
        change = await socket.receive("change")
        assert change["ops"][0]["fields"] == {"name": "Hall"}
        assert page.rev == change["rev"]


async def test_the_address_of_a_page_is_for_those_who_may_see_it(
    floor: Floor, stranger: User, viewer: User, project: Project
) -> None:
    address = f"/projects/{project.pk}/dashboards/{floor.page}/"
    assert (await floor.owner.client.get(address)).status_code == 200
    client = (await signed_in(viewer, project)).client
    for one in (address, f"/projects/{project.pk}/dashboards/"):
        assert (await client.get(one)).status_code == 200
        assert (await (await signed_in(stranger, project)).client.get(one)).status_code == 404
    assert (await client.get(f"/projects/{uuid.uuid4()}/dashboards/{floor.page}/")).status_code == 404
