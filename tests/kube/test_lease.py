"""Leadership: taken, kept, lost, released, with an epoch that only rises."""

import asyncio
import time
from typing import Any

import pytest

from tests.kube.leases import Leases
from tests.waiting import eventually
from weirflow.kube.lease import LeaseLoop, LeaseTimes
from weirflow.kube.resources import ANNOTATION_ADDRESS, ANNOTATION_EPOCH, ANNOTATION_MESSAGES, LEASE, Object

TIMES = LeaseTimes(duration=1.0, deadline=0.5, retry=0.1)
LONG = LeaseTimes(duration=120, deadline=90, retry=30)
"""Nothing happens by the clock while a test waits."""


class OneLease(Leases):
    """One Lease, and the loops that want to hold it."""

    def __init__(self) -> None:
        super().__init__()
        self.loops: list[LeaseLoop] = []

    def loop(self, identity: str, **options: Any) -> LeaseLoop:
        options = {"address": f"http://{identity}", "messages": f"grpc://{identity}", "times": TIMES} | options
        loop = LeaseLoop(self, "m-lock", identity, **options)  # type: ignore[arg-type]
        self.watchers.append(lambda _name, lease: loop.observe(lease))
        self.loops.append(loop)
        loop.start()
        return loop

    @property
    def lease(self) -> Object:
        return self.leases["m-lock"]

    def epoch(self) -> int:
        return int(self.lease["metadata"]["annotations"][ANNOTATION_EPOCH])


@pytest.fixture
async def cluster() -> Any:
    one = OneLease()
    yield one
    one.cut = False
    for loop in one.loops:
        await loop.stop()


async def test_the_first_takes_it_and_says_where_it_is(cluster: OneLease) -> None:
    changes: list[bool] = []
    first = cluster.loop("a", on_change=changes.append)
    await eventually(lambda: first.is_leader)
    assert (first.epoch, cluster.epoch(), changes) == (1, 1, [True])
    annotations = cluster.lease["metadata"]["annotations"]
    assert (annotations[ANNOTATION_ADDRESS], annotations[ANNOTATION_MESSAGES]) == ("http://a", "grpc://a")
    assert len(cluster.lease["spec"]["renewTime"].split(".")[1]) == len("123456Z")


async def test_a_second_waits_until_it_is_released_and_then_takes_it_with_a_higher_epoch(cluster: OneLease) -> None:
    first = cluster.loop("a", times=LONG)
    await eventually(lambda: first.is_leader)
    second = cluster.loop("b", times=LONG)
    await asyncio.wait_for(second.known.wait(), 20)
    assert not second.is_leader
    await first.stop()
    await eventually(lambda: second.is_leader, what="waking at the release, before the expiry")
    assert second.epoch == 2


async def test_a_restart_under_the_same_identity_takes_it_back_at_once(cluster: OneLease) -> None:
    first = cluster.loop("a", times=LONG)
    await eventually(lambda: first.is_leader)
    assert first._task is not None
    first._task.cancel()
    again = cluster.loop("a", times=LONG)
    await eventually(lambda: again.is_leader)
    assert again.epoch == 2


async def test_one_that_cannot_renew_stops_leading_before_another_may_begin(cluster: OneLease) -> None:
    lost: list[float] = []
    clock = asyncio.get_running_loop().time
    first = cluster.loop("a", on_change=lambda leading: leading or lost.append(clock()))
    await eventually(lambda: first.is_leader)
    cluster.cut = True
    await eventually(lambda: lost)
    assert not first.is_leader
    cluster.cut = False
    first.observe(None)
    second = cluster.loop("b")
    await eventually(lambda: first.is_leader or second.is_leader)
    assert cluster.epoch() == 2
    assert not (first.is_leader and second.is_leader)


async def test_a_paused_process_reads_that_it_does_not_lead_before_its_loop_has_run(cluster: OneLease) -> None:
    first = cluster.loop("a")
    await eventually(lambda: first.is_leader)
    first._renewed_at -= TIMES.deadline
    assert not first.is_leader


async def test_it_is_given_up_when_its_work_has_died(cluster: OneLease) -> None:
    alive = True
    first = cluster.loop("a", alive=lambda: alive)
    await eventually(lambda: first.is_leader)
    alive = False
    await eventually(lambda: not cluster.lease["spec"]["holderIdentity"])
    assert not first.is_leader


