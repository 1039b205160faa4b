"""Many nodes on one host: so many processes, and each node gets its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.waiting import eventually
from weirflow import Fail
from weirflow.sandbox import Pool, Sandbox
from weirflow.sandbox import sandbox as of_host

MakePool = Callable[..., Pool]
pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    monkeypatch.setattr(of_host, "MOST_WORKERS", 3)


async def test_more_nodes_than_processes_are_all_answered(pool: MakePool) -> None:
    pools = [pool(f"return message + {n}") for n in range(8)]
    for _ in range(3):
        assert await asyncio.gather(*(each.call(100) for each in pools)) == [100 + n for n in range(8)]
    assert sum(len(each.workers) for each in pools) <= 3


async def test_who_has_many_gives_one_up(pool: MakePool) -> None:
    busy = pool("import time\ntime.sleep(0.05)\nreturn message", processes=3)
    waiting = [asyncio.create_task(busy.call(n)) for n in range(200)]
    await eventually(lambda: len(busy.workers) == 3, what="three workers")
    assert await pool("return 'too'").call(None) == "too"
    assert not all(task.done() for task in waiting)
    busy.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_who_finds_no_place_is_told_so_in_time(pool: MakePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_host, "_PATIENCE_SECONDS", 0.1)
    busy = pool("import time\ntime.sleep(3)", processes=3)
    waiting = [asyncio.create_task(busy.call(n)) for n in range(6)]
    await eventually(lambda: len(busy.workers) == 3, what="three workers")
    with pytest.raises(Fail, match="3 processes run code at once already") as failed:
        await pool("return 1").call(None)
    assert failed.value.code == "code_sandbox"
    busy.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_workers_at_rest_end_and_come_back(pool: MakePool) -> None:
    calls = pool("return 1")
    await calls.call(None)
    calls.rest(asyncio.get_running_loop().time() + 1)
    assert calls.workers == []
    assert await calls.call(None) == 1
