"""The states of nodes that are about to be deleted, read from the cluster before the transaction that deletes them."""

import asyncio
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from projects.last_state import LastStates, supply_last_states
from weirflow.kube.errors import ApiError
from weirflow.kube.resources import TINY_NODE

if TYPE_CHECKING:
    from editor.hub import Hub

READ_SECONDS = 0.5
"""For all reads together: a slow cluster does not hold up a deletion, the pusher reads again before it deletes."""
READS_AT_ONCE = 16

_staged: dict[str, dict[str, str]] = {}


def answer_from_staged(names: Sequence[str]) -> LastStates:
    """The supplier of ``projects.last_state``: what has been staged for the deletion that asks."""
    return {name: _staged[name] for name in names if name in _staged}


supply_last_states(answer_from_staged)


async def stage_last_states(hub: "Hub", flow_id: uuid.UUID, ops: Sequence[Any]) -> Any:
    """A context in which the states of the nodes of the flow that ``ops`` delete are at hand. ``ops`` may be anything:
    nobody has looked at them yet."""
    deletions = (op for op in ops[:500] if isinstance(op, dict) and op.get("op") == "delete_node")
    ids = {op["id"] for op in deletions if isinstance(op.get("id"), str)}
    facts = hub.facts.items() if ids else ()
    names = [name for name, fact in facts if fact.id in ids and fact.flow_id == flow_id]
    states = await _read(hub, names) if names and hub.health_ok else {}
    return _at_hand(states)


@contextmanager
def _at_hand(states: dict[str, dict[str, str]]) -> Iterator[None]:
    _staged.update(states)
    try:
        yield
    finally:
        for name in states:
            _staged.pop(name, None)


async def _read(hub: "Hub", names: list[str]) -> dict[str, dict[str, str]]:
    connection = hub.connection
    if connection is None:
        return {}
    cluster, states = connection.cluster, {}
    slots = asyncio.Semaphore(READS_AT_ONCE)

    async def read(name: str) -> None:
        async with slots:
            try:
                live = await cluster.get(TINY_NODE, name)
            except ApiError:
                return
        if state := (live.get("status") or {}).get("metadata"):
            states[name] = state

    tasks = [asyncio.ensure_future(read(name)) for name in names]
    _, late = await asyncio.wait(tasks, timeout=READ_SECONDS)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late)
    return states
