"""A cluster called directly, and a cluster as a process of its own behind HTTPS."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.embedded.fixtures import certificates, process
from weirflow.embedded import EmbeddedCluster

__all__ = ["certificates", "process"]


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[EmbeddedCluster]:
    opened = await EmbeddedCluster.open(tmp_path / "cluster")
    yield opened
    await opened.close()
