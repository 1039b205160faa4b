import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from config.supervisor.product import host_names, product, stop_order
from tests.supervisor.conftest import ROOT, RunningProduct
from tests.waiting import wait_until

Start = Callable[..., RunningProduct]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_in_order(start: Start, number: int) -> None:
    running = start(web=[], modules=[], cluster=[])
    running.wait_for("all ready")
    left = running.tree()
    running.process.send_signal(number)
    assert running.end() == 0
    stopped = [line.split()[1] for line in running.lines if line.endswith("asked to stop")]
    assert stopped == ["web", "modules", "cluster"]
    assert not any(process.is_running() for process in left)


def test_a_child_that_does_not_listen_is_killed(start: Start) -> None:
    running = start(web=["deaf", "grandchild"], cluster=[])
    running.wait_for("all ready")
    left = running.tree()
    running.process.terminate()
    assert running.end() == 0
    assert "web did not stop within 0.5 s and is killed" in running.wait_for("did not stop")
    psutil.wait_procs(left, timeout=30)
    assert not any(process.is_running() for process in left)


def test_a_child_between_two_starts_stays_down(start: Start) -> None:
    running = start(web=["exit:1"], cluster=[])
    running.wait_for("starting it again", times=4)
    running.process.terminate()
    assert running.end() == 0
    assert running.lines[-1].endswith("up      | stopped")


def test_a_second_interrupt_kills_at_once(start: Start) -> None:
    running = start(web=["deaf"], modules=["deaf"], cluster=["deaf"])
    running.wait_for("all ready")
    running.process.send_signal(signal.SIGINT)
    running.wait_for("stopping")
    running.process.send_signal(signal.SIGINT)
    running.wait_for("killing what still runs")
    assert running.end() == 0


def test_no_child_outlives_a_killed_supervisor(start: Start) -> None:
    running = start(web=[], cluster=[])
    running.wait_for("all ready")
    left = running.tree()
    assert len(left) == 2
    running.process.kill()
    running.end()
    _, alive = psutil.wait_procs(left, timeout=30)
    assert alive == []


@pytest.mark.parametrize("replicas", [1, 3])
def test_the_product_stops_within_five_seconds_at_the_longest(replicas: int) -> None:
    hosts = host_names(replicas)
    with socket.create_server(("127.0.0.1", 0)) as flows:
        specs = {spec.name: spec for spec in product(Path("home"), port=1, flows=flows, cluster_port=0, hosts=hosts)}
    order = stop_order(hosts)
    assert sorted(name for group in order for name in group) == sorted(specs)
    assert sum(max(specs[name].stop_seconds for name in group) for group in order) < 5


def test_output_that_nobody_reads_does_not_stop_supervision(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.supervisor.product", str(tmp_path), '{"web": ["flood:30000"]}'],
        cwd=ROOT,
        stdout=writer,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        # The child has written everything (far more than the pipes hold) once it leads the life of a ready one.
        wait_until(lambda: _has_flooded(process.pid), "the child gets rid of its lines")
        process.terminate()
        assert process.wait(timeout=40) == 0
    finally:
        process.kill()
        os.close(reader)


def _has_flooded(supervisor: int) -> bool:
    children = psutil.Process(supervisor).children()
    return bool(children) and children[0].io_counters().write_chars > 30_000 * 6
