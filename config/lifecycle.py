"""What runs in the web process besides answering: begun before it says it is ready, ended before it goes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)
Hook = Callable[[], Awaitable[None]]
STOP_SECONDS = 0.8
"""For all stopping hooks together: the supervisor gives the process 1.2 s."""

_starting: list[Hook] = []
_stopping: list[Hook] = []


def on_start(hook: Hook) -> None:
    """Registers a hook for `AppConfig.ready`: awaited in the server's loop once the port is open. Its failure ends
    the process."""
    _starting.append(hook)


def on_stop(hook: Hook) -> None:
    """Registers a hook for `AppConfig.ready`: awaited in the server's loop before it closes, all at
    once and bounded."""
    _stopping.append(hook)


async def start() -> None:
    for hook in _starting:
        await hook()


async def stop() -> None:
    tasks = [asyncio.ensure_future(hook()) for hook in _stopping]
    if not tasks:
        return
    done, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    for task in late:
        task.cancel()
        logger.warning("gave up on a part that did not stop within %.1f s", STOP_SECONDS)
    for task in done:
        if not task.cancelled() and task.exception() is not None:
            logger.error("a part failed while it stopped", exc_info=task.exception())
