"""Three replicas: each of them answers, one of them counts, and they agree, whatever happens to them."""

import asyncio
from pathlib import Path

import pytest

from tests.runtime.live import linked
from tests.runtime.load import Load, count, loaded
from tests.runtime.world import Process, World, world
from tests.transport.broker import Broker
from tests.waiting import eventually
from weirflow.kube.resources import LEASE

pytestmark = pytest.mark.server


async def agree(one: World, counter: str, value: int) -> None:
    """Wait until the stored state, the status and every replica show ``value``."""

    async def stored() -> bool:
        shown = await one.port_value(counter, "_control")
        return await count(one, counter) == value and shown["value"] == value

    await eventually(stored, what=f"{value} in state and status")
    for identity, address in (await one.replicas()).items():
        async with linked(one, counter, address=address) as live:
            await eventually(lambda live=live: live.nodes.get(counter, {}).get("value") == str(value), what=identity)


async def leading(one: World, module: str = "common-v1") -> Process:
    """The host that leads the module."""
    identity, _ = await one.leader(module)
    return one.hosts[int(identity.removeprefix("r"))]


async def exact(one: World, counter: str, load: Load) -> None:
    assert await count(one, counter) == len(load.keys)
    await agree(one, counter, len(load.keys))


async def test_any_replica_takes_a_message_and_all_show_what_it_led_to(replicas: World) -> None:
    _, counter = await replicas.counter()
    assert sorted(await replicas.replicas()) == ["r0", "r1", "r2"]
    async with loaded(replicas, clients=12) as load:
        await load.more(300)
    assert not load.failures
    await exact(replicas, counter, load)


async def test_a_killed_leader_is_followed_by_another_and_nothing_is_counted_twice(replicas: World) -> None:
    _, counter = await replicas.counter()
    leader = await leading(replicas)
    _, epoch = await replicas.leader()
    async with loaded(replicas) as load:
        await load.more(100)
        leader.kill()
        await load.more(100, 40)
    assert (await replicas.leader())[1] == epoch + 1
    await leader.start()
    await exact(replicas, counter, load)


async def test_a_killed_leader_that_comes_back_leads_again_at_once(lasting: World) -> None:
    _, counter = await lasting.counter()
    leader = await leading(lasting)
    identity, epoch = await lasting.leader()
    async with loaded(lasting) as load:
        await load.more(100)
        leader.kill()
        await leader.start()
        # The others would have to wait for the end of its Lease.
        await load.more(100)
    assert await lasting.leader() == (identity, epoch + 1)
    await exact(lasting, counter, load)


async def test_a_killed_reader_is_hardly_noticed(replicas: World) -> None:
    _, counter = await replicas.counter()
    leader = await leading(replicas)
    reader = next(host for host in replicas.hosts if host is not leader)
    before = await replicas.leader()
    async with loaded(replicas) as load:
        await load.more(100)
        reader.kill()
        await load.more(200)
        await reader.start()
        await load.more(100)
    assert await replicas.leader() == before
    await exact(replicas, counter, load)


async def test_a_reader_that_froze_with_answers_in_it_has_none_counted_twice(replicas: World) -> None:
    _, counter = await replicas.counter()
    leader = await leading(replicas)
    reader = next(host for host in replicas.hosts if host is not leader)
    async with loaded(replicas, clients=32, patience=3.0, fresh=True) as load:
        caught = 0
        for _ in range(12):
            await load.more(100)
            known = len(load.failures)
            reader.freeze()
            try:
                # More than a resource can remember go by before the client asks again.
                await load.more(600, 40)
                async with asyncio.timeout(load.patience + 5):
                    await eventually(lambda known=known: len(load.failures) > known)
                caught += 1
            except TimeoutError:
                # It had no request in it at that moment.
                continue
            finally:
                reader.thaw()
            if caught == 3:
                break
    assert caught == 3
    await exact(replicas, counter, load)


