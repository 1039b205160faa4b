"""`services.outbound` of a project's nodes: the guard, and what goes through it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from weakref import WeakKeyDictionary

from weirflow.errors import Fail
from weirflow.outbound.contract import (
    CONNECT_SECONDS,
    MAX_BODY,
    REDIRECTS,
    REQUEST_SECONDS,
    Address,
    OutboundResponse,
)
from weirflow.outbound.dial import dial, peer_of
from weirflow.outbound.guard import Guard, Place
from weirflow.outbound.http.exchange import Answer, Broken, Full, TooLarge
from weirflow.outbound.http.fields import joined
from weirflow.outbound.http.head import check_method, head_of, read_fields
from weirflow.outbound.http.pool import Pool
from weirflow.outbound.http.redirect import Request, followed
from weirflow.outbound.http.target import Target, read_target
from weirflow.outbound.http.tls import Verify
from weirflow.outbound.policy import Policy

#: What may be sent twice where nobody knows whether it has arrived (RFC 9110, 9.2.2).
_IDEMPOTENT = frozenset(("GET", "HEAD", "PUT", "DELETE", "OPTIONS"))


class Caller:
    """Implements `Outbound`. `close` ends its connections."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._pool = Pool(guard)
        #: Those that were given away, as long as somebody has them.
        self._sockets: WeakKeyDictionary[socket.socket, Place] = WeakKeyDictionary()

    def govern(self, policy: Policy) -> None:
        """Judge by other rules from now on. What leads where it may not any more is cut, whatever is on it; other
        connections of before end with the requests that are on them."""
        if policy == self._guard.policy:
            return
        self._guard.policy = policy
        self._pool.retire()
        for sock, place in list(self._sockets.items()):
            if self._guard.revoked(place) is not None:
                _cut(sock)

    def close(self) -> None:
        """End all connections; requests under way fail."""
        self._pool.close()
        for sock in list(self._sockets):
            _cut(sock)

    async def resolve(self, host: str, port: int) -> tuple[Address, ...]:
        """See `Outbound`."""
        return await self._guard.resolve(host, port)

    async def connect(
        self,
        host: str,
        port: int,
        *,
        timeout: float = CONNECT_SECONDS,  # noqa: ASYNC109 of lookup and attempts together
    ) -> socket.socket:
        """See `Outbound`."""
        until = time.monotonic() + timeout
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._guard.resolve(host, port)
        except TimeoutError:
            text = f"the name servers did not say within {timeout:g} s where {host} is; try again, or look at the DNS"
            raise Fail(text, code="outbound_unresolved", retryable=True) from None
        sock = await dial(addresses, host, until - time.monotonic())
        place = Place(host, port, peer_of(sock, host))
        # The rules may be others by now.
        if (why := self._guard.revoked(place)) is not None:
            sock.close()
            raise why
        self._sockets[sock] = place
        return sock

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
        """See `Outbound`."""
        request = Request(check_method(method), read_target(url), read_fields(headers), body)
        try:
            async with asyncio.timeout(timeout) as until:
                for _ in range(redirects + 1):
                    answer = await self._ask(request, verify, max_body, connect_timeout)
                    fields = joined(answer.headers)
                    following = followed(request, answer.status, fields) if redirects else None
                    if following is None:
                        return OutboundResponse(answer.status, fields, answer.body, request.target.url)
                    request = following
        except TimeoutError:
            if not until.expired():
                raise
            raise Fail(
                f"{request.target.origin} did not answer {request.method} in full within {timeout:g} s; try again, or "
                "give it more time",
                code="outbound_timeout",
                retryable=True,
            ) from None
        raise Fail(
            f"{read_target(url).origin} led on more than {redirects} times; call the address where it ends, or allow "
            "more redirects",
            code="outbound_redirects",
            permanent=True,
        )

    async def _ask(self, request: Request, verify: Verify, max_body: int, connect: float) -> Answer:
        target = request.target
        head = head_of(request.method, target, request.fields, len(request.body))
        try:
            return await self._pool.ask(
                target.origin, verify, head, request.body, max_body, connect, again=request.method in _IDEMPOTENT
            )
        except Broken as error:
            raise Fail(
                f"no whole answer from {target.origin}: {error}", code="outbound_broken", retryable=True
            ) from None
        except TooLarge:
            raise _too_large(target, max_body) from None
        except Full:
            raise Fail(
                "answers of this project that are being read have taken all the memory for them; ask for less at once",
                code="outbound_busy",
                retryable=True,
            ) from None


def _cut(sock: socket.socket) -> None:
    """End the connection, whoever reads from it; they close the socket. It may have ended, or be closed."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _too_large(target: Target, max_body: int) -> Fail:
    return Fail(
        f"the answer of {target.origin} has more than {max_body:,} bytes; ask for less of it, or allow more",
        code="outbound_too_large",
        permanent=True,
    )
