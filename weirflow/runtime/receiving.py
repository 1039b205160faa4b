"""What other processes send to the nodes of this host."""

from __future__ import annotations

import time
from collections.abc import Mapping as MappingOf
from functools import lru_cache

import orjson

from weirflow.context import Context
from weirflow.errors import JSON, Fail, NotLeader
from weirflow.expressions import Mapping, compile_mapping
from weirflow.json_bytes import json_bytes
from weirflow.kube.resources import decode_json, split_port
from weirflow.runtime.deadlines import Until
from weirflow.runtime.forwarding import NOT_HERE
from weirflow.runtime.node import Node
from weirflow.spec import CONTROL_PORT
from weirflow.transport import Envelope

#: The source of a control or signal: there is no edge that it came along, and nothing to map.
SIGNAL = "signal"


class Receiver:
    """``receive`` is what transports are started with. ``nodes`` are those of this host by name."""

    def __init__(self, nodes: MappingOf[str, Node]) -> None:
        self._nodes = nodes

    async def receive(self, envelope: Envelope) -> bytes | None:
        """Deliver one message; JSON or None comes back. Raises ``Fail``.

        What another replica has forwarded is handled here or refused, never passed on again.
        """
        name, port = split_port(envelope.target)
        node = self._nodes.get(name)
        if node is None:
            text = f"{name} is not served by this host, or not yet; it is tried again with the next message"
            raise Fail(text, code=NOT_HERE, retryable=True, edge=envelope.edge or None, node=name)
        ctx = _context(envelope, node)
        with Until(node.shared.wheel, ctx.deadline, envelope.target):
            result = await _handled(envelope, node, ctx, port)
        return None if result is None else json_bytes(result)


async def _handled(envelope: Envelope, node: Node, ctx: Context, port: str) -> JSON:
    message = orjson.loads(envelope.payload)
    if envelope.forwarded or port == CONTROL_PORT:
        if not node.lease.is_leader or node.lease.epoch < envelope.epoch:
            raise NotLeader(edge=ctx.edge, port=port, node=node.name)
        if port == CONTROL_PORT:
            return await node.control(ctx, message)
        return await node.handle(ctx, port, message)
    if envelope.source != SIGNAL:
        message = _mapped(envelope, node, port, message)
    return await node.deliver(ctx, port, message)


def _context(envelope: Envelope, node: Node) -> Context:
    """The hop as the sender's side would have made it, on the clock of this side."""
    lease = node.lease
    deadline = time.monotonic() + envelope.timeout
    ctx = Context(envelope.operation_id, deadline=deadline, leader=lease.is_leader, epoch=lease.epoch)
    ctx.depth = envelope.depth
    ctx.edge = envelope.edge or None
    ctx.source = split_port(envelope.source)[0] or None
    return ctx


def _mapped(envelope: Envelope, node: Node, port: str, message: JSON) -> JSON:
    """The message as the node's own entry for that source makes it. Raises ``Fail`` that names the edge."""
    source, source_port = split_port(envelope.source)
    configuration = node.mapping_for(source, source_port, port)
    try:
        if configuration is None:
            text = f"{node.name} has no mapping for messages from {envelope.source}; open the edge and map its fields"
            raise Fail(text, code="mapping_missing")
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
