"""What a writer finds of others' doings, and what it does about them."""

import asyncio
import copy

import pytest

from tests.runtime.a_store import Change, Lease, Store, cut
from weirflow.errors import Fail, NotLeader, StateConflict
from weirflow.kube.resources import Object, Resource
from weirflow.runtime.state_guard import Finding, StateGuard, Verdict
from weirflow.runtime.state_writer import StateWriter


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def lease() -> Lease:
    return Lease()


class Told:
    """What a writer finds of others' doings."""

    def __init__(self, store: Store, lease: Lease) -> None:
        self.found: list[tuple[Verdict, dict[str, str] | None]] = []
        self.guard = StateGuard(lambda key: key != "foreign")
        self.writer = StateWriter(
            store, "n", lease, asyncio.Semaphore(4), seconds=2.0, uid="u", guard=self.guard, found=self._found  # type: ignore[arg-type]
        )  # fmt: skip

    def _found(
        self, finding: Finding, metadata: dict[str, str], refused: dict[str, str] | None, /, *, live: bool
    ) -> None:
        self.found.append((finding.verdict, refused))


@pytest.fixture
def told(store: Store, lease: Lease) -> Told:
    store.node = {"metadata": {"resourceVersion": "1", "uid": "u"}}
    return Told(store, lease)


async def test_a_change_that_a_foreign_version_keeps_out_is_told_with_its_texts(store: Store, told: Told) -> None:
    await told.writer.commit(Change(1))
    store.write({"metadata": Change(7).metadata()})
    with pytest.raises(StateConflict):
        await told.writer.commit(Change(2))
    assert told.found == [(Verdict.ADVANCED, Change(2).metadata())]


async def test_a_change_that_a_newer_epoch_keeps_out_is_told_too(store: Store, told: Told) -> None:
    await told.writer.commit(Change(1))
    store.write({"metadata": Change(9, epoch=5).metadata()})
    with pytest.raises(NotLeader):
        await told.writer.commit(Change(2))
    assert told.found == [(Verdict.OUTRANKED, Change(2).metadata())]


async def test_a_handover_in_the_middle_is_no_alarm(store: Store, told: Told, lease: Lease) -> None:
    """The last write of the leader before lands after we have taken over, and before our first."""
    lease.epoch = 3
    told.guard.adopted(Change(4).metadata())
    store.write({"metadata": Change(5).metadata()})
    with pytest.raises(StateConflict):
        await told.writer.commit(Change(5, epoch=3, base_epoch=1))
    told.guard.adopted(Change(5).metadata(), live=True)
    await told.writer.commit(Change(6, epoch=3, base_epoch=1, line=1))
    assert told.found == [(Verdict.HANDED_OVER, None)]


async def test_a_reading_that_the_watch_has_overtaken_is_no_damage(store: Store, told: Told, lease: Lease) -> None:
    """The answer was sent before the last write of the leader before; the watch showed that first."""
    lease.epoch = 3
    told.guard.adopted(Change(4).metadata())
    store.write({"metadata": Change(4).metadata()})
    late = copy.deepcopy(store.node)
    answer = store.get

    async def overtaken(resource: Resource, name: str) -> Object:
        if store.reads:
            return await answer(resource, name)
        store.reads += 1
        store.write({"metadata": Change(5).metadata()})
        told.guard.adopted(Change(5).metadata())
        assert late is not None
        return late

    store.get = overtaken  # type: ignore[method-assign]
    await told.writer.commit(Change(6, epoch=3, base_epoch=1))
    assert told.found == []
    assert store.metadata == Change(6, epoch=3).metadata()


async def test_what_is_older_than_a_change_was_built_on_is_written_over(store: Store, told: Told) -> None:
    """The state of version 3 was taken up behind a write that was given up: only the change knows."""
    await told.writer.commit(Change(1))
    await told.writer.commit(Change(4))
    assert [verdict for verdict, _ in told.found] == [Verdict.DAMAGED]
    assert store.metadata == Change(4).metadata()


@pytest.mark.parametrize("key", ["state-version", "state-epoch", "value"])
@pytest.mark.parametrize("text", [None, "many", "0"])
async def test_what_is_damaged_is_written_over_and_all_of_it(
    store: Store, told: Told, key: str, text: str | None
) -> None:
    await told.writer.commit(Change(1))
    damaged = {**store.metadata, "foreign": "kept", key: text}
    store.write({"metadata": {name: value for name, value in damaged.items() if value is not None}})
    told.writer.forget()
    await told.writer.commit(Change(2))
    assert store.metadata == {**Change(2).metadata(), "foreign": "kept"}


async def test_a_node_made_anew_under_the_same_name_gets_nothing(store: Store, told: Told) -> None:
    await told.writer.commit(Change(1))
    store.node = {"metadata": {"resourceVersion": "9", "uid": "another"}}
    with pytest.raises(Fail) as gone:
        await told.writer.commit(Change(2))
    assert gone.value.code == "node_gone"
    assert "status" not in store.node


async def test_a_write_without_an_answer_that_lands_after_all_is_no_foreign_one(
    store: Store, told: Told, lease: Lease
) -> None:
    told.writer._seconds = 0.2
    await told.writer.commit(Change(1))
    store.faults = [cut("after"), *[cut("before")] * 100]
    store.reads_fail = True
    with pytest.raises(Fail, match="could not be stored"):
        await told.writer.commit(Change(2))
    finding = told.guard.judge(store.metadata, "u", 1)
    assert finding is not None
    assert finding.verdict is Verdict.HANDED_OVER
