"""What was acknowledged is there after a kill, and what could not be stored was not acknowledged."""

from __future__ import annotations

import asyncio
import http.client
import resource
import threading
from pathlib import Path

import pytest

from tests.embedded.process import NODES, ClusterProcess, node
from weirflow.embedded import EmbeddedCluster
from weirflow.embedded.store import Store

MERGE = "application/merge-patch+json"
WRITERS = 6


class Load(threading.Thread):
    """Writes a counter into one node's status until the server goes away; keeps what was acknowledged."""

    def __init__(self, process: ClusterProcess, name: str, enough: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.process, self.node_name, self.enough = process, name, enough
        self.acknowledged, self.sent, self.version = 0, 0, 0

    def run(self) -> None:
        connection = self.process.connect()
        try:
            while True:
                self.sent += 1
                body = {"status": {"metadata": {"counter-value": str(self.sent)}}}
                path = f"{NODES}/{self.node_name}/status"
                status, answer = self.process.call("PATCH", path, body, "admin", MERGE, connection)
                assert status == 200, answer
                self.acknowledged, self.version = self.sent, int(answer["metadata"]["resourceVersion"])
                if self.acknowledged == 50:
                    self.enough.wait(20)
        except (OSError, http.client.HTTPException):
            connection.close()


@pytest.mark.server
def test_every_acknowledged_write_survives_kill_9(tmp_path: Path) -> None:
    process = ClusterProcess(tmp_path / "home")
    process.start()
    enough = threading.Barrier(WRITERS + 1)
    loads = [Load(process, f"p.m.c-{number}", enough) for number in range(WRITERS)]
    for load in loads:
        assert process.call("POST", NODES, node(load.node_name))[0] == 201
        load.start()
    enough.wait(20)
    process.kill()
    for load in loads:
        load.join(20)
        assert not load.is_alive()
    process.start()
    for load in loads:
        _, kept = process.call("GET", f"{NODES}/{load.node_name}")
        value = int(kept["status"]["metadata"]["counter-value"])
        assert load.acknowledged <= value <= load.sent
    _, created = process.call("POST", NODES, node("p.m.after"))
    assert int(created["metadata"]["resourceVersion"]) > max(load.version for load in loads) + 500
    process.stop()


async def test_versions_are_never_given_out_twice(tmp_path: Path) -> None:
    seen: list[int] = []
    for turn in range(3):
        cluster = await EmbeddedCluster.open(tmp_path)
        _, created = await cluster.call("POST", NODES, None, node(f"p.m.n-{turn}"))
        seen.append(int(created["metadata"]["resourceVersion"]))
        await cluster.close()
    assert seen == sorted(set(seen))


async def test_a_watch_from_before_a_restart_is_told_to_list_again(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    _, first = await cluster.call("POST", NODES, None, node("p.m.first"))
    _, last = await cluster.call("POST", NODES, None, node("p.m.last"))
    await cluster.close()
    cluster = await EmbeddedCluster.open(tmp_path)
    old = {"resourceVersion": first["metadata"]["resourceVersion"]}
    events = [event async for event in cluster.watch(NODES, old)]
    assert [(event["type"], event["object"]["code"]) for event in events] == [("ERROR", 410)]
    newest = {"resourceVersion": last["metadata"]["resourceVersion"], "timeoutSeconds": "1"}
    assert [event async for event in cluster.watch(NODES, newest)] == []
    await cluster.close()


def fill_up(store: Store) -> None:
    """Leave the store's file no page to grow by."""
    store.limit_pages(1)


async def test_a_full_disk_refuses_clearly_and_service_goes_on_after(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    await cluster.call("POST", NODES, None, node("p.m.kept"))
    fill_up(cluster.store)
    big = node("p.m.refused", ports=[{"port": "_settings", "configuration": "x" * 200_000}])
    status, answer = await cluster.call("POST", NODES, None, big)
    assert (status, answer["kind"], answer["reason"]) == (507, "Status", "InsufficientStorage")
    assert "no space left" in answer["message"]
    assert "send it again" in answer["message"]
    assert (await cluster.call("GET", f"{NODES}/p.m.refused"))[0] == 404
    cluster.store.limit_pages(100_000)
    assert (await cluster.call("POST", NODES, None, big))[0] == 201
    await cluster.close()
    cluster = await EmbeddedCluster.open(tmp_path)
    assert (await cluster.call("GET", f"{NODES}/p.m.kept"))[0] == 200
    assert (await cluster.call("GET", f"{NODES}/p.m.refused"))[0] == 200
    await cluster.close()


@pytest.mark.server
def test_a_disk_that_fails_to_write_acknowledges_nothing(process: ClusterProcess) -> None:
    assert process.call("POST", NODES, node("p.m.before"))[0] == 201
    assert process.child is not None
    pid = process.child.pid
    no_limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4_096, resource.RLIM_INFINITY))
    status, answer = process.call("POST", NODES, node("p.m.lost"))
    assert status in (500, 507)
    assert "Nothing of it was kept" in answer["message"]
    assert process.call("GET", f"{NODES}/p.m.lost")[0] == 404
    resource.prlimit(pid, resource.RLIMIT_FSIZE, no_limit)
    assert process.call("POST", NODES, node("p.m.after"))[0] == 201
    process.kill()
    process.start()
    assert process.call("GET", f"{NODES}/p.m.before")[0] == 200
    assert process.call("GET", f"{NODES}/p.m.lost")[0] == 404
    assert process.call("GET", f"{NODES}/p.m.after")[0] == 200


async def test_secrets_do_not_stand_in_clear_in_the_file(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    body = {"metadata": {"name": "k"}, "stringData": {"password": "correct horse battery"}}
    await cluster.call("POST", "/api/v1/namespaces/default/secrets", None, body)
    await cluster.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("cluster.db*"))
    for clear in (b"correct horse battery", b"Y29ycmVjdCBob3JzZSBiYXR0ZXJ5", b"password"):
        assert clear not in stored
    cluster = await EmbeddedCluster.open(tmp_path)
    _, read = await cluster.call("GET", "/api/v1/namespaces/default/secrets/k")
    assert read["data"] == {"password": "Y29ycmVjdCBob3JzZSBiYXR0ZXJ5"}
    await cluster.close()


@pytest.mark.parametrize("asked", ["refused", "nothing new"])
async def test_nobody_is_told_of_a_write_before_it_is_stored(cluster: EmbeddedCluster, asked: str) -> None:
    """Two patches arrive together: what the second is told follows from the first, and a reading must bear it out."""
    path = f"{NODES}/p.m.c"
    assert (await cluster.call("POST", NODES, body=node("p.m.c")))[0] == 201
    patch = {"metadata": {"labels": {"a": "1"}}}
    if asked == "refused":
        test = [{"op": "test", "path": "/metadata/labels", "value": {"a": "0"}}]
        second = cluster.call("PATCH", path, body=test, content_type="application/json-patch+json")
    else:
        second = cluster.call("PATCH", path, body=patch)
    first = asyncio.create_task(cluster.call("PATCH", path, body=patch))
    await asyncio.sleep(0)
    status, _ = await second
    _, read = await cluster.call("GET", path)
    assert status == (422 if asked == "refused" else 200)
    assert read["metadata"]["labels"] == {"a": "1"}
    assert (await first)[0] == 200


def test_after_a_crash_versions_go_on_beyond_those_that_were_not_noted(tmp_path: Path) -> None:
    process = ClusterProcess(tmp_path / "home")
    process.start()
    first = [_made(process, f"p.m.a-{number}") for number in range(20)]
    process.kill()
    process.start()
    again = [_made(process, f"p.m.b-{number}") for number in range(3)]
    assert min(again) > max(first)
    process.stop()


def _made(process: ClusterProcess, name: str) -> int:
    status, made = process.call("POST", NODES, node(name))
    assert status == 201, made
    return int(made["metadata"]["resourceVersion"])
