"""The data directory: made, checked and locked before anything starts."""

import contextlib
import errno
import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any

from config.supervisor.errors import StartError

LOCK_NAME = "up.json"
# An earlier supervisor that was killed leaves children that need up to five seconds to end.
PATIENCE_SECONDS = 8.0


class Home:
    """A locked data directory. `up.json` in it says who runs here: `{pid, url, children: {name: pid}}`.

    The lock (flock) belongs to the open file, which the children inherit: it is free only when the last process of a
    start has ended, so that two clusters never write to one store.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock_fd = -1
        self._state: dict[str, Any] = {}

    def take(self) -> None:
        """Make the directory, see that it can be written, lock it. Raises StartError."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.lock_fd = os.open(self.path / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StartError(self._cannot_write(error)) from error
        self._lock()
        try:
            self._probe()
        except OSError as error:
            raise StartError(self._cannot_write(error)) from error

    def record(self, **changes: Any) -> None:
        """Write what changed into `up.json`. A full disk is not worth dying for: the file is for people."""
        self._state.update(changes)
        text = json.dumps(self._state).encode()
        with contextlib.suppress(OSError):
            os.pwrite(self.lock_fd, text, 0)
            os.ftruncate(self.lock_fd, len(text))

    def _lock(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(self.lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                    raise StartError(f"{self.path} cannot be locked: {error.strerror}.") from error
            holder = self._holder()
            if _alive(int(holder.get("pid", 0))) or time.monotonic() > until:
                raise StartError(self._taken_by(holder))
            time.sleep(0.05)

    def _holder(self) -> dict[str, Any]:
        try:
            holder = json.loads(os.pread(self.lock_fd, 65_536, 0))
        except ValueError:
            return {}
        return holder if isinstance(holder, dict) else {}

    def _taken_by(self, holder: dict[str, Any]) -> str:
        pid, children = int(holder.get("pid", 0)), holder.get("children", {})
        if not _alive(pid):
            left = ", ".join(f"{name} {child}" for name, child in children.items() if _alive(child))
            return (
                f"Processes of an earlier start still use {self.path} ({left or 'unknown'}): end them and start again."
            )
        return (
            f"Weirflow already runs with the data directory {self.path} "
            f"(process {pid}, {holder.get('url', 'starting')}). "
            "Use that one, stop it, or set WEIRFLOW_HOME to another directory."
        )

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


def _alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
