"""Events about nodes: counted, bounded, never waited for."""

import asyncio
from typing import Any

import pytest

from tests.waiting import eventually
from weirflow.kube.errors import NotFound, Unavailable
from weirflow.kube.resources import Object, Resource
from weirflow.runtime import events
from weirflow.runtime.events import EventRecorder

ABOUT = {"apiVersion": "v1", "kind": "TinyNode", "name": "p.m.c-1", "uid": "u1"}


class Cluster:
    def __init__(self) -> None:
        self.events: dict[str, Object] = {}
        self.failures: list[Exception] = []
        self.open = asyncio.Event()
        self.open.set()

    async def create(self, resource: Resource, obj: Object) -> Object:
        await self.open.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.events[obj["metadata"]["name"]] = obj
        return obj

    async def patch(self, resource: Resource, name: str, patch: Any) -> Object:
        if name not in self.events:
            raise NotFound("gone", status=404)
        self.events[name] |= patch
        return self.events[name]


class Desk:
    def __init__(self) -> None:
        self.cluster = Cluster()
        self.recorder = EventRecorder(self.cluster, "default", "host-0")  # type: ignore[arg-type]
        self.recorder.start()

    def say(self, message: str, uid: str = "u1") -> None:
        self.recorder.warn({**ABOUT, "uid": uid}, "ForeignStateWrite", message)

    async def written(self) -> list[tuple[str, int]]:
        await asyncio.wait_for(self.recorder._waiting.join(), 40)
        return [(event["message"], event["count"]) for event in self.cluster.events.values()]


@pytest.fixture
async def desk() -> Any:
    one = Desk()
    yield one
    await one.recorder.stop(1.0)


async def test_what_is_said_again_is_counted(desk: Desk) -> None:
    for message in ("a", "b", "a", "a"):
        desk.say(message)
    assert await desk.written() == [("a", 3), ("b", 1)]
    event = next(iter(desk.cluster.events.values()))
    assert event["involvedObject"] == {**ABOUT, "namespace": "default"}
    assert event["source"] == {"component": "weirflow", "host": "host-0"}
    assert (event["type"], event["reason"]) == ("Warning", "ForeignStateWrite")


async def test_one_object_cannot_flood_the_cluster_nor_silence_another(desk: Desk) -> None:
    for number in range(100):
        desk.say(f"message {number}")
    desk.say("about another", uid="u2")
    written = await desk.written()
    assert len(written) == events.BURST + 1
    assert ("about another", 1) in written


async def test_an_event_that_the_cluster_has_dropped_is_made_anew(desk: Desk) -> None:
    desk.say("a")
    await desk.written()
    desk.cluster.events.clear()
    desk.say("a")
    assert await desk.written() == [("a", 1)]


async def test_a_failure_loses_one_event_and_no_more(desk: Desk) -> None:
    desk.cluster.failures.append(Unavailable("away"))
    desk.say("lost")
    desk.say("kept")
    assert await desk.written() == [("kept", 1)]


async def test_while_the_cluster_hangs_only_so_many_wait(desk: Desk) -> None:
    desk.cluster.open.clear()
    for number in range(2000):
        desk.say("a", uid=f"u{number}")
    assert desk.recorder._waiting.qsize() <= 256
    desk.cluster.open.set()
    await eventually(lambda: desk.recorder._waiting.empty())
    assert len(desk.recorder._budgets) <= 1024


async def test_a_long_name_and_a_long_message_are_cut(desk: Desk) -> None:
    desk.recorder.warn({**ABOUT, "name": "p." + "x" * 250}, "ForeignStateWrite", "m" * 5000)
    [(message, _)] = await desk.written()
    assert len(message) == 1024
    assert all(len(name) <= 253 for name in desk.cluster.events)
