"""The link's listener: web processes read from it what the nodes they show are doing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from weirflow.cadence import Cadence
from weirflow.json_bytes import json_bytes
from weirflow.runtime.link_key import BearerCheck
from weirflow.runtime.telemetry import Telemetry

log = logging.getLogger(__name__)

_MAX_NAMES = 20_000
_MAX_LINKS = 64
_FRAME_SECONDS = 0.02
_BURST = 3
_MAX_FRAME_NODES = 500
_REFRESH_SECONDS = 1.0
_SEND_SECONDS = 30.0


class LinkServer:
    """Serves ``GET /link/telemetry`` on a free port of the loopback interface."""

    def __init__(self, telemetry: Telemetry, check: BearerCheck) -> None:
        self._telemetry, self._check = telemetry, check
        self._runner: web.AppRunner | None = None
        self._links: set[web.WebSocketResponse] = set()
        self.address = ""

    async def start(self, host: str = "127.0.0.1") -> None:
        """Open the port; ``address`` is then its URL."""
        app = web.Application()
        app.router.add_get("/link/telemetry", self._telemetry_link)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, 0)
        await site.start()
        self.address = f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close all links and the port."""
        for link in list(self._links):
            await link.close(code=WSCloseCode.GOING_AWAY)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _telemetry_link(self, request: web.Request) -> web.StreamResponse:
        if not self._check.allows(request.headers.get("Authorization", "")):
            return web.Response(status=401, text="the link's key is missing or wrong\n")
        if len(self._links) >= _MAX_LINKS:
            return web.Response(status=503, text="too many links\n")
        link = web.WebSocketResponse(heartbeat=20.0, max_msg_size=4 * 1024 * 1024, compress=False)
        await link.prepare(request)
        self._links.add(link)
        reader = _Reader(self._telemetry, link)
        sending = asyncio.create_task(reader.send_frames(), name="link frames")
        # A reader that takes nothing any more would otherwise hold the link open in silence.
        sending.add_done_callback(lambda _: _abort(request))
        try:
            async for message in link:
                if message.type is WSMsgType.TEXT:
                    reader.take(orjson.loads(message.data))
        except (orjson.JSONDecodeError, TypeError, ValueError) as error:
            log.warning("a link sent what it should not: %s", error)
            await link.close(code=WSCloseCode.INVALID_TEXT)
        finally:
            self._links.discard(link)
            reader.close()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return link


class _Reader:
    """One link: what it watches, what it was sent, what has changed since. Bounded by what it watches."""

    def __init__(self, telemetry: Telemetry, link: web.WebSocketResponse) -> None:
        self._telemetry, self._link = telemetry, link
        self._names: frozenset[str] = frozenset()
        self._inspected: frozenset[str] = frozenset()
        self._touches: set[str] = set()
        self._wake = asyncio.Event()
        self._sent_nodes: dict[str, dict[str, Any]] = {}
        self._sent_edges: dict[str, dict[str, Any]] = {}
        self._moving: set[str] = set()
        self._seq = 0

    def take(self, message: dict[str, Any]) -> None:
        """A whole set of names to watch, or to inspect; the newest counts. Raises ``ValueError``."""
        if "watch" in message:
            self._names = _names(message["watch"])
            self._sent_nodes.clear()
            self._sent_edges.clear()
            self._moving.clear()
            self._touches = set(self._names)
            self._telemetry.watch(self._names, self._touched)
            self._wake.set()
        if "inspect" in message:
            before = self._inspected
            self._inspected = _names(message["inspect"])
            for name in self._inspected - before:
                self._sent_nodes.get(name, {}).pop("last", None)
                self._touched(name)

    def close(self) -> None:
        """Watch nothing any more."""
        self._telemetry.watch(frozenset(), self._touched)

    async def send_frames(self) -> None:
        """The first changes at once, then at most a frame every 20 ms; while the link is slow, newer replace older."""
        refreshed = time.monotonic()
        cadence = Cadence(_BURST)
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_REFRESH_SECONDS):
                    await self._wake.wait()
            began = time.monotonic()
            self._wake.clear()
            touched, self._touches = self._touches, set()
            looked_at = touched
            if began - refreshed >= _REFRESH_SECONDS:
                refreshed = began
                looked_at = touched | self._moving
            if len(looked_at) > _MAX_FRAME_NODES:
                # Thousands of nodes in one frame would hold up the messages of all flows.
                later = set(list(looked_at)[_MAX_FRAME_NODES:])
                looked_at = looked_at - later
                self._touches |= later
                self._wake.set()
            if frame := self._frame(looked_at, touched):
                async with asyncio.timeout(_SEND_SECONDS):
                    await self._link.send_str(json_bytes(frame).decode())
            # Looking costs as much as sending: a look that found nothing counts too.
            cadence.sent(began, _FRAME_SECONDS)
            await asyncio.sleep(max(0.0, cadence.wait(time.monotonic(), _FRAME_SECONDS)))

    def _touched(self, name: str) -> None:
        self._touches.add(name)
        if not self._wake.is_set():
            self._wake.set()

    def _frame(self, looked_at: set[str], touched: set[str]) -> dict[str, Any] | None:
        nodes: dict[str, dict[str, Any]] = {}
        edges: dict[str, dict[str, Any]] = {}
        for name in looked_at:
            if name not in self._names:
                continue
            live = self._telemetry.node_live(name)
            if live is None:
                self._sent_nodes.pop(name, None)
                continue
            if name in self._inspected:
                live["last"] = self._telemetry.last_messages(name)
            # A rate rises and falls by itself: what moved is looked at again until it is still.
            if name in touched or live["stats"]["rate"] or live["stats"]["in_flight"]:
                self._moving.add(name)
            else:
                self._moving.discard(name)
            if delta := _delta(self._sent_nodes.get(name), live):
                nodes[name] = {**delta, "at": int(time.time() * 1000)}
                self._sent_nodes[name] = live
            for edge_id, edge in self._telemetry.edges_live(name).items():
                if edge["rate"]:
                    self._moving.add(name)
                if delta := _delta(self._sent_edges.get(edge_id), edge):
                    edges[edge_id] = delta
                    self._sent_edges[edge_id] = edge
        if not nodes and not edges:
            return None
        self._seq += 1
        return {"seq": self._seq, "nodes": nodes, "edges": edges}


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _delta(before: dict[str, Any] | None, now: dict[str, Any]) -> dict[str, Any]:
    if before is None:
        return now
    return {key: value for key, value in now.items() if key not in before or before[key] != value}


def _names(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError("a list of node names was expected")
    if len(value) > _MAX_NAMES:
        raise ValueError(f"at most {_MAX_NAMES} names may be watched")
    return frozenset(value)
