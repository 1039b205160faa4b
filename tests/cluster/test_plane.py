"""The control plane is a real one, and its parts can be killed, stopped and paused without losing anything."""

import asyncio
from pathlib import Path

import pytest

from tests.cluster.fixtures import ClusterNamespace
from tests.cluster.plane import ETCD, SERVER, ControlPlane
from tests.waiting import eventually, wait_until
from weirflow.kube.errors import ApiError, Forbidden
from weirflow.kube.resources import LEASE, SECRET, TINY_NODE

NODE = TINY_NODE.new("p.m.a", spec={"module": "m", "component": "c"})


def test_it_serves_on_loopback_to_whoever_has_a_token(control_plane: ControlPlane) -> None:
    assert control_plane.address.startswith("https://127.0.0.1:")
    assert control_plane.kubeconfig().stat().st_mode & 0o077 == 0
    status, answer = control_plane.call("GET", "/api/v1/namespaces", token="guessed")
    assert (status, answer["reason"]) == (401, "Unauthorized")


def test_a_deleted_namespace_takes_its_content_along(cluster_namespace: ClusterNamespace) -> None:
    plane, path = cluster_namespace.plane, f"/api/v1/namespaces/{cluster_namespace.name}"
    assert plane.call("DELETE", path)[0] == 200
    wait_until(lambda: plane.call("GET", path)[0] == 404, lambda: str(plane.call("GET", path)))
    assert plane.call("GET", f"{path}/secrets")[1]["items"] == []


def test_what_has_lost_its_owner_is_collected(cluster_namespace: ClusterNamespace) -> None:
    plane, path = cluster_namespace.plane, f"/api/v1/namespaces/{cluster_namespace.name}/configmaps"
    _, owner = plane.call("POST", path, {"metadata": {"name": "owner"}})
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["metadata"]["uid"]}
    owned = {"metadata": {"name": "owned", "ownerReferences": [reference]}}
    assert plane.call("POST", path, owned)[0] == 201
    assert plane.call("DELETE", f"{path}/owner")[0] == 200
    wait_until(lambda: plane.call("GET", f"{path}/owned")[0] == 404, "the end of what was owned", 60.0)


@pytest.mark.parametrize("part", [ETCD, SERVER])
async def test_a_killed_part_comes_back_with_everything(part: str, cluster_namespace: ClusterNamespace) -> None:
    plane = cluster_namespace.plane
    async with cluster_namespace.client() as cluster:
        made = await cluster.create(TINY_NODE, NODE)
        plane.kill(part)
        plane.start(part)

        async def same() -> bool:
            try:
                return bool(await cluster.get(TINY_NODE, "p.m.a") == made)
            except ApiError:
                return False

        await eventually(same, 60, "the node as it was")


async def test_a_paused_server_answers_when_it_goes_on(cluster_namespace: ClusterNamespace) -> None:
    plane = cluster_namespace.plane
    async with cluster_namespace.client() as cluster:
        await cluster.list(TINY_NODE)
        plane.pause(SERVER)
        asked = asyncio.create_task(cluster.list(TINY_NODE))
        done, _ = await asyncio.wait([asked], timeout=0.3)
        assert not done
        plane.resume(SERVER)
        assert (await asked)["items"] == []


async def test_the_roles_are_kept_apart(cluster_namespace: ClusterNamespace) -> None:
    async with cluster_namespace.client("web") as web, cluster_namespace.client("modules") as modules:
        await web.create(TINY_NODE, NODE)
        await modules.patch_status(TINY_NODE, "p.m.a", {"status": {"status": "OK"}})
        await modules.create(LEASE, LEASE.new("m-lock", spec={"holderIdentity": "a"}))
        with pytest.raises(Forbidden):
            await modules.patch(TINY_NODE, "p.m.a", {"spec": {"component": "other"}})
        with pytest.raises(Forbidden):
            await web.create(LEASE, LEASE.new("other-lock"))
        with pytest.raises(Forbidden):
            await web.get(SECRET, "anything")


def test_it_can_be_started_again_on_its_data(tmp_path: Path) -> None:
    with ControlPlane(tmp_path / "plane") as first:
        assert first.call("POST", "/api/v1/namespaces", {"metadata": {"name": "kept"}})[0] == 201
    with ControlPlane(tmp_path / "plane") as again:
        assert again.address == first.address
        assert again.call("GET", "/api/v1/namespaces/kept")[0] == 200
