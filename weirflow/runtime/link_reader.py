"""One reader of the link: what it watches, what it was sent, and the frames with what has changed since."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from typing import Any

from aiohttp import web

from weirflow.cadence import Cadence
from weirflow.json_bytes import json_bytes
from weirflow.runtime.taps import Taps
from weirflow.runtime.telemetry import Telemetry
from weirflow.runtime.trace_view import TraceView

_MAX_NAMES = 20_000
_FRAME_SECONDS = 0.02
_BURST = 3
_MAX_FRAME_NODES = 500
_REFRESH_SECONDS = 1.0
_SEND_SECONDS = 30.0
_MAX_ANSWERS = 16


class LinkReader:
    """Keeps what it needs of the nodes that are watched and of their edges, no more."""

    def __init__(self, telemetry: Telemetry, runs: TraceView, link: web.WebSocketResponse) -> None:
        self._telemetry, self._runs, self._link = telemetry, runs, link
        #: Where runs have ended since the last frame that told so.
        self._ended_at: set[str] = set()
        self._answers: deque[dict[str, Any]] = deque()
        runs.traces.watch(self._run_ended)
        self._names: frozenset[str] = frozenset()
        self._inspected: frozenset[str] = frozenset()
        self._touches: set[str] = set()
        self._wake = asyncio.Event()
        self._taps = Taps(telemetry.nodes, self._wake.set, telemetry.concealers)
        self._sent_nodes: dict[str, dict[str, Any]] = {}
        #: By node, then by edge id.
        self._sent_edges: dict[str, dict[str, dict[str, Any]]] = {}
        self._moving: set[str] = set()
        self._seq = 0

    def take(self, message: dict[str, Any]) -> None:
        """A whole set of names to watch, to inspect, or of ports to listen to; the newest counts. Or a question. Raises
        ``ValueError``."""
        if "ask" in message:
            if len(self._answers) >= _MAX_ANSWERS:
                raise ValueError(f"at most {_MAX_ANSWERS} questions may be open")
            self._answers.append({"answer": message["ask"], **self._runs.answer(message)})
            self._wake.set()
        if "watch" in message:
            self._names = _names(message["watch"])
            # What was watched before is known there: thousands of nodes are not sent again because of one more.
            for name in self._sent_nodes.keys() - self._names:
                self._forget(name)
            self._touches = set(self._names)
            self._telemetry.watch(self._names, self._touched)
            self._wake.set()
        if "inspect" in message:
            before = self._inspected
            self._inspected = _names(message["inspect"])
            for name in self._inspected - before:
                for key in ("last", "last_at", "latency"):
                    self._sent_nodes.get(name, {}).pop(key, None)
                self._touched(name)
        if "tap" in message:
            self._taps.want(message["tap"])

    def close(self) -> None:
        """Watch nothing any more."""
        self._taps.close()
        self._telemetry.watch(frozenset(), self._touched)
        self._runs.traces.unwatch(self._run_ended)

    async def send_frames(self, hello: str) -> None:
        """``hello`` and the first changes at once, then at most a frame every 20 ms; while the link is slow, newer
        replace older."""
        await self._send(hello)
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
            while self._answers:
                await self._send(json_bytes(self._answers.popleft()).decode())
            ended_at: set[str] = set()
            if began - refreshed >= _REFRESH_SECONDS:
                refreshed = began
                self._taps.refresh()
                looked_at = touched | self._moving
                ended_at, self._ended_at = self._ended_at, set()
            if len(looked_at) > _MAX_FRAME_NODES:
                # Thousands of nodes in one frame would hold up the messages of all flows.
                later = set(list(looked_at)[_MAX_FRAME_NODES:])
                looked_at = looked_at - later
                self._touches |= later
                self._wake.set()
            if self._taps.waiting:
                await self._send(json_bytes(self._taps.frame()).decode())
                if self._taps.waiting:
                    self._wake.set()
            if frame := self._frame(looked_at, touched, ended_at):
                await self._send(json_bytes(frame).decode())
            # Looking costs as much as sending: a look that found nothing counts too.
            cadence.sent(began, _FRAME_SECONDS)
            await asyncio.sleep(max(0.0, cadence.wait(time.monotonic(), _FRAME_SECONDS)))

    async def _send(self, text: str) -> None:
        async with asyncio.timeout(_SEND_SECONDS):
            await self._link.send_str(text)

    def _touched(self, name: str) -> None:
        self._touches.add(name)
        if not self._wake.is_set():
            self._wake.set()

    def _run_ended(self, node: str) -> None:
        if node in self._names:
            self._ended_at.add(node)

    def _frame(self, looked_at: set[str], touched: set[str], ended_at: set[str]) -> dict[str, Any] | None:
        nodes: dict[str, dict[str, Any] | None] = {}
        edges: dict[str, dict[str, Any]] = {}
        for name in looked_at:
            if name not in self._names:
                continue
            live = self._telemetry.node_live(name)
            if live is None:
                if name in self._sent_nodes:
                    self._forget(name)
                    nodes[name] = None
                continue
            if name in self._inspected:
                live |= self._telemetry.inspection(name)
            # A rate rises and falls by itself: what moved is looked at again until it is still.
            if name in touched or live["stats"]["rate"] or live["stats"]["in_flight"]:
                self._moving.add(name)
            else:
                self._moving.discard(name)
            if delta := _delta(self._sent_nodes.get(name), live):
                nodes[name] = {**delta, "at": int(time.time() * 1000)}
                self._sent_nodes[name] = live
            sent = self._sent_edges.get(name) or {}
            self._sent_edges[name] = self._telemetry.edges_live(name)
            for edge_id, edge in self._sent_edges[name].items():
                if edge["rate"] or edge["in_flight"]:
                    self._moving.add(name)
                if delta := _delta(sent.get(edge_id), edge):
                    edges[edge_id] = delta
        if not nodes and not edges and not ended_at:
            return None
        self._seq += 1
        frame: dict[str, Any] = {"seq": self._seq, "now": int(time.monotonic() * 1000), "nodes": nodes, "edges": edges}
        if ended_at:
            frame["runs"] = sorted(ended_at)
        return frame

    def _forget(self, name: str) -> None:
        self._sent_nodes.pop(name, None)
        self._sent_edges.pop(name, None)
        self._moving.discard(name)


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
