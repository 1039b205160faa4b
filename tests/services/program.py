"""A program that a test run starts, which ends with it."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from config.supervisor.orphans import tie_to
from tests.waiting import wait_until


def found(name: str, package: str, folders: Sequence[str] = ()) -> str:
    """Where the program is. The last of ``folders`` that has it counts, after the PATH."""
    places = [shutil.which(name), *(shutil.which(name, path=folder) for folder in reversed(folders))]
    path = next((place for place in places if place), None)
    assert path, f"{name} is needed: apt-get install --yes --no-install-recommends {package}"
    return path


class Program:
    """Listens on one port of 127.0.0.1, the same after each start."""

    def __init__(self, command: Sequence[str], port: int, log: Path, user: str | None = None) -> None:
        self.port, self.log = port, log
        self._command, self._user = command, user
        self._child: subprocess.Popen[bytes] | None = None

    def start(self, ready: Callable[[], bool] | None = None, seconds: float = 60) -> None:
        """Start it, unless it runs, and wait until it is ``ready``: until it listens."""
        if self._child is None or self._child.poll() is not None:
            with self.log.open("ab") as log:
                self._child = subprocess.Popen(
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    user=self._user,
                    extra_groups=[] if self._user else None,
                    preexec_fn=tie_to(os.getpid(), signal.SIGKILL),
                )
        wait_until(ready or self.listens, self._what_it_says, seconds)

    def listens(self) -> bool:
        """Whether it takes connections."""
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Send the signal, and wait for the end."""
        if self._child is not None:
            self._child.send_signal(number)
            self._child.wait(20)
            self._child = None

    def kill(self) -> None:
        """kill -9."""
        self.stop(signal.SIGKILL)

    def _what_it_says(self) -> str:
        return f"{self._command[0]} to listen on port {self.port}; it says: {self.log.read_text()[-2000:]}"
