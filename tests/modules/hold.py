"""Driving a component as its host does: deliver, let time pass until all have ended, take it away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from weirflow import JSON, Fail
from weirflow.testing import Node

#: What a delivery may end with, besides an answer.
Outcome = JSON | Fail


async def outcome(node: Node, port: str, message: JSON) -> Outcome:
    """What becomes of one message."""
    try:
        return await node.send(port, message)
    except Fail as failure:
        return failure


async def finished(node: Node, deliveries: Iterable[asyncio.Task[Outcome]], seconds: float = 20.0) -> list[Outcome]:
    """All outcomes, with the node's clock running fast. `AssertionError` when some do not come in real `seconds`."""
    tasks, until = list(deliveries), time.monotonic() + seconds
    while waiting := [task for task in tasks if not task.done()]:
        assert time.monotonic() < until, f"{len(waiting)} of {len(tasks)} messages never end"
        await node.clock.advance(60)
        await asyncio.wait(waiting, timeout=0.01)
    return [task.result() for task in tasks]


def deliver(node: Node, messages: Iterable[tuple[str, JSON]]) -> list[asyncio.Task[Outcome]]:
    """A task for each message, as many callers at once."""
    return [asyncio.create_task(outcome(node, port, message)) for port, message in messages]


async def remove(node: Node, deliveries: Iterable[asyncio.Task[Outcome]]) -> None:
    """Take the node away under its callers: theirs are called back, then its own work is ended."""
    tasks = list(deliveries)
    for task in tasks:
        task.cancel()
    await asyncio.wait_for(node.instance.stop(), 40)
    await asyncio.wait_for(node.kill(), 40)
    if tasks:
        _, hanging = await asyncio.wait(tasks, timeout=40)
        assert not hanging, f"{len(hanging)} of {len(tasks)} callers were never let go"
