"""The link's key is made anew while hosts run: they learn of it from whoever it does not fit."""

import base64
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.kube.errors import ApiError, Unavailable
from weirflow.kube.resources import LINK_SECRET, SECRET
from weirflow.runtime import link_proof, shared_key
from weirflow.runtime.link_key import read_link_key
from weirflow.runtime.shared_key import SharedKey

OLD, NEW = b"o" * 32, b"n" * 32


class Secret:
    """What the cluster says, and how often it was asked."""

    def __init__(self) -> None:
        self.key, self.reads = OLD, 0
        self.fault: ApiError | None = None

    async def read(self) -> bytes:
        self.reads += 1
        if self.fault is not None:
            raise self.fault
        return self.key


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Secret:
    monkeypatch.setattr(shared_key, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(shared_key, "_MOST_PAUSE", 0.02)
    return Secret()


async def test_it_is_read_again_when_it_is_doubted_and_only_then(secret: Secret) -> None:
    key = SharedKey(OLD, secret.read)
    secret.key = NEW
    assert key.value == OLD
    key.doubt()
    await eventually(lambda: key.value == NEW)
    assert secret.reads == 1
    await key.stop()


async def test_a_cluster_that_does_not_answer_leaves_it_as_it_is_until_the_next_doubt(secret: Secret) -> None:
    key = SharedKey(OLD, secret.read)
    secret.key, secret.fault = NEW, Unavailable("cut")
    key.doubt()
    await eventually(lambda: secret.reads == 1)
    secret.fault = None

    def doubted() -> bool:
        key.doubt()
        return key.value == NEW

    await eventually(doubted)
    await key.stop()


async def test_whoever_brings_wrong_keys_all_the_time_does_not_make_it_read_all_the_time(
    secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_key, "_FIRST_PAUSE", 60.0)
    monkeypatch.setattr(shared_key, "_MOST_PAUSE", 60.0)
    key = SharedKey(OLD, secret.read)

    def one_read() -> bool:
        key.doubt()
        return secret.reads == 1

    await eventually(one_read)
    for _ in range(100):
        key.doubt()
    await key.stop()
    assert secret.reads == 1


async def linked(one: World, key: bytes) -> bool:
    """Whether every host takes this key and shows that it has it."""
    for identity, address in (await one.replicas()).items():
        call = link_proof.call(key, identity)
        async with one.http.get(f"{address}/link/telemetry", headers={link_proof.HEADER: call.header}) as answer:
            if answer.status == 401:
                return False
    return True


@pytest.mark.server
async def test_hosts_that_run_and_hosts_that_come_later_know_each_other_by_the_new_key(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await one.counter("/visits")
        old = await read_link_key(one.cluster)
        await one.cluster.delete(SECRET, LINK_SECRET)
        one.cluster_process.kill()
        await one.cluster_process.start()
        new = await read_link_key(one.cluster)
        assert new != old
        # It counts on the leader only, which is the host that has the old key.
        port = free_port()
        await one.start_host(port=port)

        async def forwarded() -> bool:
            async with one.http.get(f"http://127.0.0.1:{port}/visits") as answer:
                return answer.status == 200

        await eventually(forwarded, 60, "a visit that the new host passes on")
        await eventually(lambda: linked(one, new), 60, "a link by the new key")
        assert not await linked(one, old)


@pytest.mark.server
async def test_a_web_process_with_the_new_key_is_let_in(alone: World) -> None:
    secret = await alone.cluster.get(SECRET, LINK_SECRET)
    await alone.cluster.delete(SECRET, LINK_SECRET)
    assert not await linked(alone, NEW)
    data = {"key": base64.b64encode(NEW).decode()}
    await alone.cluster.create(SECRET, {**secret, "metadata": {"name": LINK_SECRET}, "data": data})
    await eventually(lambda: linked(alone, NEW), 60, "a link by the new key")
