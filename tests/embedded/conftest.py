"""A cluster called directly, and a cluster as a process of its own behind HTTPS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.embedded.process import ClusterProcess
from weirflow.embedded import EmbeddedCluster


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[EmbeddedCluster]:
    opened = await EmbeddedCluster.open(tmp_path / "cluster")
    yield opened
    await opened.close()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[ClusterProcess]:
    started = ClusterProcess(tmp_path / "home")
    started.start()
    yield started
    started.stop()
