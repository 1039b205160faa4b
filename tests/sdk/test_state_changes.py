"""How a node's state is changed, stored, and given up."""

from __future__ import annotations

import asyncio

import pytest

from tests.sdk.components import Amount, Grown, Sum
from weirflow import AlreadyApplied, Context, Fail, NotLeader, Result, StateError, input
from weirflow.errors import ComponentError, StateConflict
from weirflow.testing import Node, run, settle


async def test_nothing_leaves_the_node_before_the_change_is_stored() -> None:
    async with run(Sum) as node:
        node.resource.open.clear()
        sending = asyncio.create_task(node.send("add"))
        await settle()
        assert node.emitted == []
        assert node.state.total == 0
        node.resource.open.set()
        await sending
        assert node.emitted[0].value == {"total": 1}


async def test_changes_are_made_while_earlier_ones_are_being_stored() -> None:
    async with run(Sum) as node:
        node.resource.open.clear()
        sending = [asyncio.create_task(node.send("add_quietly")) for _ in range(5)]
        await settle()
        node.resource.open.set()
        assert await asyncio.gather(*sending) == [{"total": n} for n in range(1, 6)]
        assert node.resource.metadata["state-version"] == "5"


class Alarm(Sum):
    """Adds up, and rings a while after each number."""

    @input("ring")
    async def ring(self, ctx: Context, message: Amount) -> Result:
        self.spawn(self._later(), "ring")
        async with self.state.change() as state:
            state.total += message.amount

    async def _later(self) -> None:
        await self.services.clock.sleep(5)
        await self.other.emit(self.services.begin(), "ring")


async def test_work_that_a_message_starts_has_no_part_in_its_change() -> None:
    async with run(Alarm) as node:
        node.resource.failures.append(Fail("the API server is gone", code="unreachable", retryable=True))
        with pytest.raises(Fail, match="the API server is gone"):
            await node.send("ring")
        await node.clock.advance(5)
        assert ([each.value for each in node.emitted], node.problems) == (["ring"], [])


async def test_a_failed_commit_takes_what_was_built_on_it_along() -> None:
    async with run(Sum) as node:
        await node.send("add")
        node.resource.open.clear()
        sending = [asyncio.create_task(node.send("add")) for _ in range(3)]
        await settle()
        node.resource.failures.append(Fail("the API server is gone", code="unreachable", retryable=True))
        node.resource.open.set()
        results = await asyncio.gather(*sending, return_exceptions=True)
        assert [type(result) for result in results] == [Fail, Fail, Fail]
        assert len({id(result) for result in results}) == 3
        assert node.state.total == 1
        assert len(node.emitted) == 1
        await node.send("add")
        assert node.state.total == 2


async def test_a_message_is_delivered_again_after_a_conflict() -> None:
    async with run(Sum) as node:
        await node.send("add")
        foreign = node.resource.metadata | {"sum-total": "50", "state-version": "2"}
        node.resource.metadata = foreign
        await node.send("add")
        assert node.state.total == 51
        assert node.resource.metadata["state-version"] == "3"


async def test_a_newer_state_seen_while_a_change_is_on_its_way_wins() -> None:
    async with run(Sum) as node:
        await node.send("add")
        node.resource.open.clear()
        sending = asyncio.create_task(node.instance.deliver(node.begin(), "add", {}))
        await settle()
        node.instance.load_state(node.resource.metadata | {"sum-total": "70", "state-version": "9"})
        assert node.state.total == 70
        with pytest.raises(StateConflict):
            await sending
        node.resource.open.set()


async def test_the_echo_of_an_own_change_does_not_disturb_it() -> None:
    async with run(Sum) as node:
        node.resource.open.clear()
        sending = [asyncio.create_task(node.send("add_quietly")) for _ in range(2)]
        await settle()
        node.instance.load_state({"sum-total": "1", "state-version": "1", "state-epoch": "1"})
        node.resource.open.set()
        assert await asyncio.gather(*sending) == [{"total": 1}, {"total": 2}]


async def test_a_change_that_was_stored_although_its_answer_got_lost_is_adopted() -> None:
    async with run(Sum) as node:
        node.resource.open.clear()
        sending = asyncio.create_task(node.send("add"))
        await settle()
        node.instance.load_state({"sum-total": "1", "state-version": "1", "state-epoch": "1"})
        node.resource.failures.append(Fail("no answer", code="unreachable", retryable=True))
        node.resource.open.set()
        with pytest.raises(Fail, match="no answer"):
            await sending
        assert node.state.total == 1


async def test_a_cancelled_sender_does_not_stop_the_commit() -> None:
    async with run(Sum) as node:
        node.resource.open.clear()
        sending = asyncio.create_task(node.send("add"))
        await settle()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        node.resource.open.set()
        await settle()
        assert node.state.total == 1
        assert node.emitted == []


