import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.supervisor import home as home_module
from config.supervisor.errors import StartError
from config.supervisor.home import Home
from tests.supervisor.conftest import RunningProduct

Start = Callable[..., RunningProduct]


def test_a_second_start_on_the_same_directory_explains_itself(start: Start) -> None:
    first = start(web=[])
    first.wait_for("all ready")
    second = start(web=[])
    assert second.end() == 1
    text = " ".join(second.lines)
    assert f"process {first.process.pid}" in text
    assert "WEIRFLOW_HOME" in text
    assert str(first.home) in text


def test_a_start_after_a_killed_one_waits_for_its_children_and_succeeds(start: Start) -> None:
    first = start(web=[], cluster=[])
    first.wait_for("all ready")
    # Not waited for: a zombie is nobody who runs here.
    os.kill(first.process.pid, signal.SIGKILL)
    start(web=[], cluster=[]).wait_for("all ready")


def test_children_that_outlive_their_supervisor_are_named(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_module, "PATIENCE_SECONDS", 0.2)
    first = start(web=["deaf"])
    first.wait_for("all ready")
    left = first.children()["web"]
    os.kill(first.process.pid, signal.SIGKILL)
    first.end()
    try:
        with pytest.raises(StartError, match=f"web {left}"):
            Home(first.home).take()
    finally:
        os.kill(left, signal.SIGKILL)


def test_it_records_who_runs_here(tmp_path: Path) -> None:
    home = Home(tmp_path / "new" / "home")
    home.take()
    home.record(pid=1, url="a long address that is written first")
    home.record(url="short")
    assert json.loads((home.path / "up.json").read_text()) == {"pid": 1, "url": "short"}
    assert (home.path / "up.json").stat().st_mode & 0o777 == 0o600
    assert home.path.stat().st_mode & 0o777 == 0o700


def test_a_directory_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match=r"file/home cannot be written: Not a directory\. Set WEIRFLOW_HOME"):
        Home(tmp_path / "file" / "home").take()


@pytest.mark.parametrize(("number", "advice"), [(errno.ENOSPC, "free some space"), (errno.EROFS, "make it writable")])
def test_a_disk_that_takes_nothing_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    def full(fd: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StartError, match=advice):
        Home(tmp_path).take()
    assert not list(tmp_path.glob(".probe*"))


def test_a_full_disk_does_not_stop_what_runs(tmp_path: Path) -> None:
    """`/dev/full` takes nothing: recording is for people, and not worth dying for."""
    home = Home(tmp_path)
    home.state_fd = os.open("/dev/full", os.O_RDWR)
    home.record(pid=1)
    os.close(home.state_fd)


def test_the_lock_is_free_after_the_end(tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"from config.supervisor.home import *; Home(Path({str(tmp_path)!r})).take()"]
    for _ in range(2):
        subprocess.run(command, check=True, timeout=60)
