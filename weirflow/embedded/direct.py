"""The cluster without a network: for tests of flows and for commands that run beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import orjson

from weirflow.embedded.errors import ApiError
from weirflow.embedded.messages import Answer, Request
from weirflow.embedded.options import Query
from weirflow.embedded.patches import MERGE

if TYPE_CHECKING:
    from weirflow.embedded.cluster import EmbeddedCluster


async def settled(answer: Answer) -> Answer:
    """The answer that counts: as it is, or the failure of the write behind it."""
    if answer.ticket is not None:
        try:
            # Shielded: the ticket is shared with the store, and a caller that gives up must not cancel it.
            await asyncio.shield(answer.ticket)
        except ApiError as error:
            return Answer.failure(error)
    return answer


async def call(
    cluster: EmbeddedCluster,
    method: str,
    path: str,
    query: Query | None,
    body: Any,
    role: str,
    content_type: str,
) -> tuple[int, dict[str, Any]]:
    """One request; see `EmbeddedCluster.call`."""
    if not content_type and method == "PATCH":
        content_type = MERGE
    raw = b"" if body is None else orjson.dumps(body)
    request = Request(method, path, dict(query or {}), role, raw, content_type)
    answer = await settled(cluster.handle(request))
    try:
        return answer.status, orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return answer.status, {"message": answer.body.decode()}


async def watch(cluster: EmbeddedCluster, path: str, query: Query | None, role: str) -> AsyncIterator[dict[str, Any]]:
    """A watch's events; see `EmbeddedCluster.watch`."""
    answer = cluster.handle(Request("GET", path, {**(query or {}), "watch": "true"}, role))
    if answer.open is None:
        status = orjson.loads(answer.body)
        raise ApiError(answer.status, status.get("reason", ""), status["message"], status.get("details"))
    ready = asyncio.Event()
    stream = answer.open(ready.set)
    try:
        while True:
            ready.clear()
            over = stream.ended
            for text in stream.take():
                yield orjson.loads(text)
            if over:
                return
            await ready.wait()
    finally:
        stream.close()
