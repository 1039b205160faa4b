"""What every way between processes can do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from weirflow.errors import Fail
from weirflow.transport.envelope import Envelope

#: Handles what arrives: JSON bytes or None as the result. Raises ``Fail``, which travels back to the caller whole:
#: code, retryable, permanent, field, edge, port and node.
Receive = Callable[[Envelope], Awaitable[bytes | None]]


#: Behind an address: what is there is not made with this SDK, and nothing is expected of it but the public contract.
FOREIGN = "#foreign"


class Unreachable(Fail):
    """The other process does not answer. ``delivered`` is False where it surely never saw the message."""

    code = "unreachable"

    def __init__(self, message: str, *, delivered: bool = True, **where: Any) -> None:
        super().__init__(message, retryable=True, **where)
        self.delivered = delivered


class Transport(Protocol):
    """One way to carry envelopes. Addresses are URLs; ``scheme`` tells whose they are."""

    scheme: str

    @property
    def address(self) -> str:
        """Where this process can be reached, once started: ``grpc://127.0.0.1:40123``, ``nats://weirflow.host.a-0``."""

    async def start(self, receive: Receive) -> None:
        """Take messages from now on, each handled in a task of its own, in bounded number."""

    async def call(self, address: str, envelope: Envelope) -> bytes | None:
        """Deliver and wait for the result, at most ``envelope.timeout``. Raises ``Fail``."""

    async def stop(self, seconds: float) -> None:
        """Take nothing new, let what is in flight end within ``seconds``, close."""
