"""The Celery worker on Redis: it does what is sent, ends when it is told to, and comes through an outage of Redis."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from select import select

import pytest

from tests.services.redis import Redis
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.server

_ASK = """
import sys, time
import config.celery
from config.tasks import answer, answered, new_question
question = new_question()
answer.apply_async([question], retry=False)
until = time.monotonic() + 50
while not answered(question):
    assert time.monotonic() < until, "no worker answered"
    time.sleep(0.05)
"""


@pytest.fixture
def environment(redis_server: Redis, tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "WEIRFLOW_HOME": str(tmp_path / "home"), "WEIRFLOW_REDIS_URL": redis_server.url}


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    reader, writer = os.pipe()
    command, ready = [sys.executable, "manage.py", "work"], {"WEIRFLOW_READY_FD": str(writer)}
    process = subprocess.Popen(
        command, cwd=ROOT, env={**environment, **ready}, pass_fds=[writer], stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        assert select([pipe], [], [], 60)[0], "not ready within a minute"
        assert pipe.readline().strip() == "ready"
    yield process
    process.kill()
    process.communicate(timeout=40)


def ask(environment: dict[str, str]) -> bool:
    command = [sys.executable, "manage.py", "shell", "-c", _ASK]
    return subprocess.run(command, cwd=ROOT, env=environment, timeout=90, capture_output=True).returncode == 0


def test_it_works_through_an_outage_and_ends_at_once(
    worker: "subprocess.Popen[str]", environment: dict[str, str], redis_server: Redis
) -> None:
    assert ask(environment)
    redis_server.kill()
    redis_server.start()
    wait_until(lambda: ask(environment), "a task to be done again", 60)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(40) == 0
