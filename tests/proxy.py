"""A TCP proxy in front of a server, with the faults of a network: delay, cut, half-open, throttle. TLS passes."""

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import orjson
import yaml

_PIECE_BYTES = 65536


@dataclass(eq=False)
class _Joint:
    """Two connections that are one to their ends. ``stranded``: nothing passes any more, and nobody is told."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    stranded: bool = False

    def close(self) -> None:
        for writer in (self.near, self.far):
            writer.transport.abort()


class Proxy:
    """``delay`` seconds pass before each piece of a request goes on; answers take ``rate`` bytes a second (0: any).

    While ``cut``, connections are closed at once. While ``frozen``, nothing is forwarded and nothing closed, as when a
    machine between the ends hangs; afterwards all of it goes on.
    """

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._joints: set[_Joint] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thawed = asyncio.Event()
        self._thawed.set()
        self.delay = 0.0
        self.rate = 0
        self.cut = False
        self.port = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.drop()
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    @property
    def frozen(self) -> bool:
        return not self._thawed.is_set()

    @frozen.setter
    def frozen(self, value: bool) -> None:
        (self._thawed.clear if value else self._thawed.set)()

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self._joints)

    def drop(self) -> None:
        """Cut all connections that are open."""
        for joint in list(self._joints):
            joint.close()

    def strand(self) -> None:
        """Forget all connections that are open without a word to either end, as a balancer does; new ones work."""
        for joint in self._joints:
            joint.stranded = True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._thawed.wait()
            if not self.cut:
                with contextlib.suppress(OSError):
                    far_reader, far_writer = await asyncio.open_connection(*self._target)
                    await self._join(reader, writer, far_reader, far_writer)
        except asyncio.CancelledError:
            pass  # the proxy stops; asyncio would complain that nobody has looked at this task
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _join(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        joint = _Joint(writer, far_writer)
        self._joints.add(joint)
        try:
            await asyncio.gather(
                self._pump(joint, reader, far_writer, request=True),
                self._pump(joint, far_reader, writer, request=False),
            )
        finally:
            self._joints.discard(joint)
            joint.close()

    async def _pump(
        self, joint: _Joint, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, request: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(_PIECE_BYTES):
                if request and self.delay:
                    await asyncio.sleep(self.delay)
                if not request and self.rate:
                    await asyncio.sleep(len(data) / self.rate)
                await self._thawed.wait()
                if not joint.stranded:
                    sink.write(data)
                    await sink.drain()
        if not joint.stranded:
            await self._thawed.wait()
            sink.close()


def through(kubeconfig: Path, port: int, path: Path) -> Path:
    """A copy of the kubeconfig, in ``path``, that leads to ``port``."""
    document = _read(kubeconfig)
    document["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{port}"
    path.write_bytes(orjson.dumps(document))
    path.chmod(0o600)
    return path


def port_of(kubeconfig: Path) -> int:
    """The port of the kubeconfig's server."""
    return int(urlsplit(_read(kubeconfig)["clusters"][0]["cluster"]["server"]).port or 443)


def _read(kubeconfig: Path) -> dict:  # type: ignore[type-arg]
    raw = kubeconfig.read_bytes()
    try:
        return dict(orjson.loads(raw))
    except orjson.JSONDecodeError:
        return dict(yaml.safe_load(raw))
