import asyncio
import time

import pytest

from tests.waiting import eventually
from weirflow.errors import Fail
from weirflow.runtime.deadlines import TimerWheel, Until


async def test_a_block_that_takes_too_long_fails_retryably_and_names_itself() -> None:
    wheel = TimerWheel()
    with pytest.raises(Fail, match="the slow thing") as late, Until(wheel, time.monotonic() + 0.03, "the slow thing"):
        await asyncio.sleep(10)
    assert (late.value.code, late.value.retryable) == ("timeout", True)


async def test_one_that_ends_in_time_leaves_nothing_behind() -> None:
    wheel = TimerWheel()
    for _ in range(1000):
        with Until(wheel, time.monotonic() + 300, "a quick thing"):
            await asyncio.sleep(0)
    assert not wheel._slots


async def test_a_deadline_in_the_past_ends_the_block_at_its_first_wait() -> None:
    wheel = TimerWheel()
    with pytest.raises(Fail), Until(wheel, time.monotonic() - 5, "a late thing"):
        await asyncio.sleep(10)


async def test_a_cancellation_from_outside_stays_one() -> None:
    wheel = TimerWheel()

    async def work() -> None:
        with Until(wheel, time.monotonic() + 300, "work"):
            await asyncio.sleep(10)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_inner_of_two_deadlines_decides() -> None:
    wheel = TimerWheel()
    with Until(wheel, time.monotonic() + 10, "outer"):
        with pytest.raises(Fail, match="inner"), Until(wheel, time.monotonic() + 0.02, "inner"):
            await asyncio.sleep(10)
        await asyncio.sleep(0)


async def test_deadlines_far_apart_fire_in_order_also_after_a_long_pause() -> None:
    wheel = TimerWheel()
    fired: list[int] = []
    now = time.monotonic()
    for n in (3, 1, 2):
        wheel.add(now + n * 0.05, lambda n=n: fired.append(n))  # type: ignore[misc]
    time.sleep(0.3)
    await eventually(lambda: len(fired) == 3)
    assert fired == [1, 2, 3]