async def test_a_leader_that_was_frozen_past_its_lease_changes_nothing_when_it_wakes(replicas: World) -> None:
    _, counter = await replicas.counter()
    leader = await leading(replicas)
    _, epoch = await replicas.leader()
    async with loaded(replicas, patience=3.0) as load:
        await load.more(100)
        leader.freeze()
        try:
            await load.more(100, 60)
        finally:
            leader.thaw()
        await load.more(100)
    assert (await replicas.leader())[1] == epoch + 1
    await exact(replicas, counter, load)


async def test_replicas_that_stop_and_start_one_after_the_other_lose_no_request(replicas: World) -> None:
    _, counter = await replicas.counter()
    async with loaded(replicas, keyed=False) as load:
        for host in replicas.hosts:
            await load.more(50)
            assert await host.stop() == 0
            await load.more(50)
            await host.start()
        await load.more(50)
    assert not load.failures
    assert await count(replicas, counter) == load.sent
    await agree(replicas, counter, load.sent)


async def test_a_leader_that_stops_hands_over_without_waiting(lasting: World) -> None:
    await lasting.counter()
    identity, epoch = await lasting.leader()
    await (await leading(lasting)).stop()

    async def handed_over() -> bool:
        holder, now = await lasting.leader()
        return holder not in ("", identity) and now == epoch + 1

    await eventually(handed_over, 60, "another leader, before the Lease could have ended")
    assert identity not in await lasting.replicas()
    assert await lasting.visit("/visits") == (200, {"count": 1})


async def test_a_source_for_the_leader_runs_there_alone_and_passes_on_with_it(replicas: World) -> None:
    ticker = await replicas.add("ticker", {"interval": 20})
    counter = await replicas.add("stateful_counter")
    await replicas.wire(f"{ticker}:tick", f"{counter}:increment", {})
    await replicas.settled(ticker, counter)

    async def running() -> list[str]:
        found = []
        for identity, address in (await replicas.replicas()).items():
            async with linked(replicas, ticker, address=address) as live:
                await eventually(lambda live=live: ticker in live.nodes)
                if live.nodes[ticker]["state"] != "idle":
                    found.append(identity)
        return found

    async def runs_at_the_leader() -> bool:
        return await running() == [(await replicas.leader())[0]]

    await eventually(runs_at_the_leader)
    before = await count(replicas, counter)
    await (await leading(replicas)).stop()
    await eventually(runs_at_the_leader)

    async def goes_on() -> bool:
        return await count(replicas, counter) > before + 20

    await eventually(goes_on)


async def test_a_press_is_handled_by_the_leader_and_seen_by_all(replicas: World) -> None:
    _, counter = await replicas.counter(initialValue=7)
    assert await replicas.visit("/visits") == (200, {"count": 8})
    press = await replicas.signal(counter, "_control", {"reset": True}, "op-reset")
    await eventually(lambda: replicas.signal_gone(press))
    await agree(replicas, counter, 7)


async def test_what_a_killed_host_says_of_itself_goes_with_its_lease(replicas: World) -> None:
    host = replicas.hosts[0]
    host.kill()
    assert "r0" in await replicas.replicas(), "nobody else may say that it has gone"
    await host.start()
    await replicas.cluster.delete(LEASE, "r0-host")

    async def back() -> bool:
        return "r0" in await replicas.replicas()

    await eventually(back, 40, "the host's saying again that it is there")


async def test_a_message_without_any_leader_waits_for_one(replicas: World) -> None:
    _, counter = await replicas.counter()
    leader = await leading(replicas)
    leader.kill()
    waiting = [asyncio.create_task(replicas.visit("/visits", timeout=None)) for _ in range(20)]
    await leader.start()
    answers = await asyncio.gather(*waiting)
    assert {status for status, _ in answers} == {200}
    assert await count(replicas, counter) == 20


async def test_messages_reach_the_leader_by_nats_too_also_when_that_was_away(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    await broker.start()
    try:
        async with world(tmp_path / "world", host=False) as one:
            await one.start_replicas(3, WEIRFLOW_NATS_URL=broker.url)
            _, counter = await one.counter()
            async with loaded(one, fresh=True) as load:
                await load.more(200)
                broker.kill()
                await broker.start()
                await load.more(200)
                leader = await leading(one)
                leader.kill()
                await leader.start()
                await load.more(200)
            await exact(one, counter, load)
    finally:
        broker.kill()
