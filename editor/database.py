"""The thread that the live side reads and writes the database on.

Django opens a connection per thread and gives each asynchronous request a thread of its own; the hot path (an edit and
its push) keeps one thread and one connection instead. One writer also suits SQLite, whose busy wait is unfair.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")

_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="editor-database")


async def in_database(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` on the database thread, in the caller's context: who asks is known there too. Once begun it runs to
    its end, even if the caller is cancelled."""

    def run() -> T:
        close_old_connections()
        return work(*args, **kwargs)

    return await asyncio.get_running_loop().run_in_executor(_executor, copy_context().run, run)


def on_database_thread(work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Have the database thread call ``work`` when what came before is done. It must not raise."""
    _executor.submit(work, *args, **kwargs)


def close_database() -> None:
    """Close the thread's connection; it opens again at the next use."""
    _executor.submit(connections.close_all).result(timeout=10)
