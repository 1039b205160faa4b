"""The listener that flows answer on: one port, shared by all nodes of the host."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections.abc import Callable

from weirflow.errors import Problem
from weirflow.runtime.http_connection import FlowConnection
from weirflow.runtime.http_routes import FlowRoute, RouteTable
from weirflow.runtime.options import LOOPBACK_HOSTS
from weirflow.services import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

_MAX_CONNECTIONS = 4000
_MAX_IN_FLIGHT = 1000
_QUIET_SECONDS = 75.0
_RECEIVE_SECONDS = 60.0
_RETRY_SECONDS = 2.0
_BACKLOG = 1024
#: How long a stopping host listens to connections that are kept alive and silent, in seconds.
_FAREWELL_SECONDS = 0.3


class FlowListener:
    """Listens on ``host:port``; while that is taken it tries again. ``on_problem`` is told, for each node that answers
    requests, whether they can reach it.

    ``shared_fd`` is a socket that listens there already, in several processes at once: a connection that none of them
    has taken yet waits in one queue for all, so that it is not lost with any of them.
    """

    def __init__(
        self,
        host: str,
        port: int,
        on_problem: Callable[[str, Problem | None], None],
        names: frozenset[str] = LOOPBACK_HOSTS,
        shared_fd: int | None = None,
    ) -> None:
        self._names, self._shared_fd = names, shared_fd
        self._host, self._port, self._on_problem = host, port, on_problem
        self.routes = RouteTable(f"http://{host}:{port}", lambda node: on_problem(node, self.problem))
        self.problem: Problem | None = None
        self.stopping = False
        #: The flows are not all there yet: what nobody answers now may be answered soon.
        self.starting = False
        self._in_flight = 0
        #: Set when a connection or, while stopping, a request has ended.
        self._less = asyncio.Event()
        self._connections: set[FlowConnection] = set()
        self._server: asyncio.Server | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Open the port while the flows are being started: whoever comes early is told so. A port that others serve too
        is left to them until ``ready``."""
        self.starting = True
        if self._shared_fd is None:
            self._open()

    def ready(self) -> None:
        """The flows are all there: what nobody answers now is answered by nobody."""
        self.starting = False
        if self._task is None and not self.stopping:
            self._open()

    def _open(self) -> None:
        self._task = asyncio.create_task(self._run(), name="http listener")

    @property
    def port(self) -> int:
        """The port in use; 0 while there is none."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server and self._server.sockets else 0

    async def stop(self, seconds: float) -> None:
        """Take no more connections, let requests in flight be answered within ``seconds``, close all connections."""
        self.stopping = True
        until = time.monotonic() + seconds
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._server is not None:
            self._server.close()
        # What has just been accepted shows itself in the next turns of the loop.
        await asyncio.sleep(0.01)
        # On a connection that is kept alive the next request may be on its way: its answer says that it was the last.
        await self._wait_until(lambda: not self._connections, min(_FAREWELL_SECONDS, seconds / 2))
        for connection in list(self._connections):
            if not connection.busy:
                connection.close()
        if not await self._wait_until(lambda: not self._in_flight, until - time.monotonic()):
            log.warning("%d requests had no answer when the host stopped", self._in_flight)
        # The answer is written after the handler's return, in the connection's own task.
        await asyncio.sleep(0)
        for connection in list(self._connections):
            connection.close()

    def answers_to(self, host: str) -> bool:
        """Whether a request with this ``Host`` is meant for here: a page that had its own name point to this machine
        could else reach the flows through a visitor's browser. A request without the field comes from no browser."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        return not host or name.lower() in self._names or "*" in self._names

    def connected(self, connection: FlowConnection) -> bool:
        """Note a new connection; ``False`` if there are too many."""
        self._connections.add(connection)
        return len(self._connections) <= _MAX_CONNECTIONS

    def disconnected(self, connection: FlowConnection) -> None:
        """Forget a connection."""
        self._connections.discard(connection)
        self._less.set()

    async def handle(self, request: HttpRequest, route: FlowRoute) -> HttpResponse:
        """Have the node answer. Whatever happens there, there is a response."""
        if self._in_flight >= _MAX_IN_FLIGHT:
            return HttpResponse(503, {"retry-after": "1"}, b"too many requests are in flight; try again\n")
        self._in_flight += 1
        try:
            return await route.handler(request)
        except asyncio.CancelledError:
            raise
        except Exception:
            error_id = os.urandom(6).hex()
            log.exception("a request failed, error %s", error_id, extra={"node": route.node})
            return HttpResponse(500, {"content-type": "text/plain; charset=utf-8"}, f"error {error_id}\n".encode())
        finally:
            self._in_flight -= 1
            if self.stopping:
                self._less.set()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._server is None:
            try:
                if self._shared_fd is not None:
                    shared = socket.socket(fileno=self._shared_fd)
                    self._server = await loop.create_server(self._connection, sock=shared, backlog=_BACKLOG)
                else:
                    self._server = await loop.create_server(self._connection, self._host, self._port, backlog=_BACKLOG)
            except OSError as error:
                self._show(
                    Problem(
                        "port_busy",
                        f"flows cannot be reached over HTTP: port {self._port} on {self._host} cannot be opened "
                        f"({error.strerror or error}); stop what uses it, or set WEIRFLOW_HTTP_PORT to another",
                    )
                )
                await asyncio.sleep(_RETRY_SECONDS)
        self._show(None)
        self.routes.base_url = f"http://{self._host}:{self.port}"
        log.info("flows answer on %s", self.routes.base_url)
        while True:
            await asyncio.sleep(1.0)
            now = time.monotonic()
            for connection in list(self._connections):
                connection.refuse_if_late(now, _QUIET_SECONDS, _RECEIVE_SECONDS)

    def _connection(self) -> FlowConnection:
        return FlowConnection(self)

    async def _wait_until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until connections and requests have become so few that it ``holds``; whether it does within the time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not holds():
                    self._less.clear()
                    await self._less.wait()
        return holds()

    def _show(self, problem: Problem | None) -> None:
        if problem == self.problem:
            return
        self.problem = problem
        if problem is not None:
            log.error("%s", problem.message)
        for node in self.routes.nodes():
            self._on_problem(node, problem)
