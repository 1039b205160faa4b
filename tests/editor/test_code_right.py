"""Every way by which a flow is written, tried by an editor of a project whose owners keep code for themselves."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User

from editor.database import in_database
from editor.process import LiveSide
from projects import heard
from projects.actions import do_create_flow, do_set_code_right
from projects.actions.heard import do_store_heard
from projects.models import Change, Flow, HeardComponent, Node, Share
from tests.editor.cluster import register_module
from tests.editor.edits import Editor, new_id
from tests.editor.test_api import Api, signed_in
from tests.editor.test_socket import opened
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster

pytestmark = pytest.mark.server

EVIL = "return 'mine'"
#: What the world calls a component that runs code here; the catalogue has it as any other.
PROGRAM = "open"


def file(component: str = f"test-v1/{PROGRAM}", settings: str = f'{{code: "{EVIL}"}}') -> str:
    node = f"  stranger:\n    component: {component}\n    at: [0, 0]\n    settings: {settings}\n"
    return f"weirflow: 1\nkind: Flow\nname: Brought\nnodes:\n{node}"


def program(node_id: str | None = None, code: str = EVIL) -> dict[str, Any]:
    place = {"op": "add_node", "id": node_id or new_id(), "module": "test-v1", "component": PROGRAM, "x": 0, "y": 0}
    return {**place, "settings": {"code": code}}


def setting(node_id: str) -> dict[str, Any]:
    return {"op": "set_setting", "id": node_id, "path": ["code"], "value": EVIL}


@pytest.fixture(autouse=True)
def announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heard, "_heard", {("test-v1", PROGRAM): True})


@pytest_asyncio.fixture
async def editor(live: LiveSide, admin: HttpCluster, owner: User, flow: Flow) -> Editor:
    """The owner's hand, once the components are known."""
    await register_module(admin)
    editor = Editor(live, owner, flow)
    await eventually(lambda: (found := live.hub.catalogue()) is not None and found.component("test-v1", PROGRAM))
    return editor


def change(*ops: Any, base_rev: int = 0, pasted: bool = False) -> dict[str, Any]:
    return {"base_rev": base_rev, "client_op_id": uuid.uuid4().hex, "ops": list(ops), "pasted": pasted}


