"""The lines that `manage.py up` prints: every child's log behind time and name, and the supervisor's own words."""

import json
import os
import select
import time
from collections import deque
from datetime import UTC, datetime

from config.supervisor.loop import Loop

QUEUE_LINES = 10_000

_COLOURS = {"cluster": "36", "modules": "35", "web": "32", "worker": "33", "up": "1"}
_MOST_WIDTH = 16


class Output:
    """A bounded queue of lines in front of standard output.

    A terminal that is held (Ctrl-S) or a pipe that nobody reads must stop neither supervision nor the children, whose
    own pipes are read by the same loop. Beyond `QUEUE_LINES` the oldest lines go, and their number is said.
    """

    def __init__(self, loop: Loop, fd: int = 1, colour: bool | None = None, json_lines: bool = False) -> None:
        """With `json_lines` each line but the plain ones is a JSON object, whoever wrote it."""
        self._loop, self._fd, self._json = loop, fd, json_lines
        self._colour = _wants_colour(fd) if colour is None else colour
        self._lines: deque[bytes] = deque()
        self._rest = b""
        self._dropped = 0
        self._waiting = self._closed = False
        self._width = max(map(len, _COLOURS))

    def say(self, text: str) -> None:
        """A line of the supervisor itself."""
        self.line("up", text.encode())

    def plain(self, text: str) -> None:
        """A line without prefix: what a person, or a script that waits for it, looks for."""
        self._put(text.encode() + b"\n")

    def line(self, name: str, text: bytes) -> None:
        """A line of the child `name`, without its line end."""
        if self._json:
            self._put(_object(name, text) + b"\n")
            return
        self._width = max(self._width, min(len(name), _MOST_WIDTH))
        label = name.ljust(self._width)
        if self._colour:
            label = f"\x1b[{_COLOURS.get(name.partition('-')[0], '34')}m{label}\x1b[0m"
        self._put(f"{time.strftime('%H:%M:%S')} {label} | ".encode() + text + b"\n")

    def flush(self, seconds: float) -> None:
        """Write what is queued, for at most `seconds`: the last words before the process ends."""
        until = time.monotonic() + seconds
        while self._waiting and (left := until - time.monotonic()) > 0:
            self._loop.turn(left)

    def _put(self, line: bytes) -> None:
        if self._closed:
            return
        if len(self._lines) >= QUEUE_LINES:
            self._lines.popleft()
            self._dropped += 1
        self._lines.append(line)
        if not self._waiting:
            self._waiting = True
            self._loop.when_writable(self._fd, self._write)

    def _write(self) -> None:
        if not self._rest:
            self._rest = self._next()
        try:
            # A pipe that polls as writable takes PIPE_BUF bytes without blocking.
            self._rest = self._rest[os.write(self._fd, self._rest[: select.PIPE_BUF]) :]
        except OSError:
            # The terminal is gone or the disk behind the log is full: the product goes on without its log.
            self._closed = True
            self._lines.clear()
            self._rest = b""
        if not self._rest and not self._lines:
            self._waiting = False
            self._loop.forget(self._fd)

    def _next(self) -> bytes:
        if self._dropped:
            note, self._dropped = f"{self._dropped} lines were dropped: the output is not being read\n", 0
            return note.encode()
        return self._lines.popleft()


def _object(name: str, text: bytes) -> bytes:
    """The child's own object with its name in front; what is none, as an interpreter's last words, becomes one."""
    process = json.dumps(name).encode()
    if text.startswith(b'{"') and text.endswith(b"}"):
        return b'{"process": ' + process + b", " + text[1:]
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    message = text.decode("utf-8", "replace")
    return json.dumps({"process": name, "at": at, "message": message}, ensure_ascii=False).encode()


def _wants_colour(fd: int) -> bool:
    return os.isatty(fd) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
