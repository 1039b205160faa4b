"""`self.lock` of a component: work that only one replica may do at a time.

A node's state needs no lock: its changes are ordered already. A lock is for what lies outside, such as a device, a
file or a remote account.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import ContextVar
from types import TracebackType

from weirflow.errors import Fail
from weirflow.services import Grant, LockScope, NodeServices

#: The locks that the present work holds, those of its callers included.
_held: ContextVar[tuple[Held, ...]] = ContextVar("held_locks", default=())

MAX_NAME = 256


class LockTimeout(Fail):
    """The lock was not to be had in time."""

    code = "lock_timeout"


class LockLost(Fail):
    """The lock may have been held by another before the block ended: its work counts as not done."""

    code = "lock_lost"


class Held:
    """A lock that is held. `token` rises with every holder that the lock ever has: hand it to whatever is guarded,
    and let that refuse a lower one than it has seen."""

    def __init__(self, key: tuple[LockScope, str, str], grant: Grant) -> None:
        self.key = key
        self.token = grant.token
        self._grant = grant
        self._ended = False

    @property
    def lost(self) -> bool:
        """Whether another may hold it by now. Ask before what cannot be taken back."""
        return not self._grant.is_held

    @property
    def active(self) -> bool:
        """Whether the block goes on."""
        return not self._ended

    async def wait_lost(self) -> str:
        """Return once it is lost, with the reason; for work that watches beside the block."""
        return await asyncio.shield(self._grant.lost)

    def end(self) -> None:
        """The block has ended."""
        self._ended = True


class LockBlock:
    """The context manager behind `Component.lock`."""

    def __init__(self, services: NodeServices, name: str, timeout: float, scope: LockScope) -> None:
        if not name or len(name) > MAX_NAME:
            raise ValueError(f"a lock's name has 1 to {MAX_NAME} characters")
        self._services, self._name, self._timeout, self._scope = services, name, timeout, scope
        self._guard: asyncio.Timeout | None = None

    async def __aenter__(self) -> Held:
        key = (self._scope, _owner(self._services.node_name, self._scope), self._name)
        if any(held.active and held.key == key for held in _held.get()):
            raise Fail(
                f"the work that holds the lock {self._name!r} asks for it again and would wait for itself; "
                "enter the block once, around all of it",
                code="lock_reentered",
                permanent=True,
            )
        self._grant = await self._services.lock(self._name, self._scope, self._timeout)
        self._held = Held(key, self._grant)
        self._guard = asyncio.timeout(None)
        await self._guard.__aenter__()
        self._grant.lost.add_done_callback(self._call_off)
        self._token = _held.set((*(held for held in _held.get() if held.active), self._held))
        return self._held

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        guard, self._guard = self._guard, None
        assert guard is not None
        self._grant.lost.remove_done_callback(self._call_off)
        lost = self._held.lost
        self._held.end()
        try:
            # A generator may be closed by another task than the one that ran it: then that one's locks are its own.
            with suppress(ValueError):
                _held.reset(self._token)
            try:
                await guard.__aexit__(kind, error, trace)
            except TimeoutError:
                raise self._lost() from None
            if lost and kind is None:
                raise self._lost()
        finally:
            await self._grant.release()

    def _call_off(self, _lost: asyncio.Future[str]) -> None:
        """End the block at its next wait: whoever holds the lock now must not meet it at work."""
        if self._guard is not None:
            self._guard.reschedule(asyncio.get_running_loop().time())

    def _lost(self) -> LockLost:
        lost = self._grant.lost
        why = lost.result() if lost.done() and not lost.cancelled() else "it ran out"
        return LockLost(
            f"the lock {self._name!r} was lost ({why}); another may hold it, so what the block did may have been "
            "done beside it",
            retryable=True,
        )


def _owner(node: str, scope: LockScope) -> str:
    """Whose lock it is: the node's, or its module's, which is the second part of the node's name."""
    return node if scope == "node" else ".".join(node.split(".")[1:2])
