"""Several web processes: each tells the others who is at it, flow by flow, over the channel layer.

What is new goes at once, all of it every two seconds: a message that is lost is made up for, and a process that is gone
is forgotten as soon as it has been silent for a while. Nothing of it is stored.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from editor.live.entry import Entry
from editor.live.flow import LiveFlow

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.1
WHOLE_SECONDS = 2.0
FORGET_SECONDS = 7.0
JOIN_AGAIN_SECONDS = 600.0
"""A layer forgets who joined a group a day ago."""
SEND_SECONDS = 5.0

Flows = Callable[[], Mapping[uuid.UUID, LiveFlow]]


class PresenceShare:
    """``flows`` are those that are open in this process; ``origin`` is its name."""

    def __init__(self, layer: Any, flows: Flows, origin: str) -> None:
        self._layer, self._flows, self._origin = layer, flows, origin
        self._news: dict[uuid.UUID, dict[str, Entry | None]] = {}
        self._told = asyncio.Event()
        self._joined: set[uuid.UUID] = set()
        """Flows that this process hears of on its present channel."""
        self._channel: str | None = None
        self._failing = False
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._listen(), name="editor presence of others"),
            loop.create_task(self._send_news(), name="editor presence sends"),
            loop.create_task(self._keep_whole(), name="editor presence"),
        ]

    def look(self) -> None:
        """The set of open flows is another."""
        for flow_id, flow in self._flows().items():
            if flow.presence.on_told is None:
                flow.presence.on_told = self._teller(flow_id)
        self._told.set()

    async def stop(self) -> None:
        """Tell nobody any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)

    def _teller(self, flow_id: uuid.UUID) -> Callable[[str, Entry | None], None]:
        def tell(tab_id: str, new: Entry | None) -> None:
            news = self._news.setdefault(flow_id, {})
            before = news.get(tab_id)
            news[tab_id] = {**before, **new} if before is not None and new is not None else new
            self._told.set()

        return tell

    async def _send_news(self) -> None:
        while True:
            await self._told.wait()
            self._told.clear()
            news, self._news = self._news, {}
            await self._join()
            for flow_id, tabs in news.items():
                await self._send(flow_id, tabs, full=False)
            await asyncio.sleep(GATHER_SECONDS)

    async def _keep_whole(self) -> None:
        joined_at = time.monotonic()
        while True:
            if time.monotonic() - joined_at > JOIN_AGAIN_SECONDS:
                self._joined, joined_at = set(), time.monotonic()
            self.look()
            for flow_id, flow in list(self._flows().items()):
                await self._send(flow_id, flow.presence.own(), full=True)
                flow.presence.forget_origins(FORGET_SECONDS)
            await asyncio.sleep(WHOLE_SECONDS)

    async def _join(self) -> None:
        """Hear of the flows that are open now, and of no others; ask who is in those that are new."""
        channel, flows = self._channel, set(self._flows())
        if channel is None:
            return
        try:
            async with asyncio.timeout(SEND_SECONDS):
                for flow_id in self._joined - flows:
                    self._joined.discard(flow_id)
                    await self._layer.group_discard(_group(flow_id), channel)
                for flow_id in flows - self._joined:
                    await self._layer.group_add(_group(flow_id), channel)
                    self._joined.add(flow_id)
                    await self._send(flow_id, {}, full=False, asks=True)
        except Exception as error:
            self._failed(error)

    async def _send(
        self, flow_id: uuid.UUID, tabs: Mapping[str, Entry | None], *, full: bool, asks: bool = False
    ) -> None:
        message = {"type": "flow.presence", "origin": self._origin, "flow": str(flow_id)}
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._layer.group_send(
                    _group(flow_id), {**message, "tabs": dict(tabs), "full": full, "asks": asks}
                )
        except Exception as error:
            self._failed(error)
        else:
            self._failing = False

    def _failed(self, error: Exception) -> None:
        """Said once until it goes again: it is tried for each flow every two seconds."""
        if not self._failing:
            log.warning("web processes do not hear from each other who is in a flow, until it goes again: %r", error)
        self._failing = True

    async def _listen(self) -> None:
        while True:
            try:
                self._channel, self._joined = await self._layer.new_channel(), set()
                self.look()
                while True:
                    await self._receive(await self._layer.receive(self._channel))
            except Exception as error:
                self._failed(error)
                await asyncio.sleep(WHOLE_SECONDS)

    async def _receive(self, message: dict[str, Any]) -> None:
        flow_id = uuid.UUID(message["flow"])
        flow = self._flows().get(flow_id)
        if flow is None or message["origin"] == self._origin:
            return
        flow.presence.others(message["origin"], message["tabs"], full=message["full"])
        if message["asks"]:
            await self._send(flow_id, flow.presence.own(), full=True)


def _group(flow_id: uuid.UUID) -> str:
    return f"weirflow.presence.{flow_id.hex}"
