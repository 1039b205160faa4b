"""What a host has around its nodes, where a test has only itself."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, NoReturn

from weirflow.context import Context
from weirflow.errors import JSON, Fail, Problem
from weirflow.memory_clock import FakeClock
from weirflow.memory_locks import MemoryGrant, MemoryLocks
from weirflow.runtime.shared import SystemClock
from weirflow.services import Grant, HttpHandler, LockScope
from weirflow.transport import Envelope

if TYPE_CHECKING:
    from weirflow.runtime.node import Node

OUTBOUND_DENIED = "outbound_denied"
#: When a test begins that does not say: 2026-01-01T00:00:00Z, as in `weirflow.testing`.
BEGINNING = FakeClock().time()


class TestClock(SystemClock):
    """The loop's time (`VirtualLoop`), which has begun at the unix second ``now``."""

    __test__ = False

    def __init__(self, now: float | None = None) -> None:
        self._offset = (BEGINNING if now is None else now) - time.monotonic()

    def time(self) -> float:
        """Unix seconds."""
        return self._offset + time.monotonic()


class Leading:
    """The Lease of a module that is always held."""

    is_leader = True
    epoch = 2
    identity = "test"

    def __init__(self, name: str) -> None:
        self.name = name


class Here:
    """Messages for leaders: this process leads."""

    async def deliver(self, node: Node, ctx: Context, port: str, message: JSON) -> JSON:
        """Have it handled."""
        return await node.handle(ctx, port, message)


class Nobody:
    """Messages for modules that are not at hand."""

    address = ""

    async def call(self, module: str, envelope: Envelope) -> bytes | None:
        """Refused, saying where to look."""
        raise Fail(elsewhere(module).message, code="module_elsewhere", permanent=True)


def elsewhere(module: str) -> Problem:
    """Why a module takes no part in a test."""
    text = (
        f"the module {module} is not installed where tests run, as when it is served by hand on another machine; run "
        "the test there (weirflow test), or say under `answers` what its nodes give"
    )
    return Problem("module_elsewhere", text)


class NoRoute:
    """A path on which nobody listens."""

    def __init__(self, path: str) -> None:
        self.url = f"http://test{path}"

    def close(self) -> None:
        """Nothing to close."""


class NoRoutes:
    """The flows' listener: requests are given to the test at the output of the node."""

    def add(
        self,
        node: str,
        method: str,
        path: str,
        handler: HttpHandler,
        *,
        max_body: int = 1 << 20,
        preflight: HttpHandler | None = None,
    ) -> NoRoute:
        """A route without a listener."""
        return NoRoute(path)


class Locks:
    """The components' locks, in memory."""

    def __init__(self, clock: SystemClock) -> None:
        self._memory = MemoryLocks(clock)

    async def acquire(self, node: str, uid: str, name: str, scope: LockScope, seconds: float) -> Grant:
        """Take it. Raises ``LockTimeout``."""
        owner = node if scope == "node" else node.split(".")[1]
        grant: MemoryGrant = await self._memory.acquire((scope, f"{owner}/{name}"), self, seconds)
        return grant

    def close(self) -> None:
        """The test is over."""
        self._memory.close()


class Denied:
    """The way to other machines, which a test has not (`weirflow.outbound.contract.Outbound`)."""

    async def resolve(self, host: str, port: int) -> tuple[Any, ...]:
        """Refused."""
        _deny(f"{host}:{port}")

    async def connect(self, host: str, port: int, **_more: Any) -> Any:
        """Refused."""
        _deny(f"{host}:{port}")

    async def request(self, method: str, url: str, **_more: Any) -> Any:
        """Refused."""
        _deny(f"{method} {url}")


class NoOutbounds:
    """For every project the same."""

    def of(self, project: str) -> Denied:
        """None may call anything."""
        return Denied()


def _deny(what: str) -> NoReturn:
    raise Fail(
        f"{what} is not called in a test; say what the node gives, under `answers`, or in the test's scenario",
        code=OUTBOUND_DENIED,
        permanent=True,
    )


async def cancel_all(seconds: float) -> None:
    """End every other task of the loop, within so many seconds of its time."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    if rest:
        await asyncio.wait(rest, timeout=seconds)
