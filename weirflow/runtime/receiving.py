"""What other processes send to the nodes of this host."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from functools import lru_cache

import orjson

from weirflow.context import DEPTH_LIMIT, Context, bounded_operation_id, name_of_run
from weirflow.errors import JSON, Fail, NotLeader, Problem
from weirflow.expressions import Mapping, compile_mapping
from weirflow.json_bytes import json_bytes
from weirflow.kube.resources import decode_json, split_port
from weirflow.runtime.deadlines import Until
from weirflow.runtime.forwarding import NOT_HERE
from weirflow.runtime.node import Node
from weirflow.runtime.trace import read_traceparent
from weirflow.runtime.traces import span_of
from weirflow.spec import CONTROL_PORT
from weirflow.transport import Envelope

#: The source of a control or signal: there is no edge that it came along, and nothing to map.
SIGNAL = "signal"

_LONGEST_SECONDS = 86_400.0


class Receiver:
    """``receive`` is what transports are started with. ``nodes`` are those of this host by name; ``exists`` tells of a
    name whether there is such a resource, though the node may not be ready."""

    def __init__(self, nodes: MappingOf[str, Node], exists: Callable[[str], bool] = lambda _name: True) -> None:
        self._nodes, self._exists = nodes, exists

    async def receive(self, envelope: Envelope) -> bytes | None:
        """Deliver one message; JSON or None comes back. Raises ``Fail``.

        What another replica has forwarded is handled here or refused, never passed on again.
        """
        name, port = split_port(envelope.target)
        node = self._nodes.get(name)
        if node is None:
            raise self._nobody(name, envelope)
        ctx = _context(envelope, node)
        with Until(node.shared.wheel, ctx.deadline, envelope.target):
            if envelope.traceparent:
                result = await _recorded(envelope, node, ctx, port)
            else:
                result = await _handled(envelope, node, ctx, port)
        return None if result is None else json_bytes(result)

    def _nobody(self, name: str, envelope: Envelope) -> Fail:
        edge = envelope.edge or None
        if self._exists(name):
            text = f"{name} is not served by this host, or not yet; it is tried again with the next message"
            return Fail(text, code=NOT_HERE, retryable=True, edge=edge, node=name)
        text = f"{name or 'the target'} does not exist; delete the edge or add the node again"
        return Fail(text, code="unknown_node", retryable=True, edge=edge, node=name or None)


async def _recorded(envelope: Envelope, node: Node, ctx: Context, port: str) -> JSON:
    now = time.monotonic()
    trace = node.shared.traces.join(envelope.traceparent, node, ctx, now)
    if trace is None:
        return await _handled(envelope, node, ctx, port)
    ctx.span = span = trace.open(node.name, port, ctx.edge, read_traceparent(envelope.traceparent)[1], now)
    try:
        result = await _handled(envelope, node, ctx, port)
    except BaseException as error:
        trace.close(span, error)
        raise
    trace.close(span)
    return result


async def _handled(envelope: Envelope, node: Node, ctx: Context, port: str) -> JSON:
    message = _message(envelope, node)
    if envelope.forwarded or (port == CONTROL_PORT and envelope.source == SIGNAL):
        if not node.lease.is_leader or node.lease.epoch < envelope.epoch:
            raise NotLeader(edge=ctx.edge, port=port, node=node.name)
        if port == CONTROL_PORT:
            return await node.control(ctx, {} if message is None else message)
        _note(ctx, message)
        return await node.handle(ctx, port, message)
    if node.spec is not None and not node.has_input(port):
        text = f"{node.name} has no input {port!r}; connect the edge to another port"
        raise Fail(text, code="unknown_port", edge=ctx.edge, port=port, node=node.name)
    if envelope.source != SIGNAL:
        message = _mapped(envelope, node, port, message)
    _note(ctx, message)
    return await node.deliver(ctx, port, message)


def _note(ctx: Context, message: JSON) -> None:
    if (span := span_of(ctx)) is not None:
        ctx.run.trace.take(span, message)


def _message(envelope: Envelope, node: Node) -> JSON:
    try:
        return orjson.loads(envelope.payload) if envelope.payload else None
    except ValueError as error:
        text = f"the message from {envelope.source} for {envelope.target} is no JSON: {error}"
        raise Fail(text, code="message_invalid", permanent=True, edge=envelope.edge or None, node=node.name) from error


def _context(envelope: Envelope, node: Node) -> Context:
    """The hop as the sender's side would have made it, on the clock of this side. Raises ``Fail`` past the limit."""
    if envelope.depth > DEPTH_LIMIT:
        raise Fail(
            f"the message has passed {DEPTH_LIMIT} nodes, the last one {envelope.source}: a loop in the flow never "
            "ends; give it a condition (a router) that leaves it",
            code="depth_limit",
            permanent=True,
            edge=envelope.edge or None,
            node=node.name,
        )
    lease = node.lease
    deadline = time.monotonic() + min(envelope.timeout, _LONGEST_SECONDS)
    operation_id = bounded_operation_id(envelope.operation_id)
    ctx = Context(operation_id, deadline=deadline, leader=lease.is_leader, epoch=lease.epoch)
    ctx.depth = envelope.depth
    ctx.edge = envelope.edge or None
    ctx.source = split_port(envelope.source)[0] or None
    ctx.run.id = name_of_run(envelope.run)
    ctx.run.traceparent = envelope.traceparent
    return ctx


def _mapped(envelope: Envelope, node: Node, port: str, message: JSON) -> JSON:
    """The message as the node's own entry for that source makes it. Raises ``Fail`` that names the edge."""
    source, source_port = split_port(envelope.source)
    configuration = node.mapping_for(source, source_port, port)
    try:
        if configuration is None:
            text = f"{node.name} has no mapping for messages from {envelope.source}; open the edge and map its fields"
            raise Fail(text, code="mapping_missing")
        if with_secrets := node.secrets.mappings.get(configuration):
            if isinstance(with_secrets, Problem):
                raise Fail(with_secrets.message, code=with_secrets.code, field=with_secrets.field)
            return with_secrets.evaluate(message)
        return _compiled(configuration).evaluate(message)
    except Fail as error:
        error.located(edge=envelope.edge, port=port, node=source)
        raise
    except Exception as error:
        text = f"the mapping for messages from {envelope.source} cannot be used: {error}; map its fields again"
        raise Fail(text, code="mapping_failed", edge=envelope.edge, port=port, node=source) from error


@lru_cache(maxsize=4096)
def _compiled(configuration: str) -> Mapping:
    mapping = decode_json(configuration)
    return compile_mapping({} if mapping is None else mapping)
