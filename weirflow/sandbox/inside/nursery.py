"""The process that workers are born from: it has the library loaded, runs no code of anybody's, and waits.

    host -> nursery   {"begin": slot, "memory": bytes, "most": bytes, "printed": characters, "nice": more},
                     with the worker's socket
                      {"kill": slot}, {"pause": slot}, {"resume": slot}
    nursery -> host   {"ready": true}, {"ended": slot, "status": status}, one JSON a line

When its host hangs up it ends, and all workers with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
from collections import deque
from typing import Any

from . import library, lockdown, namespaces, privileges
from .calls import Worker

_READ = 1 << 16
_DESCRIPTORS = 64
_SIGNALS = {"kill": signal.SIGKILL, "pause": signal.SIGSTOP, "resume": signal.SIGCONT}
#: Of a worker's socket, as seen by itself.
_SOCKET = 3


class Nursery:
    """On the control socket `control`."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._buffer = b""
        self._sockets: deque[int] = deque()
        self._workers: dict[int, int] = {}
        self._user = (os.geteuid(), os.getegid())
        self._woken, waker = os.pipe()
        os.set_blocking(waker, False)
        os.set_blocking(self._woken, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Until the host hangs up."""
        self._say({"ready": True})
        try:
            while True:
                readable, _, _ = select.select([self._control.fileno(), self._woken], [], [])
                if self._woken in readable:
                    self._reap()
                if self._control.fileno() in readable and not self._hear():
                    return
        finally:
            for process in self._workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)

    def _hear(self) -> bool:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, _READ, _DESCRIPTORS)
        except ConnectionError:
            return False
        if not data:
            return False
        self._sockets.extend(descriptors)
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "begin" in order:
                self._begin(order)
            else:
                for how, slot in order.items():
                    self._signal(slot, _SIGNALS[how])
        return True

    def _begin(self, order: dict[str, Any]) -> None:
        descriptor = self._sockets.popleft()
        try:
            process, new = namespaces.fork()
        except OSError as error:
            os.close(descriptor)
            self._say({"ended": order["begin"], "status": -1, "why": str(error)})
            return
        if process == 0:
            self._be_worker(descriptor, order, new)
        os.close(descriptor)
        self._workers[process] = order["begin"]

    def _be_worker(self, descriptor: int, order: dict[str, Any], new: tuple[str, ...]) -> None:
        """Never returns."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(descriptor, _SOCKET, inheritable=False)
            os.nice(order["nice"])
            os.closerange(_SOCKET + 1, 1024)
            walls = lockdown.enter(order["begin"], order["memory"], new, self._user)
            Worker(_SOCKET, order["most"], order["printed"]).serve(walls)
        except BaseException:
            os._exit(1)
        os._exit(0)

    def _signal(self, slot: int, number: int) -> None:
        # Its number cannot be somebody else's yet: this process alone takes note of its end.
        for process, known in self._workers.items():
            if known == slot:
                os.kill(process, number)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self._woken, 512):
                pass
        while self._workers:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            self._say({"ended": self._workers.pop(process), "status": os.waitstatus_to_exitcode(status)})

    def _say(self, word: dict[str, Any]) -> None:
        # A host that has gone is noticed where this process listens.
        with contextlib.suppress(OSError):
            self._control.sendall(json.dumps(word).encode() + b"\n")


def main(descriptor: int, host: int) -> None:
    """Serve the host whose process `host` is, on an inherited socket."""
    with contextlib.suppress(OSError, AttributeError):
        privileges.die_with_parent()
    if os.getppid() != host:
        return
    os.environ.clear()
    library.load()
    Nursery(socket.socket(fileno=descriptor)).serve()
