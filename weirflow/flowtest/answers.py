"""Nodes that are not run: what their outputs give is said by the test, or was recorded by its scenario."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from pydantic import ValidationError

from weirflow.context import Context
from weirflow.errors import JSON, Fail
from weirflow.flowtest.stand_ins import OUTBOUND_DENIED
from weirflow.instance import ComponentInstance
from weirflow.refusals import message_refused, unknown_port
from weirflow.validation import validated
from weirflow.ways import Way


class Answering:
    """In the place of a node's instance: checks messages as that does, and then sends ``answers``, by output."""

    def __init__(self, real: ComponentInstance, answers: Mapping[str, JSON]) -> None:
        self._real, self._answers = real, answers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def open_ways(self) -> dict[str, Way]:
        """No input has a short one."""
        return {}

    def begin(self, ctx: Context, port: str, raw: JSON) -> Awaitable[JSON]:
        """Check the message, then answer. Raises ``Fail``."""
        name = self._real.services.node_name
        inputs = {each.name: each for each in self._real.ports() if not each.source and not each.system}
        if port not in inputs:
            raise unknown_port(name, ctx, port, inputs)
        if (model := inputs[port].model) is not None:
            try:
                validated(model, raw)
            except ValidationError as error:
                raise message_refused(name, ctx, port, error) from None
        return self.answer(ctx, raw)

    async def answer(self, ctx: Context, raw: JSON) -> JSON:
        """As a component that sends on each of these outputs in turn: the first reply that comes back counts."""
        emit = self._real.services.emit
        ctx.enter(emit, raw)
        result: JSON = None
        for port, message in self._answers.items():
            came = await emit(ctx, port, message)
            result = came if result is None else result
        return result


class Recalling(Answering):
    """Runs the component, and answers for it only where it would call out."""

    def begin(self, ctx: Context, port: str, raw: JSON) -> Awaitable[JSON]:
        """Have it handled. Awaiting raises ``Fail``."""
        return self._run(ctx, port, raw)

    async def _run(self, ctx: Context, port: str, raw: JSON) -> JSON:
        try:
            return await self._real.deliver(ctx, port, raw)
        except Fail as error:
            if error.code != OUTBOUND_DENIED or error.problem.node not in (None, self._real.services.node_name):
                raise
            return await self.answer(ctx, raw)
