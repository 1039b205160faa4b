"""Mappings worked out while they are written: on a thread of their own, and few at a time for each person.

Checking all mappings of a flow has a thread of its own (``editor.checks``); one expression that somebody tries out on
a large message must not hold that up.
"""

import asyncio
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import User

from projects.errors import ProjectError

if TYPE_CHECKING:
    from weirflow.mappings.flow import Ends

EACH, ALL = 4, 32
"""Previews and completions under way at the same time: of one person, and of all."""
T = TypeVar("T")

_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="editor-previews")


class Previews:
    """Answers about one wire and what could stand on it. Lives on the event loop; ``ends`` tells what a wire leads from
    and to."""

    def __init__(self, ends: "Callable[[User, uuid.UUID, str], Awaitable[Ends | None]]") -> None:
        self._ends = ends
        self._under_way: Counter[int] = Counter()

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
        under_way = self._under_way
        if under_way[person.pk] >= EACH or under_way.total() >= ALL:
            message = "Too many mappings are being tried out at once: wait for the answers to the earlier ones."
            raise ProjectError("too_many_previews", message, 429)
        under_way[person.pk] += 1
        try:
            ends = await self._ends(person, flow_id, edge)
            if ends is None:
                raise ProjectError("not_found", "This wire is not in the flow any more.", 404)
            return await asyncio.get_running_loop().run_in_executor(_executor, work, ends)
        finally:
            under_way[person.pk] -= 1
            if not under_way[person.pk]:
                del under_way[person.pk]
