"""Another cluster instead of the embedded one."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.supervisor.product import product, stop_order
from config.supervisor.remote import Remote, remote_cluster
from tests.supervisor.conftest import ROOT


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    named = tmp_path / "kubeconfig"
    monkeypatch.setenv("WEIRFLOW_KUBECONFIG", str(named))
    return named


def test_each_process_has_its_own_kubeconfig_where_there_is_one(file: Path) -> None:
    web, modules = file.with_name("kubeconfig.web"), file.with_name("kubeconfig.modules")
    for path in (web, modules):
        path.touch()
    assert remote_cluster() == Remote(web, modules)
    web.unlink()
    file.touch()
    assert remote_cluster() == Remote(file, modules)


def test_without_the_variable_the_cluster_is_the_embedded_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEIRFLOW_KUBECONFIG", raising=False)
    assert remote_cluster() is None


def test_no_embedded_cluster_is_started_beside_another() -> None:
    remote = Remote(Path("/w"), Path("/m"))
    with socket.create_server(("127.0.0.1", 0)) as flows:
        specs = product(Path("home"), port=1, flows=flows, cluster_port=0, hosts=["modules"], remote=remote)
    found = {spec.name: spec.environment["KUBECONFIG"] for spec in specs}
    assert found == {"web": "/w", "modules": "/m", "worker": "/w"}
    assert [name for group in stop_order(["modules"], remote) for name in group] == ["web", "worker", "modules"]


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    named = tmp_path / "nowhere"
    ended = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env={**os.environ, "WEIRFLOW_HOME": str(tmp_path / "home"), "WEIRFLOW_KUBECONFIG": str(named)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert f"neither {named} nor {named}.web and {named}.modules are there" in ended.stderr
    assert "install_cluster" in ended.stderr