async def test_a_leader_of_an_older_epoch_is_fenced() -> None:
    async with run(Sum) as node:
        other = node.replica()
        await other.ready()
        await node.send("add")
        await other.lead()
        await other.send("add")
        with pytest.raises(NotLeader):
            await node.send("add")
        assert other.resource.metadata["sum-total"] == "2"


async def test_an_error_inside_the_block_drops_the_change() -> None:
    async with run(Sum) as node:
        await node.send("add_text", "kept")
        with pytest.raises(Fail, match="no"):
            await node.send("fail_inside", None)
        assert (node.state.total, node.state.items) == (0, ["kept"])
        await node.send("add")
        assert node.state.items == ["kept"]


@pytest.mark.parametrize(
    ("port", "words"),
    [
        ("emit_inside", "emit after the block"),
        ("nest", "wait for itself"),
        ("twice", "changes the state once"),
    ],
)
async def test_wrong_uses_say_what_to_do(port: str, words: str) -> None:
    async with run(Sum) as node:
        with pytest.raises(StateError, match=words):
            await asyncio.wait_for(node.send(port, None), 20)
        await node.send("add_quietly")


async def test_waiting_for_the_state_ends_at_the_deadline() -> None:
    async with run(Sum) as node:
        async with node.instance.component.state.change(node.begin()) as state:
            ctx = node.begin(timeout=0.01)
            with pytest.raises(Fail) as late:
                await asyncio.create_task(node.instance.deliver(ctx, "add", {}))
            assert late.value.code == "deadline"
            state.total = 5
        assert node.state.total == 5


async def test_a_crash_is_an_error_that_says_where() -> None:
    async with run(Sum) as node:
        with pytest.raises(ComponentError, match="sum failed: RuntimeError: a fault in the component") as failure:
            await node.send("crash", None)
        assert failure.value.problem.node == "node"
        assert failure.value.problem.port == "crash"
        assert failure.value.__cause__ is not None


async def test_a_state_that_outgrows_the_resource_is_refused() -> None:
    async with run(Sum) as node:
        await node.send("keep_secret", "short")
        with pytest.raises(StateError, match="'token'") as failure:
            await node.send("keep_secret", "x" * 600_000)
        assert failure.value.code == "state_too_large"
        assert node.state.token == "short"


async def test_secrets_are_sealed_in_the_resource() -> None:
    async with run(Sum) as node:
        await node.send("keep_secret", "hunter2")
        assert "hunter2" not in str(node.resource.metadata)
        assert (await node.restart()).state.token == "hunter2"


async def test_a_secret_sealed_with_another_key_is_an_error_with_the_text_kept() -> None:
    async with run(Sum, metadata={"token": "from elsewhere", "state-version": "1", "state-epoch": "1"}) as node:
        with pytest.raises(StateError, match="not sealed"):
            await node.send("add")
        assert node.resource.metadata["token"] == "from elsewhere"


@pytest.mark.parametrize(
    ("metadata", "outcome"),
    [
        ({"grown-milliseconds": "1500", "state-schema": "2"}, 1.5),
        ({"grown-seconds": "2.5", "state-schema": "3"}, 2.5),
        ({"grown-milliseconds": "1500", "grown-seconds": "1", "state-schema": "1"}, "too old"),
        ({"grown-seconds": "1", "state-schema": "4"}, "newer module"),
    ],
)
async def test_stored_versions_are_brought_up_or_refused(metadata: dict[str, str], outcome: float | str) -> None:
    async with run(Grown, metadata={"state-version": "7", "state-epoch": "1", **metadata}) as node:
        if isinstance(outcome, float):
            assert node.state.seconds == outcome
        else:
            with pytest.raises(StateError, match=outcome):
                _ = node.state
            assert node.problems[-1].code == "state_error"


@pytest.mark.parametrize("key", ["state-version", "state-epoch", "state-ops", "sum-items"])
async def test_spoiled_metadata_is_an_error_until_it_is_mended(key: str) -> None:
    good = {"sum-total": "3", "state-version": "4", "state-epoch": "1"}
    async with run(Sum, leader=False) as node:
        node.instance.load_state(good | {key: "{"})
        with pytest.raises(StateError, match=key):
            _ = node.state
        assert node.control == {}
        node.instance.load_state(good)
        assert node.state.total == 3


async def _version(node: Node) -> int:
    return int(node.resource.metadata["state-version"])


async def test_background_work_changes_state_with_its_own_context() -> None:
    async with run(Sum) as node:
        store = node.instance.component.state
        async with store.change(node.begin()) as state:
            state.total = 4
        assert await _version(node) == 1
        with pytest.raises(StateError, match="needs the context"):
            store.change()


