"""Mappings worked out while they are written, in the turns of those who try them out (``editor.turns``)."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import User

from editor import turns
from projects.errors import ProjectError

if TYPE_CHECKING:
    from weirflow.mappings.flow import Ends

T = TypeVar("T")


class Previews:
    """Answers about one wire and what could stand on it. Lives on the event loop; ``ends`` tells what a wire leads from
    and to."""

    def __init__(self, ends: "Callable[[User, uuid.UUID, str], Awaitable[Ends | None]]") -> None:
        self._ends = ends

    async def ends(self, person: User, flow_id: uuid.UUID, edge: str) -> dict[str, Any]:
        """The schemas of both ends as they are for this wire, and a made-up message of its source."""
        from editor.wire_words import ends_as_json

        return await self._work(person, flow_id, edge, ends_as_json)

    async def preview(
        self, person: User, flow_id: uuid.UUID, edge: str, mapping: Any, message: Any, name: str | None
    ) -> dict[str, Any]:
        """What the mapping gives: for ``message``, which came from what ``name`` says, or for a made-up one (None)."""
        from editor.wire_words import preview_as_json

        return await self._work(person, flow_id, edge, lambda ends: preview_as_json(ends, mapping, message, name))

    async def complete(
        self, person: User, flow_id: uuid.UUID, edge: str, text: str, cursor: int
    ) -> list[dict[str, Any]]:
        """What could be written at a place of an expression."""
        from editor.wire_words import completions_as_json

        return await self._work(person, flow_id, edge, lambda ends: completions_as_json(ends, text, cursor))

    async def _work(self, person: User, flow_id: uuid.UUID, edge: str, work: "Callable[[Ends], T]") -> T:
        with turns.trials.take(person.pk):
            ends = await self._ends(person, flow_id, edge)
            if ends is None:
                raise ProjectError("not_found", "This wire is not in the flow any more.", 404)
            return await asyncio.wrap_future(turns.begin(lambda: work(ends)))
