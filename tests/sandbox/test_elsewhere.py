"""Where the kernel gives less, and where the host dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]

_BUSY = """
import asyncio
from weirflow.sandbox import Limits, Sandbox
async def main():
    sandbox = Sandbox.here()
    sandbox.enter()
    pool = sandbox.pool("print('on')\\nwhile True: pass", Limits(deadline=60.0), print)
    call = asyncio.create_task(pool.call(None))
    while not pool.workers or not pool.workers[0].load:
        await asyncio.sleep(0.01)
    print("busy", flush=True)
    await call
asyncio.run(main())
"""


def ended(*arguments: str, rule: str = "sandboxed") -> list[str]:
    """The lines that the process prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "WEIRFLOW_CODE": rule},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()


def test_in_a_container_the_filter_alone_makes_it_whole() -> None:
    code, walls = ended("-m", "tests.sandbox.elsewhere", "container")
    assert code == "code_error"
    assert walls.startswith("full: limits")
    assert walls.endswith("seccomp")
    assert "namespaces" not in walls
    assert "landlock" not in walls


def test_without_a_filter_no_code_runs_unless_one_is_alone() -> None:
    code, walls = ended("-m", "tests.sandbox.elsewhere", "bare")
    assert code == "code_sandbox"
    assert walls.startswith("weak: limits")
    code, walls = ended("-m", "tests.sandbox.elsewhere", "bare", rule="weak")
    assert code == "True"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_when_the_host_dies_its_processes_die_too(number: int) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _BUSY, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 30) == b"busy\n"
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) == 2
    process.send_signal(number)
    await process.wait()
    await eventually(lambda: not any(_runs(child) for child in children), what="the end of its processes")


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
