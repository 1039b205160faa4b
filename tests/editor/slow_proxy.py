"""A TCP proxy in front of the cluster that delays, or drops everything, on demand."""

import asyncio
import contextlib
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import yaml


class SlowProxy:
    """``delay`` seconds pass before each piece of a request goes on; while ``cut``, connections are closed at once."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server: asyncio.Server | None = None
        self._pipes: set[asyncio.Task[None]] = set()
        self.delay = 0.0
        self.cut = False

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.drop()
        await asyncio.sleep(0)

    def drop(self) -> None:
        """Cut all connections that are open."""
        for pipe in list(self._pipes):
            pipe.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.cut:
            writer.close()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        for source, sink, slow in ((reader, far_writer, True), (far_reader, writer, False)):
            pipe = asyncio.ensure_future(self._pump(source, sink, slow))
            self._pipes.add(pipe)
            pipe.add_done_callback(self._pipes.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, slow: bool) -> None:
        with contextlib.suppress(OSError):
            try:
                while data := await source.read(65536):
                    if slow and self.delay:
                        await asyncio.sleep(self.delay)
                    sink.write(data)
                    await sink.drain()
            finally:
                sink.close()


def through(kubeconfig: Path, port: int, path: Path) -> Path:
    """A copy of the kubeconfig that leads through the proxy."""
    raw = kubeconfig.read_bytes()
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        document = yaml.safe_load(raw)
    document["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{port}"
    path.write_bytes(orjson.dumps(document))
    return path


def port_of(kubeconfig: Path) -> int:
    raw = kubeconfig.read_bytes()
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        document = yaml.safe_load(raw)
    return int(urlsplit(document["clusters"][0]["cluster"]["server"]).port or 0)
