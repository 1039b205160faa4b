"""The patch changes our slices and nothing else."""

from typing import Any

from editor.cluster.observed import ObservedNode, observe
from editor.push.desired import DesiredEdge, DesiredNode, DesiredPort
from editor.push.diff import diff
from weirflow.kube.resources import encode_json

OWN = {"visits-aaaaa"}


def desired(**fields: Any) -> DesiredNode:
    values: dict[str, Any] = {
        "id": "counter00000",
        "name": "p-aaaaa.common-v1.counter-counter00000",
        "project": "p-aaaaa",
        "flow": "visits-aaaaa",
        "module": "common-v1",
        "component": "counter",
        "label": "Visits",
        "comment": "",
        "x": 10,
        "y": 20,
        "rev": 7,
        "ports": (DesiredPort("", "_settings", "visits-aaaaa", encode_json({"start": 1})),),
        "edges": (),
    }
    return DesiredNode(**{**values, **fields})


def stored(node: DesiredNode, generation: int = 1) -> dict[str, Any]:
    """The object the cluster would hold for the node."""
    obj = node.new_object(node.edges, "")
    obj["metadata"] |= {"uid": "u1", "generation": generation, "resourceVersion": "5"}
    return obj


def seen(obj: dict[str, Any]) -> ObservedNode:
    return observe(obj)


def body(patch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The patch without its guards and the revision stamp."""
    return [op for op in patch if op["op"] != "test" and not op["path"].endswith("weirflow.io~1rev")]


def test_nothing_to_do_for_what_stands_already() -> None:
    assert diff(desired(), seen(stored(desired())), OWN) == []


def test_a_newer_revision_alone_is_no_reason_to_write() -> None:
    assert diff(desired(rev=9), seen(stored(desired())), OWN) == []


def test_a_patch_tests_incarnation_generation_and_revision_and_stamps_the_new_one() -> None:
    patch = diff(desired(x=11, rev=8), seen(stored(desired(), generation=3)), OWN)
    assert patch[:4] == [
        {"op": "test", "path": "/metadata/uid", "value": "u1"},
        {"op": "test", "path": "/metadata/generation", "value": 3},
        {"op": "test", "path": "/metadata/annotations/weirflow.io~1rev", "value": "7"},
        {"op": "add", "path": "/metadata/annotations/weirflow.io~1rev", "value": "8"},
    ]
    assert body(patch) == [
        {"op": "add", "path": "/metadata/annotations/tinysystems.io~1component-pos-x", "value": "11"}
    ]


def test_changed_settings_replace_their_entry_in_place() -> None:
    settings = DesiredPort("", "_settings", "visits-aaaaa", encode_json({"start": 2}))
    patch = diff(desired(ports=(settings,)), seen(stored(desired())), OWN)
    assert body(patch) == [{"op": "replace", "path": "/spec/ports/0", "value": settings.entry()}]


def test_foreign_entries_are_carried_over() -> None:
    obj = stored(desired())
    foreign = {"port": "in", "from": "x.y.z:out", "configuration": encode_json({}), "flowID": "another"}
    obj["spec"]["ports"] = [foreign, *obj["spec"]["ports"]]
    obj["spec"]["edges"] = [{"id": "e", "port": "out", "to": "x.y.z:in", "flowID": "another"}]
    settings = DesiredPort("", "_settings", "visits-aaaaa", encode_json({"start": 2}))
    patch = diff(desired(ports=(settings,)), seen(obj), OWN)
    assert body(patch) == [{"op": "replace", "path": "/spec/ports/1", "value": settings.entry()}]


def test_removals_go_from_the_end_and_additions_come_last() -> None:
    old = [DesiredPort(f"a.b.c{i}:out", "in", "visits-aaaaa", encode_json({"i": i})) for i in range(3)]
    new = DesiredPort("a.b.c9:out", "in", "visits-aaaaa", encode_json({}))
    patch = diff(desired(ports=(old[1], new)), seen(stored(desired(ports=tuple(old)))), OWN)
    assert body(patch) == [
        {"op": "remove", "path": "/spec/ports/2"},
        {"op": "remove", "path": "/spec/ports/0"},
        {"op": "add", "path": "/spec/ports/-", "value": new.entry()},
    ]


def test_an_entry_that_stands_twice_is_left_once() -> None:
    obj = stored(desired())
    obj["spec"]["ports"] *= 2
    assert body(diff(desired(), seen(obj), OWN)) == [{"op": "remove", "path": "/spec/ports/1"}]


def test_lists_and_maps_that_are_missing_are_made_first() -> None:
    obj = stored(desired())
    obj["spec"] = {"module": "common-v1", "component": "counter"}
    del obj["metadata"]["annotations"], obj["metadata"]["labels"]
    edge = DesiredEdge("e1", "out", "a.b.c:in", "visits-aaaaa")
    paths = [op["path"] for op in diff(desired(edges=(edge,)), seen(obj), OWN) if op["op"] == "add"]
    assert paths.index("/metadata/annotations") < paths.index("/metadata/annotations/weirflow.io~1rev")
    assert paths.index("/spec/ports") < paths.index("/spec/ports/-")
    assert paths.index("/spec/edges") < paths.index("/spec/edges/-")
    assert "/metadata/labels" in paths


def test_a_held_edge_is_not_added_yet_and_a_held_mapping_not_removed_yet() -> None:
    mapping = DesiredPort("a.b.c:out", "in", "visits-aaaaa", encode_json({}))
    edge = DesiredEdge("e1", "out", "a.b.d:in", "visits-aaaaa")
    observed = seen(stored(desired(ports=(mapping,))))
    held = diff(desired(ports=(), edges=(edge,)), observed, OWN, held_edges={"e1"}, held_mappings={("a.b.c:out", "in")})
    assert held == []
    free = diff(desired(ports=(), edges=(edge,)), observed, OWN)
    assert [op["op"] for op in body(free)] == ["remove", "add"]


def test_options_that_ride_on_an_edge_are_brought_up_to_date() -> None:
    plain = DesiredEdge("e1", "out", "a.b.d:in", "visits-aaaaa")
    timed = DesiredEdge("e1", "out", "a.b.d:in", "visits-aaaaa", {"timeoutMs": 500})
    patch = diff(desired(edges=(timed,)), seen(stored(desired(edges=(plain,)))), OWN)
    assert body(patch) == [{"op": "replace", "path": "/spec/edges/0", "value": timed.entry()}]


def test_a_damaged_object_of_another_writer_does_not_blind_us() -> None:
    node = observe({"metadata": {"name": "x"}, "spec": {"ports": [{}]}, "status": {"ports": [{"name": "_control"}]}})
    assert node.ports is not None
    assert node.ports[0].port == ""
    assert node.status.control is None
