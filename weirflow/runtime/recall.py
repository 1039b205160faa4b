"""Calling back what is under way on an edge that is no more.

A message in flight is nothing but a chain of coroutines that wait for each other, from the task that entered it to the
handler that works on it. No hop enters itself anywhere: the rare removal of an edge looks through the tasks instead,
so that the messages, of which there are thousands a second, need not pay for it.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

from weirflow.errors import Fail
from weirflow.runtime.edges import Edge

#: Of a coroutine, a generator and an asynchronous generator: its frame, and what it waits for.
_STEPS = (("cr_frame", "cr_await"), ("gi_frame", "gi_yieldfrom"), ("ag_frame", "ag_await"))
#: What stands between them and does not say what it is about; the collector of garbage knows.
_WRAPPERS = frozenset({"async_generator_asend", "async_generator_athrow", "anext_awaitable", "coroutine_wrapper"})


class Recalls:
    """Edges to look for, gathered over one turn of the loop: a deletion takes many along. ``send`` is the code of the
    coroutine that has an edge's message, in a local variable ``edge``."""

    def __init__(self, send: CodeType) -> None:
        self._send = send
        self._edges: dict[Edge, str] = {}

    def add(self, edge: Edge, reason: str) -> None:
        """Have every message that is under way on ``edge`` end soon, with ``reason`` as its failure."""
        if not self._edges:
            asyncio.get_running_loop().call_soon(self._look)
        self._edges[edge] = reason

    def _look(self) -> None:
        edges, self._edges = self._edges, {}
        for task in asyncio.all_tasks():
            for frame in _frames(task):
                if frame.f_code is self._send and (edge := frame.f_locals.get("edge")) in edges:
                    task.cancel(msg=Recalled(edge, edges[edge]))
                    break


class Recalled:
    """Travels in the cancellation, and tells the hop that it is meant."""

    __slots__ = ("edge", "reason")

    def __init__(self, edge: Edge, reason: str) -> None:
        self.edge, self.reason = edge, reason


def recalled(error: asyncio.CancelledError, edge: Edge, source: str) -> Fail | None:
    """The failure that a cancellation met on ``edge`` stands for; None when it is another's."""
    note = error.args[0] if error.args else None
    task = asyncio.current_task()
    if not isinstance(note, Recalled) or note.edge is not edge or task is None or task.uncancel():
        return None
    text = f"{note.reason} while a message was on its way to {edge.target}:{edge.target_port}"
    return Fail(text, code="edge_removed", permanent=True, edge=edge.id, node=source)


def _frames(task: asyncio.Task[Any]) -> Iterator[FrameType]:
    """The frames of the coroutines and generators that a task consists of, from its own to the one that waits for
    something else."""
    waiting: Any = task.get_coro()
    while waiting is not None:
        if type(waiting).__name__ in _WRAPPERS:
            waiting = next((each for each in gc.get_referents(waiting) if _is_step(each)), None)
            continue
        for frame, behind in _STEPS:
            if (found := getattr(waiting, frame, None)) is not None:
                yield found
                waiting = getattr(waiting, behind)
                break
        else:
            return


def _is_step(thing: object) -> bool:
    return type(thing).__name__ in _WRAPPERS or any(hasattr(thing, frame) for frame, _ in _STEPS)
