"""A control plane for the whole test run, started by the first test that asks for it, and a namespace for each test."""

import asyncio
import uuid
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.cluster.plane import ControlPlane, quirks
from weirflow.kube import roles
from weirflow.kube.config import load_config
from weirflow.kube.http import HttpCluster
from weirflow.kube.install import install, issue_token
from weirflow.private_files import write_private

T = TypeVar("T")
ACCOUNTS = {"web": roles.WEB, "modules": roles.MODULES}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever asks for the control plane is marked `cluster`; what an old one is known to do otherwise is left out."""
    excluded = quirks.excluded()
    left_out = []
    for item in items:
        if "running_control_plane" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.cluster)
        if excluded and item.nodeid.startswith(excluded) and item.get_closest_marker("cluster"):
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def running_control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """Shared by all tests of a run; take `control_plane`, which mends what a test has broken."""
    with ControlPlane(tmp_path_factory.mktemp("control-plane")) as plane:
        yield plane


@pytest.fixture
def control_plane(running_control_plane: ControlPlane) -> Iterator[ControlPlane]:
    """The control plane. A test may kill, stop and pause its parts: they are brought back for the next one."""
    yield running_control_plane
    running_control_plane.start()


class ClusterNamespace:
    """A namespace in which Weirflow is installed, and a kubeconfig for each role in it: admin, web, modules."""

    def __init__(self, plane: ControlPlane, name: str, directory: Path) -> None:
        self.plane, self.name, self._directory = plane, name, directory
        _run(self._install())

    def kubeconfig(self, role: str = "admin") -> Path:
        """The file of one role; its context names this namespace."""
        path = self._directory / f"kubeconfig.{role}"
        if not path.exists():
            token = self.plane.token if role == "admin" else _run(self._token(role))
            write_private(path, self.plane.kubeconfig_for(role, token, self.name).encode())
        return path

    def client(self, role: str = "admin") -> HttpCluster:
        """A client of that role; whoever asks closes it."""
        return HttpCluster(load_config(self.kubeconfig(role)))

    async def _install(self) -> None:
        async with self.client() as cluster:
            async for _ in install(cluster, self.name):
                pass

    async def _token(self, role: str) -> str:
        async with self.client() as cluster:
            return (await issue_token(cluster, ACCOUNTS[role], self.name)).value


@pytest.fixture
def cluster_namespace(control_plane: ControlPlane, tmp_path: Path) -> Iterator[ClusterNamespace]:
    """A fresh namespace on the control plane, deleted with everything in it after the test."""
    made = ClusterNamespace(control_plane, f"t-{uuid.uuid4().hex[:8]}", tmp_path)
    yield made
    control_plane.start()
    status, answer = control_plane.call("DELETE", f"/api/v1/namespaces/{made.name}")
    assert status in (200, 202, 404), answer


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end from plain code, whether or not a loop runs in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
