from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

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


@pytest_asyncio.fixture
async def replicas(tmp_path: Path) -> AsyncIterator[World]:
    """A cluster and three hosts that share one port."""
    async with world(tmp_path, host=False) as one:
        await one.start_replicas(3)
        yield one
