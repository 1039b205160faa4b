"""`self.lock`: one at a time over all replicas, never for ever, and told when it is lost."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from weirflow import Component, Context, Fail, LockLost, LockTimeout, Model, Result, input
from weirflow.testing import Node, run, settle


class Printer(Component):
    """Has one device that all replicas share."""

    class Job(Model):
        name: str = "device"
        seconds: float = 0.0
        timeout: float = 10.0
        fail: bool = False
        scope: str = "node"

    def __init__(self) -> None:
        self.log: list[str] = []
        self.inner: Any = None

    @input("print")
    async def print(self, ctx: Context, message: Job) -> Result:
        async with self.lock(message.name, timeout=message.timeout, scope=message.scope) as held:  # type: ignore[arg-type]
            self.log.append("in")
            if self.inner is not None:
                await self.inner(ctx, held)
            if message.seconds:
                await self.services.clock.sleep(message.seconds)
            if message.fail:
                raise Fail("out of paper", code="paper")
            self.log.append("done")
        return {"token": held.token, "lost": held.lost}


def log(node: Node) -> list[str]:
    found: list[str] = node.instance.component.log
    return found


async def test_replicas_take_turns_and_tokens_rise() -> None:
    async with run(Printer) as node:
        other = node.replica()
        await other.ready()
        first = asyncio.create_task(node.send("print", {"seconds": 5}))
        await settle()
        second = asyncio.create_task(other.send("print", {"seconds": 5}))
        await settle()
        assert (log(node), log(other)) == (["in"], [])
        await node.clock.advance(5)
        assert (log(node), log(other)) == (["in", "done"], ["in"])
        await node.clock.advance(5)
        assert (await second)["token"] > (await first)["token"]


async def test_other_names_and_scopes_are_other_locks() -> None:
    async with run(Printer) as node:
        jobs = [{"name": "a"}, {"name": "b"}, {"name": "a", "scope": "module"}]
        tasks = [asyncio.create_task(node.send("print", {**job, "seconds": 5})) for job in jobs]
        await settle()
        assert log(node) == ["in"] * 3
        await node.clock.advance(5)
        await asyncio.gather(*tasks)


async def test_waiting_ends_in_time_and_leaves_the_queue() -> None:
    async with run(Printer) as node:
        first = asyncio.create_task(node.send("print", {"seconds": 60}))
        await settle()
        late = asyncio.create_task(node.send("print", {"timeout": 2}))
        await node.clock.advance(2)
        with pytest.raises(LockTimeout) as failed:
            await late
        assert (failed.value.code, failed.value.retryable) == ("lock_timeout", True)
        await node.clock.advance(60)
        await first
        await node.send("print")


async def test_a_block_that_fails_gives_the_lock_back() -> None:
    async with run(Printer) as node:
        with pytest.raises(Fail, match="out of paper"):
            await node.send("print", {"fail": True})
        await node.send("print", {"timeout": 0.1})


async def test_a_cancelled_block_and_a_cancelled_wait_leave_nothing_behind() -> None:
    async with run(Printer) as node:
        tasks = [asyncio.create_task(node.send("print", {"seconds": 60})) for _ in range(2)]
        await settle()
        tasks[1].cancel()
        await settle()
        tasks[0].cancel()
        await asyncio.wait(tasks)
        await node.send("print", {"timeout": 0.1})


async def test_asking_again_inside_the_block_is_an_error_and_no_wait() -> None:
    async with run(Printer) as node:
        printer: Printer = node.instance.component

        async def again(ctx: Context, held: object) -> None:
            printer.inner = None
            await printer.handle(ctx, printer.emit, "print", Printer.Job())

        printer.inner = again
        with pytest.raises(Fail, match="would wait for itself") as failed:
            await node.send("print")
        assert (failed.value.code, failed.value.permanent) == ("lock_reentered", True)
        await node.send("print")


async def test_work_that_a_block_has_started_may_take_the_lock_after_it() -> None:
    async with run(Printer) as node:
        printer: Printer = node.instance.component
        tokens: list[int] = []

        async def later() -> None:
            await node.clock.sleep(1)
            async with printer.lock("device") as held:
                tokens.append(held.token)

        async def start(ctx: Context, held: object) -> None:
            printer.spawn(later(), "later")

        printer.inner = start
        first = await node.send("print")
        await node.clock.advance(1)
        assert len(tokens) == 1
        assert tokens[0] > first["token"]


async def test_a_lock_that_is_lost_calls_the_block_off() -> None:
    async with run(Printer) as node:
        working = asyncio.create_task(node.send("print", {"seconds": 60}))
        await settle()
        node.lose_lock()
        with pytest.raises(LockLost) as failed:
            await working
        assert (failed.value.code, failed.value.retryable) == ("lock_lost", True)
        assert log(node) == ["in"]
        await node.send("print")


async def test_a_block_that_never_waits_is_told_when_it_ends() -> None:
    async with run(Printer) as node:

        async def lose(ctx: Context, held: Any) -> None:
            assert not held.lost
            node.lose_lock()
            assert held.lost
            assert await held.wait_lost() == "not renewed in time"

        node.instance.component.inner = lose
        with pytest.raises(LockLost):
            await node.send("print")


async def test_an_error_of_the_block_itself_comes_before_the_loss() -> None:
    async with run(Printer) as node:

        async def lose(ctx: Context, held: Any) -> None:
            node.lose_lock()
            raise Fail("out of paper", code="paper")

        node.instance.component.inner = lose
        with pytest.raises(Fail, match="out of paper"):
            await node.send("print")


async def test_the_lock_of_a_killed_replica_is_free_after_a_while() -> None:
    async with run(Printer) as node:
        other = node.replica()
        await other.ready()
        dying = asyncio.create_task(node.send("print", {"seconds": 600}))
        await settle()
        await node.kill()
        waiting = asyncio.create_task(other.send("print", {"timeout": 30}))
        await node.clock.advance(14)
        assert not waiting.done()
        await node.clock.advance(2)
        assert (await waiting)["token"] == 2
        dying.cancel()
        await asyncio.wait([dying])


@pytest.mark.parametrize("name", ["", "x" * 257])
async def test_a_name_is_neither_empty_nor_a_novel(name: str) -> None:
    async with run(Printer) as node:
        with pytest.raises(Fail, match="1 to 256"):
            await node.send("print", {"name": name})


@pytest.mark.parametrize("name", ["device/0", "a b", "Ä", "\ud800", "..", "x" * 256, "\n"])
async def test_any_other_text_is_a_name(name: str) -> None:
    async with run(Printer) as node, node.instance.component.lock(name) as held:
        assert held.token == 1


async def test_a_generator_closed_by_another_task_gives_its_lock_back() -> None:
    async with run(Printer) as node:
        printer: Printer = node.instance.component

        async def pages() -> AsyncIterator[int]:
            async with printer.lock("device") as held:
                yield held.token

        one = pages()
        first = await asyncio.create_task(anext(one))
        await asyncio.create_task(one.aclose())
        async with printer.lock("device", timeout=1) as held:
            assert held.token > first
