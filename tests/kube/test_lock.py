"""A lock on a Lease: one holder, a rising token, given back, taken over, lost in time."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.kube.leases import Leases
from tests.waiting import eventually
from weirflow.kube.client import WatchEvent
from weirflow.kube.errors import Unavailable
from weirflow.kube.lock import Grant, LeaseLock, LockTimes, NotAcquired, Sightings
from weirflow.kube.resources import ANNOTATION_LOCK_TOKEN, LEASE, Object, Resource

TIMES = LockTimes(duration=1.0, deadline=0.5, renew=0.1)


class Watched(Leases):
    """A cluster whose Leases can be watched one by one, and whose answers can get lost."""

    def __init__(self) -> None:
        super().__init__()
        self.lose_answers = 0
        self.hang: asyncio.Event | None = None

    async def create(self, resource: Resource, obj: Object) -> Object:
        return await self._maybe_lost(await super().create(resource, obj))

    async def patch(self, resource: Resource, name: str, patch: Object) -> Object:
        return await self._maybe_lost(await super().patch(resource, name, patch))

    async def watch(
        self, resource: Resource, *, resource_version: str, field_selector: str, **_: Any
    ) -> AsyncIterator[WatchEvent]:
        name = field_selector.removeprefix("metadata.name=")
        changes: asyncio.Queue[Object | None] = asyncio.Queue()
        watcher = lambda changed, lease: changes.put_nowait(lease) if changed == name else None  # noqa: E731
        self.watchers.append(watcher)
        try:
            now = self.leases.get(name)
            if now is None or now["metadata"]["resourceVersion"] != resource_version:
                changes.put_nowait(now)
            while True:
                lease = await changes.get()
                yield WatchEvent("MODIFIED" if lease else "DELETED", lease or {})
        finally:
            self.watchers.remove(watcher)

    async def _maybe_lost(self, answer: Object) -> Object:
        if self.hang is not None:
            await self.hang.wait()
        if self.lose_answers:
            self.lose_answers -= 1
            raise Unavailable("no answer")
        return answer


@pytest.fixture
def cluster() -> Watched:
    return Watched()


_made = 0


def lock(cluster: Watched, holder: str = "", **options: Any) -> LeaseLock:
    global _made
    _made += 1
    return LeaseLock(cluster, "lock-x", holder or f"h{_made}", times=TIMES, **options)  # type: ignore[arg-type]


def holder(cluster: Watched) -> str:
    return str(cluster.leases["lock-x"]["spec"].get("holderIdentity"))


async def silence(grant: Grant) -> None:
    """The holder dies: nothing of it happens any more."""
    grant._task.cancel()
    await asyncio.wait([grant._task])


async def test_one_holds_it_and_the_next_gets_it_with_a_higher_token_when_it_is_released(cluster: Watched) -> None:
    first = await lock(cluster).acquire(0)
    waiting = asyncio.create_task(lock(cluster).acquire(5))
    with pytest.raises(NotAcquired, match="held by"):
        await lock(cluster).acquire(0.05)
    asked = len(cluster.asked)
    await asyncio.sleep(0)
    assert not waiting.done()
    await first.release()
    second = await waiting
    assert second.token > first.token
    assert first.lost.done()
    assert not first.is_held
    assert second.is_held
    # Those who wait are woken, they do not ask again and again.
    assert len(cluster.asked) < asked + 12
    await second.release()


async def test_a_holder_that_dies_is_waited_out(cluster: Watched) -> None:
    dead = await lock(cluster).acquire(0)
    await silence(dead)
    second = await lock(cluster).acquire(5)
    assert second.token > dead.token
    # By its own clock the first has lost it before anybody else could have it.
    assert dead.lost.result() == "not renewed within 0.5 s"
    await second.release()


async def test_several_short_attempts_add_up_to_the_silence_of_a_dead_holder(cluster: Watched) -> None:
    await silence(await lock(cluster).acquire(0))
    sightings = Sightings()
    grants: list[Grant] = []
    for _ in range(40):
        try:
            grants.append(await lock(cluster, sightings=sightings).acquire(0.1))
        except NotAcquired:
            continue
        break
    assert grants
    await grants[0].release()


async def test_a_holder_known_to_have_died_need_not_be_waited_out(cluster: Watched) -> None:
    await silence(await lock(cluster, "host-0_old_1").acquire(0))
    grant = await lock(cluster, is_gone=lambda name: name.startswith("host-0_old")).acquire(0)
    await grant.release()


async def test_a_held_lock_is_renewed_and_stays_held(cluster: Watched) -> None:
    grant = await lock(cluster).acquire(0)
    renewed = cluster.leases["lock-x"]["spec"]["renewTime"]
    await eventually(lambda: cluster.leases["lock-x"]["spec"]["renewTime"] > renewed)
    rival = asyncio.create_task(lock(cluster).acquire(1.6))
    with pytest.raises(NotAcquired):
        await rival
    assert grant.is_held
    await grant.release()


async def test_a_holder_that_is_cut_off_loses_it_before_others_can_have_it(cluster: Watched) -> None:
    grant = await lock(cluster).acquire(0)
    cluster.cut = True
    assert await asyncio.wait_for(asyncio.shield(grant.lost), 30) == "not renewed within 0.5 s"
    assert not grant.is_held
    cluster.cut = False
    with pytest.raises(NotAcquired):
        await lock(cluster).acquire(0)


async def test_a_release_goes_through_though_a_renewal_was_under_way(cluster: Watched) -> None:
    grant = await lock(cluster).acquire(0)
    cluster.hang = asyncio.Event()
    renewed = cluster.leases["lock-x"]["spec"]["renewTime"]
    await eventually(lambda: cluster.leases["lock-x"]["spec"]["renewTime"] > renewed)
    releasing = asyncio.create_task(grant.release())
    await asyncio.sleep(0)
    cluster.hang.set()
    await releasing
    assert holder(cluster) == ""


async def test_a_renewal_that_hangs_does_not_keep_it(cluster: Watched) -> None:
    grant = await lock(cluster).acquire(0)
    cluster.hang = asyncio.Event()
    await asyncio.wait_for(asyncio.shield(grant.lost), 30)
    cluster.hang.set()
    await grant.release()


@pytest.mark.parametrize("what", ["deleted", "taken"])
async def test_a_lease_that_somebody_else_has_changed_is_lost(cluster: Watched, what: str) -> None:
    grant = await lock(cluster).acquire(0)
    if what == "deleted":
        await cluster.delete(None, "lock-x")  # type: ignore[arg-type]
    else:
        await cluster.patch(None, "lock-x", {"metadata": {}, "spec": {"holderIdentity": "thief"}})  # type: ignore[arg-type]
    reason = await asyncio.wait_for(asyncio.shield(grant.lost), 30)
    assert ("deleted" if what == "deleted" else "thief") in reason
    await grant.release()


async def test_a_note_on_the_lease_does_no_harm(cluster: Watched) -> None:
    grant = await lock(cluster).acquire(0)
    renewed = cluster.leases["lock-x"]["spec"]["renewTime"]
    await cluster.patch(None, "lock-x", {"metadata": {"annotations": {"note": "x"}}})  # type: ignore[arg-type]
    await eventually(lambda: cluster.leases["lock-x"]["spec"]["renewTime"] > renewed)
    assert grant.is_held
    await grant.release()


async def test_a_lease_that_was_deleted_goes_on_above_its_old_tokens(cluster: Watched) -> None:
    first = await lock(cluster).acquire(0)
    await first.release()
    await cluster.delete(None, "lock-x")  # type: ignore[arg-type]
    second = await lock(cluster).acquire(0)
    assert second.token > first.token
    await second.release()
    third = await lock(cluster).acquire(0)
    assert third.token > second.token
    await third.release()


@pytest.mark.parametrize("nonsense", ["", "many", "-1", "9" * 5000], ids=lambda text: text[:4])
async def test_a_token_that_cannot_be_read_is_followed_by_a_higher_one(cluster: Watched, nonsense: str) -> None:
    first = await lock(cluster).acquire(0)
    await first.release()
    await cluster.patch(LEASE, "lock-x", {"metadata": {"annotations": {ANNOTATION_LOCK_TOKEN: nonsense}}})
    second = await lock(cluster).acquire(0)
    assert second.token > first.token
    await second.release()


@pytest.mark.parametrize("exists", [False, True])
async def test_an_answer_that_got_lost_does_not_lock_us_out(cluster: Watched, exists: bool) -> None:
    if exists:
        await (await lock(cluster).acquire(0)).release()
    cluster.lose_answers = 1
    grant = await lock(cluster).acquire(2)
    assert grant.is_held
    await grant.release()


async def test_who_gives_up_leaves_nothing_behind(cluster: Watched) -> None:
    cluster.hang = asyncio.Event()
    waiting = asyncio.create_task(lock(cluster).acquire(5))
    await eventually(lambda: "lock-x" in cluster.leases)
    waiting.cancel()
    cluster.hang.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert holder(cluster) == ""


async def test_many_who_want_it_get_it_one_by_one(cluster: Watched) -> None:
    inside = most = 0
    tokens: list[int] = []

    async def work() -> None:
        nonlocal inside, most
        grant = await lock(cluster).acquire(20)
        inside += 1
        most = max(most, inside)
        tokens.append(grant.token)
        await asyncio.sleep(0)
        inside -= 1
        await grant.release()

    await asyncio.gather(*(work() for _ in range(12)))
    assert most == 1
    assert tokens == sorted(set(tokens))
