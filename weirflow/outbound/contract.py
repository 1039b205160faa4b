"""What components see of the guard: `services.outbound`."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

#: Of a whole request, and of finding and opening a connection, in seconds.
REQUEST_SECONDS = 30.0
CONNECT_SECONDS = 10.0
#: Redirects that are followed, and bytes of an answer that are read, unless the caller says otherwise.
REDIRECTS = 5
MAX_BODY = 16 << 20


@dataclass(frozen=True, slots=True)
class Address:
    """A judged address to connect to: `ip` in its usual spelling (with its zone, where it has one). Nothing may be
    looked up again: `family` and `sockaddr` are what a socket takes.
    """

    ip: str
    port: int
    family: socket.AddressFamily
    sockaddr: tuple[str, int] | tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class OutboundResponse:
    """An answer, whatever its status. `headers` have lower-case names; of several with one name the values are joined
    by `, `, those of `set-cookie` by a line break. `body` is as it was before it was compressed. `url` is where it came
    from: another than was asked for after redirects.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    url: str


class Outbound(Protocol):
    """Connections to other machines, for one project. All raise `Fail`, with the codes that docs/outbound.md lists."""

    async def resolve(self, host: str, port: int) -> tuple[Address, ...]:
        """Every address of `host`, each of them allowed. Connect to one of these and to nothing else: a second lookup
        of the name may answer something else.

        Raises `Fail`: `outbound_denied` (permanent) names host and address, and where an owner allows it;
        `outbound_unresolved` (retryable); `outbound_invalid` (permanent) for what is no host.
        """

    async def connect(
        self,
        host: str,
        port: int,
        *,
        timeout: float = CONNECT_SECONDS,  # noqa: ASYNC109 of lookup and attempts together
    ) -> socket.socket:
        """A connected, non-blocking TCP socket, for libraries that take one; the caller closes it. Within `timeout`
        seconds. Raises as `resolve` does, `outbound_unreachable` and `outbound_timeout` (both retryable).
        """

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout: float = REQUEST_SECONDS,  # noqa: ASYNC109 of the whole, redirects included
        connect_timeout: float = CONNECT_SECONDS,
        redirects: int = REDIRECTS,
        verify: bool | ssl.SSLContext = True,
        max_body: int = MAX_BODY,
    ) -> OutboundResponse:
        """Send an HTTP request and read its whole answer within `timeout` seconds, of which finding and opening a
        connection may take `connect_timeout`.

        Up to `redirects` are followed (0: the answer is the redirect itself), each judged like the first address;
        credentials go to the first origin alone. `verify` False takes any certificate; a context brings its own trust.
        Of an answer at most `max_body` bytes are read, counted after decompression.

        Any status is an answer. Raises as `connect` does, and `Fail`: `outbound_tls`, `outbound_redirects` and
        `outbound_too_large` (permanent), `outbound_broken` (retryable) for a connection that ended or spoke no HTTP,
        `outbound_busy` (retryable) when too many wait.
        """
