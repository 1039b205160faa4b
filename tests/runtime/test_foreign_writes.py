"""Somebody else writes a node's state: people hear of it, and store and replicas agree again."""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.ports import free_port
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.kube.errors import Invalid
from weirflow.kube.resources import ANNOTATION_EPOCH, EVENT, LEASE, TINY_NODE, Object

pytestmark = [pytest.mark.server, pytest.mark.kubectl]


async def kubectl(one: World, *arguments: str) -> str:
    binary = shutil.which("kubectl")
    if binary is None:
        pytest.fail("these tests need kubectl: apt-get install kubernetes-client")
    child = await asyncio.create_subprocess_exec(
        binary,
        f"--cache-dir={one.home / 'cache'}",
        *arguments,
        env={**os.environ, "KUBECONFIG": str(one.home / "kubeconfig")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(child.communicate(), 60)
    assert child.returncode == 0, output.decode()
    return output.decode()


async def edit(one: World, name: str, **metadata: str | None) -> None:
    """What a person does who does not know of the fence."""
    keys = {key.replace("_", "-"): text for key, text in metadata.items()}
    patch = json.dumps({"status": {"metadata": keys}})
    await kubectl(one, "patch", "tinynode", name, "--subresource=status", "--type=merge", "-p", patch)


async def alerts(one: World, name: str) -> list[dict[str, Any]]:
    return list(((await one.status(name)).get("alerts") or {}).values())


async def alert(one: World, name: str, kind: str) -> dict[str, Any]:
    async def shown() -> dict[str, Any] | None:
        return next((each for each in await alerts(one, name) if each["kind"] == kind), None)

    found: dict[str, Any] = await eventually(shown, what=f"an alert of the kind {kind}")
    return found


async def events(one: World, name: str) -> list[Object]:
    items = (await one.cluster.list(EVENT))["items"]
    return [item for item in items if item["involvedObject"].get("name") == name]


async def grows(one: World, counter: str, seconds: float = 20.0) -> None:
    """Wait until thirty more changes are stored."""
    start = int((await one.state(counter)).get("state-version", 0))

    async def grown() -> bool:
        return int((await one.state(counter)).get("state-version", 0)) >= start + 30

    await eventually(grown, seconds, "thirty more changes")


async def visits(one: World, expected: int) -> None:
    async def answered() -> bool:
        return await one.visit("/visits") == (200, {"count": expected})

    await eventually(answered, what=f"a visit that counts {expected}")


async def test_an_edit_under_the_same_version_is_told_and_taken_back(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    await visits(alone, 1)
    await edit(alone, counter, counter_value="57")
    found = await alert(alone, counter, "foreign")
    assert found["values"] == {"counter-value": {"lost": "57", "stands": "1"}}
    assert "57" in found["message"]

    async def taken_back() -> bool:
        return (await alone.state(counter))["counter-value"] == "1"

    await eventually(taken_back)
    problem = await alone.problem(counter, "state_foreign")
    assert "57" in problem["message"]
    event = (await eventually(lambda: events(alone, counter)))[0]
    assert (event["type"], event["reason"], event["count"]) == ("Warning", "ForeignStateWrite", 1)
    assert event["involvedObject"]["uid"] == (await alone.get(counter))["metadata"]["uid"]
    assert "counter-value" in await kubectl(alone, "describe", "tinynode", counter)
    await visits(alone, 2)


async def test_the_same_edit_again_is_counted_not_listed_again(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    await visits(alone, 1)
    for times in (1, 2, 3):
        await edit(alone, counter, counter_value="57")

        async def counted(times: int = times) -> bool:
            return [each["count"] for each in await alerts(alone, counter)] == [times]

        await eventually(counted, what=f"{times} in the count")

        async def taken_back() -> bool:
            return (await alone.state(counter))["counter-value"] == "1"

        await eventually(taken_back)

    async def event_counted() -> bool:
        return [event["count"] for event in await events(alone, counter)] == [3]

    await eventually(event_counted)


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({"counter_value": None}, 1),
        ({"state_version": None}, 1),
        ({"state_epoch": "many", "counter_value": "57"}, 1),
        ({"state_version": "0", "counter_value": "57"}, 1),
        ({"state_epoch": None, "state_version": None, "counter_value": None, "counter_history": None}, 1),
        ({"counter_value": "many", "state_version": "40"}, 1),
        ({"state_version": str(2**53 - 1), "counter_value": "57"}, 1),
        ({"state_epoch": str(2**53 - 1), "counter_value": "57"}, 1),
        ({"state_version": "40", "counter_value": "57"}, 57),
        ({"state_epoch": "40", "counter_value": "57"}, 57),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else str(value),
)
async def test_whatever_was_done_store_and_replicas_agree_and_go_on(
    alone: World, change: dict[str, str | None], value: int
) -> None:
    _, counter = await alone.counter("/visits")
    await visits(alone, 1)
    await edit(alone, counter, **change)
    await alert(alone, counter, "foreign")

    async def agreed() -> bool:
        state, panel = await alone.state(counter), await alone.port_value(counter, "_control")
        return state.get("counter-value") == str(value) and panel["value"] == value

    await eventually(agreed, what="the store's and the host's having one value")
    await visits(alone, value + 1)
    assert (await alone.state(counter))["counter-value"] == str(value + 1)


async def test_a_whole_status_that_was_removed_comes_back(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    await visits(alone, 1)
    await kubectl(
        alone, "patch", "tinynode", counter, "--subresource=status", "--type=json", "-p",
        '[{"op": "remove", "path": "/status"}]',
    )  # fmt: skip

    async def back() -> bool:
        status = await alone.status(counter)
        return (status.get("metadata") or {}).get("counter-value") == "1" and status.get("status") is not None

    await eventually(back)
    await visits(alone, 2)


async def test_a_program_that_writes_again_and_again_is_answered_at_a_measured_pace(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    await visits(alone, 1)
    for number in range(40):
        await alone.cluster.patch_status(
            TINY_NODE, counter, {"status": {"metadata": {"counter-value": str(100 + number)}}}
        )

    async def taken_back() -> bool:
        return (await alone.state(counter))["counter-value"] == "1"

    await eventually(taken_back)
    # One write of ours for each second at most, whatever the other did.
    assert int((await alone.state(counter))["state-version"]) < 20
    assert len(await alerts(alone, counter)) <= 8
    assert len(await events(alone, counter)) <= 10


async def test_a_program_that_respects_the_fence_is_told_of_and_nothing_is_lost(alone: World) -> None:
    """Another writer raises the version as a leader would, in the leader's own epoch, under load."""
    _, counter = await alone.counter("/visits")
    await visits(alone, 1)
    running = True
    answers: list[int] = []

    async def load() -> None:
        while running:
            answers.append((await alone.visit("/visits"))[0])

    tasks = [asyncio.create_task(load()) for _ in range(4)]
    rivals = 0
    while not any(each["kind"] == "refused" for each in await alerts(alone, counter)):
        assert rivals < 2000, "not one write of the leader was refused"
        state = await alone.state(counter)
        changed = {
            "counter-value": str(int(state["counter-value"]) + 1000),
            "state-version": str(int(state["state-version"]) + 1),
        }
        patch = [
            {"op": "test", "path": "/status/metadata/state-version", "value": state["state-version"]},
            *({"op": "add", "path": f"/status/metadata/{key}", "value": text} for key, text in changed.items()),
        ]  # fmt: skip
        try:
            await alone.cluster.patch_status(TINY_NODE, counter, patch, kind="json")
            rivals += 1
        except Invalid:
            continue
    running = False
    await asyncio.gather(*tasks)
    assert int((await alone.state(counter))["counter-value"]) == 1 + answers.count(200) + 1000 * rivals


async def test_readers_do_not_take_up_what_the_leader_takes_back(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        _, counter = await one.counter("/visits")
        await visits(one, 1)
        leader = one.hosts[0]
        port = free_port()
        await one.start_host(port=port)
        assert leader.child is not None
        leader.child.send_signal(19)
        try:
            await edit(one, counter, counter_value="57")
            # The second host leads once the first one's Lease has run out; what it held as a reader counts.
            found = await alert(one, counter, "foreign")
            assert found["values"]["counter-value"] == {"lost": "57", "stands": "1"}

            async def taken_back() -> bool:
                return (await one.state(counter))["counter-value"] == "1"

            await eventually(taken_back)
        finally:
            leader.child.send_signal(18)


async def test_ordinary_life_raises_no_alarm(tmp_path: Path) -> None:
    """Restarts, kills, a handover, drags, settings, presses, a cluster that dies under load."""
    async with world(tmp_path) as one:
        _, counter = await one.counter("/visits")
        running = True

        async def load() -> None:
            while running:
                try:
                    await one.visit("/visits")
                except (OSError, aiohttp.ClientError):
                    await asyncio.sleep(0.02)

        async def drag() -> None:
            place = 0
            while running:
                place += 1
                annotations = {"tinysystems.io/component-pos-x": str(place)}
                try:
                    await one.cluster.patch(TINY_NODE, counter, {"metadata": {"annotations": annotations}})
                except Exception:
                    await asyncio.sleep(0.02)
                await asyncio.sleep(0.01)

        tasks = [asyncio.create_task(work()) for work in (load, load, load, drag)]
        await grows(one, counter)
        await one.set(counter, {"maxHistory": 5})
        press = await one.signal(counter, "_control", {"reset": True}, "op")
        await eventually(lambda: one.signal_gone(press))
        one.hosts[-1].kill()
        await one.start_host()
        await grows(one, counter)
        one.cluster_process.kill()
        await one.cluster_process.start()
        await grows(one, counter, 40)
        assert await one.hosts[-1].stop() == 0
        await one.start_host()
        await grows(one, counter)
        running = False
        await asyncio.gather(*tasks)
        assert await alerts(one, counter) == []
        assert await events(one, counter) == []


async def test_a_leaders_epoch_that_nobody_had_is_climbed_over(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    await visits(alone, 1)
    await edit(alone, counter, state_epoch="40")
    await alert(alone, counter, "foreign")
    await visits(alone, 2)
    lease = await alone.cluster.get(LEASE, "common-v1-lock")
    assert int(lease["metadata"]["annotations"][ANNOTATION_EPOCH]) > 40
