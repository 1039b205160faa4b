"""The live side on a real embedded cluster, with rows in a real database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from editor.database import close_database
from editor.process import LiveSide, live_side, stop_live_side
from tests.editor.cluster import ClusterProcess, FakeHost, client, register_module
from weirflow.kube.http import HttpCluster


@pytest.fixture(scope="session")
def shared_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterProcess]:
    process = ClusterProcess(tmp_path_factory.mktemp("cluster"))
    process.start()
    yield process
    process.stop()


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[ClusterProcess]:
    """One that a test may kill."""
    process = ClusterProcess(tmp_path / "cluster")
    process.home.mkdir()
    process.start()
    yield process
    process.stop()


@pytest_asyncio.fixture
async def admin(shared_cluster: ClusterProcess) -> AsyncIterator[HttpCluster]:
    async with client(shared_cluster.kubeconfig("admin")) as cluster:
        await register_module(cluster)
        yield cluster


@pytest_asyncio.fixture
async def host(admin: HttpCluster) -> AsyncIterator[FakeHost]:
    fake = FakeHost(admin)
    fake.start()
    yield fake
    await fake.stop()


@pytest_asyncio.fixture
async def live(
    transactional_db: None, shared_cluster: ClusterProcess, admin: HttpCluster, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[LiveSide]:
    monkeypatch.setenv("KUBECONFIG", str(shared_cluster.kubeconfig()))
    side = live_side()
    assert await side.hub.ready(60)
    yield side
    await stop_live_side()
    close_database()
