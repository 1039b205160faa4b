import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.kube.scripted import Answer, Request, Scripted, obj
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster
from weirflow.kube.informer import Informer
from weirflow.kube.resources import TINY_NODE, Object
from weirflow.kube.watching import Pace

PACE = Pace(shortest=1, longest=1, grace=-0.7, first_pause=0.01, longest_pause=0.05)


def lists(*objects: Object, rv: str) -> Answer:
    async def answer(request: Request) -> None:
        assert "watch" not in request.query, "expected a list, got a watch"
        assert "resourceVersion" not in request.query
        await request.page(*objects, rv=rv)

    return answer


def watches(*events: tuple[str, Object], since: str, then: str = "hold") -> Answer:
    async def answer(request: Request) -> None:
        assert request.query["watch"] == "1"
        assert request.query["allowWatchBookmarks"] == "true"
        assert request.query["resourceVersion"] == since
        await request.open_watch()
        for type_, body in events:
            await request.event(type_, body)
        match then:
            case "end":
                await request.end()
            case "cut":
                request.cut()
            case "hold":
                await asyncio.Event().wait()

    return answer


async def refuse_history(request: Request) -> None:
    await request.status(410, "Expired", "too old resource version")


async def unwell(request: Request) -> None:
    await request.status(503, "ServiceUnavailable", "not ready")


@asynccontextmanager
async def informed(
    *answers: Answer, pace: Pace = PACE, keep: Callable[[Object], Object | None] | None = None
) -> AsyncIterator[tuple[Informer, list[tuple[str, bool]], Scripted]]:
    heard: list[tuple[str, bool]] = []
    async with Scripted(list(answers), rest=answers[-1]) as server, HttpCluster(server.config, timeout=1) as cluster:
        informer = Informer(cluster, TINY_NODE, pace=pace, keep=keep, index_label="flow")
        informer.on_change(lambda name, new, _old: heard.append((name, new is not None)))
        informer.start()
        try:
            yield informer, heard, server
        finally:
            await informer.stop()


async def test_changes_after_the_list_reach_copy_and_listener() -> None:
    events = [("ADDED", obj("b", "4")), ("MODIFIED", obj("a", "5")), ("DELETED", obj("b", "6"))]
    async with informed(lists(obj("a", "1"), rv="3"), watches(*events, since="3")) as (informer, heard, _):
        await asyncio.wait_for(informer.synced.wait(), 30)
        await eventually(lambda: len(heard) == 4)
        assert heard == [("a", True), ("b", True), ("a", True), ("b", False)]
        assert informer.objects == {"a": obj("a", "5")}


async def test_a_watch_the_server_ends_goes_on_from_the_last_bookmark_without_a_list() -> None:
    bookmark = ("BOOKMARK", {"metadata": {"resourceVersion": "9"}})
    async with informed(
        lists(obj("a", "1"), rv="3"),
        watches(bookmark, since="3", then="end"),
        watches(("ADDED", obj("b", "10")), since="9"),
    ) as (informer, _, _):
        await eventually(lambda: "b" in informer.objects)


