from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.cluster.fixtures import ClusterNamespace
from tests.runtime.world import World, world


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
    kubeconfig = None
    if request.param == "real":
        namespace: ClusterNamespace = request.getfixturevalue("cluster_namespace")
        kubeconfig = namespace.kubeconfig
    async with world(tmp_path, host=False, kubeconfig=kubeconfig) as one:
        await one.start_replicas(3)
        yield one
