"""Telemetry links: one to each module host that runs nodes of an open flow."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import aiohttp
import orjson

from editor.cluster.host_link import HostLink, Key, OnFrame
from editor.cluster.telling import CONNECTING, Reach, Wanted
from weirflow.kube.errors import ApiError
from weirflow.kube.peers import Peer
from weirflow.kube.pod_proxy import PodProxy
from weirflow.runtime.link_key import LinkKeyError
from weirflow.runtime.link_ways import LinkRefused, ways_to

log = logging.getLogger(__name__)

ASK_SECONDS = 4.0
"""For one question to one host, by whichever way."""


class Links:
    """They exist only where something is watched. ``pods`` is None where there is no API server to go through."""

    def __init__(self, key: Key, pods: PodProxy | None, on_frame: OnFrame, on_reach: Callable[[str], None]) -> None:
        self._key, self._pods, self._on_frame, self._on_reach = key, pods, on_frame, on_reach
        self._session: aiohttp.ClientSession | None = None
        self._links: dict[str, tuple[Peer, HostLink]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def want(self, wanted: Wanted) -> None:
        """What each host shall tell."""
        identities = {peer.identity: peer for peer in wanted}
        ended = []
        for identity, (before, link) in list(self._links.items()):
            peer = identities.get(identity)
            if peer is None or (peer.address, peer.pod) != (before.address, before.pod):
                del self._links[identity]
                self._close(link)
                ended.append(identity)
        for peer, asked in wanted.items():
            known = self._links.get(peer.identity)
            link = known[1] if known is not None else self._open(peer)
            link.want(asked)
        for identity in ended:
            self._on_reach(identity)

    def reach(self, identity: str) -> Reach:
        """How this host's telemetry comes now."""
        known = self._links.get(identity)
        return known[1].reach if known is not None else CONNECTING

    async def ask(self, peer: Peer, question: dict[str, Any]) -> dict[str, Any] | None:
        """The host's answer to a question, over a connection of its own; None when it cannot be reached in time."""
        try:
            async with asyncio.timeout(ASK_SECONDS):
                key = await self._key()
                for way in ways_to(peer, self._opened(), self._pods):
                    try:
                        socket, _ = await way.reach(peer.identity, key)
                    except (aiohttp.ClientError, LinkRefused, OSError, ValueError) as error:
                        way.failed(error)
                        log.info("no answer about runs: %s", way.failure)
                        continue
                    try:
                        return await _answer(socket, question)
                    finally:
                        await socket.close()
        except (aiohttp.ClientError, ApiError, LinkKeyError, OSError, TimeoutError, ValueError) as error:
            log.info("no answer about runs of %s: %r", peer.identity, error)
        return None

    async def stop(self) -> None:
        """Close all."""
        self.want({})
        if self._closing:
            await asyncio.wait(self._closing)
        if self._pods is not None:
            await self._pods.close()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self, peer: Peer) -> HostLink:
        ways = ways_to(peer, self._opened(), self._pods)
        link = HostLink(peer.identity, ways, self._key, self._on_frame, self._on_reach)
        self._links[peer.identity] = (peer, link)
        return link

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=False)
        return self._session

    def _close(self, link: HostLink) -> None:
        task = link.end()
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _answer(socket: aiohttp.ClientWebSocketResponse, question: dict[str, Any]) -> dict[str, Any] | None:
    await socket.send_str(orjson.dumps({"ask": 1, **question}).decode())
    async for message in socket:
        if message.type is aiohttp.WSMsgType.TEXT and "answer" in (answer := orjson.loads(message.data)):
            return dict(answer)
    return None
