import asyncio

import pytest

from tests.waiting import eventually
from weirflow.runtime.keyed_pool import KeyedPool


async def test_one_worker_per_key_and_changes_meanwhile_bring_one_more_turn() -> None:
    running: set[str] = set()
    turns: list[str] = []
    release = asyncio.Event()

    async def work(key: str) -> None:
        assert key not in running
        running.add(key)
        turns.append(key)
        await release.wait()
        running.discard(key)

    pool = KeyedPool("test", work)
    for _ in range(5):
        pool.add("a")
    await eventually(lambda: running)
    for _ in range(5):
        pool.add("a")
    release.set()
    await pool.drained()
    assert turns == ["a", "a"]


async def test_no_more_than_its_width_at_once_and_none_is_forgotten() -> None:
    now = most = 0
    done: set[str] = set()

    async def work(key: str) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.001)
        now -= 1
        done.add(key)

    pool = KeyedPool("test", work, width=3)
    for n in range(50):
        pool.add(str(n))
    await pool.drained()
    assert most == 3
    assert len(done) == 50


async def test_a_failing_key_is_tried_again_and_holds_up_no_other() -> None:
    attempts: list[str] = []

    async def work(key: str) -> None:
        attempts.append(key)
        if key == "bad" and attempts.count("bad") < 3:
            raise ValueError("not yet")

    pool = KeyedPool("test", work)
    pool.add("bad")
    pool.add("good")
    await eventually(lambda: attempts.count("bad") == 3)
    assert "good" in attempts[:2]


async def test_a_closed_pool_takes_nothing_and_ends_what_hangs() -> None:
    async def hang(_key: str) -> None:
        await asyncio.Event().wait()

    pool = KeyedPool("test", hang)
    pool.add("a")
    await asyncio.sleep(0)
    await pool.close(0.05)
    pool.add("b")
    await asyncio.wait_for(pool.drained(), 20)


async def test_failures_from_outside_are_told_in_a_line_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    left = {"a": 3, "b": 3, "ours": 1}

    async def work(key: str) -> None:
        left[key] -= 1
        if left[key] >= 0:
            raise ValueError("a slip") if key == "ours" else TimeoutError("the cluster is busy")

    pool = KeyedPool("test", work, outside=(TimeoutError,))
    for key in left:
        pool.add(key)
    await eventually(lambda: all(count < 0 for count in left.values()))
    told = [record for record in caplog.records if "the cluster is busy" in record.getMessage()]
    assert [(record.levelname, record.exc_info) for record in told] == [("WARNING", None)]
    assert [record.levelname for record in caplog.records if record.exc_info] == ["ERROR"]
