"""The embedded cluster as a process of its own, for every folder that drives it from outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.process import ClusterProcess
from weirflow.embedded.certificates import ensure_certificates
from weirflow.embedded.files import ClusterFiles


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> ClusterFiles:
    files = ClusterFiles(tmp_path_factory.mktemp("certificates"))
    ensure_certificates(files)
    return files


@pytest.fixture
def process(tmp_path: Path, certificates: ClusterFiles) -> Iterator[ClusterProcess]:
    started = ClusterProcess(tmp_path / "home")
    shutil.copytree(certificates.directory, started.home / "cluster")
    started.start()
    yield started
    started.stop()
