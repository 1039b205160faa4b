"""Rows arrive on a real cluster, whatever happens on the way."""

import asyncio
import uuid
from itertools import pairwise

import pytest
from django.contrib.auth.models import User

from editor.database import in_database
from editor.process import LiveSide
from editor.push import order
from editor.push.lost import push_lost_projects
from projects.actions import do_delete_flow, do_rename_flow
from projects.models import Change, Flow, Node, Removed
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor, edge, new_id
from tests.waiting import eventually
from weirflow.kube.errors import NotFound
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_FLOW, TINY_NODE, TINY_PROJECT, Object, decode_json

pytestmark = [pytest.mark.server, pytest.mark.both_databases]


@pytest.fixture
def editor(live: LiveSide, owner: User, flow: Flow) -> Editor:
    return Editor(live, owner, flow)


async def get(cluster: HttpCluster, name: str) -> Object | None:
    try:
        return await cluster.get(TINY_NODE, name)
    except NotFound:
        return None


def settings_of(obj: Object) -> object:
    return next(decode_json(p["configuration"]) for p in obj["spec"]["ports"] if p["port"] == "_settings")


async def test_a_node_its_flow_and_its_project_arrive(editor: Editor, admin: HttpCluster) -> None:
    node_id = await editor.add(label="Visits", x=-12, settings={"start": 3})
    name = await editor.name(node_id)
    await eventually(editor.settled)
    obj = await admin.get(TINY_NODE, name)
    assert settings_of(obj) == {"start": 3}
    assert obj["spec"]["component"] == "counter"
    assert obj["metadata"]["annotations"]["tinysystems.io/component-pos-x"] == "-12"
    assert obj["metadata"]["annotations"]["tinysystems.io/node-label"] == "Visits"
    flow = await in_database(Flow.objects.select_related("project").get, pk=editor.flow.pk)
    assert obj["metadata"]["labels"]["tinysystems.io/flow-name"] == flow.resource_name
    assert not flow.dirty
    tiny_flow = await admin.get(TINY_FLOW, flow.resource_name)
    assert tiny_flow["metadata"]["annotations"]["tinysystems.io/flow-description"] == "Visit counter"
    assert await admin.get(TINY_PROJECT, flow.project.resource_name)


async def test_what_people_say_of_a_definition_arrives_beside_the_settings_and_goes_again(
    editor: Editor, admin: HttpCluster
) -> None:
    node_id = await editor.add("open", settings={"start": 3})
    name = await editor.name(node_id)
    said = {"op": "set_schema", "id": node_id, "port": "in", "definition": "test.Open.message"}
    change = await editor.edit({**said, "schema": {"type": "string"}})
    await eventually(editor.settled)
    ports = {port["port"]: port for port in (await admin.get(TINY_NODE, name))["spec"]["ports"]}
    assert decode_json(ports["in"]["schema"])["$defs"] == {
        "message": {"type": "string", "configurable": True, "x-id": "test.Open.message"}
    }
    assert not ports["in"].get("from")
    assert decode_json(ports["_settings"]["configuration"]) == {"start": 3}
    await editor.undo(change.rev)
    await eventually(editor.settled)
    assert [port["port"] for port in (await admin.get(TINY_NODE, name))["spec"]["ports"]] == ["_settings"]


async def test_a_wire_and_its_removal_arrive(editor: Editor, admin: HttpCluster) -> None:
    a, b = await editor.add(), await editor.add("debug")
    wire = await editor.wire(a, b, {"value": "{{ $.value }}"})
    await eventually(editor.settled)
    source, target = await editor.name(a), await editor.name(b)
    edges = (await admin.get(TINY_NODE, source))["spec"]["edges"]
    assert [(e["id"], e["port"], e["to"]) for e in edges] == [(wire, "out", f"{target}:in")]
    mappings = [p for p in (await admin.get(TINY_NODE, target))["spec"]["ports"] if p.get("from")]
    assert [(p["from"], decode_json(p["configuration"])) for p in mappings] == [
        (f"{source}:out", {"value": "{{ $.value }}"})
    ]
    await editor.edit({"op": "delete_edge", "id": wire})
    await eventually(editor.settled)
    assert (await admin.get(TINY_NODE, source))["spec"]["edges"] == []
    assert [p for p in (await admin.get(TINY_NODE, target))["spec"]["ports"] if p.get("from")] == []


