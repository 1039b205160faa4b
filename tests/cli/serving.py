"""A `weirflow run` that a test starts, listens to and ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Any

from tests.cli.calling import environment
from tests.waiting import wait_until

READY_SECONDS = 60.0


class Serving:
    """`weirflow run --json` in a folder, in a process group of its own; `events` are what it said on stdout."""

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        self.events: deque[dict[str, Any]] = deque(maxlen=200)
        self._said: deque[str] = deque(maxlen=200)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "weirflow", "run", "--json", *arguments],
            cwd=folder,
            env=environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        for stream, take in ((self._process.stdout, self._take_event), (self._process.stderr, self._said.append)):
            threading.Thread(target=self._read, args=(stream, take), daemon=True).start()

    def ready(self, times: int = 1) -> dict[str, Any]:
        """What it said when it was ready, for the so manieth time."""
        wait_until(lambda: self._readies() >= times or self._process.poll() is not None, self.tail, READY_SECONDS)
        assert self._readies() >= times, self.tail()
        return [event for event in self.events if event.get("event") == "ready"][times - 1]

    def error(self, code: str) -> dict[str, Any]:
        """The newest error of this code, once there is one."""

        def found() -> list[dict[str, Any]]:
            return [event["error"] for event in list(self.events) if event.get("error", {}).get("code") == code]

        wait_until(lambda: bool(found()), self.tail, READY_SECONDS)
        return found()[-1]

    def remarks(self, text: str) -> None:
        """Wait until it has said this on stderr."""
        wait_until(lambda: any(text in line for line in list(self._said)), self.tail, READY_SECONDS)

    def tail(self) -> str:
        return "".join(self._said) + "".join(map(json.dumps, list(self.events)))

    def stop(self) -> int:
        """Ctrl-C, as a terminal sends it: to the whole group."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGINT)
        return self._process.wait(40)

    def kill(self) -> None:
        """The process that was started, without a word."""
        self._process.kill()
        self._process.wait(40)

    def _readies(self) -> int:
        return sum(event.get("event") == "ready" for event in list(self.events))

    def _take_event(self, line: str) -> None:
        self.events.append(json.loads(line))

    def _read(self, stream: Any, take: Any) -> None:
        for line in stream:
            take(line.decode())
