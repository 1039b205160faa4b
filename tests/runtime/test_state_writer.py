"""State on its way into a store that fails in every way a network can."""

import asyncio
import itertools
import random

import pytest

from tests.runtime.a_store import Change, Lease, Store, cut
from tests.waiting import eventually
from weirflow.errors import Fail, NotLeader, StateConflict
from weirflow.kube.errors import Invalid, StorageFull
from weirflow.operations import MAX_OPERATIONS
from weirflow.runtime import state_writer
from weirflow.runtime.state_writer import StateWriter


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def lease() -> Lease:
    return Lease()


@pytest.fixture
def writer(store: Store, lease: Lease) -> StateWriter:
    slots = asyncio.Semaphore(4)
    return StateWriter(store, "n", lease, slots, seconds=2.0)  # type: ignore[arg-type]


async def test_the_first_write_finds_no_keys_to_compare_and_guards_itself(store: Store, writer: StateWriter) -> None:
    await writer.commit(Change(1))
    assert store.metadata == {"state-epoch": "1", "state-version": "1", "value": "1"}
    assert store.patches[0][0]["path"] == "/metadata/resourceVersion"


async def test_other_fields_of_the_status_and_foreign_keys_stay(store: Store, writer: StateWriter) -> None:
    store.write({"status": "OK", "metadata": {"foreign": "1"}})
    await writer.commit(Change(1))
    await writer.commit(Change(2))
    assert store.node is not None
    assert store.node["status"]["status"] == "OK"
    assert store.metadata["foreign"] == "1"
    assert [op["path"] for op in store.patches[1] if op["op"] == "test"] == [
        "/status/metadata/state-epoch",
        "/status/metadata/state-version",
    ]
    assert store.reads == 1


async def test_a_drag_of_the_node_does_not_disturb(store: Store, writer: StateWriter) -> None:
    await writer.commit(Change(1))
    assert store.node is not None
    store.write(store.node["status"])
    await writer.commit(Change(2))
    assert store.reads == 1


async def test_a_drag_during_the_very_first_write_is_met_with_another_try(store: Store, writer: StateWriter) -> None:
    store.faults = [lambda when: store.write(None) if when == "before" else None]
    await writer.commit(Change(1))
    assert store.metadata["value"] == "1"


async def test_a_program_that_is_always_faster_is_told_from_a_refusal(store: Store, writer: StateWriter) -> None:
    def overtake(when: str) -> None:
        if when == "before":
            store.write({"metadata": {"foreign": "1"}})

    def refuse(when: str) -> None:
        raise Invalid("it does not fit", status=422)

    expected = ((overtake, "state_contended", True), (refuse, "state_refused", False))
    for line, (fault, code, retryable) in enumerate(expected):
        store.faults = [fault] * 20
        with pytest.raises(Fail) as failed:
            await writer.commit(Change(1, line=line))
        assert (failed.value.code, failed.value.retryable) == (code, retryable)
    store.faults = []
    await writer.commit(Change(1, line=2))
    assert store.metadata["value"] == "1"


async def test_changes_behind_one_in_flight_share_the_next_patch(store: Store, writer: StateWriter) -> None:
    store.gate = asyncio.Event()
    commits = [asyncio.create_task(writer.commit(Change(n))) for n in range(1, 101)]
    await eventually(lambda: store.waiting)
    store.gate.set()
    await asyncio.gather(*commits)
    assert store.metadata["state-version"] == "100"
    assert len(store.patches) <= 2


async def test_no_patch_carries_more_changes_than_a_state_can_remember(store: Store, writer: StateWriter) -> None:
    store.gate = asyncio.Event()
    commits = [asyncio.create_task(writer.commit(Change(n))) for n in range(1, 1001)]
    await eventually(lambda: store.waiting)
    store.gate.set()
    await asyncio.gather(*commits)
    stored = [int(op["value"]) for patch in store.patches for op in patch if op["path"].endswith("state-version")]
    steps = [after - before for before, after in itertools.pairwise(sorted({0, *stored}))]
    assert sum(steps) == 1000
    assert max(steps) <= MAX_OPERATIONS // 2


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_patch_without_an_answer_is_applied_exactly_once(store: Store, writer: StateWriter, when: str) -> None:
    await writer.commit(Change(1))
    store.faults = [cut(when), cut(when)]
    await writer.commit(Change(2))
    await writer.commit(Change(3))
    assert len(store.patches) == 3
    assert store.metadata["state-version"] == "3"


async def test_a_newer_epoch_ends_leadership(store: Store, writer: StateWriter, lease: Lease) -> None:
    await writer.commit(Change(1))
    store.write({"metadata": Change(9, epoch=5).metadata()})
    with pytest.raises(NotLeader):
        await writer.commit(Change(2))
    assert lease.stepped_down == 5
    assert store.metadata["state-version"] == "9"


async def test_a_newer_version_asks_for_a_new_delivery(store: Store, writer: StateWriter) -> None:
    await writer.commit(Change(1))
    store.write({"metadata": Change(7).metadata()})
    with pytest.raises(StateConflict):
        await writer.commit(Change(2))
    await writer.commit(Change(8, line=1))
    assert store.metadata["state-version"] == "8"


