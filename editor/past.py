"""The thread on which states of the past are worked out: a large flow, or two, must not hold up everybody's edits."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

from django.db import connections

from projects.errors import ProjectError

MAX_WAITING = 32
"""Requests that wait for the thread or are on it; further ones are asked to come again."""
P = ParamSpec("P")
T = TypeVar("T")

_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="editor-past")
_under_way = 0


async def in_past(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work``, which reads only, on that thread, in the caller's context and with a connection of its own."""
    global _under_way
    if _under_way >= MAX_WAITING:
        raise ProjectError("busy", "Too many versions are being looked at: try again in a moment.", 429)

    def run() -> T:
        try:
            return work(*args, **kwargs)
        finally:
            connections.close_all()

    _under_way += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_executor, copy_context().run, run)
    finally:
        _under_way -= 1
