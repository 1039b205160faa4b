"""The filter."""

from __future__ import annotations

from typing import Any

from weirflow import Component, Context, Field, Model, Port, Result, input, output

REJECTED_PORT = "rejected"
#: The definition of what goes in and comes out.
FILTERED = "filtered-message"


class FilterInput(Model):
    """A message, and whether it may pass."""

    context: Any = Field(None, title="Message", description="Passed on as it is", configurable=True, id=FILTERED)
    condition: Any = Field(
        None,
        title="Condition",
        description="The message passes unless this is false, 0, empty or null",
        configurable=True,
    )


class Filter(Component):
    """Lets a message pass only if a condition holds.

    The mapping of the incoming wire works the condition out, such as `{{$.total > 100}}`. What passes leaves by `out`,
    and the answer of the flow behind it travels back. Everything else ends here and is answered with nothing; with the
    rejected port on it leaves there instead.

    For more than two ways use a router; to filter a list, split it, filter the items, and collect them.
    """

    category = "Flow"
    icon = "filter"
    tags = ("condition", "if", "where", "drop")

    class Settings(Model):
        enable_rejected_port: bool = Field(
            False, title="Rejected port", description="On: what does not pass leaves by a port of its own"
        )

    settings: Settings

    out = output("out", definition=FILTERED)

    def __init__(self) -> None:
        self._passed = self._rejected = 0

    def ports(self) -> list[Port]:
        rejected = [Port.output(REJECTED_PORT, definition=FILTERED)] if self.settings.enable_rejected_port else []
        return [*super().ports(), *rejected]

    @input("in", label="In")
    async def filter(self, ctx: Context, message: FilterInput) -> Result:
        if message.condition:
            self._passed += 1
            self.publish()
            return await self.out.emit(ctx, message.context)
        self._rejected += 1
        self.publish()
        if self.settings.enable_rejected_port:
            return await self.emit(ctx, REJECTED_PORT, message.context)
        return None

    def live(self) -> str:
        seen = self._passed + self._rejected
        return f"{self._passed} of {seen} passed" if seen else ""
