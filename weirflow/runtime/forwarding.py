"""Messages for leader-only ports, on their way to the replica that leads: at most one hop, again until it answers."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import orjson

from weirflow.context import Context
from weirflow.errors import JSON, Fail, NotLeader
from weirflow.json_bytes import json_bytes
from weirflow.kube.backoff import Backoff
from weirflow.kube.peers import Peer, Peers
from weirflow.runtime.deadlines import timed_out
from weirflow.runtime.traces import traceparent_of
from weirflow.transport import Envelope, Unreachable

if TYPE_CHECKING:
    from weirflow.runtime.node import Node

#: Messages that may be on their way to a leader, or wait for one, at once. Fewer than may enter (over HTTP for one):
#: flows that need no leader must not wait for one.
QUEUE_LIMIT = 800
#: A leader that has been replaced may be about to answer, or be frozen for good: it is given so many seconds.
LAST_WORDS_SECONDS = 2.0
#: So long before the deadline the waiting for a leader ends: that there is none has to travel back.
ANSWER_SECONDS = 0.1
#: Code of the answer of a host which does not know the node.
NOT_HERE = "not_here"
#: Code of the answer of a host that stops, for messages it could not finish.
CALLED_OFF = "cancelled"
#: Those who waited for a new leader set out within so many seconds, not all in one instant.
SPREAD_SECONDS = 0.05

Send = Callable[[str, Envelope], Awaitable[bytes | None]]


class Forwarding:
    """Has messages handled by the leader, this replica or another. ``send`` is ``Messages.send``.

    The operation id stays the same over all attempts: what one whose answer was lost has changed is not changed
    again. A handler that changes no state may see its message more than once.
    """

    def __init__(self, peers: Peers, send: Send, *, limit: int = QUEUE_LIMIT) -> None:
        self._peers, self._send, self._limit = peers, send, limit
        self._under_way = 0
        #: Ends of the attempts under way, and whom each has asked.
        self._attempts: dict[asyncio.Timeout, tuple[str, Peer]] = {}
        self._changed = asyncio.Event()

    @property
    def under_way(self) -> int:
        """Messages that are on their way to a leader, or wait for one."""
        return self._under_way

    def knows_leader(self, module: str) -> bool:
        """Whether some replica leads the module."""
        return self._peers.leader(module) is not None

    def leaders_changed(self) -> None:
        """Another replica leads something, or this one: whoever waits looks again."""
        self._changed.set()
        self._changed = asyncio.Event()
        last = asyncio.get_running_loop().time() + LAST_WORDS_SECONDS
        for attempt, (module, asked) in self._attempts.items():
            if not self._leads(asked, module):
                end = attempt.when()
                attempt.reschedule(last if end is None else min(end, last))

    async def deliver(self, node: Node, ctx: Context, port: str, message: JSON) -> JSON:
        """Have ``message`` handled by the leader of the node's module. Raises ``Fail``: that of the handler, or
        ``NotLeader`` when nobody who leads has answered until the deadline."""
        if node.services.is_leader(ctx):
            try:
                return await node.handle(ctx, port, message)
            except NotLeader as error:
                if not _is_about(error, node):
                    raise
        try:
            if self._under_way >= self._limit:
                text = f"{self._limit} messages are on their way to leaders or wait for one; send fewer at once"
                raise Fail(text, code="overloaded", retryable=True)
            self._under_way += 1
            try:
                return await self._until_answered(node, ctx, port, message)
            finally:
                self._under_way -= 1
        except Fail as error:
            # What happened at the leader is counted and shown there; that it was not reached is known only here.
            if error.problem.node is None:
                error.located(edge=ctx.edge, port=port, node=node.name)
                node.message_failed(error.problem)
            raise

    async def _until_answered(self, node: Node, ctx: Context, port: str, message: JSON) -> JSON:
        backoff = Backoff(0.05, 3.0)
        while True:
            changed = self._changed
            try:
                return await self._once(node, ctx, port, message)
            except Fail as error:
                if not _is_about(error, node):
                    raise
                left = ctx.remaining() - ANSWER_SECONDS
                if left <= 0 or ctx.cancelled:
                    raise NotLeader from error
            if await _is_set(changed, min(backoff.pause(), left)):
                backoff.reset()
                await asyncio.sleep(random.uniform(0.0, SPREAD_SECONDS))  # noqa: S311 spreads load

    async def _once(self, node: Node, ctx: Context, port: str, message: JSON) -> JSON:
        """One attempt, with whoever leads by now."""
        if node.lease.is_leader:
            # No component has seen the message in this epoch: it may change state for it.
            ctx.leadership, ctx.epoch = node.lease, node.lease.epoch
            return await node.handle(ctx, port, message)
        module = node.module.name
        leader = self._peers.leader(module)
        if leader is None or leader.identity == node.lease.identity or not leader.messages:
            # Nobody, or one who has not yet said where it takes messages, or this host, as a Lease of before has it.
            raise NotLeader(node=node.name)
        answer = await self._ask(leader, node, _envelope(node, ctx, port, message, leader.epoch))
        node.message_went_well()
        return None if answer is None else orjson.loads(answer)

    async def _ask(self, leader: Peer, node: Node, envelope: Envelope) -> bytes | None:
        module = node.module.name
        try:
            async with asyncio.timeout(envelope.timeout) as attempt:
                self._attempts[attempt] = (module, leader)
                try:
                    return await self._send(leader.messages, envelope)
                finally:
                    del self._attempts[attempt]
        except Unreachable as error:
            raise NotLeader(f"{leader.identity}, which leads {module}, does not answer", node=node.name) from error
        except TimeoutError:
            if self._leads(leader, module):
                raise timed_out(envelope.target) from None
            raise NotLeader(f"{leader.identity} led {module}, and does not answer", node=node.name) from None

    def _leads(self, peer: Peer, module: str) -> bool:
        leader = self._peers.leader(module)
        return leader is not None and (leader.messages, leader.epoch) == (peer.messages, peer.epoch)


def _envelope(node: Node, ctx: Context, port: str, message: JSON, epoch: int) -> Envelope:
    return Envelope(
        f"{node.name}:{port}",
        ctx.source or "",
        json_bytes(message),
        ctx.operation_id,
        edge=ctx.edge or "",
        depth=ctx.depth,
        timeout=ctx.remaining(),
        forwarded=True,
        epoch=epoch,
        traceparent=traceparent_of(ctx),
        run=ctx.run_id,
    )


def _is_about(error: Fail, node: Node) -> bool:
    """Whether it says that ``node``, and none behind it, was asked where it is not led or not there yet, or that the
    host which was asked has called the message off, because it stops."""
    where = error.problem.node
    return (error.code in (NotLeader.code, NOT_HERE) and where == node.name) or (
        error.code == CALLED_OFF and where is None
    )


async def _is_set(event: asyncio.Event, seconds: float) -> bool:
    """Wait for ``event``, at most ``seconds``; whether it came."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
