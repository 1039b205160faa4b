"""What was read of a node before it was deleted may come after that: a push reads rows and tells later."""

import uuid
from dataclasses import replace

import pytest

from editor.cluster.modules import Modules
from editor.live import board as boards
from editor.live.board import Board
from editor.live.flow import LiveFlow
from editor.live.rows import Opened
from editor.push.rows import RowFacts

NODE = "n" * 12


def _nothing(_name: str) -> None:
    return None


class World:
    """An open flow with one node, of revision 1."""

    def __init__(self) -> None:
        self.looked = 0
        self.board = Board(Modules(), self._look)
        self.flow = LiveFlow(uuid.uuid4(), "p-aaaaa", 1)
        self.facts = RowFacts(NODE, f"p-aaaaa.m-v1.c-{NODE}", self.flow.id, "m-v1", 1, 0, "", 0, True, None)
        self.board.flows[self.flow.id] = self.flow
        self.board.open(self.flow, Opened(1, 0, 0, "p-aaaaa", [self.facts], [], {"flow": "", "project": ""}), _nothing)

    def _look(self) -> None:
        self.looked += 1

    def change(self, rev: int, op: str, node_id: str = NODE) -> None:
        self.board.change(self.flow.id, {"rev": rev, "ops": [{"op": op, "id": node_id}]})


async def test_facts_of_before_bring_no_deleted_node_back() -> None:
    world = World()
    world.change(2, "delete_node")
    world.board.facts(replace(world.facts, applied_rev=1, dirty=False), _nothing)
    assert world.flow.nodes == {}
    assert world.board.place(world.facts.name) is None, "nobody watches it"


async def test_an_undo_of_the_deletion_does() -> None:
    world = World()
    world.change(2, "delete_node")
    world.change(3, "add_node")
    world.board.facts(replace(world.facts, desired_rev=3), _nothing)
    assert set(world.flow.nodes) == {NODE}


async def test_not_all_that_ever_went_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "DELETED_KEPT", 10)
    world = World()
    for number in range(20):
        world.change(2 + number, "delete_node", f"n{number:011d}")
    assert list(world.board._deleted) == [f"n{number:011d}" for number in range(10, 20)]
