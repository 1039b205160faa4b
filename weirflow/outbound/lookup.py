"""Names to addresses, as the machine looks them up: each name once for all who ask at the same time."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import IPv6Address
from typing import Any, TypeAlias

from weirflow.errors import Fail
from weirflow.outbound.kinds import IP

Found: TypeAlias = list[tuple[Any, ...]]
"""As `socket.getaddrinfo` gives it."""

Lookup: TypeAlias = Callable[[str], Awaitable[Found]]
"""Every address of a name, with any port. Raises `OSError` or `Fail`."""

#: The system's own lookup may take half a minute when no name server answers.
_SECONDS = 10.0
#: Lookups at once. Each has a thread of its own: the loop's few would be taken by dead name servers from all others,
#: and would hold up the end of the process.
_THREADS = 32
#: How long an answer serves those who come right after, and how many are kept. What it may be used for is judged anew
#: each time.
_KEPT_SECONDS = 2.0
_KEPT = 1_000


class Names:
    """``ask`` is what is called in the threads."""

    def __init__(self, ask: Callable[[str], Found] | None = None) -> None:
        self._ask = ask or _of_the_system
        self._asking: dict[str, asyncio.Future[Found]] = {}
        self._kept: dict[str, tuple[float, Found]] = {}

    async def look_up(self, host: str) -> Found:
        """See `Lookup`."""
        known = self._kept.get(host)
        if known is not None and time.monotonic() < known[0]:
            return known[1]
        asking = self._asking.get(host) or self._begin(host)
        try:
            async with asyncio.timeout(_SECONDS):
                return await asyncio.shield(asking)
        except TimeoutError:
            raise _unresolved(f"the name servers did not say within {_SECONDS:g} s where {host} is") from None

    def _begin(self, host: str) -> asyncio.Future[Found]:
        if len(self._asking) >= _THREADS:
            raise _unresolved(f"{_THREADS} other names are being looked up, and no name server answers")
        loop = asyncio.get_running_loop()
        asking = self._asking[host] = loop.create_future()

        def ask() -> None:
            try:
                found: Found | BaseException = self._ask(host)
            except Exception as error:
                found = error
            # The loop may have ended meanwhile.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._told, host, asking, found)

        threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
        return asking

    def _told(self, host: str, asking: asyncio.Future[Found], found: Found | BaseException) -> None:
        del self._asking[host]
        if isinstance(found, BaseException):
            asking.set_exception(found)
            asking.exception()  # heard, even if nobody waits any more
            return
        while len(self._kept) >= _KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept.pop(host, None)
        self._kept[host] = time.monotonic() + _KEPT_SECONDS, found
        asking.set_result(found)


def _of_the_system(host: str) -> Found:
    return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)


def _unresolved(text: str) -> Fail:
    return Fail(f"{text}; try again, or look at this machine's DNS", code="outbound_unresolved", retryable=True)


def numeric(address: IP) -> Found:
    """An address as if it had been looked up. Raises `Fail`."""
    if not isinstance(address, IPv6Address):
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (str(address), 0))]
    scope, zone = 0, address.scope_id
    if zone:
        try:
            scope = int(zone) if zone.isdecimal() else socket.if_nametoindex(zone)
        except (OSError, OverflowError):
            raise Fail(
                f"this machine has no network interface {zone}, the zone of {address}; name one that it has",
                code="outbound_invalid",
                permanent=True,
            ) from None
    return [(socket.AF_INET6, socket.SOCK_STREAM, 0, "", (str(IPv6Address(int(address))), 0, 0, scope))]
