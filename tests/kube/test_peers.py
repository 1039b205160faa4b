"""Who leads and who serves, as far as Leases tell, whatever the clocks of others say."""

from typing import Any

import pytest

from weirflow.kube.peers import GRACE, Peer, Peers, keep_lease
from weirflow.kube.resources import LABEL_HOST, LEASE, Object


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Watched:
    """Peers, and the Leases they are fed with."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.peers = Peers(self.clock)
        self._version = 0

    def lease(self, name: str, holder: str, **options: Any) -> Object:
        self._version += 1
        seconds = options.pop("seconds", 15)
        annotations = {f"weirflow.io/{key}": text for key, text in options.items()}
        labels = {LABEL_HOST: "true"} if name.endswith("-host") else {}
        metadata = {"uid": f"u-{name}", "resourceVersion": str(self._version), "annotations": annotations}
        spec = {"holderIdentity": holder, "leaseDurationSeconds": seconds, "renewTime": "1970-01-01T00:00:00.000000Z"}
        return LEASE.new(name, metadata={**metadata, "labels": labels}, spec=spec)

    def leads(self, module: str, holder: str, epoch: int = 1, **options: Any) -> bool:
        options = {"address": f"http://{holder}", "messages": f"grpc://{holder}", "epoch": str(epoch), **options}
        return self.peers.put(f"{module}-lock", self.lease(f"{module}-lock", holder, **options))

    def serves(self, identity: str, *modules: str, **options: Any) -> bool:
        options = {"address": f"http://{identity}", "messages": f"grpc://{identity}", **options}
        name = f"{identity}-host"
        return self.peers.put(name, self.lease(name, identity, seconds=60, modules=",".join(modules), **options))


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_the_leader_is_who_holds_the_lease_and_says_where_it_is(watched: Watched) -> None:
    assert watched.leads("common-v1", "a", 3)
    watched.serves("a", "common-v1", "http-v1", pod="a-pod:40001")
    assert watched.peers.leader("common-v1") == Peer(
        "a", "http://a", "grpc://a", "a-pod:40001", frozenset({"common-v1", "http-v1"}), 3
    )
    assert watched.peers.leader("http-v1") is None
    assert watched.peers.available() == {"common-v1"}


def test_nonsense_for_an_epoch_reads_as_none(watched: Watched) -> None:
    for nonsense in ("", "-1", "many", "9" * 5000):
        watched.leads("common-v1", "a", nonsense)  # type: ignore[arg-type]
        leader = watched.peers.leader("common-v1")
        assert leader is not None
        assert leader.epoch == 0


def test_a_leader_without_a_presence_is_one_all_the_same(watched: Watched) -> None:
    watched.leads("common-v1", "a", 3)
    assert watched.peers.leader("common-v1") == Peer(
        "a", "http://a", "grpc://a", modules=frozenset({"common-v1"}), epoch=3
    )


def test_a_lease_given_back_or_deleted_has_no_leader(watched: Watched) -> None:
    watched.leads("common-v1", "a")
    assert watched.leads("common-v1", "")
    assert watched.peers.leader("common-v1") is None
    watched.leads("common-v1", "b", 2)
    assert watched.peers.put("common-v1-lock", None)
    assert watched.peers.available() == set()


def test_replicas_are_all_hosts_that_serve_the_module(watched: Watched) -> None:
    watched.serves("c", "common-v1")
    watched.serves("a", "common-v1", "http-v1")
    watched.serves("b", "http-v1")
    assert [peer.identity for peer in watched.peers.hosts()] == ["a", "b", "c"]
    assert [peer.identity for peer in watched.peers.replicas("common-v1")] == ["a", "c"]
    assert watched.peers.replicas("data-v1") == []
    assert watched.peers.put("a-host", None)
    assert [peer.identity for peer in watched.peers.replicas("common-v1")] == ["c"]


def test_a_renewal_says_nothing_new_and_keeps_the_lease_alive(watched: Watched) -> None:
    watched.leads("common-v1", "a")
    watched.clock.now += 15
    assert not watched.leads("common-v1", "a")
    watched.clock.now += 15
    assert watched.peers.leader("common-v1")


def test_a_lease_that_is_not_renewed_ends_after_its_duration_and_some_grace(watched: Watched) -> None:
    watched.leads("common-v1", "a")
    watched.serves("a", "common-v1")
    watched.clock.now += 15 + GRACE
    assert watched.peers.available() == {"common-v1"}
    watched.clock.now += 0.1
    assert watched.peers.available() == set()
    assert watched.peers.leader("common-v1") is None
    watched.clock.now += 45
    assert watched.peers.hosts() == []
    assert watched.leads("common-v1", "a"), "that it is back is news"


def test_a_lease_listed_again_unchanged_is_not_alive_for_that(watched: Watched) -> None:
    lease = watched.lease("common-v1-lock", "a", epoch="1")
    watched.peers.put("common-v1-lock", lease)
    watched.clock.now += 16 + GRACE
    assert not watched.peers.put("common-v1-lock", lease)
    assert watched.peers.leader("common-v1") is None


def test_while_nothing_can_be_seen_nothing_ends(watched: Watched) -> None:
    watched.leads("common-v1", "a")
    watched.serves("a", "common-v1")
    watched.peers.blinded()
    watched.clock.now += 1000
    assert watched.peers.leader("common-v1")
    assert watched.peers.replicas("common-v1")
    watched.peers.sighted()
    assert watched.peers.leader("common-v1"), "those who could not renew are given time to"
    watched.peers.sighted()
    watched.clock.now += 61 + GRACE
    assert watched.peers.available() == set()
    assert watched.peers.hosts() == []


def test_hosts_that_have_been_gone_for_long_are_named_with_their_uid(watched: Watched) -> None:
    watched.serves("a", "common-v1")
    watched.clock.now += 600 + 60 + GRACE
    watched.serves("b", "common-v1")
    assert watched.peers.gone(600) == []
    watched.clock.now += 1
    assert watched.peers.gone(600) == [("a-host", "u-a-host")]


def test_leases_of_others_are_none_of_ours(watched: Watched) -> None:
    other = LEASE.new("some-operator", metadata={"resourceVersion": "1"}, spec={"holderIdentity": "x"})
    assert keep_lease(other) is None
    assert keep_lease(watched.lease("common-v1-lock", "a")) is not None
    assert keep_lease(watched.lease("a-host", "a")) is not None
    assert not watched.peers.put("some-operator", other)
    assert watched.peers.hosts() == []
