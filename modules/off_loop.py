"""Heavy work of components, kept out of the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: Up to so many bytes or characters a thread costs more than it saves: a fraction of a millisecond of work.
SMALL = 64 * 1024


async def off_loop(size: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`work(*args)`, whose cost grows with `size`: here where that is small, else in a thread, so that all the other
    nodes of the host go on. Raises what it raises. A thread that nobody waits for any more runs to its end: whatever
    is done here must have one of its own accord."""
    if size <= SMALL:
        return work(*args, **kwargs)
    return await asyncio.to_thread(work, *args, **kwargs)
