"""A host is seen while it runs, and forgotten when it has gone."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.kube.leases import Leases
from tests.waiting import eventually
from weirflow.kube.peers import GRACE, Peer, Peers
from weirflow.kube.presence import REMOVE_AFTER, Presence, PresenceTimes, remove_gone
from weirflow.kube.resources import LABEL_HOST

TIMES = PresenceTimes(duration=0.4, renew=0.1)


class Room:
    """Hosts and what a watcher makes of them."""

    def __init__(self) -> None:
        self.cluster = Leases()
        self.now = 0.0
        self.peers = Peers(lambda: self.now)
        self.cluster.watchers.append(lambda name, lease: self.peers.put(name, lease))
        self.started: list[Presence] = []

    async def enter(self, identity: str) -> Presence:
        presence = Presence(
            self.cluster,  # type: ignore[arg-type]
            identity,
            modules=["common-v1", "http-v1"],
            address=f"http://{identity}",
            messages=f"grpc://{identity}",
            times=TIMES,
        )
        presence.start()
        self.started.append(presence)
        await asyncio.wait_for(presence.announced.wait(), 30)
        return presence


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    one = Room()
    yield one
    for presence in one.started:
        await presence.stop()


async def test_it_says_what_it_serves_and_where(room: Room) -> None:
    await room.enter("a")
    assert room.peers.hosts() == [
        Peer("a", "http://a", "grpc://a", modules=frozenset({"common-v1", "http-v1"})),
    ]
    lease = room.cluster.leases["a-host"]
    assert lease["metadata"]["labels"] == {LABEL_HOST: "true"}
    assert len(lease["spec"]["renewTime"].split(".")[1]) == len("123456Z")


async def test_it_is_renewed_by_one_patch_each_time(room: Room) -> None:
    await room.enter("a")
    await eventually(lambda: len(room.cluster.asked) >= 4)
    assert set(room.cluster.asked[1:]) == {"patch a-host"}


async def test_a_clean_stop_is_seen_at_once(room: Room) -> None:
    presence = await room.enter("a")
    await presence.stop()
    assert room.peers.hosts() == []
    assert room.cluster.leases == {}


async def test_a_restart_takes_over_what_the_killed_one_left(room: Room) -> None:
    first = await room.enter("a")
    assert first._task is not None
    first._task.cancel()
    await room.enter("a")
    assert [peer.identity for peer in room.peers.hosts()] == ["a"]


async def test_a_presence_that_somebody_deleted_comes_back(room: Room) -> None:
    await room.enter("a")
    await room.cluster.delete(None, "a-host")  # type: ignore[arg-type]
    assert await eventually(room.peers.hosts)


async def test_a_cluster_that_is_away_is_waited_for(room: Room) -> None:
    await room.enter("a")
    room.cluster.cut = True
    before = room.cluster.leases["a-host"]["metadata"]["resourceVersion"]
    asked = len(room.cluster.asked)
    await eventually(lambda: len(room.cluster.asked) >= asked + 3)
    room.cluster.cut = False
    await eventually(lambda: room.cluster.leases["a-host"]["metadata"]["resourceVersion"] != before)


async def test_what_a_killed_host_left_is_removed_in_the_end(room: Room) -> None:
    presence = await room.enter("a")
    assert presence._task is not None
    presence._task.cancel()
    room.now += REMOVE_AFTER + GRACE + 0.9
    await remove_gone(room.cluster, room.peers)  # type: ignore[arg-type]
    assert "a-host" in room.cluster.leases
    room.now += 0.2
    await remove_gone(room.cluster, room.peers)  # type: ignore[arg-type]
    assert room.cluster.leases == {}
