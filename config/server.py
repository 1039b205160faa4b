"""Daphne, run by ourselves: it says when it is ready, why it cannot listen, and stops its parts before it goes."""

import asyncio
import logging
import os
import socket
import sys
from typing import Any

import uvloop

# Twisted takes the event loop that exists when Daphne is imported.
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
# Nor does it load its TLS, 80 modules and 5 MiB, when there is no OpenSSL for it: ours is a plain listener on loopback.
sys.modules.setdefault("OpenSSL", None)  # type: ignore[arg-type]

from daphne.server import Server as Daphne  # noqa: E402
from twisted.internet import defer, reactor  # noqa: E402
from twisted.internet.error import CannotListenError  # noqa: E402
from twisted.python.failure import Failure  # noqa: E402

from config import lifecycle  # noqa: E402
from config.frames import frame_writer, read_quietly  # noqa: E402
from config.ready import say_ready  # noqa: E402
from config.static_files import Application  # noqa: E402
from config.supervisor.errors import EXIT_HOPELESS  # noqa: E402

logger = logging.getLogger(__name__)
GOODBYE_SECONDS = 0.5


def _limit_what_comes_only(protocol: Any) -> None:
    """The library holds what we send to the bound that is meant for browsers: the live values of a flow of thousands of
    nodes are more, and its socket was closed each time it was opened."""
    send = protocol.sendMessage

    def send_all(*arguments: Any, **options: Any) -> None:
        bound, protocol.maxMessagePayloadSize = protocol.maxMessagePayloadSize, 0
        try:
            send(*arguments, **options)
        finally:
            protocol.maxMessagePayloadSize = bound

    protocol.sendMessage = send_all


def _close_with_any_code(protocol: Any) -> None:
    """The library refuses to say 1012, that we are being started again: it was never heard by any browser."""

    def close(code: int | None = None) -> None:
        protocol.sendCloseFrame(code=1000 if code is None else code)

    protocol.serverClose = close


class Server(Daphne):
    """Serves one ASGI application on one port until SIGTERM or SIGINT; `exit_code` says how it went. `listener` is the
    descriptor of a socket that listens already, for several processes."""

    def __init__(self, application: Application, host: str, port: int, link: str, listener: int | None = None) -> None:
        super().__init__(
            application,
            endpoints=[f"tcp:port={port}:interface={host}"],
            server_name="weirflow",
            verbosity=0,
            http_timeout=60,
            request_buffer_size=64 * 1024,
            websocket_timeout=-1,
            websocket_max_message_size=64 * 1024,
            websocket_max_frame_size=64 * 1024,
            application_close_timeout=1,
            ready_callable=lambda: reactor.callWhenRunning(self._begin),
        )
        self.host, self.port, self.link, self._listener = host, port, link, listener
        self._adopted: Any = None
        if listener is not None:
            self.endpoints.clear()
        self.exit_code = 0
        self._beginning: asyncio.Task[None] | None = None

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Lets the application see when the browser does not keep up: Twisted pauses its producer then, but takes
        whatever is sent all the same."""
        if scope["type"] == "websocket":
            _limit_what_comes_only(protocol)
            _close_with_any_code(protocol)
            scope["weirflow.write"] = frame_writer(protocol)
            read_quietly(protocol)
        transport = getattr(protocol, "transport", None)
        scope["weirflow.writable"] = lambda: not getattr(transport, "producerPaused", False)
        return super().create_application(protocol, scope)

    def listen_error(self, failure: Failure) -> None:
        logger.critical(
            "port %d on %s cannot be opened: %s. Stop the program that uses it, or set WEIRFLOW_PORT to another port.",
            self.port,
            self.host,
            os.strerror(failure.value.socketError.errno) if failure.check(CannotListenError) else failure.value,
        )
        self.exit_code = EXIT_HOPELESS
        self.stop()

    def kill_all_applications(self) -> "defer.Deferred[Any] | None":
        """End every websocket, which says goodbye, and every request. The library's own stumbles over a connection that
        is kept open between two requests, and ends none."""
        running = [one for details in self.connections.values() if (one := details.get("application_instance"))]
        running = [one for one in running if not one.done()]
        for one in running:
            one.cancel()
        if not running:
            return None
        return defer.Deferred.fromFuture(asyncio.ensure_future(asyncio.wait(running, timeout=GOODBYE_SECONDS)))

    def _begin(self) -> None:
        reactor.addSystemEventTrigger("before", "shutdown", self._end)
        self._beginning = asyncio.ensure_future(lifecycle.start())
        self._beginning.add_done_callback(self._begun)

    def _begun(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled():
            return
        if task.exception() is not None:
            logger.critical("the web process cannot start", exc_info=task.exception())
            self.exit_code = 1
            self.stop()
            return
        if self._listener is not None:
            # A connection waits in one queue until one of the processes takes it.
            self._adopted = adopted(self._listener, self.http_factory)
            self.listen_success(self._adopted)
        host, port = self.listening_addresses[0]
        logger.info("serving http://%s:%d", host, port)
        say_ready(f"http://{host}:{port}{self.link}" if self.link else "")

    def _end(self) -> "defer.Deferred[None]":
        if self._beginning is not None:
            self._beginning.cancel()
        if self._adopted is not None:
            # The other processes take what comes from now on.
            self._adopted.stopReading()
        return defer.Deferred.fromFuture(asyncio.ensure_future(lifecycle.stop()))


def adopted(descriptor: int, factory: Any) -> Any:
    """The listening socket that the supervisor opened, served by this process too."""
    with socket.socket(fileno=descriptor) as inherited:
        inherited.setblocking(False)
        return reactor.adoptStreamPort(inherited.fileno(), socket.AF_INET, factory)


def run(application: Application, host: str, port: int, link: str) -> int:
    """Serves until told to stop; returns the exit code. `link`, a path or nothing, goes with the ready line."""
    descriptor = os.environ.pop("WEIRFLOW_WEB_FD", "")
    server = Server(application, host, port, link, int(descriptor) if descriptor else None)
    server.run()
    return server.exit_code
