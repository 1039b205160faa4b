"""The turns of people who try mappings and expressions out: on a thread of their own, and few at a time for each.

Checking all mappings of a flow has a thread of its own (``editor.checks``); one expression that somebody tries out on
a large message must not hold that up.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from projects.errors import ProjectError

EACH, ALL = 4, 32
"""Turns under way at the same time: of one person, and of all."""
T = TypeVar("T")

_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="editor-previews")
_under_way: Counter[int] = Counter()
_lock = Lock()


@contextlib.contextmanager
def turn(person: int) -> Iterator[None]:
    """A turn of the person with that key, from any thread. Raises ``ProjectError`` 429 where there are too many."""
    with _lock:
        if _under_way[person] >= EACH or _under_way.total() >= ALL:
            message = "Too many mappings are being tried out at once: wait for the answers to the earlier ones."
            raise ProjectError("too_many_previews", message, 429)
        _under_way[person] += 1
    try:
        yield
    finally:
        with _lock:
            _under_way[person] -= 1
            if not _under_way[person]:
                del _under_way[person]


def begin(work: Callable[[], T]) -> Future[T]:
    """``work`` on the thread of trials, when those before it are done. Inside a turn."""
    return _executor.submit(work)
