"""Which modules editors are told of: what starts again does not blink, what a person stopped goes soon."""

from typing import Any

from editor.cluster.modules import Modules
from editor.cluster.served import AWAY_SECONDS, BY_HAND_SECONDS, Served
from weirflow.kube.lease import LeaseTimes
from weirflow.kube.peers import GRACE, Peers
from weirflow.kube.presence import BY_HAND
from weirflow.kube.resources import ANNOTATION_BY_HAND, ANNOTATION_MODULES, LABEL_HOST, TINY_MODULE


class Cluster:
    """Leases and TinyModules of two modules, one of them run by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self._version = 0
        self.peers, self.modules = Peers(lambda: self.now), Modules()
        self.served = Served(self.peers, self.modules.is_by_hand, lambda: self.now)
        for name, marks in {"common-v1": {}, "stats-v1": {ANNOTATION_BY_HAND: "true"}}.items():
            self.modules.put(name, TINY_MODULE.new(name, metadata={"annotations": marks}))

    def serve(self, module: str, host: str, seconds: float = 60.0) -> None:
        self._lease(f"{module}-lock", host, 15.0, {}, {})
        self._lease(f"{host}-host", host, seconds, {LABEL_HOST: "true"}, {ANNOTATION_MODULES: module})

    def stop(self, module: str, host: str) -> None:
        self.peers.put(f"{module}-lock", None)
        self.peers.put(f"{host}-host", None)

    def _lease(self, name: str, host: str, seconds: float, labels: dict[str, str], notes: dict[str, str]) -> None:
        self._version += 1
        metadata = {"name": name, "resourceVersion": str(self._version), "labels": labels, "annotations": notes}
        spec: dict[str, Any] = {"holderIdentity": host, "leaseDurationSeconds": seconds}
        self.peers.put(name, {"metadata": metadata, "spec": spec})


def test_a_module_is_there_as_soon_as_it_is_served() -> None:
    cluster = Cluster()
    assert cluster.served.names() == set()
    cluster.serve("stats-v1", "laptop-0")
    assert cluster.served.names() == {"stats-v1"}
    assert cluster.served.next_ends is None


def test_a_restart_of_the_products_host_is_not_seen() -> None:
    cluster = Cluster()
    cluster.serve("common-v1", "machine-0")
    cluster.served.names()
    cluster.now += 2
    cluster.stop("common-v1", "machine-0")
    assert cluster.served.names() == {"common-v1"}
    cluster.now += AWAY_SECONDS - 1
    assert cluster.served.names() == {"common-v1"}
    cluster.serve("common-v1", "machine-0")
    cluster.now += AWAY_SECONDS - 1
    assert cluster.served.names() == {"common-v1"}


def test_what_stays_away_is_gone_and_sooner_what_a_person_ran() -> None:
    cluster = Cluster()
    cluster.serve("common-v1", "machine-0")
    cluster.serve("stats-v1", "laptop-0")
    cluster.served.names()
    cluster.stop("common-v1", "machine-0")
    cluster.stop("stats-v1", "laptop-0")
    cluster.served.names()
    cluster.now += 1
    assert cluster.served.names() == {"common-v1", "stats-v1"}
    assert cluster.served.next_ends == BY_HAND_SECONDS - 1
    cluster.now += BY_HAND_SECONDS
    assert cluster.served.names() == {"common-v1"}
    assert cluster.served.next_ends == AWAY_SECONDS - BY_HAND_SECONDS - 1
    cluster.now += AWAY_SECONDS
    assert cluster.served.names() == set()


def test_a_module_whose_host_was_killed_goes_with_its_presence() -> None:
    cluster = Cluster()
    cluster.serve("stats-v1", "laptop-0", BY_HAND.duration)
    cluster.now += BY_HAND.duration + GRACE - 0.1
    assert cluster.served.names() == {"stats-v1"}
    cluster.now += 0.2
    assert cluster.served.names() == set()
    assert cluster.served.next_ends is None
    assert cluster.peers.available() == {"stats-v1"}, "its Lease is not waited for"


def test_a_host_of_the_product_that_was_killed_goes_with_its_lease() -> None:
    cluster = Cluster()
    cluster.serve("common-v1", "machine-0")
    cluster.now += LeaseTimes().duration + GRACE - 0.1
    assert cluster.served.names() == {"common-v1"}
    cluster.now += 0.2
    assert cluster.served.names() == set()


def test_who_died_long_ago_does_not_have_the_restart_of_another_seen() -> None:
    cluster = Cluster()
    cluster.serve("stats-v1", "laptop-9", BY_HAND.duration)
    cluster.now += BY_HAND.duration + GRACE + 1
    cluster.serve("stats-v1", "laptop-0", BY_HAND.duration)
    assert cluster.served.names() == {"stats-v1"}
    # As a host stops: it is found no more, and then gives back what it leads.
    cluster.peers.put("laptop-0-host", None)
    assert cluster.served.names() == {"stats-v1"}
    cluster.peers.put("stats-v1-lock", None)
    cluster.now += BY_HAND_SECONDS - 1
    assert cluster.served.names() == {"stats-v1"}


def test_of_two_who_serve_it_one_is_enough() -> None:
    cluster = Cluster()
    cluster.serve("stats-v1", "laptop-0", BY_HAND.duration)
    cluster.serve("stats-v1", "laptop-1", BY_HAND.duration)
    cluster.peers.put("laptop-0-host", None)
    cluster.now += BY_HAND_SECONDS + 0.1
    assert cluster.served.names() == {"stats-v1"}


def test_while_the_cluster_is_not_seen_nobody_goes() -> None:
    cluster = Cluster()
    cluster.serve("stats-v1", "laptop-0", BY_HAND.duration)
    cluster.peers.blinded()
    cluster.now += 600
    assert cluster.served.names() == {"stats-v1"}
