import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]


class RunningProduct:
    """A supervisor over stand-ins, and what it has printed so far."""

    def __init__(self, home: Path, behaviours: dict[str, list[str]]) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.supervisor.product", str(home), json.dumps(behaviours)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.decode().rstrip("\n"))

    def wait_for(self, text: str, times: int = 1) -> str:
        """The line that holds `text` for the given time."""
        found: list[str] = []

        def enough() -> bool:
            found[:] = [line for line in list(self.lines) if text in line]
            return len(found) >= times

        wait_until(enough, lambda: f"{text!r} in {self.lines}")
        return found[times - 1]

    def children(self) -> dict[str, int]:
        return dict(json.loads((self.home / "up.json").read_text())["children"])

    def end(self) -> int:
        """Wait for the supervisor to end; its exit code."""
        code = self.process.wait(timeout=40)
        self._reader.join(timeout=20)
        return code

    def tree(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., RunningProduct]]:
    """`start(web=["deaf"], cluster=[])` starts a supervisor over stand-ins; all ends with the test."""
    running: list[RunningProduct] = []

    def start_one(**behaviours: list[str]) -> RunningProduct:
        product = RunningProduct(tmp_path / "home", behaviours)
        running.append(product)
        return product

    yield start_one
    for product in running:
        if product.process.poll() is None:
            left = product.tree()
            product.process.kill()
            product.process.wait(timeout=40)
            for process in left:
                try:
                    process.kill()
                except psutil.NoSuchProcess:
                    continue
