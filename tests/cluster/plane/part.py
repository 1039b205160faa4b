"""One program of the control plane as a child process: started, stopped, killed, paused, and started again."""

import os
import signal
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config.supervisor.orphans import tie_to
from tests.waiting import wait_until

START_SECONDS = 60.0
STOP_SECONDS = 20.0
TAIL_BYTES = 3_000
# A child is told when the thread that has started it ends: this one lives as long as the process.
_LAUNCHER = ThreadPoolExecutor(1, "launcher")


class Part:
    """`command` writes to `log`; `is_ready` tells when it serves."""

    def __init__(self, name: str, command: list[str], log: Path, is_ready: Callable[[], bool]) -> None:
        self.name, self.command, self.log, self._is_ready = name, command, log, is_ready
        self._process: subprocess.Popen[bytes] | None = None
        self._paused = False

    @property
    def pid(self) -> int:
        assert self._process, f"{self.name} does not run"
        return self._process.pid

    @property
    def runs(self) -> bool:
        """True while the process is there, paused or not."""
        return self._process is not None and self._process.poll() is None

    def launch(self) -> None:
        """Start the process, and do not wait for it."""
        self._process = _LAUNCHER.submit(self._spawn).result()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.log.parent,
                start_new_session=True,  # Ctrl-C in a terminal is for whoever started us: we stop the parts in order
                preexec_fn=tie_to(os.getpid(), signal.SIGKILL),
            )

    def wait_until_ready(self) -> None:
        """AssertionError with the last lines of the log if it ends, or is not ready within a minute."""
        wait_until(lambda: not self.runs or self._is_ready(), self.tail, START_SECONDS)
        assert self.runs, f"{self.name} ended:\n{self.tail()}"

    def stop(self) -> None:
        """SIGTERM and the end of the process; SIGKILL when it takes longer than twenty seconds."""
        if self._process is None:
            return
        self.resume()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_SECONDS)
        self._process = None

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(STOP_SECONDS)
            self._process, self._paused = None, False

    def pause(self) -> None:
        """SIGSTOP: it answers nobody and keeps its connections."""
        os.kill(self.pid, signal.SIGSTOP)
        self._paused = True

    def resume(self) -> None:
        """SIGCONT, if it was paused."""
        if self._paused:
            os.kill(self.pid, signal.SIGCONT)
            self._paused = False

    def tail(self) -> str:
        """The last lines that it wrote."""
        return f"{self.name}, {self.log}:\n" + self.log.read_bytes()[-TAIL_BYTES:].decode(errors="replace")
