"""One connection to NATS that is kept: made in the background, made again whenever it ends."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from nats.errors import Error

from weirflow.transport.nats_client import ShortClient
from weirflow.transport.nats_options import NatsOptions

log = logging.getLogger(__name__)

_CONNECT_SECONDS = 2
_RETRY_SECONDS = 0.25
#: A peer that is silent for twice this long is taken for dead.
_PING_SECONDS = 10
_SAY_AGAIN_SECONDS = 30.0
#: How long a start waits for the first connection before it goes on without.
_START_SECONDS = 2.0


class NatsConnection:
    """``on_made`` subscribes on each new client; ``on_lost`` hears of every break, with the reason."""

    def __init__(
        self,
        options: NatsOptions,
        name: str,
        on_made: Callable[[ShortClient], Awaitable[None]],
        on_lost: Callable[[str], None],
    ) -> None:
        self._options, self._name, self._on_made, self._on_lost = options, name, on_made, on_lost
        self._client = ShortClient()
        self._task: asyncio.Task[None] | None = None
        self._up = asyncio.Event()
        self._closed = asyncio.Event()
        self._reason = "not connected yet"
        self._said_at = 0.0

    @property
    def client(self) -> ShortClient | None:
        """The client, while it is connected."""
        return self._client if self._up.is_set() and self._client.is_connected else None

    @property
    def problem(self) -> str:
        """Why there is no connection, in words that hold no secret."""
        return f"NATS at {self._options.shown} cannot be reached: {self._reason}"

    async def start(self) -> None:
        """Connect in a task of its own; returns once connected, or soon, so that nobody's start depends on NATS."""
        self._task = asyncio.create_task(self._keep(), name="nats connection")
        try:
            async with asyncio.timeout(_START_SECONDS):
                await self._up.wait()
        except TimeoutError:
            log.warning("%s; it is tried again until it answers", self.problem)

    async def stop(self) -> None:
        """Close the connection, what was sent being written first."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._close()

    async def _keep(self) -> None:
        while True:
            try:
                await self._connect()
                await self._closed.wait()
                self._lost("the server closed the connection")
            except (Error, OSError, TimeoutError, ValueError) as error:
                await self._failed(error)
            await self._close()
            await asyncio.sleep(1.0)

    async def _connect(self) -> None:
        self._client = client = ShortClient()
        self._closed.clear()
        await client.connect(
            servers=list(self._options.servers),
            name=self._name,
            tls=self._options.tls(),
            user_credentials=self._options.credentials or None,
            connect_timeout=_CONNECT_SECONDS,
            reconnect_time_wait=_RETRY_SECONDS,  # type: ignore[arg-type]
            max_reconnect_attempts=-1,
            ping_interval=_PING_SECONDS,
            max_outstanding_pings=2,
            error_cb=self._failed,
            disconnected_cb=self._broken,
            reconnected_cb=self._mended,
            closed_cb=self._over,
        )
        await self._on_made(client)
        await client.settle(_CONNECT_SECONDS)
        await self._mended()

    async def _close(self) -> None:
        self._up.clear()
        try:
            async with asyncio.timeout(1.0):
                await self._client.close()
        except (Error, OSError, TimeoutError) as error:
            log.debug("closing the connection to NATS: %r", error)

    async def _mended(self) -> None:
        self._up.set()
        log.info("connected to NATS at %s", self._options.shown)

    async def _broken(self) -> None:
        self._lost("the connection broke")

    async def _over(self) -> None:
        self._closed.set()

    async def _failed(self, error: Exception) -> None:
        self._reason = str(error) or type(error).__name__
        if time.monotonic() > self._said_at + _SAY_AGAIN_SECONDS:
            self._said_at = time.monotonic()
            log.warning("%s", self.problem)

    def _lost(self, reason: str) -> None:
        if self._up.is_set():
            self._up.clear()
            self._reason = reason
            self._on_lost(f"{self.problem}; it is tried again")
