"""By which name others reach a listener of ours."""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

_ANY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 compared with, not bound


async def reachable_name(host: str, cluster: str) -> str:
    """``host`` itself, in brackets if it is an IPv6 address; where that means all interfaces, the address of the one
    which leads to ``cluster`` (its URL). Raises ``OSError`` when nothing leads there."""
    name = await _own_address(cluster) if host in _ANY else host
    return f"[{name}]" if ":" in name else name


async def _own_address(url: str) -> str:
    parts = urlsplit(url)
    found = await asyncio.get_running_loop().getaddrinfo(
        parts.hostname or "localhost", parts.port or 443, type=socket.SOCK_DGRAM
    )
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        # Of a datagram socket this only chooses the way: nothing is sent.
        probe.connect(address)
        return str(probe.getsockname()[0])
