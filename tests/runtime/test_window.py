"""Places for messages that are with other hosts."""

import asyncio

import pytest

from weirflow.errors import Fail
from weirflow.runtime.window import Window


async def entered(window: Window, size: int = 1) -> asyncio.Task[None]:
    task = asyncio.create_task(window.enter(size, deep=False))
    await asyncio.sleep(0)
    return task


async def test_who_enters_waits_for_a_place_in_the_order_of_coming() -> None:
    window = Window(count=2)
    await window.enter(1, deep=False)
    await window.enter(1, deep=False)
    first, second = await entered(window), await entered(window)
    window.leave(1)
    await first
    assert not second.done()
    window.leave(1)
    await second


async def test_bytes_take_places_too() -> None:
    window = Window(count=10, size=100)
    await window.enter(100, deep=False)
    waiting = await entered(window)
    assert not waiting.done()
    window.leave(100)
    await waiting


async def test_who_gives_up_leaves_no_place_taken_and_no_gap() -> None:
    window = Window(count=1)
    await window.enter(1, deep=False)
    given_up, next_one = await entered(window), await entered(window)
    given_up.cancel()
    window.leave(1)
    await next_one
    late = await entered(window)
    window.leave(1)
    late.cancel()
    with pytest.raises(asyncio.CancelledError):
        await late
    await window.enter(1, deep=False)


async def test_what_has_come_far_never_waits_and_is_refused_past_twice_the_places() -> None:
    window = Window(count=2)
    for _ in range(4):
        await window.enter(1, deep=True)
    with pytest.raises(Fail) as caught:
        await window.enter(1, deep=True)
    assert (caught.value.code, caught.value.retryable) == ("overloaded", True)
