"""Several module hosts under one supervisor."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.supervisor.product import host_names, product
from tests.supervisor.conftest import ROOT, RunningProduct

Start = Callable[..., RunningProduct]


def hosts(replicas: int) -> list[dict[str, str]]:
    """The environments of the module hosts."""
    names = host_names(replicas)
    with socket.create_server(("127.0.0.1", 0)) as flows:
        specs = product(Path("home"), port=1, flows=flows, cluster_port=0, hosts=names)
        assert all(flows.fileno() in spec.inherit for spec in specs if spec.name in names)
        assert not any(spec.inherit for spec in specs if spec.name not in names)
    return [dict(spec.environment) for spec in specs if spec.name in names]


def test_one_host_is_called_modules_and_several_are_numbered() -> None:
    assert host_names(1) == ["modules"]
    assert host_names(3) == ["modules-0", "modules-1", "modules-2"]


def test_all_hosts_are_handed_the_same_listening_socket() -> None:
    assert len({environment["WEIRFLOW_HTTP_FD"] for environment in hosts(3)}) == 1


def test_a_chosen_identity_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not any("WEIRFLOW_IDENTITY" in environment for environment in hosts(3))
    monkeypatch.setenv("WEIRFLOW_IDENTITY", "lab")
    assert [environment["WEIRFLOW_IDENTITY"] for environment in hosts(2)] == ["lab-0", "lab-1"]
    assert "WEIRFLOW_IDENTITY" not in hosts(1)[0]


@pytest.mark.parametrize("count", ["0", "-1", "17", "many", ""])
def test_a_number_of_replicas_that_is_none_is_refused(count: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "up", "--replicas", count],
        cwd=ROOT,
        env={**os.environ, "WEIRFLOW_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "The number of replicas must be from 1 to 16" in ended.stderr


@pytest.mark.parametrize("name", ["WEIRFLOW_LINK_PORT", "WEIRFLOW_GRPC_PORT"])
def test_a_port_that_only_one_can_have_is_refused(name: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env={**os.environ, "WEIRFLOW_HOME": str(tmp_path / "home"), "WEIRFLOW_REPLICAS": "2", name: "4000"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert f"{name} names a port, which only one of 2 module hosts can have" in ended.stderr


def test_each_line_stands_behind_the_name_of_its_host(start: Start) -> None:
    product = start(**{"modules-0": ["print:one"], "modules-1": ["print:two"], "web": []})
    assert product.wait_for("one").endswith(" modules-0 | one")
    assert product.wait_for("two").endswith(" modules-1 | two")


def test_a_rolling_restart_takes_one_after_the_other(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOP_SECONDS", "20")
    product = start(**{"modules-0": [], "modules-1": [], "web": []})
    product.wait_for("all ready")
    before = product.children()
    product.process.send_signal(signal.SIGUSR1)
    product.wait_for("modules-1 is back")
    told = [line.split(" up        | ")[1] for line in product.lines if " up        | " in line]
    assert told == [
        "starting again, one after the other: modules-0, modules-1",
        "modules-0 has stopped, and is started again",
        "modules-0 is back",
        "modules-1 has stopped, and is started again",
        "modules-1 is back",
    ]
    after = product.children()
    assert {name for name in after if after[name] != before[name]} == {"modules-0", "modules-1"}


def test_a_host_that_is_started_again_is_not_killed_for_its_predecessors_slowness(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough for a stand-in to stop in, on however busy a machine.
    monkeypatch.setenv("STOP_SECONDS", "4")
    product = start(**{"modules-0": [], "web": []})
    product.wait_for("all ready")
    product.process.send_signal(signal.SIGUSR1)
    product.wait_for("modules-0 is back")
    # For longer than the first one was given to stop.
    until, times = time.monotonic() + 4.3, 1
    while time.monotonic() < until:
        times += 1
        product.process.send_signal(signal.SIGUSR1)
        product.wait_for("modules-0 is back", times=times)
    assert not any("is killed" in line for line in product.lines)


def test_a_host_that_does_not_become_ready_again_holds_the_others_back(start: Start) -> None:
    product = start(**{"modules-0": ["ready-once"], "modules-1": [], "web": []})
    product.wait_for("all ready")
    before = product.children()["modules-1"]
    product.process.send_signal(signal.SIGUSR1)
    product.wait_for("hello from modules-0", times=2)
    product.process.terminate()
    assert product.end() == 0
    assert product.children()["modules-1"] == before
