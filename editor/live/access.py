"""Sockets outlive rights: who may do less or more than before is told so, and who may no longer look is shut out."""

import asyncio
import logging
from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from editor.database import in_database
from editor.live.client import Client
from editor.live.rights import LINK, NOBODY, rights_of

if TYPE_CHECKING:
    from editor.hub import Hub

log = logging.getLogger(__name__)


class AccessCheck:
    """Checks all sockets with every sweep, and at once those that a right may have been taken from."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._tasks: set[asyncio.Task[None]] = set()

    def changed(self, users: Collection[int], links: Collection[UUID]) -> None:
        """These people, and who came by these links, may have other rights now: nothing more goes to their sockets
        before it has been checked. Whoever came by a link hangs on the rights of who made it."""
        keys, whose = {f"{LINK}{link}" for link in links}, {*users, NOBODY} if users else set()
        self._check_soon([client for client in self._clients() if client.user_id in whose or client.key in keys])

    def flow_gone(self) -> None:
        """A flow or project was deleted: check everyone."""
        self._check_soon(self._clients())

    async def check_all(self) -> None:
        """Close the sockets of those who may no longer look, and tell the others what they may."""
        await self._check(self._clients())

    async def check(self, client: Client) -> None:
        """For one that has just been added: what was lost while it joined is not missed."""
        await self._check([client])

    async def stop(self) -> None:
        """Forget checks under way."""
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _clients(self) -> list[Client]:
        return [client for flow in self._hub.board.flows.values() for client in flow.clients]

    def _check_soon(self, clients: list[Client]) -> None:
        if not clients:
            return
        for client in clients:
            client.hold(True)
        task = asyncio.get_running_loop().create_task(self._check_held(clients), name="editor access check")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _check_held(self, clients: list[Client]) -> None:
        try:
            await self._check(clients)
        except Exception:
            # Held they stay: the next sweep checks them again and lets them go on.
            log.exception("checking who may look at open flows failed")

    async def _check(self, clients: list[Client]) -> None:
        if not clients:
            return
        watchers = {client: client.watcher for client in clients}
        rights = await in_database(rights_of, set(watchers.values()))
        for client, watcher in watchers.items():
            found = rights[watcher]
            if isinstance(found, int):
                client.close(found)
                continue
            client.may(found)
            if client.held:
                client.hold(False)