async def test_no_way_to_write_a_flow_brings_code_in(
    editor: Editor, owner: User, colleague: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = await editor.add(PROGRAM, settings={"code": "return 1"})
    then = await in_database(lambda: Flow.objects.get(pk=flow.pk).rev)
    await editor.edit({"op": "set_setting", "id": node, "path": ["code"], "value": "return 2"})
    other = await in_database(do_create_flow, owner, flow.project, "Other")
    await in_database(do_set_code_right, owner, flow.project, owners_only=True)
    api, elsewhere = await signed_in(colleague, flow), await signed_in(colleague, other)
    project = f"/api/projects/{flow.project_id}"

    async def post(api: Api, root: str, path: str, body: Any, way: str = "post") -> tuple[int, Any]:
        api = Api(api.client, flow)
        api.root = root
        answer: tuple[int, Any] = await getattr(api, way)(path, body)
        return answer

    # Wiring, naming, sharing and deleting is theirs; and the node is theirs to show in their own flow.
    share = {"op": "share_node", "id": node, "flow": str(other.pk)}
    status, answer = await api.post("/changes", change(share, base_rev=then))
    assert status == 200, answer
    assert await in_database(Share.objects.filter(flow=other).exists)
    changed = await in_database(lambda: Change.objects.filter(flow=flow, ops__0__op="set_setting").latest("rev").rev)
    # A node that the owner made and took back again: its return is a redo.
    back = await editor.add(PROGRAM, settings={"code": EVIL})
    made = await in_database(lambda: Change.objects.filter(flow=flow).latest("rev").rev)
    mine = await signed_in(owner, flow)
    assert (await mine.post("/undo", {"change": made, "client_op_id": uuid.uuid4().hex}))[0] == 200
    assert not await in_database(Node.objects.filter(pk=back).exists)
    undone = await in_database(lambda: Change.objects.filter(flow=flow).latest("rev").rev)
    new = new_id()
    file_project = "weirflow: 1\nkind: Project\nname: All\nflows:\n  one:\n" + "".join(
        f"    {line}\n" for line in file().splitlines()[2:]
    )
    ways: dict[str, Callable[[], Awaitable[tuple[int, Any]]]] = {
        "an edit": lambda: api.change(setting(node)),
        "a node": lambda: api.change(program()),
        "a node behind a harmless one": lambda: api.change(
            {"op": "set_node", "id": node, "fields": {"x": 24}}, program()
        ),
        "an edit that is deleted at once": lambda: api.change(setting(node), {"op": "delete_node", "id": node}),
        "a copy": lambda: api.change(program(new, "return 2")),
        "a paste": lambda: api.post("/changes", change(program(), pasted=True)),
        "a paste of what nobody knows yet": lambda: api.post(
            "/changes", change({**program(), "module": "late-v1", "component": "script"}, pasted=True)
        ),
        "an edit where it is shown": lambda: elsewhere.change(setting(node)),
        "an edit, and a move with it": lambda: api.change(
            setting(node), {"op": "move_node", "id": node, "flow": str(other.pk)}
        ),
        "an undo": lambda: api.post("/undo", {"change": changed, "client_op_id": uuid.uuid4().hex}),
        "an undo by force": lambda: api.post(
            "/undo", {"change": changed, "client_op_id": uuid.uuid4().hex, "force": True, "rest": True}
        ),
        "a redo": lambda: api.post("/undo", {"change": undone, "client_op_id": uuid.uuid4().hex}),
        "a version": lambda: api.post(f"/versions/r{then}/restore", {"client_op_id": uuid.uuid4().hex}),
        "a file into the flow": lambda: api.post("/import", {"text": file(), "client_op_id": uuid.uuid4().hex}),
        "a file of what nobody knows yet": lambda: api.post(
            "/import", {"text": file("late-v1/script"), "client_op_id": uuid.uuid4().hex}
        ),
        "a file as a flow": lambda: post(api, project, "/import", {"text": file()}),
        "a project's file": lambda: post(api, project, "/import", {"text": file_project}),
        "a file applied": lambda: api.put("/file", {"text": file(), "client_op_id": uuid.uuid4().hex}),
        "an unknown file applied": lambda: api.put(
            "/file", {"text": file("late-v1/script"), "client_op_id": uuid.uuid4().hex}
        ),
    }

    def stored() -> Any:
        return list(Node.objects.order_by("pk").values("id", "settings", "flow")), Change.objects.count()

    before = await in_database(stored)
    # What is known of the component: heard by this process; by one before it alone; by nobody ever.
    for said in ("heard", "stored", "unknown"):
        if said != "heard":
            monkeypatch.setattr(heard, "_heard", {})
            await in_database(HeardComponent.objects.all().delete)
        if said == "stored":
            await in_database(do_store_heard, {("test-v1", PROGRAM): True})
        for name, way in ways.items():
            status, answer = await way()
            assert (said, name, status, answer["error"]["code"]) == (said, name, 403, "code_forbidden"), answer
            assert await in_database(stored) == before, (said, name)
    # Nothing of it was refused for another reason: with the right all of it is done.
    await in_database(do_set_code_right, owner, flow.project, owners_only=False)
    ends = (
        "an edit that is deleted at once",
        "an edit, and a move with it",
        "a file applied",
        "an unknown file applied",
    )
    again = ("an undo", "an undo by force", "a redo", "a version")
    for name in [name for name in ways if name not in (*ends, *again)]:
        status, answer = await ways[name]()
        assert status in (200, 201), (name, answer)


async def test_the_owners_switch_is_seen_by_who_has_the_flow_open(
    editor: Editor, owner: User, colleague: User, flow: Flow
) -> None:
    """And a socket carries no edits, whatever is sent."""
    api = await signed_in(owner, flow)
    api.root = f"/api/projects/{flow.project_id}"
    async with opened(colleague, flow) as socket:
        await socket.receive("hello")
        assert await api.put("/code", {"owners_only": True}) == (200, {"owners_only": True})
        assert (await socket.receive("rights"))["can"]["code"] is False
        await socket.send({"t": "change", **change(program())})
        await socket.send({"t": "ping"})
        await socket.receive("pong")
    assert not await in_database(Node.objects.exists)
    theirs = await signed_in(colleague, flow)
    theirs.root = api.root
    assert (await theirs.get("/code"))[1] == {"owners_only": True}
    assert (await theirs.put("/code", {"owners_only": False}))[0] == 403
