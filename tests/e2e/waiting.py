"""Wait for a condition, with an end."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], bool], what: Callable[[], str] | str, seconds: float = 20.0) -> None:
    """Poll until `condition` holds; AssertionError with `what` after `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds:g} s: {what if isinstance(what, str) else what()}")
        time.sleep(0.03)


async def eventually_async(read: Callable[[], Awaitable[T]], holds: Callable[[T], bool], seconds: float = 20.0) -> T:
    """Poll `read()` until `holds(value)`; the value, or AssertionError with the last one."""
    until = time.monotonic() + seconds
    while not holds(value := await read()):
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds:g} s; last seen: {value!r}")
        await asyncio.sleep(0.03)
    return value
