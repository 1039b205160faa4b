"""Weirflow is installed on a cluster by one command, as often as one likes, and says what it did."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.fixtures import ClusterNamespace
from tests.cluster.plane.binaries import ROOT
from weirflow.kube.apply import Foreign
from weirflow.kube.config import load_config
from weirflow.kube.errors import Forbidden
from weirflow.kube.http import HttpCluster
from weirflow.kube.install import MissingRights, install
from weirflow.kube.resources import LEASE, MANAGED_BY, SECRET, TINY_NODE, Object, Resource
from weirflow.runtime.connect import NoCluster, connect


def command(kubeconfig: Path, home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "install_cluster", "--kubeconfig", str(kubeconfig), *arguments],
        cwd=ROOT,
        env={**os.environ, "WEIRFLOW_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )


async def test_the_command_installs_and_writes_kubeconfigs_that_work(
    cluster_namespace: ClusterNamespace, tmp_path: Path
) -> None:
    home, name = tmp_path / "home", f"{cluster_namespace.name}-new"
    done = command(cluster_namespace.kubeconfig(), home, "--namespace", name)
    assert done.returncode == 0, done.stderr
    assert f"namespace {name} created" in done.stdout
    assert "Role weirflow-modules created" in done.stdout
    assert f"WEIRFLOW_KUBECONFIG={home}/remote/kubeconfig script/run" in done.stdout
    web, modules = (home / "remote" / f"kubeconfig.{role}" for role in ("web", "modules"))
    for path in (web, modules):
        assert path.stat().st_mode & 0o077 == 0
        assert json.loads(path.read_text())["users"][0]["user"]["token"] not in done.stdout
        assert load_config(path).namespace == name
    async with HttpCluster(load_config(web)) as cluster:
        await cluster.create(TINY_NODE, TINY_NODE.new("p.m.a", spec={"module": "m", "component": "c"}))
        with pytest.raises(Forbidden):
            await cluster.list(TINY_NODE, namespace=cluster_namespace.name)
    async with HttpCluster(load_config(modules)) as cluster:
        await cluster.patch_status(TINY_NODE, "p.m.a", {"status": {"status": "OK"}})
    assert cluster_namespace.plane.call("DELETE", f"/api/v1/namespaces/{name}")[0] == 200


async def test_installing_again_changes_nothing_but_what_somebody_has_changed(
    cluster_namespace: ClusterNamespace,
) -> None:
    async with cluster_namespace.client() as cluster:
        before = await cluster.get(SECRET, "weirflow-link")
        lines = [line async for line in install(cluster, cluster_namespace.name)]
        assert all(line.endswith(" unchanged") for line in lines), lines
        await cluster.delete(Resource("rbac.authorization.k8s.io", "v1", "roles", "Role"), "weirflow-modules")
        lines = [line async for line in install(cluster, cluster_namespace.name)]
        assert [line for line in lines if not line.endswith(" unchanged")] == ["Role weirflow-modules created"]
        assert await cluster.get(SECRET, "weirflow-link") == before


async def test_what_the_installer_may_not_do_is_named_before_anything_is_done(
    cluster_namespace: ClusterNamespace,
) -> None:
    async with cluster_namespace.client("modules") as cluster:
        with pytest.raises(MissingRights, match="create roles") as caught:
            await anext(install(cluster, cluster_namespace.name))
    assert "patch customresourcedefinitions" in caught.value.message
    assert "get customresourcedefinitions" not in caught.value.message


def test_a_kubeconfig_without_the_rights_is_a_clear_error(cluster_namespace: ClusterNamespace, tmp_path: Path) -> None:
    done = command(cluster_namespace.kubeconfig("web"), tmp_path / "home")
    assert done.returncode == 1
    assert "may not do what installing into the namespace" in done.stderr
    assert "Traceback" not in done.stderr
    missing = command(tmp_path / "nowhere", tmp_path / "home")
    assert f"cannot read kubeconfig {tmp_path / 'nowhere'}" in missing.stderr


async def test_a_host_on_a_cluster_without_weirflow_says_what_to_do(cluster_namespace: ClusterNamespace) -> None:
    async with cluster_namespace.client() as cluster:
        await cluster.delete(SECRET, "weirflow-link")
    with pytest.raises(NoCluster, match=r'"weirflow-link" not found; manage\.py install_cluster makes a cluster ready'):
        await connect(cluster_namespace.kubeconfig("modules"), 0.2)


DEFINITION: Object = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "samples.example.weirflow.dev", "labels": MANAGED_BY},
    "spec": {
        "group": "example.weirflow.dev",
        "scope": "Namespaced",
        "names": {"plural": "samples", "singular": "sample", "kind": "Sample", "listKind": "SampleList"},
        "versions": [
            {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}},
        ],
    },
}
SAMPLE = Resource("example.weirflow.dev", "v1", "samples", "Sample")


async def test_definitions_are_created_changed_and_served(cluster_namespace: ClusterNamespace) -> None:
    plane, name = cluster_namespace.plane, DEFINITION["metadata"]["name"]
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}"
    async with cluster_namespace.client() as cluster:
        assert await cluster.apply_crds([DEFINITION]) == {name: "created"}
        assert (await cluster.list(SAMPLE))["items"] == []
        assert await cluster.apply_crds([DEFINITION]) == {name: "unchanged"}
        schema = {"type": "object", "properties": {"spec": {"type": "string"}}}
        version = {**DEFINITION["spec"]["versions"][0], "schema": {"openAPIV3Schema": schema}}
        wanted = {**DEFINITION, "spec": {**DEFINITION["spec"], "versions": [version]}}
        assert await cluster.apply_crds([wanted]) == {name: "changed"}
        merge = "application/merge-patch+json"
        assert plane.call("PATCH", path, {"metadata": {"labels": None}}, merge)[0] == 200
        with pytest.raises(Foreign, match="kubectl label customresourcedefinition"):
            await cluster.apply_crds([DEFINITION])
    assert plane.call("DELETE", path)[0] == 200


@pytest.mark.parametrize(
    ("role", "verb", "resource", "subresource", "allowed"),
    [
        ("admin", "create", TINY_NODE, "", True),
        ("web", "create", TINY_NODE, "", True),
        ("web", "create", LEASE, "", False),
        ("modules", "create", TINY_NODE, "", False),
        ("modules", "patch", TINY_NODE, "status", True),
    ],
)
async def test_a_client_can_ask_what_it_may_do(
    role: str, verb: str, resource: Resource, subresource: str, allowed: bool, cluster_namespace: ClusterNamespace
) -> None:
    async with cluster_namespace.client(role) as cluster:
        assert await cluster.access_review(verb, resource, subresource=subresource) is allowed
        if role != "admin":
            assert not await cluster.access_review(verb, resource, subresource=subresource, namespace="default")
