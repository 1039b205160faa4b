"""Where messages for a module go: to hosts by their Leases, to modules of others by their TinyModules."""

from typing import Any

import pytest

from weirflow.errors import Fail
from weirflow.kube.peers import Peers
from weirflow.kube.resources import LABEL_HOST, LEASE, TINY_MODULE
from weirflow.kube.watching import Changed
from weirflow.runtime.directory import Directory, public_address


class World:
    """A directory and what it reads."""

    def __init__(self, *, has_nats: bool = False) -> None:
        self.now = 0.0
        self.peers = Peers(lambda: self.now)
        self.changed: list[str] = []
        self.directory = Directory(None, self.peers, self.changed.append, has_nats=has_nats)  # type: ignore[arg-type]
        self.version = 0

    def list(self, **modules: dict[str, Any]) -> "World":
        """The TinyModules there are: name (with _ for -) and status."""
        for name, status in modules.items():
            self.directory._copies.apply(Changed("ADDED", self.module(name, status)))
        self.directory._copies.synced.set()
        return self

    def module(self, name: str, status: dict[str, Any]) -> Any:
        self.version += 1
        metadata = {"name": name.replace("_", "-"), "resourceVersion": str(self.version)}
        return {**TINY_MODULE.new("", metadata=metadata), "metadata": metadata, "status": status}

    def host(self, identity: str, messages: str, *modules: str) -> "World":
        """A host says that it is there."""
        self.version += 1
        metadata = {
            "name": f"{identity}-host",
            "resourceVersion": str(self.version),
            "labels": {LABEL_HOST: "true"},
            "annotations": {"weirflow.io/messages": messages, "weirflow.io/modules": ",".join(modules)},
        }
        lease = {
            **LEASE.new(""),
            "metadata": metadata,
            "spec": {"holderIdentity": identity, "leaseDurationSeconds": 60},
        }
        self.peers.put(f"{identity}-host", lease)
        self.directory.moved()
        return self

    def refusal(self, module: str) -> Fail:
        with pytest.raises(Fail) as caught:
            self.directory.addresses(module)
        assert caught.value.retryable
        problem = self.directory.problem(module)
        assert problem == caught.value.problem
        return caught.value


OURS = {"addr": "127.0.0.1:40123", "signals": True}


def test_hosts_are_found_by_their_leases() -> None:
    world = (
        World().list(m_v1=OURS).host("a", "grpc://127.0.0.1:1", "m-v1", "n-v1").host("b", "grpc://127.0.0.1:2", "m-v1")
    )
    assert world.directory.addresses("m-v1") == ["grpc://127.0.0.1:1", "grpc://127.0.0.1:2"]
    assert world.directory.addresses("n-v1") == ["grpc://127.0.0.1:1"]
    assert world.directory.problem("m-v1") is None


def test_a_host_that_says_no_address_yet_is_no_refusal() -> None:
    world = World().list(m_v1=OURS).host("a", "", "m-v1")
    assert world.directory.addresses("m-v1") == []
    world.host("a", "grpc://127.0.0.1:1", "m-v1")
    assert world.directory.addresses("m-v1") == ["grpc://127.0.0.1:1"]


def test_before_the_modules_are_known_nothing_is_refused() -> None:
    assert World().directory.addresses("m-v1") == []


def test_nobody_there_is_named_with_what_to_do() -> None:
    world = World().list(m_v1=OURS)
    assert (world.refusal("ghost-v1").code, world.refusal("m-v1").code) == ("module_unknown", "module_down")
    assert "start a host that serves it" in str(world.refusal("ghost-v1"))
    assert "weirflow run" in str(world.refusal("m-v1"))


def test_the_address_of_a_host_that_is_gone_is_not_asked() -> None:
    world = World().list(m_v1=OURS).host("a", "grpc://127.0.0.1:1", "m-v1")
    world.now = 1000.0
    world.directory.moved()
    assert world.refusal("m-v1").code == "module_down"


def test_with_nats_the_queue_group_decides_and_hosts_without_it_come_after() -> None:
    world = World(has_nats=True).list(m_v1=OURS)
    world.host("a", "nats://weirflow.host.a", "m-v1").host("b", "grpc://127.0.0.1:2", "m-v1")
    assert world.directory.addresses("m-v1") == ["nats://tinymodule.m-v1.msg", "grpc://127.0.0.1:2"]


def test_modules_of_others_are_called_where_they_say() -> None:
    modules = {
        "go_v0": {"addr": "127.0.0.1:8483"},
        "go_v1": {"addr": "nats://tinymodule.go-v1.msg"},
        "new": {},
        "odd": {"addr": "somewhere"},
    }
    world = World(has_nats=True).list(**modules)
    assert world.directory.addresses("go-v0") == ["module://127.0.0.1:8483"]
    assert world.directory.addresses("go-v1") == ["nats://tinymodule.go-v1.msg#foreign"]
    assert world.refusal("new").code == world.refusal("odd").code == "module_down"
    world = World().list(**modules)
    assert world.refusal("go-v1").code == "nats_missing"
    assert "WEIRFLOW_NATS_URL" in str(world.refusal("go-v1"))


def test_what_changes_is_told_and_looked_up_again() -> None:
    world = World().list(m_v1=OURS, go_v0={"addr": "127.0.0.1:8483"})
    assert world.directory.addresses("go-v0") == ["module://127.0.0.1:8483"]
    world.changed.clear()
    world.directory._copies.apply(Changed("MODIFIED", world.module("go-v0", {"addr": "127.0.0.1:9999"})))
    assert world.changed == ["go-v0"]
    assert world.directory.addresses("go-v0") == ["module://127.0.0.1:9999"]
    world.peers.put("a-host", None)
    assert world.directory.moved() == frozenset()
    world.host("a", "grpc://127.0.0.1:1", "m-v1")
    assert world.directory.moved() == frozenset()
    world.peers.put("a-host", None)
    assert world.directory.moved() == frozenset({"m-v1"})


@pytest.mark.parametrize(
    ("messages", "public"),
    [
        ("grpc://127.0.0.1:40123", "127.0.0.1:40123"),
        ("nats://weirflow.host.a", "nats://tinymodule.m-v1.msg"),
        ("", ""),
    ],
)
def test_modules_of_others_read_an_address_in_their_own_form(messages: str, public: str) -> None:
    assert public_address(messages, "m-v1") == public
