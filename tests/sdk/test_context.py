"""What travels with a message."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirflow import Context, Fail, derive_operation_id
from weirflow.context import DEPTH_LIMIT


@given(st.lists(st.tuples(st.text(max_size=8), st.integers(0, 5)), max_size=20))
def test_the_same_way_gives_the_same_operation(way: list[tuple[str, int]]) -> None:
    ends = []
    for ask_on_the_way in (False, True):
        ctx = Context("start")
        for edge, index in way:
            ctx = ctx.child(edge, index, "node")
            if ask_on_the_way:
                assert len(ctx.operation_id) == 24
        ends.append(ctx.operation_id)
    assert ends[0] == ends[1]


def test_different_ways_give_different_operations() -> None:
    ctx = Context("start")
    ids = {ctx.child(edge, index, "node").operation_id for edge in ("a", "b") for index in range(3)}
    ids |= {ctx.child("a", 0, "node").child("a", 0, "node").operation_id, ctx.operation_id, Context().operation_id}
    assert len(ids) == 9


def test_an_entry_without_an_id_has_one_for_all_that_comes_of_it() -> None:
    asked_first, asked_last = Context(), Context()
    before = asked_first.operation_id
    ways = [ctx.child("a", 0, "node").child("b", 1, "node") for ctx in (asked_first, asked_last)]
    ids = [way.operation_id for way in ways]
    assert asked_first.operation_id == before
    assert asked_last.child("a", 0, "node").child("b", 1, "node").operation_id == ids[1]
    assert derive_operation_id(derive_operation_id(asked_last.operation_id, "a", 0), "b", 1) == ids[1]
    assert len({*ids, before, asked_last.operation_id}) == 4


def test_derived_ids_depend_on_every_part() -> None:
    assert derive_operation_id("a", 1) == derive_operation_id("a", 1)
    assert len({derive_operation_id(*parts) for parts in (("a", 1), ("a", 2), ("b", 1), ("a",))}) == 4


def test_messages_are_counted_by_port() -> None:
    ctx = Context()
    assert [ctx.next_index(port) for port in ("a", "a", "b", "a", "b")] == [0, 1, 0, 2, 1]
    assert ctx.child("edge", 0, "node").next_index("a") == 0


def test_a_deadline_only_comes_nearer() -> None:
    ctx = Context(deadline=time.monotonic() + 10)
    assert ctx.child("e", 0, "n").deadline == ctx.deadline
    assert ctx.child("e", 0, "n", timeout=1000).deadline == ctx.deadline
    assert ctx.child("e", 0, "n", timeout=1).deadline < ctx.deadline
    assert Context(deadline=time.monotonic() - 1).remaining() == 0.0


def test_a_message_that_loops_is_stopped() -> None:
    ctx = Context()
    for _ in range(DEPTH_LIMIT):
        ctx = ctx.child("edge", 0, "node")
    with pytest.raises(Fail, match="a loop in the flow never ends") as failure:
        ctx.child("edge-9", 0, "the-node")
    assert (failure.value.code, failure.value.permanent) == ("depth_limit", True)
    assert (failure.value.problem.edge, failure.value.problem.node) == ("edge-9", "the-node")


def test_calling_off_reaches_all_branches() -> None:
    ctx = Context()
    branch, other = ctx.child("a", 0, "n"), ctx.child("b", 0, "n")
    branch.cancel("the client has left")
    branch.cancel("something else")
    assert (ctx.cancelled, other.cancelled) == ("the client has left", "the client has left")


class Lease:
    is_leader = False


def test_leadership_is_that_of_the_node_that_handles_it() -> None:
    ctx = Context(leader=True, epoch=3)
    assert (ctx.child("e", 0, "n").leader, ctx.child("e", 0, "n").epoch) == (True, 3)
    elsewhere = ctx.child("e", 0, "n", leadership=Lease(), epoch=7)
    assert (elsewhere.leader, elsewhere.epoch) == (False, 7)


def test_leadership_is_asked_for_when_somebody_wants_to_know() -> None:
    lease = Lease()
    hop = Context().child("e", 0, "n", leadership=lease)
    lease.is_leader = True
    assert hop.leader


def test_a_run_has_one_name_in_all_its_branches() -> None:
    ctx = Context()
    branch, other = ctx.child("a", 0, "n").child("b", 0, "n"), ctx.child("c", 1, "n")
    assert branch.run_id == other.run_id == ctx.run_id == ctx.operation_id
    assert Context().run_id != ctx.run_id
    assert Context(ctx.operation_id).run_id == ctx.run_id, "sent again, it is the same run"


def test_a_run_goes_on_where_it_is_said_to() -> None:
    ctx = Context("later")
    ctx.continue_run("before")
    assert ctx.child("a", 0, "n").run_id == "before"
    ctx.continue_run("")
    assert ctx.run_id == "before"


def test_what_a_run_is_called_is_never_long() -> None:
    ctx = Context("k" * 5000)
    assert len(ctx.run_id) == 24
    assert Context("k" * 5000).run_id == ctx.run_id


@pytest.mark.parametrize("strange", ["заказ 7", "é", "two words", "a line\r\nand another", "k" * 257])
def test_what_a_run_is_called_can_stand_in_any_header(strange: str) -> None:
    name = Context(strange).run_id
    assert re.fullmatch("[0-9a-f]{24}", name)
    assert name == Context(strange).run_id != Context(f"{strange}.").run_id