async def test_a_batch_with_a_wired_loop_arrives(editor: Editor, admin: HttpCluster) -> None:
    ids = [new_id() for _ in range(5)]
    adds = [{"op": "add_node", "id": i, "module": "test-v1", "component": "counter", "x": 0, "y": 0} for i in ids]
    wires = [edge(f"00000000-0000-4000-8000-{i:012d}", ids[i], ids[(i + 1) % 5]) for i in range(5)]
    await editor.edit(*adds, *wires)
    await eventually(editor.settled)
    for node_id in ids:
        assert len((await admin.get(TINY_NODE, await editor.name(node_id)))["spec"]["edges"]) == 1


async def test_nodes_of_a_new_flow_are_written_once_but_for_those_between_two_shares(
    editor: Editor, admin: HttpCluster
) -> None:
    count, per_share = 20, order.SHARE
    ids = [new_id() for _ in range(count)]
    adds = [{"op": "add_node", "id": i, "module": "test-v1", "component": "counter", "x": 0, "y": 0} for i in ids]
    wires = [edge(str(uuid.uuid4()), source, target) for source, target in pairwise(ids)]
    await editor.edit(*adds, *wires)
    await eventually(editor.settled)
    nodes = [await admin.get(TINY_NODE, await editor.name(node_id)) for node_id in ids]
    assert [len(node["spec"]["edges"]) for node in nodes] == [1] * (count - 1) + [0]
    assert sum(node["metadata"]["generation"] - 1 for node in nodes) < count / per_share


async def test_a_chain_of_nodes_is_deleted(editor: Editor, admin: HttpCluster) -> None:
    ids = [new_id() for _ in range(12)]
    adds = [{"op": "add_node", "id": i, "module": "test-v1", "component": "counter", "x": 0, "y": 0} for i in ids]
    await editor.edit(*adds, *(edge(str(uuid.uuid4()), source, target) for source, target in pairwise(ids)))
    names = [await editor.name(node_id) for node_id in ids]
    await eventually(editor.settled)
    await editor.edit(*({"op": "delete_node", "id": node_id} for node_id in ids))
    await eventually(editor.settled)
    assert [await get(admin, name) for name in names] == [None] * len(names)


async def test_deleting_a_node_in_the_middle_takes_its_wires_along(editor: Editor, admin: HttpCluster) -> None:
    a, b, c = await editor.add(), await editor.add(), await editor.add("debug")
    await editor.wire(a, b)
    await editor.wire(b, c)
    names = [await editor.name(i) for i in (a, b, c)]
    await eventually(editor.settled)
    await editor.edit({"op": "delete_node", "id": b})
    await eventually(editor.settled)
    assert await get(admin, names[1]) is None
    assert (await admin.get(TINY_NODE, names[0]))["spec"]["edges"] == []
    assert [p for p in (await admin.get(TINY_NODE, names[2]))["spec"]["ports"] if p.get("from")] == []


async def test_push_states_go_from_pending_to_observed(editor: Editor, host: FakeHost) -> None:
    states: list[str] = []
    hub = editor.live.hub
    hub.start()
    assert hub.pusher is not None
    node_id = await editor.add()
    await eventually(editor.settled)

    def observed() -> bool:
        name = next(n for n, f in hub.facts.items() if f.id == node_id)
        from editor.push.state import push_state

        states.append(push_state(hub.facts[name], hub.find(name))["state"])
        return states[-1] == "observed"

    await eventually(observed)
    assert set(states) <= {"pending", "applied", "observed"}


async def test_what_kubectl_deletes_is_made_again_with_its_state(
    editor: Editor, admin: HttpCluster, host: FakeHost
) -> None:
    node_id = await editor.add()
    name = await editor.name(node_id)
    await eventually(editor.settled)
    await host.count(name, 41)
    first = await admin.get(TINY_NODE, name)
    await eventually(lambda: editor.live.hub.find(name) is not None)
    await admin.delete(TINY_NODE, name)

    async def back() -> bool:
        obj = await get(admin, name)
        state = ((obj or {}).get("status") or {}).get("metadata") or {}
        return (
            obj is not None
            and obj["metadata"]["uid"] != first["metadata"]["uid"]
            and (state.get("counter-value") == "41" and "weirflow.io/restore" not in obj["metadata"]["annotations"])
        )

    await eventually(back)


