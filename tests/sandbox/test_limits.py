"""Time, memory, and processes that die: the message that it was for fails, all others go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psutil
import pytest

from tests.sandbox.conftest import Trial
from tests.waiting import eventually
from weirflow import Fail
from weirflow.sandbox import Pool, Sandbox, room
from weirflow.sandbox.inside.frames import CALL

MakePool = Callable[..., Pool]
pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import time\ntime.sleep(100)",
        "return 10 ** 10 ** 9",
        "import re\nre.match('(a+)+$', 'a' * 50 + 'b')",
        "try:\n    while True: pass\nfinally:\n    while True: pass",
        "import signal\nfor n in (1, 2, 15, 24): signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
    ],
)
async def test_what_never_ends_is_stopped(trial: Trial, code: str) -> None:
    with pytest.raises(Fail, match="ran for more than 200 ms") as failed:
        await trial(code, deadline=0.2)
    assert failed.value.code == "code_timeout"


async def test_code_that_answers_and_runs_on_is_stopped_until_the_next_call(pool: MakePool, sandbox: Sandbox) -> None:
    code = """
import sys
if message:
    sys.modules["posix"].write(3, bytes([0, 0, 0, 5, 18, 0, 0, 0, 0]) + b"1")
    while True: pass
return 2
"""
    others = set(_workers(sandbox))
    calls = pool(code, processes=1, deadline=2.0)
    assert await calls.call(True) == 1
    await eventually(lambda: _statuses(sandbox, others) == [psutil.STATUS_STOPPED], what="its stop")
    # It is at the call before still.
    with pytest.raises(Fail) as failed:
        await calls.call(False)
    assert failed.value.code == "code_timeout"
    assert await calls.call(False) == 2


async def test_a_worker_at_rest_takes_up_the_next_call(pool: MakePool, sandbox: Sandbox) -> None:
    others = set(_workers(sandbox))
    calls = pool("return message", processes=1)
    assert await calls.call(1) == 1
    await eventually(lambda: _statuses(sandbox, others) == [psutil.STATUS_STOPPED], what="its rest")
    assert await asyncio.gather(*(calls.call(n) for n in range(20))) == list(range(20))


async def test_others_are_answered_after_one_is_stopped(pool: MakePool) -> None:
    calls = pool("while message == 7: pass\nreturn message", deadline=1.5, processes=1)
    results = await asyncio.gather(*(calls.call(n) for n in range(20)), return_exceptions=True)
    assert [result for result in results if not isinstance(result, Fail)] == [n for n in range(20) if n != 7]
    assert isinstance(results[7], Fail)
    assert results[7].code == "code_timeout"


async def test_a_message_runs_once_though_the_process_dies_under_another(pool: MakePool, printed: list[str]) -> None:
    code = "import ctypes\nprint(message)\nif message % 10 == 5: ctypes.string_at(0)\nreturn message"
    calls = pool(code, processes=1)
    results = await asyncio.gather(*(calls.call(n) for n in range(30)), return_exceptions=True)
    assert [getattr(result, "code", result) for result in results] == [
        "code_crashed" if n % 10 == 5 else n for n in range(30)
    ]
    assert sorted(int(text) for text in printed) == [n for n in range(30) if n % 10 != 5]


async def test_slow_messages_hold_up_no_others_while_there_is_a_process(pool: MakePool) -> None:
    calls = pool("import time\nif message == 'slow': time.sleep(60)\nreturn message", processes=2, deadline=90.0)
    slow = asyncio.create_task(calls.call("slow"))
    await asyncio.sleep(0)
    assert [await calls.call(n) for n in range(50)] == list(range(50))
    assert not slow.done()
    slow.cancel()
    calls.close()


@pytest.mark.parametrize(
    "code",
    [
        "return len(bytearray(10 ** 9))",
        "x = []\nwhile True: x.append('x' * 10_000)",
        "x = 'x'\nwhile True: x += x",
        "return [0] * 10 ** 9",
        "import zlib\nreturn len(zlib.decompress(zlib.compress(bytes(10 ** 6)) * 1, bufsize=10 ** 9))",
    ],
)
async def test_too_much_memory_is_refused(trial: Trial, code: str) -> None:
    with pytest.raises(Fail, match="needs more than 64 MiB") as failed:
        await trial(code, memory=64 << 20)
    assert failed.value.code == "code_memory"


async def test_after_too_much_memory_the_next_message_finds_a_fresh_process(pool: MakePool) -> None:
    calls = pool("return len(bytearray(message))", memory=64 << 20, processes=1)
    sizes = [1000, 10**9, 2000, 10**9, 3000]
    results = await asyncio.gather(*(calls.call(size) for size in sizes), return_exceptions=True)
    assert [getattr(result, "code", result) for result in results] == [1000, "code_memory", 2000, "code_memory", 3000]


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos._exit(3)",
        "import ctypes\nctypes.string_at(0)",
        "import os\nos.abort()",
    ],
)
async def test_a_process_that_ends_is_told_of_and_replaced(pool: MakePool, code: str) -> None:
    calls = pool(f"if message:\n    {code.replace(chr(10), chr(10) + '    ')}\nreturn 'well'")
    with pytest.raises(Fail, match="a fresh one has taken its place") as failed:
        await calls.call(True)
    assert failed.value.code == "code_crashed"
    assert await calls.call(False) == "well"


async def test_code_that_no_process_can_load_is_told_and_not_tried_for_ever(pool: MakePool) -> None:
    calls = pool("return '\ud800'")
    with pytest.raises(Fail, match="no process can load the code") as failed:
        await calls.call(1)
    assert failed.value.code == "code_crashed"


async def test_a_process_that_is_killed_from_outside_is_replaced(pool: MakePool, sandbox: Sandbox) -> None:
    calls = pool("return message", processes=1)
    assert await calls.call(1) == 1
    for process in _workers(sandbox):
        process.kill()
    await eventually(lambda: not calls.workers, what="the end of the worker")
    assert await calls.call(2) == 2


async def test_when_the_nursery_is_killed_another_takes_its_place(pool: MakePool, sandbox: Sandbox) -> None:
    calls = pool("import time\nif message: time.sleep(60)\nreturn message", deadline=90.0)
    under_way = asyncio.create_task(calls.call(3))
    # A call that no worker has been given would go to the next one.
    await eventually(
        lambda: any(call.kind == CALL for worker in calls.workers for call in worker.calls),
        what="a call that was given to a worker",
    )
    workers = _workers(sandbox)
    assert sandbox._nursery is not None
    assert sandbox._nursery._process is not None
    sandbox._nursery._process.kill()
    with pytest.raises(Fail) as failed:
        await under_way
    assert failed.value.code == "code_crashed"
    await eventually(lambda: not any(_runs(worker) for worker in workers), what="the end of the workers")
    assert await calls.call(0) == 0


async def test_a_thousand_messages_at_once_are_all_answered(pool: MakePool) -> None:
    calls = pool("return message * 2", processes=2)
    assert await asyncio.gather(*(calls.call(n) for n in range(1000))) == [n * 2 for n in range(1000)]


async def test_more_than_may_wait_are_told_so(pool: MakePool) -> None:
    calls = pool("while True: pass", processes=1)
    waiting = [asyncio.create_task(calls.call(n)) for n in range(10_002)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    refused = [task for task in waiting if task.done()]
    assert refused
    assert {_code(task.exception()) for task in refused} == {"code_busy"}
    calls.close()
    assert {_code(error) for error in await asyncio.gather(*waiting, return_exceptions=True)} == {
        "code_busy",
        "stopped",
    }


async def test_large_messages_wait_where_they_are_counted(pool: MakePool) -> None:
    calls = pool("import time\nif message: time.sleep(60)", processes=1, deadline=90.0)
    for _ in range(100):
        await calls.call(None)
    waiting = [asyncio.create_task(calls.call("x" * (4 << 20))) for _ in range(40)]
    await asyncio.sleep(0)
    assert sum(worker.load for worker in calls.workers) == 1
    calls.close()
    codes = {error.code for error in await asyncio.gather(*waiting, return_exceptions=True) if isinstance(error, Fail)}
    assert codes == {"stopped", "code_busy"}


async def test_closing_lets_every_caller_go(pool: MakePool, sandbox: Sandbox) -> None:
    # Nodes of other tests in this process may have workers that are idle.
    others = set(_workers(sandbox))
    calls = pool("import time\ntime.sleep(60)", processes=2, deadline=60.0)
    waiting = [asyncio.create_task(calls.call(n)) for n in range(50)]
    await eventually(lambda: len(calls.workers) == 2, what="the start of two workers")
    calls.close()
    await asyncio.wait(waiting, timeout=30)
    assert {_code(task.exception()) for task in waiting} == {"stopped"}
    await eventually(lambda: set(_workers(sandbox)) <= others, what="the end of the workers")


async def test_answers_that_are_begun_and_left_take_no_memory_without_bound(
    pool: MakePool, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_BYTES", 10 << 20)
    code = """
