"""The telemetry link to one module host: kept up by the best way that leads there."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import orjson

from editor.cluster.telling import CONNECTING, MAX_TAPS, MAX_WATCHED, Asked, Frame, Reach
from weirflow.kube.backoff import Backoff
from weirflow.kube.errors import ApiError
from weirflow.runtime.link_key import LinkKeyError
from weirflow.runtime.link_ways import LinkRefused, Way

log = logging.getLogger(__name__)

GATHER = 0.01
"""Seconds in which changes of the watched set are gathered into one message."""
BETTER_SECONDS = 30.0
"""How often a better way is tried again while a lesser one works."""
STEADY_SECONDS = 5.0
"""A connection that held for so long counts: what ended it may be over at once."""

OnFrame = Callable[[str, str, Frame], None]
"""Gets the host's identity, its run, and every frame."""
Key = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Found:
    """A connection that is up, and which run of the host it leads to."""

    way: Way
    socket: aiohttp.ClientWebSocketResponse
    run: str


class HostLink:
    """``ways`` are tried in their order, each at its own pace; ``on_reach`` hears when ``reach`` is another."""

    def __init__(
        self, identity: str, ways: list[Way], key: Key, on_frame: OnFrame, on_reach: Callable[[str], None]
    ) -> None:
        self.identity, self._ways, self._key = identity, ways, key
        self._on_frame, self._on_reach = on_frame, on_reach
        self.reach = CONNECTING
        self._asked = Asked()
        self._dirty = asyncio.Event()
        self._ended = False
        self._task = asyncio.create_task(self._run(), name=f"link {identity}")

    def want(self, asked: Asked) -> None:
        """What to hear of. Whole sets; the newest wins."""
        if asked != self._asked:
            self._asked = asked
            self._dirty.set()

    def end(self) -> asyncio.Task[None]:
        """Pass on nothing more and close the connection; the task is done when it is closed."""
        self._ended = True
        self._task.cancel()
        return self._task

    async def _run(self) -> None:
        found: Found | None = None
        while True:
            try:
                found = await self._serve(found or await self._find())
            except Exception:
                found = None
                log.exception("link to %s failed", self.identity)
                await asyncio.sleep(1.0)

    async def _find(self) -> Found:
        """Try the ways until one leads there."""
        backoff = Backoff(0.1, 10.0)
        while True:
            try:
                key = await self._key()
            except (ApiError, LinkKeyError) as error:
                self._fail(f"the link's key cannot be read: {error}")
                await asyncio.sleep(backoff.pause())
                continue
            due = [way for way in self._ways if way.due <= time.monotonic()]
            for way in due:
                if (found := await self._try(way, key)) is not None:
                    return found
            if due or not self._ways:
                self._fail(_failures(self._ways) or f"{self.identity} says no address")
            wake_at = min((way.due for way in self._ways), default=time.monotonic() + BETTER_SECONDS)
            await asyncio.sleep(max(0.0, wake_at - time.monotonic()))

    async def _find_better(self, ways: list[Way]) -> Found:
        while True:
            await asyncio.sleep(BETTER_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311 spreads load
            for way in ways:
                try:
                    found = await self._try(way, await self._key())
                except (ApiError, LinkKeyError):
                    continue
                if found is not None:
                    return found

    async def _try(self, way: Way, key: bytes) -> Found | None:
        try:
            socket, run = await way.reach(self.identity, key)
        except (aiohttp.ClientError, LinkRefused, OSError, TimeoutError, ValueError) as error:
            way.failed(error)
            return None
        return Found(way, socket, run)

    async def _serve(self, found: Found) -> Found | None:
        """Pass on what comes until the connection ends, or until a better way is there, which is returned."""
        began, better = time.monotonic(), self._ways[: self._ways.index(found.way)]
        reading = asyncio.create_task(self._read(found), name=f"link {self.identity} reads")
        asking = asyncio.create_task(self._ask(found.socket), name=f"link {self.identity} asks")
        looking = asyncio.create_task(self._find_better(better), name=f"link {self.identity} looks for a better way")
        self._set(Reach(found.way.name, _failures(better)))
        next_one: Found | None = None
        try:
            await asyncio.wait([reading, looking] if better else [reading], return_when=asyncio.FIRST_COMPLETED)
            next_one = looking.result() if looking.done() else None
            if next_one is None:
                if time.monotonic() - began > STEADY_SECONDS:
                    found.way.backoff.reset()
                found.way.failed(_ending(reading))
                self._set(Reach("connecting", found.way.failure))
            return next_one
        finally:
            for task in (reading, asking, looking):
                task.cancel()
            await asyncio.wait([reading, asking, looking])
            if not asking.cancelled() and (error := asking.exception()) is not None:
                log.info("link to %s: what to watch could not be sent: %s", self.identity, error)
            await found.socket.close()
            if next_one is None and not looking.cancelled() and looking.exception() is None:
                await looking.result().socket.close()

    async def _read(self, found: Found) -> None:
        async for message in found.socket:
            if message.type is aiohttp.WSMsgType.TEXT and not self._ended:
                self._on_frame(self.identity, found.run, orjson.loads(message.data))

    async def _ask(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        sent: Asked | None = None
        while True:
            self._dirty.clear()
            asked = self._asked
            if sent is None or sent.watch != asked.watch:
                await socket.send_str(orjson.dumps({"watch": sorted(asked.watch)[:MAX_WATCHED]}).decode())
            if sent is None or sent.inspect != asked.inspect:
                await socket.send_str(orjson.dumps({"inspect": sorted(asked.inspect)}).decode())
            if asked.taps != (sent.taps if sent is not None else frozenset()):
                await socket.send_str(orjson.dumps({"tap": sorted(asked.taps)[:MAX_TAPS]}).decode())
            sent = asked
            await self._dirty.wait()
            await asyncio.sleep(GATHER)

    def _fail(self, reason: str) -> None:
        if reason != self.reach.reason:
            log.info("no link to %s: %s", self.identity, reason)
        self._set(Reach("status", reason))

    def _set(self, reach: Reach) -> None:
        if reach != self.reach and not self._ended:
            self.reach = reach
            self._on_reach(self.identity)


def _ending(reading: asyncio.Task[None]) -> Exception:
    error = reading.exception()
    return error if isinstance(error, Exception) else ConnectionError("closed")


def _failures(ways: list[Way]) -> str:
    return "; ".join(way.failure for way in ways if way.failure)