async def test_a_newer_epoch_in_the_store_ends_leadership_and_is_outdone(cluster: OneLease) -> None:
    first = cluster.loop("a")
    await eventually(lambda: first.is_leader)
    first.step_down(7)
    assert not first.is_leader
    await eventually(lambda: first.is_leader)
    assert first.epoch == 8


async def test_a_deleted_lease_comes_back_at_once_with_a_higher_epoch(cluster: OneLease) -> None:
    first = cluster.loop("a", times=LeaseTimes(duration=600, deadline=400, retry=100))
    await eventually(lambda: first.is_leader)
    await cluster.delete(LEASE, "m-lock")
    await eventually(lambda: "m-lock" in cluster.leases, 60, "its return, long before the next renewal")
    await eventually(lambda: first.is_leader)
    assert first.epoch == 2


async def test_a_renewal_whose_answer_is_lost_costs_no_leadership(cluster: OneLease) -> None:
    changes: list[bool] = []
    first = cluster.loop("a", on_change=changes.append)
    await eventually(lambda: first.is_leader)
    cluster.lost_answers = 1
    version = cluster.lease["metadata"]["resourceVersion"]
    await eventually(lambda: not cluster.lost_answers)
    # Renewed twice since: by the one without an answer, and by one that knows its version.
    await eventually(lambda: int(cluster.lease["metadata"]["resourceVersion"]) >= int(version) + 2)
    await eventually(lambda: first._renewed_at > time.monotonic() - TIMES.renew)
    assert (changes, cluster.epoch()) == ([True], 1)


async def test_a_holder_that_is_well_asks_for_nothing_but_its_renewals(cluster: OneLease) -> None:
    first = cluster.loop("a")
    second = cluster.loop("b")
    await eventually(lambda: first.known.is_set() and second.known.is_set())
    cluster.asked.clear()
    await eventually(lambda: len(cluster.asked) >= 4)
    assert set(cluster.asked) == {"patch m-lock"}


async def test_of_many_only_one_leads_at_any_time(cluster: OneLease) -> None:
    loops = [cluster.loop(f"h{n}") for n in range(5)]
    epochs: list[int] = []
    for _ in range(3):
        leader = await eventually(lambda: next((loop for loop in loops if loop.is_leader), None))
        assert sum(loop.is_leader for loop in loops) == 1
        epochs.append(leader.epoch)
        await leader.stop()
        loops.remove(leader)
    assert epochs == sorted(set(epochs))


@pytest.mark.parametrize("nonsense", ["", "-3", "many", "٣", "9" * 5000, str(2**53 - 1)], ids=lambda text: text[:6])
async def test_an_epoch_that_nobody_counted_to_does_not_stand_in_the_way(cluster: OneLease, nonsense: str) -> None:
    first = cluster.loop("a")
    await eventually(lambda: first.is_leader)
    edit = {"metadata": {"annotations": {ANNOTATION_EPOCH: nonsense}}}
    await cluster.patch(LEASE, "m-lock", edit)
    annotations = lambda: cluster.lease["metadata"]["annotations"]  # noqa: E731
    await eventually(lambda: first.is_leader and annotations()[ANNOTATION_EPOCH] == str(first.epoch))
    await first.stop()
    await cluster.patch(LEASE, "m-lock", edit)
    second = cluster.loop("b")
    await eventually(lambda: second.is_leader)
    assert 0 < first.epoch < 4
    assert 0 < second.epoch < 4


async def test_an_edited_address_or_term_is_put_right_with_the_next_renewal(cluster: OneLease) -> None:
    changes: list[bool] = []
    first = cluster.loop("a", on_change=changes.append)
    await eventually(lambda: first.is_leader)
    edit = {
        "metadata": {"annotations": {ANNOTATION_MESSAGES: "grpc://nobody", ANNOTATION_EPOCH: "garbage"}},
        "spec": {"leaseDurationSeconds": 10**9},
    }
    await cluster.patch(LEASE, "m-lock", edit)
    await eventually(lambda: cluster.lease["spec"]["leaseDurationSeconds"] == 1)
    assert cluster.lease["metadata"]["annotations"][ANNOTATION_MESSAGES] == "grpc://a"
    assert (changes, cluster.epoch()) == ([True], 1)


async def test_a_stranger_that_never_renews_is_waited_for_only_so_long(cluster: OneLease) -> None:
    spec = {"holderIdentity": "stranger", "leaseDurationSeconds": 10**9}
    await cluster.create(LEASE, LEASE.new("m-lock", metadata={}, spec=spec))
    first = cluster.loop("a")
    await eventually(lambda: first.is_leader)
