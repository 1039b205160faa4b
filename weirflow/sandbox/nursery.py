"""The host's end of the process that workers are born from."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from weirflow.outside import outside
from weirflow.sandbox.failures import unavailable
from weirflow.sandbox.limits import Limits

_HERE = str(Path(__file__).resolve().parent)
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from inside.nursery import main; "
    "main(int(sys.argv[2]), int(sys.argv[3]))"
)
#: How long the interpreter and its library may take to load on a machine that is busy, and to end.
_START_SECONDS, _STOP_SECONDS = 30.0, 2.0
_LINE = 1 << 16
#: Of a worker that yields: a third of what others get of a busy processor.
_YIELDING = 5

Ended = Callable[[int], None]


class Nursery(asyncio.Protocol):
    """One such process. `ended` is called with the exit status of each worker that has ended, by its slot."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._transport: asyncio.Transport | None = None
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ended: dict[int, Ended] = {}
        self._buffer = b""
        self._slots = 0
        #: Whether it has ended; another has to be started then.
        self.gone = False

    async def start(self) -> None:
        """Returns when workers can be born. Raises `Fail`."""
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        # Nothing of the host's environment, and of its descriptors only the one.
        environment = {key: os.environ[key] for key in ("LD_LIBRARY_PATH",) if key in os.environ}
        arguments = ("-I", "-S", "-B", "-c", _PROGRAM, _HERE, str(theirs.fileno()), str(os.getpid()))
        try:
            with theirs, outside():
                self._process = await asyncio.create_subprocess_exec(
                    getattr(sys, "_base_executable", "") or sys.executable,
                    *arguments,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.DEVNULL,
                    env=environment,
                    cwd="/",
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            # On a duplicate: descriptors of workers are sent along beside the transport.
            await asyncio.get_running_loop().create_connection(lambda: self, sock=self._control.dup())
            with outside():
                async with asyncio.timeout(_START_SECONDS):
                    await self._ready
        except TimeoutError:
            await self.close()
            raise unavailable(f"Python did not start within {_START_SECONDS:g} s") from None
        except OSError as error:
            await self.close()
            raise unavailable(str(error)) from error
        except BaseException:
            await self.close()
            raise

    def begin(self, limits: Limits, ended: Ended, *, yields: bool = False) -> tuple[int, socket.socket]:
        """Have a worker born, one that `yields` the processor to others: its slot, and the host's end of its socket.
        Raises `Fail`."""
        if self.gone or self._control is None:
            raise unavailable("the process that starts others has ended")
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._slots += 1
        order = {
            "begin": self._slots,
            "memory": limits.memory,
            "most": limits.answer,
            "printed": limits.printed,
            "nice": _YIELDING if yields else 0,
        }
        try:
            with theirs:
                socket.send_fds(self._control, [json.dumps(order).encode() + b"\n"], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise unavailable(str(error)) from error
        self._ended[self._slots] = ended
        return self._slots, ours

    def kill(self, slot: int) -> None:
        """End a worker, whatever it is doing. One that has ended already is let be."""
        self._signal("kill", slot)

    def pause(self, slot: int) -> None:
        """Stop a worker where it is, until it is resumed or killed."""
        self._signal("pause", slot)

    def resume(self, slot: int) -> None:
        """Let a worker go on."""
        self._signal("resume", slot)

    async def close(self) -> None:
        """End the process, and all workers with it. Bounded; raises nothing."""
        self.gone = True
        if self._transport is not None:
            self._transport.abort()
        if self._control is not None:
            self._control.close()
        if self._process is None:
            return
        try:
            with outside():
                async with asyncio.timeout(_STOP_SECONDS):
                    await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            self._hear(json.loads(line))

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        if not self._ready.done():
            self._ready.set_exception(unavailable("its process ended while it started"))
        for ended in list(self._ended.values()):
            ended(-9)
        self._ended.clear()

    def _signal(self, how: str, slot: int) -> None:
        if slot in self._ended and self._transport is not None and not self.gone:
            self._transport.write(json.dumps({how: slot}).encode() + b"\n")

    def _hear(self, word: dict[str, Any]) -> None:
        if "ready" in word and not self._ready.done():
            self._ready.set_result(None)
        elif "ended" in word and (ended := self._ended.pop(word["ended"], None)) is not None:
            ended(word["status"])
