"""The code node."""

from __future__ import annotations

import asyncio

import pytest

from modules.common.code import Code
from tests.waiting import eventually
from weirflow import Fail
from weirflow.sandbox import Sandbox, Walls
from weirflow.services import spec_of
from weirflow.testing import run


async def test_it_sends_on_what_the_code_returns_and_ends_where_it_returns_nothing() -> None:
    async with run(
        Code, settings={"code": "if message > 0:\n    print(message)\n    return {'twice': message * 2}"}
    ) as node:
        node.replies["out"] = lambda value: {"answered": value}
        assert await node.send("in", {"message": 4}) == {"answered": {"twice": 8}}
        assert await node.send("in", {"message": -4}) is None
        assert [each.value for each in node.emitted] == [{"twice": 8}]
        assert node.control["printed"] == "4\n"
        assert node.control["sandbox"].startswith("full: limits")
        assert node.live == "2 calls"
        await node.press("clear")
        assert node.control["printed"] == ""


async def test_code_that_is_no_python_is_refused_on_its_field_and_the_old_stays() -> None:
    async with run(Code, settings={"code": "return 1"}) as node:
        problem = await node.set(code="x = 1\nreturn (x")
        assert problem is not None
        assert (problem.code, problem.field) == ("code_syntax", "/code")
        assert problem.message == "line 2: '(' was never closed; correct the code"
        await node.send("in", {"message": 0})
        assert node.emitted[-1].value == 1


async def test_new_code_is_in_force_with_the_next_message_and_the_old_finishes() -> None:
    code = "import time\ntime.sleep(0.3)\nreturn 'old'"
    async with run(Code, settings={"code": code}) as node:
        under_way = asyncio.create_task(node.send("in", {"message": 1}))
        sandbox = Sandbox.here()
        await eventually(lambda: any(pool.workers for pool in sandbox._pools), what="a worker")
        assert await node.set(code="return 'new'") is None
        await node.send("in", {"message": 2})
        assert "new" in [each.value for each in node.emitted]
        await under_way
        assert sorted(each.value for each in node.emitted) == ["new", "old"]


async def test_what_fails_is_told_with_its_line_and_its_code() -> None:
    async with run(Code, settings={"code": "\nreturn message['x']", "deadline": 200}) as node:
        with pytest.raises(Fail, match="line 2: KeyError: 'x'") as failed:
            await node.send("in", {"message": {}})
        assert failed.value.code == "code_error"
        await node.set(code="while True: pass")
        with pytest.raises(Fail) as failed:
            await node.send("in", {"message": {}})
        assert failed.value.code == "code_timeout"


async def test_where_code_is_switched_off_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async with run(Code) as node:
        monkeypatch.setenv("WEIRFLOW_CODE", "off")
        for worker in Sandbox.here()._idle():
            worker.leave()
        problem = await node.set(code="return 2")
        assert problem is not None
        assert problem.code == "code_sandbox"
        assert "WEIRFLOW_CODE is off" in problem.message


def test_a_weaker_sandbox_is_for_who_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from weirflow.sandbox.rule import refuse_weak, rule

    weak = Walls(("limits", "own user"))
    with pytest.raises(Fail, match="no full sandbox") as failed:
        refuse_weak(weak)
    assert failed.value.code == "code_sandbox"
    refuse_weak(Walls(("limits", "seccomp")))
    monkeypatch.setenv("WEIRFLOW_CODE", "weak")
    refuse_weak(weak)
    monkeypatch.setenv("WEIRFLOW_CODE", "yes")
    with pytest.raises(ValueError, match="WEIRFLOW_CODE is 'yes'; it must be one of sandboxed, weak, off"):
        rule()


async def test_its_processes_are_of_the_share_of_its_project() -> None:
    async with run(Code) as node:
        await node.send("in", {"message": 1})
        (pool,) = Sandbox.here()._pools
        assert pool.project == "test", "as its identity says"


async def test_its_processes_end_with_the_last_node() -> None:
    async with run(Code) as node:
        await node.send("in", {"message": 1})
        sandbox = Sandbox.here()
        assert sandbox._nursery is not None
        nursery = sandbox._nursery
    assert sandbox._nursery is None
    assert nursery.gone


def test_it_is_announced_as_one_that_runs_code() -> None:
    assert spec_of(Code).runs_code
