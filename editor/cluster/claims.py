"""Presses that any of several web processes has taken, so that a repeat of one at another process sends nothing.

Each process knows its own, and what its watch shows; one that has just begun, or whose module takes presses by NATS,
knows nothing of another's. They tell each other by the cache in Redis. Where that is away a press goes on: it was asked
for, and the operation id still keeps most components from doing it twice.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache

from editor.cluster.signals import REMEMBER_SECONDS

log = logging.getLogger(__name__)
T = TypeVar("T")
SECONDS = 2.0
"""For an answer of Redis: a press does not wait longer."""


async def claim(signal: str, node: str) -> bool:
    """Whether the press is this process's to send; False when another has taken it."""
    return await _ask(lambda: bool(cache.add(_key(signal), {"node": node}, REMEMBER_SECONDS)), otherwise=True)


async def release(signal: str) -> None:
    """It was not sent: whoever tries again may."""
    await _ask(lambda: cache.delete(_key(signal)), otherwise=False)


async def tell_failure(signal: str, node: str, problem: dict[str, Any]) -> None:
    """It was refused, which nothing on the cluster shows."""
    said = {"node": node, "problem": problem}
    await _ask(lambda: cache.set(_key(signal), said, REMEMBER_SECONDS), otherwise=None)


async def claimed(signal: str) -> tuple[str, dict[str, Any] | None] | None:
    """The node of a press that some process took, and the problem it met; None when nobody knows of it."""
    said = await _ask(lambda: cache.get(_key(signal)), otherwise=None)
    return (str(said["node"]), said.get("problem")) if isinstance(said, dict) else None


async def _ask(work: Callable[[], T], otherwise: T) -> T:
    if not settings.REDIS_URL:
        return otherwise
    try:
        return await asyncio.wait_for(asyncio.to_thread(work), SECONDS)
    except Exception as error:
        log.warning("other web processes are not told of a press: %r", error)
        return otherwise


def _key(signal: str) -> str:
    return f"press:{signal}"
