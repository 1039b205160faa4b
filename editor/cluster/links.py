"""Telemetry links: one websocket to each module host that runs nodes of an open flow."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import orjson

from weirflow.kube.backoff import Backoff
from weirflow.kube.errors import ApiError

log = logging.getLogger(__name__)

MAX_WATCHED = 20_000
MAX_FRAME = 8 * 1024 * 1024
HEARTBEAT = 15.0
GATHER = 0.01
"""Seconds in which changes of the watched set are gathered into one message."""

OnFrame = Callable[[dict[str, Any]], None]
Token = Callable[[], Awaitable[str]]


class Link:
    """Keeps one host connected. ``on_frame`` gets every frame, ``on_state`` hears when it comes up or goes down."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        address: str,
        token: Token,
        on_frame: OnFrame,
        on_state: Callable[[], None],
    ) -> None:
        self.address, self.up = address, False
        self._session, self._token, self._on_frame, self._on_state = session, token, on_frame, on_state
        self._watch: frozenset[str] = frozenset()
        self._inspect: frozenset[str] = frozenset()
        self._dirty = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=f"link {address}")

    def want(self, watch: frozenset[str], inspect: frozenset[str]) -> None:
        """Which nodes to hear of, and of which also the last messages. Whole sets; the newest wins."""
        if (watch, inspect) != (self._watch, self._inspect):
            self._watch, self._inspect = watch, inspect
            self._dirty.set()

    async def stop(self) -> None:
        """Close the connection."""
        self._task.cancel()
        await asyncio.wait([self._task])
        self.up = False

    async def _run(self) -> None:
        backoff = Backoff(0.1, 10.0)
        while True:
            try:
                await self._connect(backoff)
            except (aiohttp.ClientError, ApiError, OSError, TimeoutError, ValueError) as error:
                log.info("link to %s: %s", self.address, error or type(error).__name__)
            except Exception:
                log.exception("link to %s failed", self.address)
            self._set_up(False)
            await asyncio.sleep(backoff.pause())

    async def _connect(self, backoff: Backoff) -> None:
        headers = {"Authorization": f"Bearer {await self._token()}"}
        timeout = aiohttp.ClientWSTimeout(ws_close=2.0)
        async with asyncio.timeout(10):
            socket = await self._session.ws_connect(
                f"{self.address.rstrip('/')}/link/telemetry",
                headers=headers,
                heartbeat=HEARTBEAT,
                timeout=timeout,
                max_msg_size=MAX_FRAME,
            )
        async with socket:
            backoff.reset()
            self._dirty.set()
            asker = asyncio.create_task(self._ask(socket), name=f"link {self.address} asks")
            try:
                async for message in socket:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        self._set_up(True)
                        self._on_frame(orjson.loads(message.data))
            finally:
                asker.cancel()
                await asyncio.wait([asker])

    async def _ask(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        sent: tuple[frozenset[str], frozenset[str]] | None = None
        while True:
            await self._dirty.wait()
            await asyncio.sleep(GATHER)
            self._dirty.clear()
            watch, inspect = self._watch, self._inspect
            if sent is None or sent[0] != watch:
                await socket.send_str(orjson.dumps({"watch": sorted(watch)[:MAX_WATCHED]}).decode())
            if sent is None or sent[1] != inspect:
                await socket.send_str(orjson.dumps({"inspect": sorted(inspect)}).decode())
            if sent is None:
                self._set_up(True)
            sent = watch, inspect

    def _set_up(self, up: bool) -> None:
        if up != self.up:
            self.up = up
            self._on_state()


class Links:
    """The links by address; exist only where something is watched."""

    def __init__(self, token: Token, on_frame: Callable[[dict[str, Any]], None], on_state: Callable[[], None]) -> None:
        self._token, self._on_frame, self._on_state = token, on_frame, on_state
        self._session: aiohttp.ClientSession | None = None
        self._links: dict[str, Link] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def want(self, wanted: dict[str, tuple[frozenset[str], frozenset[str]]]) -> None:
        """Nodes to watch and to inspect, by address of their host."""
        for address in self._links.keys() - wanted.keys():
            task = asyncio.create_task(self._links.pop(address).stop())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        for address, (watch, inspect) in wanted.items():
            link = self._links.get(address)
            if link is None:
                if self._session is None:
                    self._session = aiohttp.ClientSession(trust_env=False)
                link = Link(self._session, address, self._token, self._on_frame, self._on_state)
                self._links[address] = link
            link.want(watch, inspect)

    def up(self, address: str) -> bool:
        """Whether the host at this address tells us its values."""
        link = self._links.get(address)
        return link is not None and link.up

    async def stop(self) -> None:
        """Close all."""
        self.want({})
        if self._closing:
            await asyncio.wait(self._closing)
        if self._session is not None:
            await self._session.close()
            self._session = None
