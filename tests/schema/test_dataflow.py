"""Values along the wires of a flow: whatever the edits, as if worked out from nothing, and no more than they reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from weirflow.schema.dataflow import Dataflow

Value = frozenset[str]


class Sets:
    """A node has its own letter and, but for what it holds back, those of the nodes before it."""

    def __init__(self) -> None:
        self.own: dict[str, str] = {}
        self.wires: dict[str, dict[str, None]] = {}
        self.before: dict[str, dict[str, None]] = {}
        self.flow: Dataflow[Value] = Dataflow(self.compute, lambda node: self.wires.get(node, {}), frozenset())

    def compute(self, node: str, value: Callable[[str], Value]) -> Value:
        own = self.own.get(node, "")
        held = {letter for letter in own if letter.isupper()}
        found = {letter for letter in own if letter.islower()}.union(*(value(one) for one in self.before.get(node, ())))
        return frozenset(letter for letter in found if letter.upper() not in held)

    def wire(self, source: str, target: str) -> None:
        self.wires.setdefault(source, {})[target] = None
        self.before.setdefault(target, {})[source] = None

    def unwire(self, source: str, target: str) -> None:
        self.wires.get(source, {}).pop(target, None)
        self.before.get(target, {}).pop(source, None)

    def all(self) -> dict[str, Value]:
        return {node: self.flow.value(node) for node in self.own}


def chain(length: int) -> Sets:
    sets = Sets()
    for index in range(length):
        sets.own[f"n{index:05}"] = "a" if index == 0 else ""
        if index:
            sets.wire(f"n{index - 1:05}", f"n{index:05}")
    sets.flow.settle(sets.own)
    return sets


def test_a_chain_of_thousands_needs_no_stack() -> None:
    sets = chain(10_000)
    assert sets.flow.value("n09999") == {"a"}


def test_an_edit_that_changes_nothing_stops_at_once() -> None:
    sets = chain(10_000)
    before = sets.flow.worked_out
    sets.own["n00500"] = "a"
    assert sets.flow.settle(["n00500"]) == set()
    assert sets.flow.worked_out == before + 1


def test_an_edit_reaches_as_far_as_its_value_goes() -> None:
    sets = chain(10_000)
    sets.own["n05010"] = "B"
    sets.flow.settle(["n05010"])
    before = sets.flow.worked_out
    sets.own["n05000"] = "b"
    changed = sets.flow.settle(["n05000"])
    assert changed == {f"n{index:05}" for index in range(5_000, 5_010)}
    # Each of those, the first once more on its turn, and the one that holds the letter back.
    assert sets.flow.worked_out - before == 12


def test_values_go_round_a_loop_and_leave_it_with_what_brought_them() -> None:
    sets = chain(4)
    sets.wire("n00003", "n00001")
    sets.flow.settle([], ["n00001"])
    sets.own["n00002"] = "b"
    sets.flow.settle(["n00002"])
    assert sets.flow.value("n00001") == {"a", "b"}
    sets.own["n00002"] = ""
    assert sets.flow.settle(["n00002"]) == {"n00001", "n00002", "n00003"}
    assert sets.flow.value("n00001") == {"a"}


def test_a_loop_that_is_cut_forgets_what_only_it_kept_alive() -> None:
    sets = chain(3)
    sets.wire("n00002", "n00001")
    sets.flow.settle([], ["n00001"])
    sets.unwire("n00000", "n00001")
    sets.flow.settle([], ["n00001"])
    assert sets.flow.value("n00002") == frozenset()


def counting(**options: Any) -> Dataflow[int]:
    wires = {"a": ["b"], "b": ["a"]}
    return Dataflow(lambda node, value: value("b" if node == "a" else "a") + 1, wires.__getitem__, 0, **options)


def test_a_loop_that_never_rests_is_given_up_and_named() -> None:
    flow = counting()
    flow.settle(["a", "b"], ["a", "b"])
    assert flow.restless == {"a": ("a", "b"), "b": ("a", "b")}
    assert flow.worked_out < 50


def test_a_loop_can_be_gone_round_just_once() -> None:
    flow = counting(once=True)
    flow.settle(["a", "b"], ["a", "b"])
    assert (flow.value("a"), flow.value("b"), flow.restless) == (1, 2, {})


NODES = st.sampled_from(["p", "q", "r", "s", "t"])
EDITS = st.one_of(
    st.tuples(st.just("own"), NODES, st.sampled_from(["", "a", "b", "ab", "A", "aB"])),
    st.tuples(st.just("wire"), NODES, NODES),
    st.tuples(st.just("unwire"), NODES, NODES),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(EDITS, min_size=1, max_size=3), max_size=12))
def test_whatever_the_edits_values_are_those_of_working_them_out_from_nothing(batches: list[list[Any]]) -> None:
    sets = Sets()
    sets.own = dict.fromkeys("pqrst", "")
    for batch in batches:
        edited, rewired = set(), set()
        for kind, one, other in batch:
            if kind == "own":
                sets.own[one] = other
                edited.add(one)
            else:
                (sets.wire if kind == "wire" else sets.unwire)(one, other)
                rewired.add(other)
        before = sets.all()
        changed = sets.flow.settle(edited, rewired)
        assert {node for node, value in sets.all().items() if value != before[node]} <= changed
        fresh = Sets()
        fresh.own, fresh.wires, fresh.before = sets.own, sets.wires, sets.before
        fresh.flow.settle([], reversed(list(sets.own)))
        assert sets.all() == fresh.all()
