"""The way of a message along one edge, as often as its retry policy says, and of the result back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from pydantic import ValidationError

from weirflow.context import Context
from weirflow.errors import JSON, Fail, problem_of
from weirflow.fields import to_json
from weirflow.runtime import crossing
from weirflow.runtime.deadlines import Until
from weirflow.runtime.edges import Edge
from weirflow.runtime.recall import Recalls, recalled
from weirflow.runtime.trace import Span
from weirflow.runtime.traces import leave_trail, span_of

if TYPE_CHECKING:
    from weirflow.runtime.node import Node

#: Every so many hops a message goes on in a task of its own: the interpreter's stack cannot hold 256 hops.
_STACK_HOPS = 32


async def send(edge: Edge, source: Node, ctx: Context, index: int, value: JSON, began: float) -> JSON:
    """Send along one edge, again where its retry policy allows. Raises ``Fail``.

    What ``_hop`` does and ``Node.handle`` behind it is written out here for the way of nearly every message: each call
    counts.
    """
    stats = edge.stats
    stats.started += 1
    try:
        if (target := edge.node) is None or edge.timeout is not None or not ctx.run.plain:
            result = await _attempt(edge, source, ctx, index, value)
        else:
            port, lease = edge.target_port, target.lease
            hop = ctx.hop(edge.id, index, source.name, lease, lease.epoch)
            try:
                payload = edge.mapping.evaluate(value)  # type: ignore[union-attr]
            except Exception as error:
                raise _unmapped(edge, source, error) from error
            way = target.ways.get(port)
            if way is None or not hop.depth % _STACK_HOPS:
                result = await _delivered(target, hop, port, payload)
            else:
                counts = target.stats
                came = counts.entered(port, payload, began)
                try:
                    validate, handle, hop.output = way
                    hop.message = payload
                    try:
                        message = payload if validate is None else validate(payload)
                    except ValidationError:
                        message = target.instance.patiently(hop, port, payload)  # type: ignore[union-attr]
                    result = await handle(hop, message)
                    if result is not None and result is not payload:
                        result = to_json(result)
                except BaseException as error:
                    result = await target.failed(hop, port, payload, error)
                else:
                    if target.error_until:
                        target.message_went_well()
                finally:
                    counts.left(came)
    except Fail as error:
        return await _again(edge, source, ctx, index, value, error, began)
    except asyncio.CancelledError as error:
        stats.ended()
        leave_trail(error, ctx.run, edge, began)
        if fail := recalled(error, edge, source.name):
            raise fail from None
        raise
    stats.count = count = stats.count + 1
    if count >= stats.due:
        stats.passed(began)
    return result


def recalls() -> Recalls:
    """Finds messages under way by where they are in this file."""
    return Recalls(send.__code__)


async def _again(edge: Edge, source: Node, ctx: Context, index: int, value: JSON, error: Fail, began: float) -> JSON:
    """The first attempt ended with ``error``: note it, and try again as often as the edge's retry policy allows."""
    try:
        return await _attempts(edge, source, ctx, index, value, error, began)
    except Fail as last:
        if ctx.run.trace is None:
            leave_trail(last, ctx.run, edge, began)
        raise
    except asyncio.CancelledError as cancelled:
        if fail := recalled(cancelled, edge, source.name):
            raise fail from None
        raise
    finally:
        edge.stats.ended()


async def _attempts(edge: Edge, source: Node, ctx: Context, index: int, value: JSON, error: Fail, began: float) -> JSON:
    attempt = 1
    while True:
        problem = error.problem
        if problem.edge == edge.id:
            edge.stats.tried(problem)
            source.edge_failed(edge)
        else:
            edge.stats.tried(None)
        pause = edge.retry.pause(attempt)
        if not edge.retry.allows(error, attempt) or pause >= ctx.remaining() or ctx.cancelled:
            raise error
        await asyncio.sleep(pause)
        attempt += 1
        try:
            result = await _attempt(edge, source, ctx, index, value)
        except Fail as next_error:
            error = next_error
        else:
            edge.stats.tried(None)
            edge.stats.passed(began)
            return result


