import logging
from collections.abc import Iterator

import pytest

from tests.fence.world import cluster_in
from weirflow.embedded.cluster import EmbeddedCluster


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """What goes wrong here goes wrong thousands of times, and is meant to."""
    caplog.set_level(logging.CRITICAL)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedCluster]:
    one = cluster_in(tmp_path_factory.mktemp("cluster"))
    yield one
    one.store._journal.close()