async def test_a_change_on_one_that_failed_does_not_go_over_what_has_its_version(
    store: Store, writer: StateWriter
) -> None:
    """It was made before its maker heard of the failure, and comes when nothing is under way any more."""
    await writer.commit(Change(1))
    theirs = {**Change(2).metadata(), "value": "theirs"}
    store.write({"metadata": theirs})
    with pytest.raises(StateConflict):
        await writer.commit(Change(2))
    with pytest.raises(StateConflict):
        await writer.commit(Change(3))
    assert store.metadata == theirs
    await writer.commit(Change(3, line=1))
    assert store.metadata["value"] == "3"


async def test_what_was_refused_at_the_door_ends_its_line_as_well(
    store: Store, writer: StateWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_writer, "_MAX_PENDING", 1)
    await writer.commit(Change(1))
    store.gate = asyncio.Event()
    flying = asyncio.create_task(writer.commit(Change(2)))
    await eventually(lambda: store.waiting)
    queued = asyncio.create_task(writer.commit(Change(3)))
    await asyncio.sleep(0)
    with pytest.raises(Fail, match="send fewer at once"):
        await writer.commit(Change(4))
    store.gate.set()
    await asyncio.gather(flying, queued)
    store.write({"metadata": {**Change(4).metadata(), "value": "theirs"}})
    with pytest.raises(Fail, match="send fewer at once"):
        await writer.commit(Change(5))
    assert store.metadata["value"] == "theirs"


async def test_the_first_write_of_an_epoch_claims_the_node_with_the_state_as_it_lives(
    store: Store, writer: StateWriter, lease: Lease
) -> None:
    store.write({"metadata": Change(4, epoch=1).metadata()})
    lease.epoch = 3
    await writer.commit(Change(5, epoch=3, base_epoch=1))
    assert (store.metadata["state-epoch"], store.metadata["state-version"]) == ("3", "5")
    lease.epoch = 4
    with pytest.raises(StateConflict):
        await writer.commit(Change(5, epoch=4, base_epoch=1))


async def test_what_is_built_on_a_change_that_failed_fails_with_it(store: Store, writer: StateWriter) -> None:
    await writer.commit(Change(1))
    store.gate = asyncio.Event()
    store.write({"metadata": Change(7).metadata()})
    commits = [asyncio.create_task(writer.commit(Change(n))) for n in (2, 3, 4)]
    await eventually(lambda: store.waiting)
    store.gate.set()
    results = await asyncio.gather(*commits, return_exceptions=True)
    assert [type(result) for result in results] == [StateConflict] * 3


async def test_one_who_does_not_lead_writes_nothing(store: Store, writer: StateWriter, lease: Lease) -> None:
    lease.is_leader = False
    with pytest.raises(NotLeader, match="only leader can modify state"):
        await writer.commit(Change(1))
    lease.is_leader, lease.epoch = True, 2
    with pytest.raises(NotLeader):
        await writer.commit(Change(1, epoch=1))
    assert not store.patches


async def test_a_commit_whose_caller_is_gone_is_stored_all_the_same(store: Store, writer: StateWriter) -> None:
    store.gate = asyncio.Event()
    commit = asyncio.create_task(writer.commit(Change(1)))
    await eventually(lambda: store.waiting)
    commit.cancel()
    await asyncio.gather(commit, return_exceptions=True)
    store.gate.set()
    await writer.flush(2.0)
    assert store.metadata["value"] == "1"


async def test_a_cluster_that_stays_away_is_given_up_in_time_and_later_used_again(store: Store, lease: Lease) -> None:
    writer = StateWriter(store, "n", lease, asyncio.Semaphore(1), seconds=0.2)  # type: ignore[arg-type]
    store.faults = [cut("before")] * 100
    with pytest.raises(Fail) as failed:
        await writer.commit(Change(1))
    assert (failed.value.code, failed.value.retryable) == ("cluster_unreachable", True)
    store.faults.clear()
    await writer.commit(Change(1, line=1))
    assert store.metadata["value"] == "1"


async def test_a_full_store_is_said_at_once_and_later_used_again(store: Store, writer: StateWriter) -> None:
    store.faults = [cut("before", StorageFull("no space left"))]
    with pytest.raises(Fail, match="no space left") as failed:
        await writer.commit(Change(1))
    assert (failed.value.code, failed.value.retryable) == ("storage_full", True)
    assert len(store.faults) == 0
    await writer.commit(Change(1, line=1))
    assert store.metadata["value"] == "1"


async def test_a_deleted_node_and_a_state_too_large_are_named(
    store: Store, writer: StateWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_writer, "MAX_BYTES", 4096)
    with pytest.raises(Fail, match="KiB") as large:
        await writer.commit(Change(1, size=5000))
    assert large.value.permanent
    store.node = None
    with pytest.raises(Fail) as gone:
        await writer.commit(Change(1, line=1))
    assert gone.value.code == "node_gone"


async def test_a_random_history_of_faults_never_loses_or_doubles(store: Store, writer: StateWriter) -> None:
    """Whatever is acknowledged is stored, in order, and nothing is stored twice."""
    pick = random.Random(7)
    for version in range(1, 61):
        store.faults = [cut(pick.choice(["before", "after"])) for _ in range(pick.randrange(3))]
        await writer.commit(Change(version))
        assert store.metadata["state-version"] == str(version)
    assert len(store.patches) == 60
