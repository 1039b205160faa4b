"""`services.outbound` of a project's nodes: the guard, and what goes through it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from weirflow.errors import Fail
from weirflow.outbound.contract import (
    CONNECT_SECONDS,
    MAX_BODY,
    REDIRECTS,
    REQUEST_SECONDS,
    Address,
    OutboundResponse,
)
from weirflow.outbound.dial import dial
from weirflow.outbound.guard import Guard

_SECRET = ("authorization", "cookie", "proxy-authorization")


class Caller:
    """Implements `Outbound`."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard

    async def resolve(self, host: str, port: int) -> tuple[Address, ...]:
        """See `Outbound`."""
        return await self.guard.resolve(host, port)

    async def connect(
        self,
        host: str,
        port: int,
        *,
        timeout: float = CONNECT_SECONDS,  # noqa: ASYNC109 of lookup and attempts together
    ) -> socket.socket:
        """See `Outbound`."""
        until = time.monotonic() + timeout
        addresses = await self.guard.resolve(host, port)
        return await dial(addresses, host, until - time.monotonic())

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
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        try:
            async with asyncio.timeout(timeout):
                for _ in range(redirects + 1):
                    answer = await self._once(method, url, sent, body, connect_timeout, verify, max_body)
                    target = answer.headers.get("location")
                    if redirects == 0 or answer.status not in (301, 302, 303, 307, 308) or not target:
                        return answer
                    before, url = url, urljoin(url, target)
                    if urlsplit(before)[:2] != urlsplit(url)[:2]:
                        sent = {name: value for name, value in sent.items() if name not in _SECRET}
                    if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):
                        method, body = ("HEAD" if method == "HEAD" else "GET"), b""
        except TimeoutError:
            raise Fail(
                f"{method} {urlsplit(url).netloc} gave no answer within {timeout:g} s",
                code="outbound_timeout",
                retryable=True,
            ) from None
        raise Fail(f"more than {redirects} redirects", code="outbound_redirects", permanent=True)

    async def _once(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes,
        connect_timeout: float,
        verify: bool | ssl.SSLContext,
        max_body: int,
    ) -> OutboundResponse:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Fail("a URL begins with http:// or https:// and a host", code="outbound_invalid", permanent=True)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        await self.guard.resolve(parts.hostname, port)
        connector = aiohttp.TCPConnector(resolver=_Guarded(self.guard), use_dns_cache=False, force_close=True)
        try:
            async with (
                aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.request(
                    method, url, headers=headers, data=body or None, allow_redirects=False, ssl=verify
                ) as answer,
            ):
                content = await answer.content.read(max_body + 1)
                while not answer.content.at_eof() and len(content) <= max_body:
                    content += await answer.content.read(max_body + 1 - len(content))
                if len(content) > max_body:
                    raise Fail(
                        f"the answer has more than {max_body:,} bytes", code="outbound_too_large", permanent=True
                    )
                fields: dict[str, str] = {}
                for name, value in answer.headers.items():
                    joined = "\n" if name.lower() == "set-cookie" else ", "
                    fields[name.lower()] = joined.join(filter(None, (fields.get(name.lower()), value)))
                return OutboundResponse(answer.status, fields, content, url)
        except aiohttp.ClientError as error:
            raise Fail(f"{parts.netloc}: {error}", code="outbound_broken", retryable=True) from None


class _Guarded(AbstractResolver):
    """What the client connects to is what the guard has judged."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_UNSPEC) -> list[ResolveResult]:
        """As the library asks for it."""
        return [
            ResolveResult(hostname=host, host=one.ip, port=one.port, family=one.family, proto=0, flags=0)
            for one in await self._guard.resolve(host, port)
        ]

    async def close(self) -> None:
        """Nothing is kept."""
