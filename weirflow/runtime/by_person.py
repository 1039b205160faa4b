"""What a person asks of a node: handed over again where the state has moved on meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from weirflow.errors import Fail, StateConflict
from weirflow.instance import ComponentInstance

if TYPE_CHECKING:
    from weirflow.runtime.node import Node

#: How often a message is handed over again.
REDELIVERIES = 8


async def deliver_of_person(node: Node, deliver: Callable[[ComponentInstance], Awaitable[Any]]) -> None:
    """Have the node's component do it. Raises ``Fail``."""
    if node.instance is None:
        raise Fail(f"{node.name} cannot run: {node.problem_text()}", code="node_failed", node=node.name)
    for _ in range(REDELIVERIES):
        try:
            await deliver(node.instance)
            return
        except StateConflict:
            await node.state.reload()
    raise contended(node.name)


def contended(node: str) -> Fail:
    """The state moved on under each attempt."""
    return Fail(
        f"the state of {node} changed under {REDELIVERIES} attempts in a row; is another program writing it?",
        code="state_contended",
        retryable=True,
    )