import sys
if message:
    sys.modules["posix"].write(3, bytes([0, 0xF0, 0, 0, 18]) + bytes(4 << 20))
    while True: pass
return "x" * (4 << 20)
"""
    calls = pool(code, project="flooding", processes=3, deadline=20.0)
    begun = [asyncio.create_task(calls.call(True)) for _ in range(3)]
    done, _ = await asyncio.wait(begun, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    assert [_code(task.exception()) for task in done] == ["code_busy"]
    calls.close()
    await asyncio.gather(*begun, return_exceptions=True)
    # What was taken is given back: whole answers of the same project come.
    other = pool(code, project="flooding", processes=2)
    assert [len(str(each)) for each in await asyncio.gather(other.call(False), other.call(False))] == [4 << 20] * 2
    assert not sandbox._room._taken


async def test_who_gives_up_leaves_the_queue(pool: MakePool, printed: list[str]) -> None:
    calls = pool("import time\nprint(message)\ntime.sleep(0.1)", processes=1)
    waiting = [asyncio.create_task(calls.call(n)) for n in range(20)]
    await eventually(lambda: waiting[0].done(), what="the first answer")
    for task in waiting[3:]:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await calls.call(100)
    assert len(printed) < 8
    assert printed[-1] == "100\n"


def _code(error: object) -> str:
    assert isinstance(error, Fail)
    return error.code


def _workers(sandbox: Sandbox) -> list[psutil.Process]:
    """Of this sandbox alone: other tests in this process have children too, a browser or a whole product."""
    if sandbox._nursery is None or sandbox._nursery._process is None:
        return []
    try:
        nursery = psutil.Process(sandbox._nursery._process.pid)
        return [worker for worker in nursery.children() if _runs(worker)]
    except psutil.NoSuchProcess:
        return []


def _statuses(sandbox: Sandbox, others: set[psutil.Process]) -> list[str]:
    try:
        return [worker.status() for worker in _workers(sandbox) if worker not in others]
    except psutil.NoSuchProcess:
        return []


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
