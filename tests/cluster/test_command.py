"""`script/control-plane` as a person runs it, and as a script does: without a terminal."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.cluster.plane.binaries import ROOT
from tests.waiting import wait_until

pytestmark = pytest.mark.cluster

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """`start()`: the command in a directory of its own, ready."""
    running: list[subprocess.Popen[str]] = []

    def run() -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.cluster.plane", str(tmp_path / "plane")],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        running.append(process)
        assert process.stdout
        assert process.stdout.readline() == f"KUBECONFIG={tmp_path / 'plane/kubeconfig'}\n"
        assert process.stdout.readline().startswith("ready at https://127.0.0.1:")
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_that_it_is_ready_and_stops_when_told(start: Start, number: int, tmp_path: Path) -> None:
    process = start()
    parts = psutil.Process(process.pid).children(recursive=True)
    assert sorted(part.name() for part in parts) == ["etcd", "kube-apiserver", "kube-controller-manager"]
    assert (tmp_path / "plane/kubeconfig").stat().st_mode & 0o077 == 0
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert not any(part.is_running() for part in parts)


def test_a_part_that_ends_ends_it_with_a_reason(start: Start) -> None:
    process = start()
    parts = {part.name(): part for part in psutil.Process(process.pid).children()}
    parts["kube-controller-manager"].kill()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "kube-controller-manager ended" in errors
    assert not any(part.is_running() for part in parts.values())


def test_nothing_outlives_it(start: Start) -> None:
    process = start()
    parts = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    wait_until(lambda: not any(_runs(part) for part in parts), lambda: str(parts), 60.0)


def test_a_missing_program_is_a_clear_error(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.cluster.plane", str(tmp_path / "plane")],
        cwd=ROOT,
        env={**os.environ, "KUBEBUILDER_ASSETS": "", "XDG_CACHE_HOME": str(tmp_path), "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "is not on this machine. script/control-plane gets it" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.kubectl
def test_the_kubeconfig_leads_to_it(start: Start, tmp_path: Path) -> None:
    start()
    config = tmp_path / "plane/kubeconfig"
    answer = subprocess.run(
        ["kubectl", "--kubeconfig", str(config), "--cache-dir", str(tmp_path / "cache"), "get", "--raw", "/version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(answer.stdout)["major"] == "1"


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
