"""The web process and the worker as the supervisor starts them."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.server


class Started(NamedTuple):
    process: "subprocess.Popen[str]"
    ready: str


Start = Callable[..., Started]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def run(command: str, **environment: str) -> Started:
        """Starts `manage.py <command>` and waits for its ready line, or its end."""
        reader, writer = os.pipe()
        process = subprocess.Popen(
            [sys.executable, "manage.py", command],
            cwd=ROOT,
            env={
                **os.environ,
                "WEIRFLOW_HOME": str(tmp_path / "home"),
                "WEIRFLOW_PORT": "0",
                "WEIRFLOW_READY_FD": str(writer),
                "KUBECONFIG": str(tmp_path / "no-cluster"),
                **environment,
            },
            pass_fds=[writer],
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            assert select([pipe], [], [], 60)[0], "neither ready nor over within a minute"
            return Started(process, pipe.readline().strip())

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=40)


def test_the_web_process_signs_in_answers_and_stops(start: Start) -> None:
    process, ready = start("serve", WEIRFLOW_PRINT_SIGNIN="1")
    word, link = ready.split()
    assert word == "ready"
    base = re.match(r"http://127\.0\.0\.1:\d+", link)
    assert base is not None
    with urllib.request.urlopen(base[0] + "/healthz", timeout=40) as answer:
        assert answer.read() == b"ok"
        assert answer.headers["Content-Security-Policy"]
    with urllib.request.urlopen(link, timeout=40) as answer:
        page = answer.read().decode()
    style = re.search(r'href="(/static/css/base\.[0-9a-f]{12}\.css)"', page)
    assert style is not None
    with urllib.request.urlopen(base[0] + style[1], timeout=40) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0


def test_without_being_asked_no_link_is_made(start: Start) -> None:
    assert start("serve").ready == "ready"


def test_a_busy_port_is_said_and_not_tried_again(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process, ready = start("serve", WEIRFLOW_PORT=str(port))
        assert ready == ""
        assert process.wait(30) == 78
        assert process.stderr is not None
        text = process.stderr.read()
    assert str(port) in text
    assert "WEIRFLOW_PORT" in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_is_ready_and_ends_at_once(start: Start, number: signal.Signals) -> None:
    process, ready = start("work")
    assert ready == "ready"
    process.send_signal(number)
    assert process.wait(40) == 0
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