async def _attempt(edge: Edge, source: Node, ctx: Context, index: int, value: JSON) -> JSON:
    if edge.timeout is None:
        return await _once(edge, source, ctx, index, value)
    return await _once_within(edge, source, ctx, index, value, edge.timeout)


def _delivered(target: Node, hop: Context, port: str, payload: JSON) -> Awaitable[JSON]:
    if hop.depth % _STACK_HOPS:
        return target.deliver(hop, port, payload)
    return asyncio.create_task(target.deliver(hop, port, payload), name=f"hop {hop.depth}")


async def _once_within(edge: Edge, source: Node, ctx: Context, index: int, value: JSON, seconds: float) -> JSON:
    deadline = min(ctx.deadline, source.shared.clock.monotonic() + seconds)
    try:
        with Until(source.shared.wheel, deadline, f"{edge.target}:{edge.target_port}"):
            return await _once(edge, source, ctx, index, value)
    except Fail as error:
        error.located(edge=edge.id, port=edge.target_port, node=source.name)
        raise


async def _once(edge: Edge, source: Node, ctx: Context, index: int, value: JSON) -> JSON:
    if (trace := ctx.run.trace) is None:
        return await _hop(edge, source, ctx, index, value, None)
    if trace.is_full:
        # A run may have millions of hops: from here on they are as fast as any.
        ctx.run.trace, ctx.run.plain = None, ctx.run.cancelled is None
        return await _hop(edge, source, ctx, index, value, None)
    parent = span_of(ctx)
    sender = parent.id if parent is not None else ""
    span = trace.open(edge.target, edge.target_port, edge.id, sender, time.monotonic())
    try:
        result = await _hop(edge, source, ctx, index, value, span)
    except BaseException as error:
        trace.close(span, error)
        raise
    trace.close(span)
    return result


async def _hop(edge: Edge, source: Node, ctx: Context, index: int, value: JSON, span: Span | None) -> JSON:
    target = edge.node
    if ctx.run.cancelled:
        raise Fail(f"the run was called off: {ctx.cancelled}", code="cancelled", permanent=True, edge=edge.id)
    # What enters the flow is its first span's own message already.
    if span is not None and ctx.depth:
        ctx.run.trace.take_sent(span, source.name, edge.source_port, value)
    if edge.elsewhere:
        return await crossing.cross(edge, source, ctx, index, value, span)
    if target is None or edge.mapping is None:
        raise _broken(edge, source)
    lease = target.lease
    hop = ctx.child(edge.id, index, source.name, leadership=lease, epoch=lease.epoch, timeout=edge.timeout)
    try:
        payload = edge.mapping.evaluate(value)
    except Exception as error:
        raise _unmapped(edge, source, error) from error
    if span is not None:
        hop.span = span
        ctx.run.trace.take(span, payload)
    return await _delivered(target, hop, edge.target_port, payload)


def _unmapped(edge: Edge, source: Node, error: Exception) -> Fail:
    if isinstance(error, Fail):
        error.located(edge=edge.id, port=edge.target_port, node=source.name)
        return error
    return Fail(
        f"the mapping of the edge to {edge.target}:{edge.target_port} cannot be evaluated: {problem_of(error).message}",
        code="mapping_failed",
        edge=edge.id,
        port=edge.target_port,
        node=source.name,
    )


def _broken(edge: Edge, source: Node) -> Fail:
    if edge.problem is None:
        message = f"{edge.target} is not ready yet; it is tried again with the next message"
        return Fail(message, code="not_ready", retryable=True, edge=edge.id, node=source.name)
    # A node that is gone may come back, as when its deletion is undone; so says a host that is asked for it as well.
    code = edge.problem.code
    return Fail(
        edge.problem.message,
        code=code,
        retryable=code == "unknown_node",
        edge=edge.id,
        port=edge.source_port,
        node=source.name,
    )
