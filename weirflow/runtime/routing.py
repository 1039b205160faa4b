"""The way of a message from an output to the inputs it is wired to, and of the result back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from weirflow.context import Context
from weirflow.error_port import ERROR_PORT
from weirflow.errors import JSON, Fail, NotLeader
from weirflow.runtime.deadlines import Until
from weirflow.runtime.edges import Edge
from weirflow.runtime.sending import send
from weirflow.runtime.shared import BRANCH_LIMIT, NODE_ENTRY_LIMIT, RUN_BRANCH_LIMIT, TOTAL_BRANCH_LIMIT
from weirflow.runtime.traces import caller_of, span_of

if TYPE_CHECKING:
    from weirflow.runtime.node import Node

Emit = Callable[[Context, str, JSON], Coroutine[Any, Any, JSON]]

#: Messages of one node that wait for a place: sent in tasks that nobody waits for, they would fill the memory.
_WAITING_LIMIT = 10_000


def emitter(source: Node, *, guarded: bool) -> Emit:
    """What sends a value from a port of ``source`` to every edge; see ``NodeServices.emit``.

    ``guarded``: refused to a source that runs elsewhere, as ``NotLeader``.
    """
    stats, monotonic = source.stats, time.monotonic

    def emit(ctx: Context, port: str, value: JSON) -> Coroutine[Any, Any, JSON]:
        enters = not ctx.depth
        if enters and guarded and source.is_idle_source:
            raise NotLeader(node=source.name, port=port)
        began = monotonic()
        stats.last[port] = began, value
        if stats.touch is not None:
            stats.touch()
        edges = source.outgoing.get(port)
        if not edges:
            return _nothing()
        if ctx.sent is None:
            ctx.sent, index = port, 0
        else:
            index = ctx.next_index(port)
        if enters:
            if began >= source.sampling.open_at or not ctx.run.plain:
                return _enter_recorded(source, edges, ctx, index, value, began)
            return _enter(source, edges, ctx, index, value, began)
        if len(edges) == 1:
            return send(edges[0], source, ctx, index, value, began)
        return _route(source, edges, ctx, index, value, began)

    return emit


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
        return await send(edges[0], source, ctx, index, value, began)
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
    try:
        with Until(source.shared.wheel, ctx.deadline, f"{edge.target}:{edge.target_port}"):
            return await send(edge, source, ctx, index, value, began)
    except Fail as error:
        if error.problem.edge is None:
            # The deadline's own: the answer may have been given long ago, so that the edge is the only one to tell.
            error.located(edge=edge.id, port=edge.target_port, node=source.name)
            edge.stats.cut_off(error.problem)
            source.changed()
        raise
