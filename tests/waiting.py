"""Waiting for a condition with a bound, in place of sleeping and hoping."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def eventually(condition: Callable[[], Any], seconds: float = 40.0, what: str = "the condition") -> Any:
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


async def read_until(read: Callable[[], Awaitable[T]], holds: Callable[[T], bool], seconds: float = 40.0) -> T:
    """The first value of ``read()`` that ``holds``, or ``AssertionError`` with the last one after the bound."""
    until = time.monotonic() + seconds
    while not holds(value := await read()):
        assert time.monotonic() < until, f"not within {seconds:g} s; last seen: {value!r}"
        await asyncio.sleep(0.03)
    return value


def wait_until(condition: Callable[[], bool], what: Callable[[], str] | str, seconds: float = 40.0) -> None:
    """Return when ``condition`` holds; ``AssertionError`` saying ``what`` was waited for after the bound."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds:g} s: {what if isinstance(what, str) else what()}"
        time.sleep(0.02)
