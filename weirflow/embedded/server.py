"""The HTTPS server: listens on loopback, writes the files others find it by, and stops without losing anything."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import ssl
from collections.abc import Callable

from weirflow.embedded.certificates import ensure_certificates
from weirflow.embedded.cluster import EmbeddedCluster
from weirflow.embedded.files import ClusterFiles, authenticator
from weirflow.embedded.http import Connection

ADDRESS = "127.0.0.1"
HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
CONNECTIONS = 1_024
IDLE_SECONDS = 300.0
STALL_SECONDS = 60.0
SWEEP_SECONDS = 30.0
CLOSE_SECONDS = 0.5
"""How long a client may take to say goodbye."""
STOP_SECONDS = 1.5
PORT_SECONDS = 5.0
"""How long the port of the last start may be somebody else's before that is an error."""

log = logging.getLogger(__name__)


class PortInUse(Exception):
    """The port the cluster is to serve on is taken."""


class ClusterServer:
    """A cluster behind HTTPS on 127.0.0.1. `port` 0 means: the port of the last start, else a free one."""

    def __init__(self, files: ClusterFiles, port: int = 0) -> None:
        self.files = files
        self.port = port or files.remembered_port()
        self._remembered = not port and self.port != 0
        self._connections: set[Connection] = set()

    async def start(self) -> None:
        """Open the store, listen, write the kubeconfigs. Raises StoreInUse, PortInUse, CertificatesFailed, OSError."""
        self.files.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        ensure_certificates(self.files)
        tokens = self.files.tokens()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.files.certificate, self.files.key)
        context.set_alpn_protocols(["http/1.1"])
        self.cluster = await EmbeddedCluster.open(self.files.directory)
        authenticate = authenticator(tokens)

        def connection() -> asyncio.Protocol:
            made = Connection(self.cluster, authenticate, HOSTS, self._connections)
            return made if len(self._connections) < CONNECTIONS else Refused()

        try:
            self._server = await self._listen(connection, context)
        except OSError as error:
            await self.cluster.close()
            raise PortInUse(
                f"cannot listen on {ADDRESS}:{self.port}: {error.strerror or error}. Free the port, or choose another "
                f"with WEIRFLOW_CLUSTER_PORT (the last one is remembered in {self.files.directory / 'port'})"
            ) from error
        self.port = self._server.sockets[0].getsockname()[1]
        self.files.remember_port(self.port)
        self.files.write_kubeconfigs(self.port, tokens)
        self._sweeper = asyncio.create_task(self._sweep(), name="close idle connections")

    async def _listen(self, connection: Callable[[], asyncio.Protocol], context: ssl.SSLContext) -> asyncio.Server:
        """The port of the last start may be a client's for a moment: of one that called us while we were away, even."""
        loop = asyncio.get_running_loop()
        until = loop.time() + (PORT_SECONDS if self._remembered else 0.0)
        while True:
            try:
                return await loop.create_server(
                    connection, ADDRESS, self.port, ssl=context, ssl_shutdown_timeout=CLOSE_SECONDS, backlog=256
                )
            except OSError as error:
                if error.errno != errno.EADDRINUSE or loop.time() >= until:
                    raise
            log.info("waiting for port %d, that of the last start, which somebody has now", self.port)
            await asyncio.sleep(PORT_SECONDS / 20)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            close_idle(self._connections, asyncio.get_running_loop().time())
            self.cluster.expire_events()

    async def stop(self) -> None:
        """Take no more requests, end the watches, store and answer what is under way, close."""
        self._server.close()
        self._sweeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._sweeper
        for connection in list(self._connections):
            connection.shut()
        await self.cluster.close()
        deadline = asyncio.get_running_loop().time() + STOP_SECONDS
        while self._connections and asyncio.get_running_loop().time() < deadline:
            for connection in list(self._connections):
                connection.shut()
            await asyncio.sleep(0.01)
        for connection in list(self._connections):
            connection.abort()


def close_idle(connections: set[Connection], now: float) -> None:
    """Close connections that say nothing and are owed nothing, and cut those that do not read; `now` is loop time."""
    for connection in list(connections):
        if connection.stalled(now - STALL_SECONDS):
            connection.abort()
        elif connection.idle and connection.since < now - IDLE_SECONDS:
            connection.shut()


class Refused(asyncio.Protocol):
    """A connection beyond the bound: closed at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