async def _change_while_another_replica_writes(node: Node) -> None:
    async with node.instance.component.state.change(node.begin()) as state:
        state.total = 1
        node.resource.metadata = {"sum-total": "70", "state-version": "9", "state-epoch": "1"}
        node.instance.load_state(node.resource.metadata)


async def test_a_newer_state_seen_inside_a_block_is_not_overwritten() -> None:
    async with run(Sum) as node:
        with pytest.raises(StateConflict):
            await _change_while_another_replica_writes(node)
        assert node.state.total == 70
        assert node.resource.metadata["sum-total"] == "70"


async def test_a_change_of_an_older_epoch_is_no_echo_of_ours() -> None:
    async with run(Sum) as node:
        await node.send("add")
        other = node.replica()
        await other.ready()
        await other.lead()
        node.resource.open.clear()
        sending = asyncio.create_task(other.instance.deliver(other.begin(), "add", {}))
        await settle()
        other.instance.load_state({"sum-total": "50", "state-version": "2", "state-epoch": "1"})
        with pytest.raises(StateConflict):
            await sending
        assert other.state.total == 50
        node.resource.open.set()


async def test_a_change_is_stored_even_if_its_handler_goes_on_for_long() -> None:
    async with run(Sum) as node:
        dawdling = asyncio.create_task(node.send("dawdle", operation_id="slow"))
        await settle()
        assert node.resource.metadata["sum-total"] == "1"
        await node.send("add_quietly")
        node.instance.component.gate.set()  # type: ignore[attr-defined]
        await dawdling
        assert node.emitted[0].value == {"total": 1}
        assert node.state.total == 2
        with pytest.raises(AlreadyApplied):
            await node.send("dawdle", operation_id="slow")


async def test_changes_on_their_way_are_not_overtaken_by_ones_in_memory() -> None:
    async with run(Sum) as node:
        node.resource.open.clear()
        first = asyncio.create_task(node.send("add_quietly"))
        await settle()
        await node.set(persistent=False)
        second = asyncio.create_task(node.send("add_quietly"))
        await settle()
        node.resource.open.set()
        assert await asyncio.gather(first, second) == [{"total": 1}, {"total": 2}]
        assert node.resource.metadata["sum-total"] == "2"
        await node.send("add_quietly")
        assert (node.resource.metadata["sum-total"], node.state.total) == ("2", 3)


async def test_a_delivery_that_is_tried_again_sends_the_same_operations() -> None:
    async with run(Sum) as node:
        ctx = node.begin()
        node.resource.failures.append(StateConflict("somebody was faster"))
        with pytest.raises(StateConflict):
            await node.instance.deliver(ctx, "tell_and_add", {})
        await node.instance.deliver(ctx, "tell_and_add", {})
        first, again = node.emitted
        assert first == again


@pytest.mark.parametrize(
    "edit",
    [
        {"sum-total": "57"},
        {"sum-total": "57", "state-version": "2"},
        {"sum-total": "57", "state-version": "9", "state-epoch": "0"},
        {"state-version": "many"},
        {"state-epoch": "01"},
        {"state-version": "99999999999999999"},
    ],
)
async def test_a_state_at_hand_is_not_given_up_for_one_past_the_fence(edit: dict[str, str]) -> None:
    good = {"sum-total": "3", "state-version": "4", "state-epoch": "1"}
    async with run(Sum, metadata=good, leader=False) as reader:
        assert not reader.instance.load_state(good | edit)
        assert not reader.instance.load_state({})
        assert reader.state.total == 3
        assert not reader.problems
        assert reader.instance.load_state(good | {"sum-total": "57", "state-version": "5"})
        assert reader.state.total == 57


async def test_until_a_change_is_stored_a_state_without_a_version_counts() -> None:
    async with run(Sum) as node:
        assert node.instance.load_state({"sum-total": "5"})
        assert not node.instance.load_state({"sum-total": "5"})
        assert node.instance.load_state({"sum-total": "6"})
        node.resource.metadata = {"sum-total": "6"}
        await node.send("add")
        assert not node.instance.load_state({"sum-total": "9"})
        assert node.state.total == 7


async def test_a_state_written_again_is_a_new_version_of_the_same() -> None:
    async with run(Sum) as node:
        await node.send("add")
        store = node.instance.stored_state
        assert store is not None
        node.resource.metadata |= {"sum-total": "57"}
        await store.rewrite()
        assert (node.resource.metadata["sum-total"], await _version(node)) == ("1", 2)
        assert node.state.total == 1
        await node.send("add")
        assert node.resource.metadata["sum-total"] == "2"
