"""Many nodes on one host: so many processes, and each node gets its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.waiting import eventually
from weirflow import Fail
from weirflow.sandbox import Pool, Sandbox, crashes, places

MakePool = Callable[..., Pool]
pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    monkeypatch.setattr(places, "MOST_WORKERS", 3)
    monkeypatch.setattr(places, "PATIENCE_SECONDS", 600.0)


async def test_more_nodes_than_processes_are_all_answered(pool: MakePool) -> None:
    pools = [pool(f"return message + {n}") for n in range(8)]
    for _ in range(3):
        assert await asyncio.gather(*(each.call(100) for each in pools)) == [100 + n for n in range(8)]
    assert sum(len(each.workers) for each in pools) <= 3


async def test_who_has_many_gives_one_up(pool: MakePool) -> None:
    busy = pool("import time\ntime.sleep(0.05)\nreturn message", processes=3)
    waiting = [asyncio.create_task(busy.call(n)) for n in range(2_000)]
    await eventually(lambda: len(busy.workers) == 3, what="three workers")
    assert await pool("return 'too'").call(None) == "too"
    assert not all(task.done() for task in waiting)
    busy.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_who_finds_no_place_is_told_so_in_time(pool: MakePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PATIENCE_SECONDS", 0.1)
    busy = pool("import time\ntime.sleep(60)", processes=3, deadline=60.0)
    waiting = [asyncio.create_task(busy.call(n)) for n in range(6)]
    await eventually(lambda: len(busy.workers) == 3, what="three workers")
    with pytest.raises(Fail, match="3 processes with 384 MiB run code at once already") as failed:
        await pool("return 1").call(None)
    assert failed.value.code == "code_sandbox"
    busy.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_workers_at_rest_end_and_come_back(pool: MakePool) -> None:
    calls = pool("return 1", processes=1)
    await calls.call(None)
    calls.rest(asyncio.get_running_loop().time() + 1)
    assert calls.workers == []
    assert await calls.call(None) == 1


SLOW = "import time\ntime.sleep(message)\nreturn message"


async def test_a_project_whose_calls_are_slow_keeps_no_other_from_beginning(
    pool: MakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_WORKERS", 4)
    monkeypatch.setattr(places, "KEPT_OF", 4)
    busy = [pool(SLOW, project="busy", deadline=60.0) for _ in range(5)]
    waiting = [asyncio.create_task(each.call(60)) for each in busy]
    await eventually(lambda: sum(len(each.workers) for each in busy) == 3, what="all that one project may have")
    assert await pool("return 'its turn'", project="other").call(None) == "its turn"
    assert not any(task.done() for task in waiting)
    for each in busy:
        each.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_two_projects_with_much_to_do_have_the_same_share(
    pool: MakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_WORKERS", 6)
    first = [pool(SLOW, project="first", processes=3) for _ in range(4)]
    second = [pool(SLOW, project="second", processes=3) for _ in range(2)]

    def held(pools: list[Pool]) -> int:
        return sum(len(each.workers) for each in pools)

    waiting = [asyncio.create_task(each.call(0.02)) for each in first for _ in range(1_500)]
    await eventually(lambda: held(first) == 6, what="a project that is alone having all")
    waiting += [asyncio.create_task(each.call(0.02)) for each in second for _ in range(1_500)]
    await eventually(lambda: held(first) == held(second) == 3, what="an equal share")
    for each in first + second:
        each.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_place_that_is_free_goes_to_who_has_least() -> None:
    of_host = places.Places(1000)
    for _ in range(3):
        await of_host.take("many", 1, 0)
    asking = [asyncio.create_task(of_host.take(*who)) for who in (("many", 1, 1), ("many", 1, 0), ("none", 1, 0))]
    await eventually(lambda: len(of_host._waiting) == 3)
    for task in reversed(asking):
        of_host.give_back("many", 1)
        done, _ = await asyncio.wait(asking, timeout=20, return_when=asyncio.FIRST_COMPLETED)
        assert done == {task}
        asking = [one for one in asking if one is not task]
    assert not of_host.is_crowded


async def test_who_stops_asking_leaves_no_place_taken() -> None:
    of_host = places.Places(1000)
    for _ in range(3):
        await of_host.take("one", 1, 0)
    granted, waiting = (asyncio.create_task(of_host.take("other", 1, 0)) for _ in range(2))
    await eventually(lambda: len(of_host._waiting) == 2)
    of_host.give_back("one", 1)
    granted.cancel()
    waiting.cancel()
    await asyncio.gather(granted, waiting, return_exceptions=True)
    assert (of_host.held("one"), of_host.held("other"), of_host.is_crowded) == (2, 0, False)


GIB = 1 << 30


@pytest.fixture
def of_eight(monkeypatch: pytest.MonkeyPatch) -> places.Places:
    """A host with 8 GiB for code, and processes enough."""
    monkeypatch.setattr(places, "MOST_WORKERS", 64)
    return places.Places(8 * GIB)


async def test_a_project_has_no_more_memory_than_leaves_others_some(of_eight: places.Places) -> None:
    for _ in range(3):
        await of_eight.take("hungry", 2 * GIB, 0)
    assert not of_eight.fits("hungry", 2 * GIB)
    await of_eight.take("hungry", GIB, 0)
    assert not of_eight.fits("hungry", 1)
    # The last eighth is for who has less than that.
    await of_eight.take("modest", GIB // 2, 0)
    assert of_eight.fits("another", GIB // 2)
    assert not of_eight.fits("another", GIB // 2 + 1)


async def test_memory_that_is_free_goes_to_who_has_least_and_to_as_many_as_fit(of_eight: places.Places) -> None:
    for _ in range(3):
        await of_eight.take("hungry", 2 * GIB, 0)
    await of_eight.take("some", GIB, 0)
    asked = (("hungry", GIB), ("some", GIB), ("none", GIB + 1), ("none", GIB // 2))
    asking = [asyncio.create_task(of_eight.take(*who, 0)) for who in asked]
    await eventually(lambda: asking[3].done(), what="the kept part")
    assert [task.done() for task in asking] == [False, False, False, True]
    of_eight.give_back("hungry", 2 * GIB)
    await eventually(lambda: asking[2].done(), what="the turn of who has least")
    assert [task.done() for task in asking] == [False, False, True, True]
    of_eight.give_back("hungry", 2 * GIB)
    await eventually(lambda: all(task.done() for task in asking), what="the turn of two at once")


async def test_who_asks_for_more_than_there_ever_is_is_told_at_once(of_eight: places.Places) -> None:
    with pytest.raises(Fail, match="may use 7,169 MiB each, and all of a project's have 7,168 MiB") as failed:
        await of_eight.take("hungry", 7 * GIB + (1 << 20), 0)
    assert (failed.value.code, failed.value.permanent) == ("code_sandbox", True)


async def test_a_project_that_fills_the_memory_gives_some_to_another(
    pool: MakePool, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_WORKERS", 64)
    monkeypatch.setattr(sandbox, "_places", places.Places(1 * GIB))
    busy = [pool(SLOW, project="busy", deadline=60.0, processes=8) for _ in range(3)]
    waiting = [asyncio.create_task(each.call(0.02)) for each in busy for _ in range(1_500)]
    await eventually(lambda: sum(len(each.workers) for each in busy) == 7, what="all the memory that it may have")
    assert await pool("return 'its turn'", project="other", memory=512 << 20).call(None) == "its turn"
    assert not all(task.done() for task in waiting)
    for each in busy:
        each.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_who_crashes_again_and_again_waits_and_no_longer_than_the_most() -> None:
    of_host = crashes.Crashes()
    waits = []
    for _ in range(200):
        of_host.note("storm", 100.0)
        waits.append(of_host.wait("storm", 100.0))
    assert waits[:20] == [0.0] * 20, "a few are nobody's fault"
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(crashes.LONGEST_SECONDS)
    assert of_host.wait("other", 100.0) == 0
    assert of_host.wait("storm", 110.0) == 0, "it is forgotten"


@pytest.mark.parametrize(
    "code", ["import os\nos._exit(3)", "import sys\nsys.modules['posix'].write(3, bytes(8))", "bytearray(1 << 40)"]
)
async def test_crashes_hold_up_the_next_process_of_their_project_alone(
    pool: MakePool, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(crashes, "_EACH", 600.0)
    monkeypatch.setattr(crashes, "_FREE", 0.0)
    monkeypatch.setattr(crashes, "LONGEST_SECONDS", 600.0)
    calm = pool("return 'well'", project=f"calm {code}")
    assert await calm.call(None) == "well"
    calm.close()
    storm = pool(code + "\nwhile True: pass", project=code, deadline=2.0)
    with pytest.raises(Fail):
        await storm.call(None)
    now = asyncio.get_running_loop().time()
    await eventually(lambda: sandbox._crashes.wait(code, now) > 0, what="its crash to be counted")
    assert sandbox._crashes.wait(f"calm {code}", now) == 0
    assert await pool("return 'well'", project="other").call(None) == "well"


async def test_a_text_that_takes_long_to_compile_holds_up_no_other_project(sandbox: Sandbox) -> None:
    nested = "".join(f"{' ' * n}try:\n{' ' * n} pass\n{' ' * n}finally:\n" for n in range(19))
    slow = asyncio.create_task(sandbox.check(f"{nested}{' ' * 19}x = 1", project="slow"))
    await eventually(lambda: "slow" in sandbox._checkers and sandbox._checkers["slow"].workers, what="its compiler")
    assert await sandbox.check("return 1", project="other") is None
    assert not slow.done()
    for worker in sandbox._checkers["slow"].workers:
        worker.kill(None)
    wrong = await slow
    assert wrong is not None
    assert "cannot compile" in wrong["text"]
