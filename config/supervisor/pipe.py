"""Lines from a child's pipe."""

import os
from collections.abc import Callable

from config.supervisor.loop import Loop

READ_BYTES = 65_536
LONGEST_LINE = 16_384


class LineReader:
    """Calls `on_line(line)` for every line of `fd`, without its end; a line beyond `LONGEST_LINE` is cut into pieces.

    Owns the descriptor: closes it at the end of the stream, on `finish()` or `close()`.
    """

    def __init__(self, loop: Loop, fd: int, on_line: Callable[[bytes], None]) -> None:
        self._loop, self._fd, self._on_line = loop, fd, on_line
        self._rest = b""
        self._open = True
        os.set_blocking(fd, False)
        loop.when_readable(fd, self._read)

    def finish(self, rounds: int) -> None:
        """Read what is left, at most `rounds` reads, and close: the writer has ended, its children may not have."""
        while self._open and rounds > 0 and self._read():
            rounds -= 1
        self.close()

    def _read(self) -> bool:
        try:
            data = os.read(self._fd, READ_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self.close()
            return False
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._emit(line.rstrip(b"\r"))
        while len(self._rest) > LONGEST_LINE:
            self._emit(self._rest[:LONGEST_LINE])
            self._rest = self._rest[LONGEST_LINE:]
        return True

    def _emit(self, line: bytes) -> None:
        for start in range(0, max(len(line), 1), LONGEST_LINE):
            self._on_line(line[start : start + LONGEST_LINE])

    def close(self) -> None:
        """Give the descriptor back; a last line without an end still counts."""
        if not self._open:
            return
        self._open = False
        self._loop.forget(self._fd)
        os.close(self._fd)
        if self._rest:
            self._emit(self._rest)
            self._rest = b""
