"""The whole product, started as a person starts it, in a data directory and on ports of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 90.0
LOG_LINES = 4_000


class Product:
    """`manage.py up` on free ports. `start()` waits until it is ready; `stop()` until all its processes have ended."""

    def __init__(self, home: Path, environment: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.url = self.flows_url = self.sign_in = ""
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: deque[str] = deque(maxlen=LOG_LINES)
        self._reader: threading.Thread | None = None

    @property
    def kubeconfig(self) -> Path:
        """The administrator's."""
        return self.inside(self.home / "kubeconfig")

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> "Product":
        self.launch()
        self.wait_until_ready()
        return self

    def launch(self) -> None:
        """Start, and do not wait. A product that was started before keeps its ports."""
        ports = {"WEIRFLOW_PORT": self.url, "WEIRFLOW_HTTP_PORT": self.flows_url}
        environment = {
            **_environment(),
            **{name: url.rsplit(":", 1)[1] if url else "0" for name, url in ports.items()},
            "WEIRFLOW_HOME": str(self.home),
            **self._environment,
        }
        self._lines.clear()
        self._process = subprocess.Popen(
            self.command(),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def command(self) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), "up"]

    def inside(self, path: Path) -> Path:
        """`path` as other processes reach it."""
        return path

    def wait_until_ready(self) -> None:
        wait_until(lambda: self.has_said("Sign in: ") or self.has_ended(), self.tail, READY_SECONDS)
        assert not self.has_ended(), self.tail()
        state = self.state()
        self.url, self.flows_url = state["url"], state["flows"]
        self.sign_in = next(line.split(": ", 1)[1] for line in list(self._lines) if line.startswith("Sign in: "))

    def state(self) -> dict[str, Any]:
        """What the supervisor has written down about itself: `{pid, url, flows, children: {name: pid}}`."""
        return dict(json.loads(self.inside(self.home / "up.json").read_text()))

    def child(self, name: str) -> int:
        """The process that runs as `cluster`, `modules`, `web` or `worker` now."""
        return int(self.state()["children"][name])

    def kill(self, name: str) -> None:
        os.kill(self.child(name), signal.SIGKILL)

    def wait_until_back(self, name: str, times: int = 1) -> None:
        wait_until(lambda: self.said(f"{name} is back") >= times, self.tail, READY_SECONDS)

    def new_link(self) -> str:
        """Another one-time sign-in link for the owner."""
        found = re.search(r"http://\S+", self.manage("signin_link"))
        assert found
        return found.group()

    def manage(self, *arguments: str, check: bool = True) -> str:
        port = self.url.rsplit(":", 1)[1]
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=ROOT,
            env={**_environment(), "WEIRFLOW_HOME": str(self.home), "WEIRFLOW_PORT": port, **self._environment},
            check=check,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout

    def kubectl(self, *arguments: str) -> str:
        """What kubectl prints, as the administrator."""
        command = [
            "kubectl",
            "--kubeconfig",
            str(self.kubeconfig),
            "--cache-dir",
            str(self.home / "kubectl"),
            *arguments,
        ]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    def nodes(self) -> list[dict[str, Any]]:
        """All TinyNodes of the embedded cluster."""
        return list(json.loads(self.kubectl("get", "tinynodes", "-o", "json"))["items"])

    def said(self, text: str) -> int:
        """How many of the last lines hold `text`."""
        return sum(text in line for line in list(self._lines))

    def has_said(self, text: str) -> bool:
        return self.said(text) > 0

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def tail(self, lines: int = 60) -> str:
        return "\n".join(list(self._lines)[-lines:])

    def wait(self, seconds: float = READY_SECONDS) -> int:
        """The exit code of a product that ends by itself."""
        assert self._process
        code = self._process.wait(timeout=seconds)
        if self._reader:
            self._reader.join(timeout=20)
        return code

    def processes(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        top = psutil.Process(self.pid)
        return [top, *top.children(recursive=True)]

    def stop(self, seconds: float = 40.0) -> int:
        """SIGTERM, and the exit code. What has not ended in time is killed, and the test fails."""
        if self._process is None:
            return 0
        left = [] if self.has_ended() else self.processes()
        try:
            self._process.terminate()
            code = self._process.wait(timeout=seconds)
        finally:
            for process in left:
                if process.is_running() and process.pid != self._process.pid:
                    process.kill()
            self._process.kill()
            if self._reader:
                self._reader.join(timeout=20)
        return code

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout
        for line in process.stdout:
            self._lines.append(line.decode(errors="replace").rstrip("\n"))


def _environment() -> dict[str, str]:
    """The caller's, as an ordinary person has it: bytecode is kept, so that a second start does not compile again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
