"""Waiting for a condition with a bound, in place of sleeping and hoping."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any


async def eventually(condition: Callable[[], Any], seconds: float = 20.0, what: str = "the condition") -> Any:
    """The first true value of ``condition`` (plain or coroutine function), or ``AssertionError`` after the bound."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value
        assert time.monotonic() < until, f"{what} did not come true within {seconds:g} s"
        await asyncio.sleep(0.01)
