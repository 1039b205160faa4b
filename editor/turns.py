"""The turns of people at what takes time: few at once for each, and for all.

Trials of mappings and expressions have a thread of their own: checking all mappings of a flow has one
(``editor.checks``), which an expression that somebody tries out on a large message must not hold up.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from projects.errors import ProjectError

T = TypeVar("T")


class Turns:
    """At most ``each`` of one person and ``most`` of all under way; a further one is refused with ``code`` and
    ``message``."""

    def __init__(self, each: int, most: int, code: str, message: str) -> None:
        self.each, self.most = each, most
        self._code, self._message = code, message
        self._under_way: Counter[int] = Counter()
        self._lock = Lock()

    @contextlib.contextmanager
    def take(self, person: int) -> Iterator[None]:
        """A turn of the person with that key, from any thread. Raises ``ProjectError`` 429 where there are too many."""
        with self._lock:
            if self._under_way[person] >= self.each or self._under_way.total() >= self.most:
                raise ProjectError(self._code, self._message, 429)
            self._under_way[person] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[person] -= 1
                if not self._under_way[person]:
                    del self._under_way[person]


trials = Turns(
    4,
    32,
    "too_many_previews",
    "Too many mappings are being tried out at once: wait for the answers to the earlier ones.",
)
"""Of mappings and expressions."""
_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="editor-previews")


def begin(work: Callable[[], T]) -> Future[T]:
    """``work`` on the thread of trials, when those before it are done. Inside a turn."""
    return _executor.submit(work)
