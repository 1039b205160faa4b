"""The data directory: made, checked and locked before anything starts."""

import contextlib
import errno
import fcntl
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.supervisor.errors import StartError

STATE_NAME, LOCK_NAME = "up.json", "up.lock"
# An earlier supervisor that was killed leaves children that need up to five seconds to end.
PATIENCE_SECONDS = 8.0


class Home:
    """A locked data directory. `up.json` in it says who runs here: `{pid, url, flows, children: {name: pid}}`.

    Two locks. `up.lock` (flock) belongs to the open file, which the children inherit: it is free only when the last
    process of a start has ended, so that two clusters never write to one store. `up.json` is locked by the supervisor
    alone (a POSIX lock, never inherited, gone when the process is): it tells a product that runs from children that
    a killed supervisor has left and that will end by themselves.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock_fd = self.state_fd = -1
        self._state: dict[str, Any] = {}

    def take(self) -> None:
        """Make the directory, see that it can be written, lock it. Raises StartError."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.state_fd = self._open(STATE_NAME)
            self.lock_fd = self._open(LOCK_NAME)
        except OSError as error:
            raise StartError(self._cannot_write(error)) from error
        self._lock()
        try:
            self._probe()
        except OSError as error:
            raise StartError(self._cannot_write(error)) from error

    def _open(self, name: str) -> int:
        return os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def record(self, **changes: Any) -> None:
        """Write what changed into `up.json`. A full disk is not worth dying for: the file is for people."""
        self._state.update(changes)
        text = json.dumps(self._state).encode()
        with contextlib.suppress(OSError):
            os.pwrite(self.state_fd, text, 0)
            os.ftruncate(self.state_fd, len(text))

    def _lock(self) -> None:
        if not self._try(fcntl.lockf, self.state_fd):
            holder = self._holder()
            raise StartError(
                f"Weirflow already runs with the data directory {self.path} (process {holder.get('pid', 'unknown')}, "
                f"{holder.get('url', 'starting')}). Use that one, stop it, or set WEIRFLOW_HOME to another directory."
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._try(fcntl.flock, self.lock_fd):
            if time.monotonic() > until:
                children = self._holder().get("children", {})
                left = ", ".join(f"{name} {pid}" for name, pid in children.items()) or "unknown"
                raise StartError(
                    f"Processes of an earlier start still use {self.path} ({left}): end them and start again."
                )
            time.sleep(0.05)

    def _try(self, lock: Callable[[int, int], object], fd: int) -> bool:
        try:
            lock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return False
            raise StartError(f"{self.path} cannot be locked: {error.strerror}.") from error
        return True

    def _holder(self) -> dict[str, Any]:
        try:
            holder = json.loads(os.pread(self.state_fd, 65_536, 0))
        except ValueError:
            return {}
        return holder if isinstance(holder, dict) else {}

    def _probe(self) -> None:
        """A directory may exist and still take nothing: read-only file system, quota, full disk."""
        probe = self.path / f".probe-{os.getpid()}"
        try:
            fd = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            try:
                os.write(fd, b"\0" * 65_536)
                os.fsync(fd)
            finally:
                os.close(fd)
        finally:
            probe.unlink(missing_ok=True)

    def _cannot_write(self, error: OSError) -> str:
        advice = "free some space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "make it writable"
        return f"The data directory {self.path} cannot be written: {error.strerror}. Set WEIRFLOW_HOME or {advice}."
