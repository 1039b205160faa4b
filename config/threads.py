"""The threads of synchronous views: few, kept, each with one database connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import ParamSpec, TypeVar

from asgiref.sync import ThreadSensitiveContext
from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
"""A view that waits for the database's lock holds up one of them, not all pages."""


class ViewThread(ThreadPoolExecutor):
    """One thread, begun at its first use. `requests`: how many may use it now."""

    def __init__(self, number: int) -> None:
        super().__init__(max_workers=1, thread_name_prefix=f"view-{number}")
        self.requests = 0
        self._used = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        self._used = True
        return super().submit(_on_good_connections, partial(fn, *args, **kwargs))

    async def close(self) -> None:
        if self._used:
            await asyncio.wrap_future(super().submit(connections.close_all))
        self.shutdown()


class ViewThreads:
    """Hands each request the thread that the fewest others have; on a quiet machine always the same."""

    def __init__(self) -> None:
        self._threads = [ViewThread(number) for number in range(THREADS)]

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Within, whatever Django or a library moves off the event loop runs on one and the same thread."""
        thread = min(self._threads, key=lambda one: one.requests)
        thread.requests += 1
        try:
            async with ThreadSensitiveContext(executor=thread):
                yield
        finally:
            thread.requests -= 1

    async def close(self) -> None:
        """End the threads and their connections."""
        for thread in self._threads:
            await thread.close()


def _on_good_connections(work: Callable[[], T]) -> T:
    close_old_connections()
    return work()