async def test_a_foreign_change_of_our_slices_is_taken_back_and_foreign_slices_stay(
    editor: Editor, admin: HttpCluster
) -> None:
    name = await editor.name(await editor.add(settings={"start": 1}))
    await eventually(editor.settled)
    foreign = {"port": "in", "from": "other.x-v1.y-z:out", "configuration": "e30=", "flowID": "another-flow"}
    await admin.patch(TINY_NODE, name, {"spec": {"ports": [foreign]}})

    async def mended() -> bool:
        ports = (await admin.get(TINY_NODE, name))["spec"]["ports"]
        return foreign in ports and any(p["port"] == "_settings" for p in ports)

    await eventually(mended)
    await eventually(editor.settled)


async def test_a_foreign_change_of_labels_and_of_what_is_drawn_is_taken_back(
    editor: Editor, admin: HttpCluster
) -> None:
    name = await editor.name(await editor.add(label="Visits"))
    await eventually(editor.settled)
    before = (await admin.get(TINY_NODE, name))["metadata"]
    theirs = {"tinysystems.io/flow-name": "theirs", "tinysystems.io/project-name": "theirs", "team": "a"}
    drawn = {"tinysystems.io/node-label": "Theirs", "tinysystems.io/component-pos-x": "9", "note": "kept"}
    await admin.patch(TINY_NODE, name, {"metadata": {"labels": theirs, "annotations": drawn}})

    async def back() -> bool:
        now = (await admin.get(TINY_NODE, name))["metadata"]
        return all(
            now[part] == {**before[part], **kept}
            for part, kept in (("labels", {"team": "a"}), ("annotations", {"note": "kept"}))
        )

    await eventually(back)


async def test_delete_and_undo_at_once_leaves_the_node_with_its_value(
    editor: Editor, admin: HttpCluster, host: FakeHost
) -> None:
    a, b = await editor.add(), await editor.add()
    wire = await editor.wire(a, b)
    name, source = await editor.name(b), await editor.name(a)
    await eventually(editor.settled)
    for value in range(1, 6):
        await host.count(name, value * 10)
        deleted = await editor.edit({"op": "delete_node", "id": b})
        await editor.undo(deleted.rev)
        await eventually(editor.settled)
        obj = await admin.get(TINY_NODE, name)
        assert obj["status"]["metadata"]["counter-value"] == str(value * 10)
        assert [e["id"] for e in (await admin.get(TINY_NODE, source))["spec"]["edges"]] == [wire]
        assert "weirflow.io/restore" not in obj["metadata"]["annotations"]


async def test_undo_long_after_the_deletion_brings_the_last_value_back(
    editor: Editor, admin: HttpCluster, host: FakeHost
) -> None:
    node_id = await editor.add()
    name = await editor.name(node_id)
    await eventually(editor.settled)
    await host.count(name, 7)
    deleted = await editor.edit({"op": "delete_node", "id": node_id})
    await eventually(editor.settled)
    assert await get(admin, name) is None
    change = await in_database(Change.objects.get, pk=deleted.pk)
    assert change.before[0]["last_state"]["counter-value"] == "7"
    assert editor.live.hub.pusher is not None
    editor.live.hub.pusher.last_states.clear()
    await editor.undo(deleted.rev)
    await eventually(editor.settled)
    assert (await admin.get(TINY_NODE, name))["status"]["metadata"]["counter-value"] == "7"


async def test_a_flow_that_is_deleted_goes_with_its_nodes(editor: Editor, admin: HttpCluster) -> None:
    a, b = await editor.add(), await editor.add()
    await editor.wire(a, b)
    names = [await editor.name(a), await editor.name(b)]
    await eventually(editor.settled)
    resource = editor.flow.resource_name
    await in_database(do_delete_flow, editor.person, editor.flow)
    await eventually(lambda: in_database(lambda: not Removed.objects.exists()))
    assert [await get(admin, name) for name in names] == [None, None]
    with pytest.raises(NotFound):
        await admin.get(TINY_FLOW, resource)