@pytest.mark.parametrize("as_event", [True, False], ids=["error event", "HTTP status"])
async def test_expired_history_lists_again_and_tells_what_vanished_meanwhile(as_event: bool) -> None:
    gone = ("ERROR", {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"})
    async with informed(
        lists(obj("a", "1"), obj("b", "2"), rv="3"),
        watches(gone, since="3") if as_event else refuse_history,
        lists(obj("b", "2"), obj("c", "8"), rv="9"),
        watches(since="9"),
    ) as (informer, heard, _):
        await eventually(lambda: "c" in informer.objects)
        assert heard == [("a", True), ("b", True), ("a", False), ("c", True)]
        assert informer.health.reachable


@pytest.mark.parametrize("then", ["cut", "hold"], ids=["cut", "half-open"])
async def test_a_watch_that_is_lost_goes_on_from_its_last_event_without_a_list(then: str) -> None:
    async with informed(
        lists(rv="3"),
        watches(since="3", then=then),
        unwell,
        watches(("ADDED", obj("b", "5")), since="3"),
    ) as (informer, _, _):
        healths: list[bool] = []
        informer.on_health(lambda health: healths.append(health.reachable))
        await eventually(lambda: "b" in informer.objects)
        assert [healths[0], healths[1], healths[-1]] == [True, False, True]


async def test_a_server_that_fails_is_asked_for_the_whole_collection_again() -> None:
    broken = (
        "ERROR",
        {"kind": "Status", "code": 500, "reason": "InternalError", "message": "etcd event without value"},
    )
    async with informed(
        lists(obj("a", "1"), rv="3"), watches(broken, since="3"), lists(obj("b", "4"), rv="5"), watches(since="5")
    ) as (informer, heard, _):
        await eventually(lambda: "b" in informer.objects)
        assert heard == [("a", True), ("a", False), ("b", True)]


@pytest.mark.parametrize(
    "line", [b"{\n", b'{"type": "ADDED", "object": {}}\n', b'{"type": "ADDED", "object": 1}\n', b"[]\n"]
)
async def test_what_is_no_event_is_answered_with_a_new_list(line: bytes) -> None:
    async def nonsense(request: Request) -> None:
        await request.open_watch()
        await request.raw(line)
        await asyncio.Event().wait()

    async with informed(lists(rv="3"), nonsense, lists(obj("a", "4"), rv="5"), watches(since="5")) as (informer, _, _):
        await eventually(lambda: "a" in informer.objects)


async def test_a_server_that_asks_for_time_gets_it_before_the_next_watch() -> None:
    async def busy(request: Request) -> None:
        await request.status(429, "TooManyRequests", headers="Retry-After: 1\r\n")

    async with informed(lists(rv="3"), busy, watches(("ADDED", obj("a", "4")), since="3")) as (informer, _, server):
        await eventually(lambda: len(server.seen) == 2)
        asked = asyncio.get_running_loop().time()
        await eventually(lambda: "a" in informer.objects)
        assert asyncio.get_running_loop().time() > asked + 0.9


async def test_after_a_while_a_new_list_covers_what_a_watch_may_have_missed() -> None:
    pace = dataclasses.replace(PACE, relist=0.0)
    async with informed(
        lists(rv="3"), watches(since="3", then="end"), lists(obj("a", "4"), rv="5"), watches(since="5"), pace=pace
    ) as (informer, _, _):
        await eventually(lambda: "a" in informer.objects)


async def test_bookmarks_before_the_end_show_how_long_a_live_watch_can_be_silent() -> None:
    pace = Pace(shortest=60, longest=60, grace=60, quiet=0.3, first_pause=0.01, longest_pause=0.05)
    bookmark = ("BOOKMARK", {"metadata": {"resourceVersion": "9"}})
    async with informed(
        lists(rv="3"),
        watches(bookmark, since="3", then="end"),
        watches(since="9"),
        watches(("ADDED", obj("a", "10")), since="9"),
        pace=pace,
    ) as (informer, _, _):
        await eventually(lambda: "a" in informer.objects)


async def test_the_bookmark_at_the_end_of_a_watch_says_nothing_about_its_silence() -> None:
    pace = Pace(shortest=2, longest=2, grace=60, quiet=0.1, first_pause=0.01, longest_pause=0.05)
    bookmark = ("BOOKMARK", {"metadata": {"resourceVersion": "9"}})

    async def late(request: Request) -> None:
        await request.open_watch()
        await asyncio.sleep(0.5)
        await request.event("ADDED", obj("a", "10"))
        await asyncio.Event().wait()

    async with informed(lists(rv="3"), watches(bookmark, since="3", then="end"), late, pace=pace) as (
        informer,
        _,
        server,
    ):
        await eventually(lambda: "a" in informer.objects)
        assert len(server.seen) == 3


async def test_an_object_that_cannot_be_taken_in_leaves_its_copy_and_the_others_alone() -> None:
    def keep(node: Object) -> Object:
        assert node["metadata"]["labels"].get("bad") != "yes"
        return node

    events = [("MODIFIED", obj("a", "4", bad="yes")), ("ADDED", obj("c", "5")), ("DELETED", obj("a", "6", bad="yes"))]
    async with informed(
        lists(obj("a", "1"), obj("b", "2", bad="yes"), rv="3"), watches(*events[:2], since="3", then="end"), keep=keep
    ) as (informer, heard, server):
        await eventually(lambda: "c" in informer.objects)
        assert informer.objects == {"a": obj("a", "1"), "c": obj("c", "5")}
        server.answers[:] = [watches(events[2], since="5")]
        await eventually(lambda: "a" not in informer.objects)
        assert ("a", False) in heard


async def test_an_event_larger_than_any_buffer_arrives_whole() -> None:
    large = obj("a", "4") | {"status": {"metadata": {"value": "x" * 2_000_000}}}
    async with informed(lists(rv="3"), watches(("ADDED", large), since="3")) as (informer, _, _):
        await eventually(lambda: informer.objects.get("a") == large)


async def test_a_listener_that_fails_stops_neither_the_others_nor_the_reader() -> None:
    async with informed(lists(obj("a", "1"), rv="3"), watches(("ADDED", obj("b", "4")), since="3")) as (
        informer,
        heard,
        _,
    ):
        informer._handlers.insert(0, lambda *_: 1 / 0)  # type: ignore[arg-type, return-value]
        await eventually(lambda: ("b", True) in heard)


async def test_objects_are_found_by_label_and_leave_the_index_with_it() -> None:
    events = [("MODIFIED", obj("a", "4", flow="g")), ("DELETED", obj("b", "5", flow="f"))]
    async with informed(
        lists(obj("a", "1", flow="f"), obj("b", "2", flow="f"), rv="3"), watches(*events, since="3")
    ) as (informer, _, _):
        await eventually(lambda: informer.labelled("g"))
        await eventually(lambda: not informer.labelled("f"))
        assert informer.labelled("g") == [obj("a", "4", flow="g")]
