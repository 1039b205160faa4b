"""Compiling code where it can do no harm: one process for each project, so that a text that takes long to compile
holds up nobody else's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from weirflow.errors import Fail
from weirflow.outside import outside
from weirflow.sandbox.failures import unavailable
from weirflow.sandbox.inside.frames import CHECK
from weirflow.sandbox.limits import MIB, Limits
from weirflow.sandbox.worker import Call, Worker

if TYPE_CHECKING:
    from weirflow.sandbox.sandbox import Sandbox

_LIMITS = Limits(deadline=5.0, memory=128 * MIB, answer=1 << 16, printed=0, processes=1)


class Checker:
    """Of one project. Its process begins with the first text, and ends by `rest`."""

    def __init__(self, sandbox: Sandbox, project: str) -> None:
        self._sandbox, self._project = sandbox, project
        self._worker: Worker | None = None
        self._turn = asyncio.Lock()
        self._users = 0

    @property
    def workers(self) -> list[Worker]:
        """The process, if there is one."""
        return [self._worker] if self._worker is not None else []

    async def check(self, code: str) -> dict[str, Any] | None:
        """See `Sandbox.check`."""
        self._users += 1
        try:
            async with self._turn:
                return await self._check(code.encode("utf-8", "replace"))
        finally:
            self._users -= 1

    def rest(self, before: float) -> bool:
        """End the process if it has had nothing to do since `before`; whether there is none any more."""
        if self._worker is not None and not self._worker.load and self._worker.idle_since < before:
            self._worker.leave()
        return self._worker is None and not self._users

    async def _check(self, payload: bytes) -> dict[str, Any] | None:
        if self._worker is None:
            self._worker = await self._sandbox.worker(
                _LIMITS, project=self._project, printed=lambda _: None, free=lambda: None, ended=self._ended
            )
        call = Call(CHECK, payload, asyncio.get_running_loop().create_future())
        self._worker.send(call)
        try:
            with outside():
                wrong: dict[str, Any] | None = await call.future
        except Fail:
            return {"line": 1, "text": "Python cannot compile this; make it smaller, and nest it less"}
        return wrong

    def _ended(self, worker: Worker, left: list[Call]) -> None:
        self._worker = None
        self._sandbox.ended(worker)
        for call in left:
            if not call.future.done():
                call.future.set_exception(unavailable("the process that compiles has ended"))
