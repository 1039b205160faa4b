"""What sends by itself sends from where it shall, and from nowhere else."""

from types import SimpleNamespace
from typing import Any

import pytest

from weirflow import Component, Context, Model, Module, output
from weirflow.errors import NotLeader, Problem
from weirflow.runtime.node import Node
from weirflow.runtime.reconcile import Reconciler
from weirflow.runtime.shared import Shared


class Tick(Model):
    n: int


class Beat(Component):
    """A source for the leader."""

    out = output("out", Tick)

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.ended = 0

    async def start(self, ctx: Context) -> None:
        self.begun.append(ctx.epoch)

    async def stop(self) -> None:
        self.ended += 1


class Door(Beat):
    """A source for every replica."""

    runs_on = "every"


def node(component: type[Component]) -> Any:
    lease = SimpleNamespace(is_leader=False, epoch=0, identity="a")
    shared = Shared(None, None, None, None, lambda _node: None, None)  # type: ignore[arg-type]
    made = Node("p.m.x-n1", "u", Module("m", "1", [component]), lease, shared)  # type: ignore[arg-type]
    made.adopt_component(component.__name__.lower())
    return made


def lead(made: Any, epoch: int) -> None:
    made.lease.is_leader, made.lease.epoch = epoch > 0, epoch or made.lease.epoch


async def test_on_the_leader_it_starts_once_in_each_epoch_and_stops_with_it() -> None:
    made = node(Beat)
    beat = made.instance.component
    await made.start_source()
    assert beat.begun == []
    lead(made, 1)
    await made.start_source()
    await made.start_source()
    assert (beat.begun, beat.ended) == ([1], 0)
    lead(made, 0)
    await made.start_source()
    assert (beat.begun, beat.ended) == ([1], 1)
    lead(made, 3)
    await made.start_source()
    assert beat.begun == [1, 3]


async def test_in_a_new_epoch_it_starts_anew_though_the_loss_of_the_old_one_was_not_seen() -> None:
    made = node(Beat)
    for epoch in (1, 2):
        lead(made, epoch)
        await made.start_source()
    beat = made.instance.component
    assert (beat.begun, beat.ended) == ([1, 2], 1)


async def test_one_for_every_replica_runs_whoever_leads() -> None:
    made = node(Door)
    for epoch in (0, 1, 0, 2):
        lead(made, epoch)
        await made.start_source()
    door = made.instance.component
    assert (len(door.begun), door.ended) == (1, 0)
    assert await door.out.emit(made.services.begin(), Tick(n=1)) is None


async def test_a_paused_leader_sends_nothing_when_it_wakes_before_it_knows_of_its_successor() -> None:
    made = node(Beat)
    lead(made, 1)
    await made.start_source()
    beat = made.instance.component
    assert await beat.out.emit(made.services.begin(), Tick(n=1)) is None
    lead(made, 0)
    with pytest.raises(NotLeader) as caught:
        await beat.out.emit(made.services.begin(), Tick(n=2))
    beat.report(caught.value.problem)
    assert not made.problems, "its successor is at work, nothing is wrong"
    beat.report(Problem("broken", "something else"))
    assert made.problems


async def test_none_starts_before_all_nodes_that_were_there_at_the_start_are_made() -> None:
    name = "p.m.door-n1"
    metadata = {"name": name, "uid": "u", "generation": 1}
    resources = SimpleNamespace(objects={name: {"metadata": metadata, "spec": {"component": "door"}, "status": {}}})
    lease = SimpleNamespace(is_leader=True, epoch=1, identity="a")
    shared = Shared(None, None, None, None, lambda _node: None, None)  # type: ignore[arg-type]
    modules = {"m": Module("m", "1", [Door])}
    reconciler = Reconciler(
        resources,  # type: ignore[arg-type]
        modules,
        {"m": lease},  # type: ignore[dict-item]
        shared,
        lambda _name: None,
        lambda _node: None,
        lambda _module: None,
    )
    await reconciler.reconcile(name)
    door: Any = reconciler.nodes[name].instance.component  # type: ignore[union-attr]
    assert door.begun == []
    reconciler.sources_may_start = True
    await reconciler.reconcile(name)
    assert len(door.begun) == 1
