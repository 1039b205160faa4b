"""Names to addresses, as the machine looks them up."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address
from typing import Any, TypeAlias

from weirflow.errors import Fail
from weirflow.outbound.kinds import IP

Found: TypeAlias = list[tuple[Any, ...]]
"""As `socket.getaddrinfo` gives it."""

Lookup: TypeAlias = Callable[[str, int], Awaitable[Found]]

#: The system's own lookup may take half a minute when no name server answers.
_SECONDS = 10.0


async def look_up(host: str, port: int) -> Found:
    """Every address of the name `host`. Raises `OSError` or `Fail` where there is none to be had."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_SECONDS):
            return await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError:
        raise Fail(
            f"the name servers did not say within {_SECONDS:g} s where {host} is; try again, or look at this "
            "machine's DNS",
            code="outbound_unresolved",
            retryable=True,
        ) from None


def numeric(address: IP, port: int) -> Found:
    """An address as if it had been looked up."""
    if isinstance(address, IPv6Address):
        zone = address.scope_id
        scope = 0
        if zone:
            try:
                scope = int(zone) if zone.isdecimal() else socket.if_nametoindex(zone)
            except OSError:
                raise Fail(
                    f"this machine has no network interface {zone}, the zone of {address}; name one that it has",
                    code="outbound_invalid",
                    permanent=True,
                ) from None
        return [(socket.AF_INET6, socket.SOCK_STREAM, 0, "", (str(IPv6Address(int(address))), port, 0, scope))]
    return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (str(address), port))]
