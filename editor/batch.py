"""Edits of one flow that wait for the database thread are written in one transaction: one commit is enough for all.

A commit waits for the disk, or for the database server, far longer than most edits take. While one is under way the
edits of others come in; they share the next.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Hashable
from contextvars import Context, copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections, transaction

from editor.database import on_database_thread

P = ParamSpec("P")
T = TypeVar("T")

MOST = 24
"""Edits in one transaction: the others on the thread, and whoever waits for the project's row, have a turn after it."""


@dataclass(slots=True)
class _Edit:
    work: Callable[[], Any]
    context: Context
    future: "asyncio.Future[Any]"
    answer: Any = None
    error: Exception | None = None

    def attempt(self) -> None:
        self.answer = self.error = None
        try:
            self.answer = self.context.run(self.work)
        except Exception as error:
            self.error = error

    def resolve(self) -> None:
        if self.future.cancelled():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.answer)


_waiting: dict[Hashable, deque[_Edit]] = {}
_lock = threading.Lock()
"""Of ``_waiting``: the loop puts in, the database thread takes out."""


class _Open(threading.local):
    """What to do when the batch that is open on this thread has ended; None while none is."""

    at_end: list[Callable[[], None]] | None = None


_open = _Open()


async def in_batch(key: Hashable, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` on the database thread, in one transaction with others of the same ``key`` that wait for it.

    ``work`` opens a transaction of its own, which is undone alone when it fails. It may run a second time, so that what
    it does once must be done once. Once begun it runs to its end, even if the caller is cancelled.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    with _lock:
        _waiting.setdefault(key, deque()).append(_Edit(partial(work, *args, **kwargs), copy_context(), future))
    # One call for each: whichever comes first takes all that wait, the others find nothing left.
    on_database_thread(_run, key, loop)
    return await future


def at_end(work: Callable[[], None]) -> None:
    """Call ``work`` once the batch that is open on this thread has been committed, once however often it was asked for;
    at once where none is."""
    if _open.at_end is None:
        work()
    elif work not in _open.at_end:
        _open.at_end.append(work)


def _run(key: Hashable, loop: asyncio.AbstractEventLoop) -> None:
    edits = _take(key)
    if not edits:
        return
    close_old_connections()
    if len(edits) == 1:
        edits[0].attempt()
    else:
        _together(edits)
    loop.call_soon_threadsafe(_resolve, edits)


def _take(key: Hashable) -> list[_Edit]:
    with _lock:
        waiting = _waiting.get(key, deque())
        edits = [waiting.popleft() for _ in range(min(len(waiting), MOST))]
        if not waiting:
            _waiting.pop(key, None)
        return edits


def _together(edits: list[_Edit]) -> None:
    ended = _open.at_end = []
    try:
        with transaction.atomic():
            for edit in edits:
                edit.attempt()
    except Exception:
        # One of them has broken what is common: each for itself, then.
        for edit in edits:
            edit.attempt()
    finally:
        _open.at_end = None
        for work in ended:
            work()


def _resolve(edits: list[_Edit]) -> None:
    for edit in edits:
        edit.resolve()
