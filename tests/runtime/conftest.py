from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.cluster.fixtures import ClusterNamespace
from tests.runtime.world import LONG_LEASE, World, world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """One cluster and one host for all tests of a file."""
    async with world(tmp_path_factory.mktemp("world")) as one:
        yield one


@pytest_asyncio.fixture
async def alone(tmp_path: Path) -> AsyncIterator[World]:
    """A cluster and a host that a test may break."""
    async with world(tmp_path) as one:
        yield one


@pytest_asyncio.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.cluster)])
async def replicas(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """Three hosts that share one port, on the embedded cluster, then in a namespace of a real one."""
    async with _replicas(request, tmp_path) as one:
        yield one


@pytest_asyncio.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.cluster)])
async def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """Such hosts with a Lease that does not end while a test runs: who leads next has been let, or was it before."""
    async with _replicas(request, tmp_path, WEIRFLOW_LEASE_SECONDS=LONG_LEASE) as one:
        yield one


@asynccontextmanager
async def _replicas(request: pytest.FixtureRequest, tmp_path: Path, **environment: str) -> AsyncIterator[World]:
    kubeconfig = None
    if request.param == "real":
        namespace: ClusterNamespace = request.getfixturevalue("cluster_namespace")
        kubeconfig = namespace.kubeconfig
    async with world(tmp_path, host=False, kubeconfig=kubeconfig) as one:
        await one.start_replicas(3, **environment)
        yield one
