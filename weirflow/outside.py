"""Waiting for what happens outside the event loop: in another process, or in a thread of a library's own.

A loop whose time is moved on when nothing can run (`weirflow.flowtest`) has to be told; any other is not concerned.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, nullcontext

_NOT_CONCERNED: AbstractContextManager[None] = nullcontext()


def outside() -> AbstractContextManager[None]:
    """`with outside(): await answer`: time goes its real way meanwhile. Around what a loop does by itself (executors,
    and asyncio's own streams while they bring something) it is not needed."""
    held: AbstractContextManager[None] | None = getattr(asyncio.get_running_loop(), "held", None)
    return _NOT_CONCERNED if held is None else held
