"""A connected socket to the first of several judged addresses that answers."""

from __future__ import annotations

import asyncio
import socket
import time

from weirflow.errors import Fail
from weirflow.outbound.contract import Address

#: How long one of several addresses has before the next is tried, in seconds.
_TURN_SECONDS = 2.0


async def dial(addresses: tuple[Address, ...], host: str, seconds: float) -> socket.socket:
    """Non-blocking, connected within `seconds`. Raises `Fail`."""
    loop = asyncio.get_running_loop()
    until = time.monotonic() + seconds
    problem: OSError | TimeoutError = TimeoutError()
    for left in range(len(addresses), 0, -1):
        address = addresses[-left]
        remaining = until - time.monotonic()
        sock = socket.socket(address.family, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            async with asyncio.timeout(remaining if left == 1 else min(remaining, _TURN_SECONDS)):
                await loop.sock_connect(sock, address.sockaddr)
        except (OSError, TimeoutError) as error:
            sock.close()
            problem = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    where = f"{host}:{addresses[0].port}"
    if isinstance(problem, TimeoutError):
        raise Fail(
            f"{where} did not take a connection within {seconds:g} s; is it running, and does a firewall let this "
            "machine through?",
            code="outbound_timeout",
            retryable=True,
        )
    raise Fail(
        f"cannot connect to {where}: {problem.strerror or problem}; is it running, and does it listen there?",
        code="outbound_unreachable",
        retryable=True,
    )


def peer_of(sock: socket.socket, host: str) -> str:
    """The address that it leads to. Raises `Fail`, having closed it, where the other side has ended it already."""
    try:
        return str(sock.getpeername()[0])
    except OSError as error:
        sock.close()
        text = f"the connection to {host} ended as it was made ({error.strerror or 'no reason given'})"
        raise Fail(text, code="outbound_broken", retryable=True) from None
