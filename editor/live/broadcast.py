"""Tells the other web processes that a flow changed, or who may do what; each fans it out in its own memory.

The message is a hint and may be lost: the changes and the rights themselves are read from the database, and every sweep
looks there.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from channels.layers import InMemoryChannelLayer, get_channel_layer

log = logging.getLogger(__name__)

GROUP = "weirflow.flows"
ASK = "process.ask"
MAX_NAMED = 500
"""People and links in one message; of more, all open editors are looked at."""


def shared_layer() -> Any | None:
    """The layer that joins several web processes; None where there is only this one."""
    layer = get_channel_layer()
    return None if layer is None or isinstance(layer, InMemoryChannelLayer) else layer


@dataclass(slots=True)
class Whose:
    """Whose rights are others now; `everyone` where it is not said whose."""

    users: set[int] = field(default_factory=set)
    links: set[UUID] = field(default_factory=set)
    everyone: bool = False

    def add(self, users: Iterable[int] = (), links: Iterable[UUID] = (), *, everyone: bool = False) -> None:
        """These too. Of very many nobody is named: all are looked at."""
        self.users.update(users)
        self.links.update(links)
        self.everyone = self.everyone or everyone or len(self.users) + len(self.links) > MAX_NAMED

    def __bool__(self) -> bool:
        return self.everyone or bool(self.users or self.links)


class Broadcast:
    """``on_hint`` is called for changes that another process committed, ``on_rights`` for whose rights it changed."""

    def __init__(
        self, layer: Any, on_hint: Callable[[], None], origin: str, on_rights: Callable[[Whose], None]
    ) -> None:
        self._layer, self._on_hint, self._origin, self._on_rights = layer, on_hint, origin, on_rights
        self._listener = asyncio.get_running_loop().create_task(self._listen(), name="editor broadcast")
        self._changed, self._whose = False, Whose()
        self._told = asyncio.Event()
        self.listening = False
        """Whether others are heard now."""
        self._sender = asyncio.get_running_loop().create_task(self._send(), name="editor broadcast sends")

    def tell(self) -> None:
        """A flow changed here. Many changes in a row may share one hint."""
        self._changed = True
        self._told.set()

    def tell_rights(self, users: Iterable[int] = (), links: Iterable[UUID] = (), *, everyone: bool = False) -> None:
        """What these people, or who came by these links, may do was changed here."""
        self._whose.add(users, links, everyone=everyone)
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
            changed, self._changed = self._changed, False
            whose, self._whose = self._whose, Whose()
            try:
                async with asyncio.timeout(5):
                    await self._layer.group_send(GROUP, self._message(changed, whose))
            except Exception as error:
                log.warning("other web processes hear of a change a little later: %r", error)

    def _message(self, changed: bool, whose: Whose) -> dict[str, Any]:
        message: dict[str, Any] = {"type": "flow.changed", "origin": self._origin, "changed": changed}
        if whose.everyone:
            return {**message, "everyone": True}
        return {**message, "users": sorted(whose.users), "links": sorted(map(str, whose.links))}

    async def _listen(self) -> None:
        while True:
            try:
                channel = await self._layer.new_channel()
                await self._layer.group_add(GROUP, channel)
                self.listening = True
                while True:
                    message = await self._layer.receive(channel)
                    if message["type"] == ASK:
                        await self._layer.send(str(message["reply"]), {"type": "process.here", "origin": self._origin})
                    elif message.get("origin") != self._origin:
                        self._take(message)
            except Exception as error:
                self.listening = False
                log.warning("the channel layer cannot be heard, trying again: %r", error)
                await asyncio.sleep(2.0)

    def _take(self, message: dict[str, Any]) -> None:
        links = {UUID(link) for link in message.get("links", ())}
        whose = Whose(set(message.get("users", ())), links, bool(message.get("everyone")))
        if whose:
            self._on_rights(whose)
        if message.get("changed", True):
            self._on_hint()


async def who_answers(layer: Any, seconds: float) -> int:
    """How many web processes answer through the layer: it waits so long for them."""
    reply = await layer.new_channel()
    await layer.group_send(GROUP, {"type": ASK, "reply": reply})
    origins: set[str] = set()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                origins.add((await layer.receive(reply))["origin"])
    return len(origins)
