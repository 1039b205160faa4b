"""The transform."""

from __future__ import annotations

from typing import Any

from weirflow import Component, Context, Result, input, output


class Transform(Component):
    """Passes a message on as the mapping of its incoming edge has made it.

    For giving data another shape in one place, when several nodes behind need the same. The answer of the flow behind
    it travels back.
    """

    category = "Data"
    icon = "transform"
    tags = ("map", "modify", "change")

    out = output("out", label="Out", definition="transformed-message")

    @input("in", label="In", definition="transformed-message")
    async def transform(self, ctx: Context, message: Any) -> Result:
        return await self.out.emit(ctx, message)
