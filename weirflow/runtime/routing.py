"""The way of a message from an output to the inputs it is wired to, and of the result back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from weirflow.context import Context
from weirflow.error_port import ERROR_PORT
from weirflow.errors import JSON, Fail, problem_of
from weirflow.runtime import crossing
from weirflow.runtime.deadlines import Until
from weirflow.runtime.edges import Edge
from weirflow.runtime.recall import Recalls, recalled
from weirflow.runtime.shared import BRANCH_LIMIT, NODE_ENTRY_LIMIT, RUN_BRANCH_LIMIT, TOTAL_BRANCH_LIMIT
from weirflow.runtime.trace import Span
from weirflow.runtime.traces import caller_of, leave_trail, span_of

if TYPE_CHECKING:
    from weirflow.runtime.node import Node

#: Every so many hops a message goes on in a task of its own: the interpreter's stack cannot hold 256 hops.
_STACK_HOPS = 32
#: Messages of one node that wait for a place: sent in tasks that nobody waits for, they would fill the memory.
_WAITING_LIMIT = 10_000


def emit(source: Node, ctx: Context, port: str, value: JSON) -> Coroutine[Any, Any, JSON]:
    """Send ``value`` from ``port`` of ``source`` to every edge; see ``NodeServices.emit``."""
    began = source.stats.emitted(port, value)
    edges = source.outgoing.get(port)
    if not edges:
        return _nothing()
    index = ctx.next_index(port)
    if not ctx.depth:
        if began >= source.sampling.open_at or not ctx.run.plain:
            return _enter_recorded(source, edges, ctx, index, value, began)
        return _enter(source, edges, ctx, index, value, began)
    if len(edges) == 1:
        return _send(edges[0], source, ctx, index, value, began)
    return _route(source, edges, ctx, index, value, began)


async def _nothing() -> JSON:
    return None


async def _enter_recorded(
    source: Node, edges: tuple[Edge, ...], ctx: Context, index: int, value: JSON, began: float
) -> JSON:
    """As ``_enter``, perhaps recorded."""
    trace = ctx.run.trace
    if trace is None or trace.ended:
        # A source may send all it ever sends in one context: each is a run of its own.
        ctx.run.trace, ctx.run.plain, ctx.span = None, ctx.run.cancelled is None, None
        trace = source.shared.traces.begin(source, ctx, began)
    if trace is None:
        return await _enter(source, edges, ctx, index, value, began)
    ctx.span = span = trace.open(source.name, edges[0].source_port, None, caller_of(ctx), began)
    trace.entry = trace.entry or span
    trace.take(span, value)
    try:
        result = await _enter(source, edges, ctx, index, value, began)
    except BaseException as error:
        trace.close(span, error)
        raise
    trace.close(span)
    return result


async def _enter(source: Node, edges: tuple[Edge, ...], ctx: Context, index: int, value: JSON, began: float) -> JSON:
    # Only here, where a message enters, may it have to wait: a hop that waited for a place could wait for itself.
    try:
        places = source.places
        if places.waiting >= _WAITING_LIMIT:
            raise _no_place(source)
        with Until(source.shared.wheel, ctx.deadline, source.entry):
            async with places, source.shared.entries:
                try:
                    # Not from when it was sent: the wait for a place is no edge's.
                    return await _route(source, edges, ctx, index, value, time.monotonic())
                except Fail as error:
                    # A source is the last caller of what it sends; a handler, which has a caller, is caught in `Node`.
                    if source.catches and ctx.output is None and edges is not source.outgoing.get(ERROR_PORT):
                        return await source.emit_error(ctx, error, value)
                    raise
    except (Fail, asyncio.CancelledError) as error:
        if span_of(ctx) is None:
            source.shared.traces.failure(source, edges[0].source_port, ctx, error, began)
        raise


async def _route(source: Node, edges: tuple[Edge, ...], ctx: Context, index: int, value: JSON, began: float) -> JSON:
    if len(edges) == 1:
        return await _send(edges[0], source, ctx, index, value, began)
    shared, run = source.shared, ctx.run
    if run.branches > RUN_BRANCH_LIMIT or len(shared.branches) > TOTAL_BRANCH_LIMIT:
        raise _too_many(source, ctx)

    def ended(_task: asyncio.Task[JSON]) -> None:
        run.branches -= 1

    run.branches += len(edges)
    tasks = [shared.branch(_bounded(edge, source, ctx, index, value, began), f"edge {edge.id}") for edge in edges]
    for task in tasks:
        task.add_done_callback(ended)
    try:
        return await _first_result(tasks)
    finally:
        # Branches may outlive the answer, but not in any number: past the limit the caller waits for its own.
        if len(shared.branches) > BRANCH_LIMIT:
            await asyncio.wait(tasks, timeout=ctx.remaining())


def _no_place(source: Node) -> Fail:
    text = (
        f"{source.name} has {NODE_ENTRY_LIMIT:,} messages under way and {_WAITING_LIMIT:,} that wait; its component "
        "must wait for what it sends, or send less"
    )
    fail = Fail(text, code="overloaded", retryable=True, node=source.name)
    source.set_problem("task", fail.problem)
    return fail


def _too_many(source: Node, ctx: Context) -> Fail:
    if ctx.run.branches <= RUN_BRANCH_LIMIT:
        message = f"the host has {TOTAL_BRANCH_LIMIT} branches of messages under way; send fewer at once"
        return Fail(message, code="overloaded", retryable=True, node=source.name)
    message = (
        f"the message has split into {RUN_BRANCH_LIMIT} branches, the last time at {source.name}: a loop of the flow "
        "multiplies it; lead only one wire back"
    )
    ctx.cancel(message)
    return Fail(message, code="branch_limit", permanent=True, node=source.name)


async def _first_result(tasks: list[asyncio.Task[JSON]]) -> JSON:
    """The first non-empty result in edge order, as soon as it is known; else the first error; else None."""
    failed: BaseException | None = None
    for task in tasks:
        if not task.done():
            await asyncio.wait([task])
        if task.cancelled():
            continue
        if error := task.exception():
            failed = failed or error
        elif (result := task.result()) is not None:
            return result
    if failed is not None:
        raise failed
    return None


async def _bounded(edge: Edge, source: Node, ctx: Context, index: int, value: JSON, began: float) -> JSON:
    with Until(source.shared.wheel, ctx.deadline, f"{edge.target}:{edge.target_port}"):
        return await _send(edge, source, ctx, index, value, began)


async def _send(edge: Edge, source: Node, ctx: Context, index: int, value: JSON, began: float) -> JSON:
    """Send along one edge, again where its retry policy allows. Raises ``Fail``."""
    stats = edge.stats
    stats.started += 1
    try:
        if (target := edge.node) is None or edge.timeout is not None or not ctx.run.plain:
            result = await _attempt(edge, source, ctx, index, value)
        else:
            # What `_once` does, written out: this is the way of nearly every message, and each call counts.
            lease = target.lease
            hop = ctx.child(edge.id, index, source.name, leadership=lease, epoch=lease.epoch)
            try:
                payload = edge.mapping.evaluate(value)  # type: ignore[union-attr]
            except Exception as error:
                raise _unmapped(edge, source, error) from error
            if hop.depth % _STACK_HOPS:
                result = await target.deliver(hop, edge.target_port, payload)
            else:
                result = await _on_a_new_stack(target, hop, edge.target_port, payload)
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


def recalls() -> Recalls:
    """Finds messages under way by where they are in this file."""
    return Recalls(_send.__code__)


async def _attempt(edge: Edge, source: Node, ctx: Context, index: int, value: JSON) -> JSON:
    if edge.timeout is None:
        return await _once(edge, source, ctx, index, value)
    return await _once_within(edge, source, ctx, index, value, edge.timeout)


async def _on_a_new_stack(target: Node, hop: Context, port: str, payload: JSON) -> JSON:
    return await asyncio.create_task(target.deliver(hop, port, payload), name=f"hop {hop.depth}")


async def _once_within(edge: Edge, source: Node, ctx: Context, index: int, value: JSON, seconds: float) -> JSON:
    deadline = min(ctx.deadline, source.shared.clock.monotonic() + seconds)
    with Until(source.shared.wheel, deadline, f"{edge.target}:{edge.target_port}"):
        return await _once(edge, source, ctx, index, value)


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
    if hop.depth % _STACK_HOPS:
        return await target.deliver(hop, edge.target_port, payload)
    return await _on_a_new_stack(target, hop, edge.target_port, payload)


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
