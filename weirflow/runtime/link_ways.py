"""The ways by which a host's telemetry can come, and how one of them is opened and proved."""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from weirflow.kube.backoff import Backoff
from weirflow.kube.peers import Peer
from weirflow.kube.pod_proxy import PodProxy
from weirflow.runtime import link_proof

PATH = "/link/telemetry"
MAX_FRAME = 8 * 1024 * 1024
HEARTBEAT = 10.0
"""A host that is frozen is noticed after one and a half of these, about when it loses its Leases."""
CONNECT_SECONDS = 3.0
"""For one attempt, the host's proof included: a way that drops packets must not hold up the next."""
LONGEST_PAUSE = 10.0
CLOSE = aiohttp.ClientWSTimeout(ws_close=2.0)

Open = Callable[[dict[str, str]], Awaitable[aiohttp.ClientWebSocketResponse]]


class LinkRefused(Exception):
    """What answered is not the host, or does not take us for the web; the text says which."""


@dataclass(slots=True)
class Way:
    """``open`` gets the headers to send. ``failure`` says what last stood in the way, where, and what to do."""

    name: str
    where: str
    open: Open
    backoff: Backoff = field(default_factory=lambda: Backoff(0.1, LONGEST_PAUSE))
    due: float = 0.0
    failure: str = ""

    async def reach(self, identity: str, key: bytes) -> tuple[aiohttp.ClientWebSocketResponse, str]:
        """The socket, and which run of the host it leads to. Raises what ``describe`` can put in words."""
        call = link_proof.call(key, identity)
        async with asyncio.timeout(CONNECT_SECONDS):
            socket = await self.open({link_proof.HEADER: call.header})
            try:
                hello = await _hello(socket)
                if not hmac.compare_digest(str(hello.get("proof", "")), call.answer):
                    raise LinkRefused("cannot prove that it is that host")
            except BaseException:
                await socket.close()
                raise
        self.failure = ""
        return socket, str(hello.get("run", ""))

    def failed(self, error: Exception) -> None:
        """Note why the way did not lead there, and when it may be tried again."""
        self.failure = f"{self.where} {describe(error)}"
        self.due = time.monotonic() + self.backoff.pause()


def ways_to(peer: Peer, session: aiohttp.ClientSession, pods: PodProxy | None) -> list[Way]:
    """The ways that the host's Lease offers, the best first."""
    ways = []
    if peer.address:
        url = f"{peer.address.rstrip('/')}{PATH}"

        async def direct(headers: dict[str, str]) -> aiohttp.ClientWebSocketResponse:
            return await session.ws_connect(
                url, headers=headers, heartbeat=HEARTBEAT, max_msg_size=MAX_FRAME, timeout=CLOSE
            )

        ways.append(Way("direct", f"{peer.identity} at {peer.address}", direct))
    if peer.pod and pods is not None:

        async def proxied(headers: dict[str, str]) -> aiohttp.ClientWebSocketResponse:
            return await pods.connect(
                peer.pod, PATH, headers=headers, heartbeat=HEARTBEAT, max_msg_size=MAX_FRAME, timeout=CLOSE
            )

        ways.append(Way("proxy", f"pod {peer.pod} through the API server", proxied))
    return ways


def describe(error: Exception) -> str:
    """What the host, or what answers in its place, does instead of letting us in."""
    match error:
        case aiohttp.WSServerHandshakeError(status=401):
            return "refuses the link's key; the Secret may have changed, or a clock be minutes off"
        case aiohttp.WSServerHandshakeError(status=403):
            return "is not allowed; let the web's account get pods/proxy"
        case aiohttp.WSServerHandshakeError(status=404):
            return "does not exist"
        case aiohttp.WSServerHandshakeError(status=status):
            return f"answers with {status}"
        case aiohttp.ClientConnectorError() | TimeoutError():
            return "does not answer"
        case LinkRefused():
            return str(error)
        case _:
            return f"ended the connection ({error or type(error).__name__})"


async def _hello(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    message = await socket.receive()
    hello = orjson.loads(message.data).get("hello") if message.type is aiohttp.WSMsgType.TEXT else None
    if not isinstance(hello, dict):
        raise LinkRefused("does not speak as a host of this version")
    return hello
