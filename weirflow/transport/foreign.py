"""Calls to modules of others by gRPC, at ``module://host:port``: what their TinyModule says as ``host:port``.

They use no TLS and know no key, so only loopback addresses and clusters that secure their network themselves are for
them; NATS is the better way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from weirflow.transport.base import Receive, Unreachable
from weirflow.transport.envelope import Envelope
from weirflow.transport.grpc_options import GrpcOptions

if TYPE_CHECKING:
    from grpc import aio

_MOST_CHANNELS = 256


class ForeignGrpc:
    """Only calls: they call the server of ``GrpcTransport``."""

    scheme = "module"

    def __init__(self, options: GrpcOptions) -> None:
        self._options = options
        self._channels: dict[str, aio.Channel] = {}
        self._stopped = False

    @property
    def address(self) -> str:
        return ""

    async def start(self, receive: Receive) -> None:
        """Nothing to listen with."""

    async def call(self, address: str, envelope: Envelope) -> bytes | None:
        from weirflow.transport import module_service
        from weirflow.transport.grpc_channel import open_channel

        if self._stopped:
            raise Unreachable("this host stops and sends nothing any more", delivered=False)
        channel = self._channels.get(address)
        if channel is None:
            if len(self._channels) >= _MOST_CHANNELS:
                # Modules that moved leave their old addresses behind; the first one to come is the first to go.
                await self._channels.pop(next(iter(self._channels))).close(1.0)
            channel = open_channel(address.removeprefix("module://"), self._options)
            self._channels[address] = channel
        return await module_service.call(channel, address, envelope)

    async def stop(self, seconds: float) -> None:
        self._stopped = True
        for channel in self._channels.values():
            await channel.close()
        self._channels.clear()
