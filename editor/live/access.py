"""Sockets outlive rights: who may no longer look at a flow is found out and shut out."""

import asyncio
import logging
from typing import TYPE_CHECKING

from editor.database import in_database
from editor.live.client import Client
from editor.live.rows import close_codes

if TYPE_CHECKING:
    from editor.hub import Hub

log = logging.getLogger(__name__)


class AccessCheck:
    """Checks all sockets with every sweep, and those of one person at once when a right of theirs was lost."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._tasks: set[asyncio.Task[None]] = set()

    def lost(self, user_id: int) -> None:
        """A right may be gone: nothing more goes to this person's sockets before it has been checked."""
        clients = [client for client in self._clients() if client.user_id == user_id]
        self._check_soon(clients)

    def flow_gone(self) -> None:
        """A flow or project was deleted: check everyone."""
        self._check_soon(self._clients())

    async def check_all(self) -> None:
        """Close the sockets of those who may no longer look."""
        await self._check(self._clients())

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
        watchers = {client: (client.user_id, client.session_key, client.flow.id) for client in clients}
        codes = await in_database(close_codes, set(watchers.values()))
        for client, watcher in watchers.items():
            code = codes.get(watcher)
            if code is not None:
                client.close(code)
            elif client.held:
                client.hold(False)
