"""TinyModules that people's hosts have left behind."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from editor.cluster.left_modules import LEFT_SECONDS, LeftModules
from editor.cluster.modules import Modules
from editor.cluster.served import Served
from projects.actions import do_apply_changes
from projects.models import Flow
from tests.projects.world import StaticCatalogue
from weirflow.kube.errors import NotFound
from weirflow.kube.peers import Peers
from weirflow.kube.resources import ANNOTATION_BY_HAND, TINY_MODULE

pytestmark = pytest.mark.django_db(transaction=True)


class Cluster:
    """Two modules that nobody serves, one of them run by hand before."""

    def __init__(self, *nodes: str) -> None:
        self.nodes = nodes
        self.now, self.deleted = 0.0, list[str]()
        self.modules = Modules()
        for name, marks in {"common-v1": {}, "stats-v1": {ANNOTATION_BY_HAND: "true"}}.items():
            self.modules.put(name, TINY_MODULE.new(name, metadata={"annotations": marks}))
        served = Served(Peers(lambda: self.now), self.modules.is_by_hand, lambda: self.now)
        self.left = LeftModules(self.modules, served, lambda: self.now)

    async def delete(self, _resource: Any, name: str) -> None:
        self.deleted.append(name)
        if self.deleted.count(name) > 1:
            raise NotFound("gone")

    async def sweep_after(self, seconds: float) -> list[str]:
        await self.left.sweep(self, self.nodes)  # type: ignore[arg-type]
        self.now += seconds
        await self.left.sweep(self, self.nodes)  # type: ignore[arg-type]
        return self.deleted


async def test_what_was_run_by_hand_is_removed_after_a_while_and_nothing_else() -> None:
    cluster = Cluster()
    assert await cluster.sweep_after(LEFT_SECONDS - 1) == []
    assert await cluster.sweep_after(2) == ["stats-v1"]
    assert await cluster.sweep_after(1) == ["stats-v1"] * 3, "who was faster is no fault"


async def test_what_a_node_in_the_cluster_needs_stays() -> None:
    assert await Cluster("p.stats-v1.mean-a").sweep_after(LEFT_SECONDS + 1) == []


async def test_what_a_node_of_a_flow_needs_stays(owner: User, flow: Flow) -> None:
    from editor.database import in_database

    op = {"op": "add_node", "id": "a" * 12, "module": "stats-v1", "component": "mean", "x": 0, "y": 0}
    await in_database(do_apply_changes, owner, flow, flow.rev, [op], "op", StaticCatalogue(), pasted=True)
    assert await Cluster().sweep_after(LEFT_SECONDS + 1) == []
