"""The way of a message along an edge whose target another process serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from weirflow.context import Context
from weirflow.errors import JSON, Fail
from weirflow.json_bytes import json_bytes
from weirflow.runtime.edges import Edge
from weirflow.runtime.trace import Span
from weirflow.runtime.traces import traceparent_of
from weirflow.transport import Envelope

if TYPE_CHECKING:
    from weirflow.runtime.node import Node


async def cross(edge: Edge, source: Node, ctx: Context, index: int, value: JSON, span: Span | None) -> JSON:
    """Send once and wait for the result. Raises ``Fail``: what happened over there as it happened, or that it could not
    be reached, which concerns this edge. The mapping is the other side's: it stands on the target's node."""
    hop = ctx.child(edge.id, index, source.name, timeout=edge.timeout)
    if span is not None:
        hop.span = span
        ctx.run.trace.take(span, value, keep=False)
    envelope = Envelope(
        f"{edge.target}:{edge.target_port}",
        f"{source.name}:{edge.source_port}",
        json_bytes(value),
        hop.operation_id,
        edge.id,
        hop.depth,
        hop.remaining(),
        traceparent=traceparent_of(hop),
        run=hop.run_id,
    )
    try:
        answer = await source.shared.messages.call(edge.elsewhere, envelope)
        return None if answer is None else orjson.loads(answer)
    except Fail as error:
        error.located(edge=edge.id, port=edge.target_port, node=source.name)
        raise
    except ValueError as error:
        raise Fail(
            f"the answer of {envelope.target} is no JSON: {error}; its module is at fault",
            code="answer_invalid",
            edge=edge.id,
            port=edge.target_port,
            node=source.name,
        ) from error
