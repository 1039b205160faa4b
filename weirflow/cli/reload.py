"""Serving a module in a child process that is started again when a file changes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.out import Out
from weirflow.cli.package import Package
from weirflow.cli.where import Where

LOOK_SECONDS = 0.25
STOP_SECONDS = 8.0
"""A host takes at most four to stop."""
SOON_SECONDS = 0.05
"""How often is looked while a new version is being imported."""
HOPELESS = (Exit.UNREACHABLE, Exit.REFUSED, Exit.USAGE)
"""Ends that nothing in the files would mend."""
MAX_FILES = 5_000
SUFFIXES = (".py", ".yaml", ".json", ".toml", ".txt", ".sql", ".md")

Seen = dict[str, tuple[int, int]]


def serve_again_and_again(
    out: Out, package: Package, where: Where, *, name: str | None, http_port: int, verbose: bool
) -> int:
    """Serve ``package`` until a signal; returns the exit code. Raises ``Failure``."""
    arguments = ["run", package.name, "--owned", "--kubeconfig", str(where.kubeconfig.resolve())]
    arguments += ["--http-port", str(http_port or _free_port())]
    arguments += [
        *(["--as", name] if name else []),
        *(["--verbose"] if verbose else []),
        *(["--json"] if out.as_json else []),
    ]
    stop = _Stop()
    serving: Child | None = None
    coming: Child | None = Child(arguments, package.folder)
    seen, look_at = snapshot(package.files), 0.0
    try:
        while not stop.wanted:
            if coming is not None and coming.can_serve:
                if serving is not None:
                    serving.stop()
                serving, coming = coming, None
                serving.serve()
            elif coming is not None and coming.ended is not None:
                if serving is not None:
                    out.note("the version from before goes on; the next save is tried again")
                elif coming.ended in HOPELESS:
                    return coming.ended
                coming.stop()
                coming = None
            if serving is not None and serving.ended in HOPELESS:
                return int(serving.ended or 0)
            time.sleep(LOOK_SECONDS if coming is None else SOON_SECONDS)
            if time.monotonic() < look_at:
                continue
            look_at = time.monotonic() + LOOK_SECONDS
            now = snapshot(package.files)
            if now != seen:
                changed = changes(seen, now)
                seen = now
                out.note(f"changed: {', '.join(changed[:3])}{' ...' if len(changed) > 3 else ''}; starting again")
                if coming is not None:
                    coming.stop()
                coming = Child(arguments, package.folder)
    finally:
        for child in (coming, serving):
            if child is not None:
                child.stop()
    return Exit.DONE


def snapshot(folder: Path) -> Seen:
    """Time and size of each file of the package, by its path below it. Raises ``Failure`` where there are too many."""
    found: Seen = {}
    for path in _walk(folder):
        # A file that an editor replaces is away for a moment.
        with suppress(OSError):
            status = path.stat()
            found[str(path.relative_to(folder))] = status.st_mtime_ns, status.st_size
        if len(found) > MAX_FILES:
            text = f"{folder} has more than {MAX_FILES} files; run without --reload, or name a smaller package"
            raise Failure(text, code="too_many_files", exit=Exit.USAGE)
    return found


def changes(before: Seen, after: Seen) -> list[str]:
    """What is different, by path."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _walk(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = [one for one in folders if not one.startswith(".") and one not in ("__pycache__", "node_modules")]
        yield from (Path(where, one) for one in files if one.endswith(SUFFIXES) and not one.startswith("."))


class Child:
    """The process that serves, once it is told to: what it is about to serve has been imported when it ``can_serve``.
    It ends with this one, as its standard input does."""

    def __init__(self, arguments: list[str], folder: Path) -> None:
        home = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
        self._told, tells = os.pipe()
        os.set_blocking(self._told, False)
        self._imported = False
        try:
            self._process = subprocess.Popen(  # noqa: S603 our own command
                [sys.executable, "-m", "weirflow", *arguments, "--tell", str(tells)],
                cwd=folder,
                stdin=subprocess.PIPE,
                pass_fds=[tells],
                env={**os.environ, "PYTHONPATH": path},
            )
        finally:
            os.close(tells)

    @property
    def can_serve(self) -> bool:
        """Whether it has said that it waits for ``serve``."""
        if not self._imported:
            with suppress(BlockingIOError):
                self._imported = bool(os.read(self._told, 1))
        return self._imported

    @property
    def ended(self) -> int | None:
        """Its exit code, if it has ended by itself."""
        return self._process.poll()

    def serve(self) -> None:
        """Have it begin."""
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.write(b"\n")
            self._process.stdin.flush()

    def stop(self) -> None:
        """End it, in peace if it can."""
        with suppress(OSError):
            self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.close()
        os.close(self._told)


class _Stop:
    """Whether a signal has come. A terminal sends Ctrl-C to the child as well: it may have ended by then."""

    def __init__(self) -> None:
        self.wanted = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._come)

    def _come(self, _number: int, _frame: object) -> None:
        self.wanted = True


def _free_port() -> int:
    """A port that nothing listens on: flows keep their addresses over all starts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
