"""One supervised process: its start, log, readiness, end and next start."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from config.supervisor.backoff import Backoff
from config.supervisor.errors import EXIT_HOPELESS
from config.supervisor.loop import Loop, Timer
from config.supervisor.output import Output
from config.supervisor.pipe import LineReader

READY_FD = "WEIRFLOW_READY_FD"
# A pipe that a grandchild keeps open must not hold back the news that the child itself has ended.
DRAIN_ROUNDS = 16


class ChildSpec(NamedTuple):
    """What to run under which name; `stop_seconds` lie between SIGTERM and SIGKILL. `inherit` are descriptors that it
    gets under the same numbers."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    stop_seconds: float = 1.2
    inherit: Sequence[int] = ()


class Watcher(Protocol):
    """Who hears what becomes of a child."""

    def child_started(self, child: "Child") -> None: ...
    def child_ready(self, child: "Child", note: str) -> None: ...
    def child_ended(self, child: "Child", hopeless: bool) -> None: ...


class Child:
    """Runs its command in a session of its own and starts it again, with backoff, until it is told to stop."""

    def __init__(
        self,
        spec: ChildSpec,
        *,
        loop: Loop,
        output: Output,
        watcher: Watcher,
        directory: Path,
        inherit: Sequence[int] = (),
        before_exec: Callable[[], None] | None = None,
    ) -> None:
        self.spec, self.name = spec, spec.name
        self.ready = False
        self.starts = 0
        self._loop, self._output, self._watcher = loop, output, watcher
        self._directory, self._inherit, self._before_exec = directory, (*inherit, *spec.inherit), before_exec
        self._backoff = Backoff()
        self._process: subprocess.Popen[bytes] | None = None
        self._log: LineReader | None = None
        self._news: LineReader | None = None
        self._timer: Timer | None = None
        self._patience: Timer | None = None
        self._retired = self._told_to_stop = self._renewing = False
        self._started_at = 0.0

    @property
    def pid(self) -> int | None:
        """The process that runs now, or None between two starts."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._timer = None
        self._told_to_stop = self._renewing = False
        ready_reader, ready_writer = os.pipe()
        log_reader, log_writer = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603
                self.spec.command,
                cwd=self._directory,
                env={**os.environ, **self.spec.environment, READY_FD: str(ready_writer)},
                stdin=subprocess.DEVNULL,
                stdout=log_writer,
                stderr=log_writer,
                pass_fds=(ready_writer, *self._inherit),
                start_new_session=True,
                preexec_fn=self._before_exec,
            )
        except (OSError, subprocess.SubprocessError) as error:
            # Too many processes, no memory: the next try may succeed.
            os.close(ready_reader)
            os.close(log_reader)
            self._again(f"{self.name} cannot be started: {error}", 0.0)
            return
        finally:
            os.close(ready_writer)
            os.close(log_writer)
        self.starts += 1
        self._started_at = time.monotonic()
        self._log = LineReader(self._loop, log_reader, lambda line: self._output.line(self.name, line))
        self._news = LineReader(self._loop, ready_reader, self._hear)
        self._watcher.child_started(self)

    def reap(self) -> None:
        """After a SIGCHLD: notice the end of the process, if it was this one that ended."""
        process = self._process
        if process is None or (code := process.poll()) is None:
            return
        self._kill_group(process.pid)
        if self._patience:
            self._patience.cancel()
        if self._news:
            self._news.close()
        if self._log:
            self._log.finish(DRAIN_ROUNDS)
        self._process, self.ready = None, False
        hopeless = code == EXIT_HOPELESS
        if self._retired:
            self._output.say(f"{self.name} {_how_it_ended(code)}")
        elif self._renewing:
            self._output.say(f"{self.name} has stopped, and is started again")
            self._timer = self._loop.after(0.0, self.start)
        elif hopeless:
            self._output.say(f"{self.name} cannot run here: its last lines above say why")
        else:
            self._again(f"{self.name} {_how_it_ended(code)}", time.monotonic() - self._started_at)
        self._watcher.child_ended(self, hopeless)

    def retire(self) -> None:
        """No further start; a process that runs goes on running until `stop()`."""
        self._retired = True
        if self._timer:
            self._timer.cancel()

    def stop(self) -> None:
        """SIGTERM now, SIGKILL to its whole group after `stop_seconds`; `child_ended` tells when it is over."""
        if self._process is None or self._told_to_stop:
            return
        self._told_to_stop = True
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        self._patience = self._loop.after(self.spec.stop_seconds, self._lose_patience)

    def renew(self) -> None:
        """Stop the process and start it again at once; `child_ready` tells when it is back."""
        self._renewing = True
        self.stop()

    def kill(self) -> None:
        """End the process and what it started, now."""
        if self._process:
            self._kill_group(self._process.pid)

    def _again(self, what: str, lived: float) -> None:
        delay = self._backoff.delay(lived)
        self._output.say(f"{what}; starting it again in {delay:g} s")
        self._timer = self._loop.after(delay, self.start)

    def _hear(self, line: bytes) -> None:
        word, _, note = line.decode(errors="replace").strip().partition(" ")
        if word == "ready" and not self.ready:
            self.ready = True
            self._watcher.child_ready(self, note)

    def _lose_patience(self) -> None:
        if self._process:
            self._output.say(f"{self.name} did not stop within {self.spec.stop_seconds:g} s and is killed")
            self.kill()

    @staticmethod
    def _kill_group(pid: int) -> None:
        """The child leads its own group: what it started and left behind goes too."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _how_it_ended(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
        return f"was ended by signal {-code}"
    return f"ended with exit code {code}"
