"""Messages by gRPC: one stream to each host that is called, and a server for those who call here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from weirflow.transport.base import Receive, Unreachable
from weirflow.transport.calls import Timers
from weirflow.transport.envelope import Envelope
from weirflow.transport.grpc_options import GrpcOptions

if TYPE_CHECKING:
    from weirflow.transport.grpc_link import GrpcLink
    from weirflow.transport.grpc_server import GrpcServer


class GrpcTransport:
    """Reached at ``grpc://host:port``. ``bearer`` returns what opens links; ``allows`` judges what a caller brings as
    such; ``refused`` is called when a host did not take ours."""

    scheme = "grpc"

    def __init__(
        self,
        options: GrpcOptions,
        bearer: Callable[[], str],
        allows: Callable[[str], bool],
        timers: Timers,
        *,
        refused: Callable[[], None] = lambda: None,
    ) -> None:
        self._options, self._bearer, self._allows, self._timers = options, bearer, allows, timers
        self._refused = refused
        self._links: dict[str, GrpcLink] = {}
        self._server: GrpcServer | None = None
        self._stopped = False

    @property
    def address(self) -> str:
        if self._server is None:
            return ""
        return f"grpc://{self._options.advertised}:{self._server.port}"

    async def start(self, receive: Receive) -> None:
        """Listen. Raises ``OSError`` when the port is taken."""
        from weirflow.transport.grpc_server import GrpcServer
        from weirflow.transport.handling import Handling

        server = GrpcServer(self._options, Handling(receive), self._allows)
        await server.start()
        self._server = server

    async def call(self, address: str, envelope: Envelope) -> bytes | None:
        link = self._links.get(address)
        if link is None or link.over:
            link = self._open(address)
        return await link.call(envelope)

    async def stop(self, seconds: float) -> None:
        self._stopped = True
        if self._server is not None:
            await self._server.stop(seconds)
        await asyncio.gather(*(link.close() for link in self._links.values()))
        self._links.clear()

    def _open(self, address: str) -> GrpcLink:
        from weirflow.transport.grpc_channel import open_channel
        from weirflow.transport.grpc_link import GrpcLink

        if self._stopped:
            raise Unreachable("this host stops and sends nothing any more", delivered=False)
        self._links = {at: link for at, link in self._links.items() if not link.over}
        channel = open_channel(address.removeprefix("grpc://"), self._options)
        link = self._links[address] = GrpcLink(address, channel, self._bearer(), self._timers, self._refused)
        return link