@pytest.mark.parametrize("whole_flow", [True, False])
async def test_nodes_that_feed_each_other_are_deleted(editor: Editor, admin: HttpCluster, whole_flow: bool) -> None:
    """As an HTTP request does that is answered by what it leads to."""
    a, b, after, stays = [await editor.add() for _ in range(4)]
    for source, target in ((a, b), (b, a), (a, a), (b, after), (stays, a)):
        await editor.wire(source, target)
    names = [await editor.name(i) for i in (a, b, after)]
    kept = await editor.name(stays)
    await eventually(editor.settled)
    if whole_flow:
        await in_database(do_delete_flow, editor.person, editor.flow)
    else:
        await editor.edit(*({"op": "delete_node", "id": i} for i in (a, b, after)))
    await eventually(lambda: in_database(lambda: not Removed.objects.exists()))
    assert [await get(admin, name) for name in names] == [None, None, None]
    assert (await get(admin, kept) is None) is whole_flow


async def test_a_renamed_flow_gets_its_title(editor: Editor, admin: HttpCluster) -> None:
    await editor.add()
    await eventually(editor.settled)
    await in_database(do_rename_flow, editor.person, editor.flow, "Visits, renamed")

    async def renamed() -> bool:
        obj = await admin.get(TINY_FLOW, editor.flow.resource_name)
        return obj["metadata"]["annotations"]["tinysystems.io/flow-description"] == "Visits, renamed"

    await eventually(renamed)


async def test_edits_of_one_node_in_a_row_end_in_the_last(editor: Editor, admin: HttpCluster) -> None:
    node_id = await editor.add()
    name = await editor.name(node_id)
    for value in range(30):
        await editor.edit({"op": "set_setting", "id": node_id, "path": ["start"], "value": value})
        await asyncio.sleep(0)
    await eventually(editor.settled)
    assert settings_of(await admin.get(TINY_NODE, name)) == {"start": 29}


async def test_an_edit_that_changes_nothing_on_the_cluster_leaves_the_push_at_rest(
    editor: Editor, live: LiveSide, admin: HttpCluster
) -> None:
    """The revision of the last write stays on the node: it is no drift, and nothing to look at again and again."""
    node_id = await editor.add()
    await eventually(editor.settled)
    name = await editor.name(node_id)
    written = (await admin.get(TINY_NODE, name))["metadata"]["annotations"]["weirflow.io/rev"]
    await editor.edit(
        {"op": "set_setting", "id": node_id, "path": ["start"], "value": 7},
        {"op": "set_setting", "id": node_id, "path": ["start"]},
    )
    await eventually(editor.settled)
    assert (await admin.get(TINY_NODE, name))["metadata"]["annotations"]["weirflow.io/rev"] == written
    pusher = live.hub.pusher
    assert pusher is not None

    async def at_rest() -> bool:
        return not pusher.busy

    await eventually(at_rest, what="the end of the push")
    await live.hub.check_drift()
    assert not pusher.busy


async def test_an_object_that_is_not_ours_is_never_deleted(editor: Editor, admin: HttpCluster) -> None:
    node_id = await editor.add()
    name = await editor.name(node_id)
    await eventually(editor.settled)
    hub = editor.live.hub
    assert hub.pusher is not None
    spec = {"module": "test-v1", "component": "counter", "ports": [], "edges": []}

    def swap() -> None:
        Node.objects.filter(pk=node_id).update(applied_uid="11111111-0000-0000-0000-000000000000")

    await in_database(swap)
    await admin.delete(TINY_NODE, name)
    await eventually(lambda: hub.find(name) is None or hub.find(name))
    await editor.edit({"op": "delete_node", "id": node_id})
    await eventually(editor.settled)
    await admin.create(TINY_NODE, TINY_NODE.new(name, spec=spec))
    await eventually(editor.settled)
    assert await get(admin, name) is not None
    await admin.delete(TINY_NODE, name)


async def test_a_cluster_that_has_lost_the_project_gets_it_again(editor: Editor, admin: HttpCluster) -> None:
    name = await editor.name(await editor.add())
    await eventually(editor.settled)
    assert await push_lost_projects(admin) == 0
    flow = await in_database(Flow.objects.select_related("project").get, pk=editor.flow.pk)
    for resource, gone in (
        (TINY_NODE, name),
        (TINY_FLOW, flow.resource_name),
        (TINY_PROJECT, flow.project.resource_name),
    ):
        await admin.delete(resource, gone)
    assert await push_lost_projects(admin) == 1

    async def is_back() -> bool:
        try:
            await admin.get(TINY_PROJECT, flow.project.resource_name)
            await admin.get(TINY_FLOW, flow.resource_name)
        except NotFound:
            return False
        return await get(admin, name) is not None

    await eventually(is_back)
    await eventually(editor.settled)
