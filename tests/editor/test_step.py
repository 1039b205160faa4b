"""The order of a change over several nodes comes out of conditions."""

from typing import Any

from editor.cluster.observed import ObservedNode, observe
from editor.push.desired import DesiredEdge, DesiredNode, DesiredPort
from editor.push.step import Amend, Create, Delete, Done, Restore, Wait, neighbours, next_step
from tests.editor.test_diff import OWN, desired
from weirflow.kube.resources import encode_json

A, B = "p-aaaaa.common-v1.ticker-a00000000000", "p-aaaaa.common-v1.debug-b00000000000"
EDGE = DesiredEdge("e1", "tick", f"{B}:in", "visits-aaaaa")
MAPPING = DesiredPort(f"{A}:tick", "in", "visits-aaaaa", encode_json({}))


def node(name: str, **fields: Any) -> DesiredNode:
    return desired(name=name, id=name[-12:], **{"ports": (), **fields})


class World:
    """What the cluster holds, changed by carrying out steps."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {}

    def put(self, wanted: DesiredNode, **metadata: Any) -> None:
        obj = wanted.new_object(wanted.edges, "")
        obj["metadata"] |= {"uid": f"uid-{wanted.name}", "generation": 1, "resourceVersion": "1", **metadata}
        self.objects[wanted.name] = obj

    def find(self, name: str) -> ObservedNode | None:
        obj = self.objects.get(name)
        return observe(obj) if obj is not None else None

    def step(self, name: str, wanted: DesiredNode | None) -> Any:
        return next_step(name, wanted, self.find, OWN)


def test_a_new_node_is_created_without_the_edges_whose_targets_are_not_ready() -> None:
    world = World()
    assert world.step(A, node(A, edges=(EDGE,))) == Create(())
    world.put(node(B, ports=(MAPPING,)))
    assert world.step(A, node(A, edges=(EDGE,))) == Create((EDGE,))


def test_an_edge_waits_for_the_mapping_on_its_target() -> None:
    world = World()
    world.put(node(A))
    world.put(node(B))
    assert world.step(A, node(A, edges=(EDGE,))) == Wait("the target of a wire is not ready yet", (B,))
    assert isinstance(world.step(B, node(B, ports=(MAPPING,))), Amend)
    world.put(node(B, ports=(MAPPING,)))
    step = world.step(A, node(A, edges=(EDGE,)))
    assert isinstance(step, Amend)
    assert step.patch[-1] == {"op": "add", "path": "/spec/edges/-", "value": EDGE.entry()}


def test_a_mapping_stays_until_its_edge_is_gone() -> None:
    world = World()
    world.put(node(A, edges=(EDGE,)))
    world.put(node(B, ports=(MAPPING,)))
    assert world.step(B, node(B)) == Wait("a wire that was removed is still on its source", (A,))
    world.put(node(A))
    assert isinstance(world.step(B, node(B)), Amend)


def test_a_node_is_deleted_only_when_no_edge_of_ours_leads_to_it() -> None:
    world = World()
    world.put(node(A, edges=(EDGE,)))
    world.put(node(B, ports=(MAPPING,)))
    assert world.step(B, None) == Wait("wires still lead to the node", (A,))
    world.put(node(A))
    assert world.step(B, None) == Delete(f"uid-{B}")


def test_a_node_wired_to_itself_can_be_deleted() -> None:
    world = World()
    loop = DesiredEdge("e2", "tick", f"{A}:in", "visits-aaaaa")
    world.put(node(A, edges=(loop,), ports=(DesiredPort(f"{A}:tick", "in", "visits-aaaaa", encode_json({})),)))
    assert world.step(A, None) == Delete(f"uid-{A}")


def test_a_node_under_deletion_is_waited_for_and_then_made_again() -> None:
    world = World()
    world.put(node(A), deletionTimestamp="2026-01-01T00:00:00Z")
    assert isinstance(world.step(A, node(A)), Wait)
    assert isinstance(world.step(A, None), Wait)
    world.objects.clear()
    assert world.step(A, node(A)) == Create(())
    assert world.step(A, None) == Done()


def test_a_node_that_is_being_restored_gets_its_state_before_any_wire() -> None:
    world = World()
    world.put(node(B, ports=(MAPPING,)))
    world.objects[B]["metadata"]["annotations"]["weirflow.io/restore"] = "{}"
    world.put(node(A))
    assert world.step(B, node(B, ports=(MAPPING,))) == Restore()
    assert isinstance(world.step(A, node(A, edges=(EDGE,))), Wait)


def test_foreign_edges_hold_nothing_up() -> None:
    world = World()
    foreign = DesiredEdge("e9", "tick", f"{B}:in", "somebody-else")
    world.put(node(A, edges=(foreign,)))
    world.put(node(B))
    assert world.step(B, None) == Delete(f"uid-{B}")
    assert world.step(A, node(A)) == Done()


def test_neighbours_are_what_our_slices_connect() -> None:
    world = World()
    world.put(node(B, ports=(MAPPING,)))
    world.put(node(A, edges=(EDGE,)))
    assert neighbours(world.find(B), OWN) == {A}
    assert neighbours(world.find(A), OWN) == {B}
    assert neighbours(None, OWN) == set()
