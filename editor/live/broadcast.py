"""Tells the other web processes that a flow changed, one message per process; each fans it out in its own memory.

The message is a hint and may be lost: the changes themselves are read from the database, and every sweep looks there.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from channels.layers import InMemoryChannelLayer, get_channel_layer

log = logging.getLogger(__name__)

GROUP = "weirflow.flows"


def shared_layer() -> Any | None:
    """The layer that joins several web processes; None where there is only this one."""
    layer = get_channel_layer()
    return None if layer is None or isinstance(layer, InMemoryChannelLayer) else layer


class Broadcast:
    """``on_hint`` is called for every change that another process committed."""

    def __init__(self, layer: Any, on_hint: Callable[[], None], origin: str) -> None:
        self._layer, self._on_hint, self._origin = layer, on_hint, origin
        self._listener = asyncio.get_running_loop().create_task(self._listen(), name="editor broadcast")
        self._told = asyncio.Event()
        self._sender = asyncio.get_running_loop().create_task(self._send(), name="editor broadcast sends")

    def tell(self) -> None:
        """A flow changed here. Many changes in a row may share one hint."""
        self._told.set()

    async def stop(self) -> None:
        """Leave the group."""
        tasks = [self._listener, self._sender]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    async def _send(self) -> None:
        while True:
            await self._told.wait()
            self._told.clear()
            try:
                async with asyncio.timeout(5):
                    await self._layer.group_send(GROUP, {"type": "flow.changed", "origin": self._origin})
            except Exception as error:
                log.warning("other web processes hear of a change a little later: %r", error)

    async def _listen(self) -> None:
        while True:
            try:
                channel = await self._layer.new_channel()
                await self._layer.group_add(GROUP, channel)
                while True:
                    message = await self._layer.receive(channel)
                    if message.get("origin") != self._origin:
                        self._on_hint()
            except Exception as error:
                log.warning("the channel layer cannot be heard, trying again: %r", error)
                await asyncio.sleep(2.0)
