"""A run whose starter is killed ends, and leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

from tests.waiting import wait_until
from weirflow.flowtest.orphan import FOLDER_PREFIX

STARTER = """
import subprocess, sys
run = subprocess.Popen([sys.executable, "-m", "weirflow.flowtest", "--bounded"], stdout=subprocess.DEVNULL)
print(run.pid, flush=True)
run.wait()
"""


def test_a_run_ends_with_who_has_started_it_and_so_do_its_files(tmp_path: Path) -> None:
    folder = tmp_path / f"{FOLDER_PREFIX}of-this-one"
    folder.mkdir()
    (folder / "left.db").write_text("half")
    # Its standard input stays open here: nothing but its starter's end tells it that nobody waits any more.
    with subprocess.Popen(
        [sys.executable, "-c", STARTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
    ) as starter:
        assert starter.stdout is not None
        run = psutil.Process(int(starter.stdout.readline()))
        wait_until(lambda: run.num_threads() > 1, "the run to have begun", 60)
        starter.kill()
        wait_until(lambda: not _runs(run), "the run to end", 60)
    assert not folder.exists()


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
