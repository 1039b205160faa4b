"""An edit of one node costs the others nothing, however many there are."""

from types import SimpleNamespace
from typing import Any

import pytest

from modules.common import module
from weirflow.kube.resources import Object, encode_json, node_name
from weirflow.runtime.edges import Edge
from weirflow.runtime.keyed_pool import KeyedPool
from weirflow.runtime.reconcile import Reconciler
from weirflow.runtime.shared import Shared
from weirflow.runtime.status import slim

COUNT = 200
NAMES = [node_name("p", module.name, "transform", f"n{number:011d}") for number in range(COUNT)]


class Flow:
    """A chain of nodes on a host without a cluster, and what its host has done since it was last asked."""

    def __init__(self) -> None:
        self.turns: list[str] = []
        self.told: list[str] = []
        self.resources: Any = SimpleNamespace(objects={})
        shared = Shared(None, None, None, None, lambda node: self.told.append(node.name), None)  # type: ignore[arg-type]
        lease: Any = SimpleNamespace(is_leader=True, epoch=1, identity="a")
        self.reconciler = Reconciler(
            self.resources,
            {module.name: module},
            {module.name: lease},
            shared,
            again=lambda name: self.pool.add(name),
            on_node=lambda _node: None,
            unreachable=lambda _module: None,
        )
        self.pool = KeyedPool("reconcile", self._turn)

    async def _turn(self, name: str) -> None:
        self.turns.append(name)
        await self.reconciler.reconcile(name)

    async def show(self, *objects: Object) -> None:
        """The watch shows these, and all that follows from it is done."""
        for one in objects:
            name, new = one["metadata"]["name"], slim(one)
            old = self.resources.objects.get(name)
            self.resources.objects[name] = new
            self.reconciler.changed(name, new, old)
        await self.pool.drained()

    def forget(self) -> None:
        self.turns.clear()
        self.told.clear()


def resource(number: int, generation: int = 1, *, passes: str = "{{$.value}}", status: str = "") -> Object:
    """Node ``number``, fed by the one before it and wired to the next."""
    flow = {"flowID": "f"}
    ports = [{"port": "_settings", "configuration": encode_json({}), **flow}]
    if number:
        mapping = encode_json({"value": passes})
        ports.append({"from": f"{NAMES[number - 1]}:out", "port": "in", "configuration": mapping, **flow})
    edges = [{"id": f"e{number}", "port": "out", "to": f"{NAMES[number + 1]}:in", **flow}] if number + 1 < COUNT else []
    metadata = {"name": NAMES[number], "uid": f"u{number}", "generation": generation, "resourceVersion": "1"}
    spec = {"module": module.name, "component": "transform", "ports": ports, "edges": edges}
    return {"metadata": metadata, "spec": spec, **({"status": {"status": status}} if status else {})}


@pytest.fixture
async def flow() -> Flow:
    """Made in the order of a push: targets first."""
    made = Flow()
    await made.show(*(resource(number) for number in reversed(range(COUNT))))
    return made


async def test_a_new_node_whose_targets_are_there_has_one_turn(flow: Flow) -> None:
    assert sorted(flow.turns) == sorted(NAMES)
    nodes = flow.reconciler.nodes
    assert all(edge.node is not None for node in nodes.values() for edge in node.edges.values())


async def test_an_edit_of_one_node_gives_no_turn_to_any_other(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    resolved: list[str] = []
    resolve = Edge.resolve
    monkeypatch.setattr(Edge, "resolve", lambda edge, *args: (resolved.append(edge.source), resolve(edge, *args))[1])
    flow.forget()
    edited = resource(100, 2)
    edited["spec"]["ports"][0]["configuration"] = encode_json({"label": "x"})
    await flow.show(edited)
    assert flow.turns == [NAMES[100]]
    assert set(flow.told) == {NAMES[100]}
    assert resolved == [NAMES[100]]


async def test_another_mapping_reaches_the_source_of_its_edge_alone(flow: Flow) -> None:
    flow.forget()
    await flow.show(resource(100, 2, passes="{{$.other}}"))
    assert flow.turns == [NAMES[100], NAMES[99]]
    edge = flow.reconciler.nodes[NAMES[99]].edges["e99"]
    assert edge.mapping is not None
    assert edge.mapping.evaluate({"other": 7}) == {"value": 7}


async def test_a_status_gives_nobody_a_turn_and_is_looked_at_only_if_it_is_not_ours(flow: Flow) -> None:
    ours, theirs = resource(100, status="OK"), resource(100, status="somebody else's")
    flow.reconciler.nodes[NAMES[100]].written_status = slim(ours)["observed"]
    flow.forget()
    await flow.show(ours)
    assert (flow.turns, flow.told) == ([], [])
    await flow.show(theirs)
    assert (flow.turns, flow.told) == ([], [NAMES[100]])
