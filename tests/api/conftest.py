"""Every case that takes `server` runs on both."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.api.servers import ANSWER_SECONDS, ApiServer, Embedded, Real
from tests.cluster.fixtures import ClusterNamespace
from tests.embedded.fixtures import certificates, process
from weirflow.embedded import EmbeddedCluster

__all__ = ["certificates", "process"]


@pytest.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.cluster)])
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ApiServer]:
    """The embedded cluster, then a namespace of a real one."""
    if request.param == "embedded":
        cluster = await EmbeddedCluster.open(tmp_path / "cluster")
        yield Embedded(cluster)
        await cluster.close()
        return
    made: ClusterNamespace = request.getfixturevalue("cluster_namespace")
    tls = ssl.create_default_context(cafile=made.plane.home / "ca.crt")
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=tls), timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    ) as session:
        real = Real(made, session)
        await real.settle()
        yield real
