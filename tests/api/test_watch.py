"""Watches: order, selection, bookmarks, and where they start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from tests.api.servers import ApiServer, node

Events = AsyncIterator[dict[str, Any]]
WHATEVER = {"resourceVersion": "0"}
"""Begin with any state that the server has. Without a version the newest is waited for, which an API server with an
etcd as old as Debian's sometimes gives up."""


async def following(stream: Events) -> dict[str, Any]:
    return await asyncio.wait_for(anext(stream), 40)


def since(obj: dict[str, Any], **query: str) -> dict[str, str]:
    return {"resourceVersion": obj["metadata"]["resourceVersion"], **query}


async def test_what_exists_comes_first_then_what_happens(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    async with aclosing(server.watch(server.path(), WHATEVER)) as stream:
        first = await following(stream)
        assert (first["type"], first["object"]["metadata"]["name"]) == ("ADDED", "p.m.a")
        patched = await server.patch("p.m.a", {"status": {"status": "OK"}}, "status")
        assert await following(stream) == {"type": "MODIFIED", "object": patched}
        await server.call("DELETE", server.path(name="p.m.a"))
        gone = await following(stream)
        assert gone["type"] == "DELETED"
        assert gone["object"]["status"] == {"status": "OK"}
        assert int(gone["object"]["metadata"]["resourceVersion"]) > int(patched["metadata"]["resourceVersion"])


async def test_a_watch_from_a_version_begins_after_it(server: ApiServer) -> None:
    first = await server.make(node("p.m.a"))
    second = await server.make(node("p.m.b"))
    async with aclosing(server.watch(server.path(), since(first))) as stream:
        assert await following(stream) == {"type": "ADDED", "object": second}


async def test_events_come_in_the_order_of_their_versions(server: ApiServer) -> None:
    first = await server.make(node("p.m.a"))
    for number in range(20):
        await server.patch("p.m.a", {"status": {"status": str(number)}}, "status")
    async with aclosing(server.watch(server.path(), since(first))) as stream:
        events = [await following(stream) for _ in range(20)]
    assert [event["object"]["status"]["status"] for event in events] == [str(number) for number in range(20)]
    versions = [int(event["object"]["metadata"]["resourceVersion"]) for event in events]
    assert versions == sorted(set(versions))


async def test_a_write_that_changes_nothing_is_not_an_event(server: ApiServer) -> None:
    made = await server.make(node("p.m.a", labels={"tier": "1"}))
    async with aclosing(server.watch(server.path(), since(made))) as stream:
        assert await server.patch("p.m.a", {"metadata": {"labels": {"tier": "1"}}}) == made
        changed = await server.patch("p.m.a", {"metadata": {"labels": {"tier": "2"}}})
        assert await following(stream) == {"type": "MODIFIED", "object": changed}


async def test_leaving_a_selection_is_a_deletion_of_the_last_match(server: ApiServer) -> None:
    made = await server.make(node("p.m.a", labels={"sel": "on"}))
    async with aclosing(server.watch(server.path(), since(made, labelSelector="sel=on"))) as stream:
        off = await server.patch("p.m.a", {"metadata": {"labels": {"sel": "off"}}})
        left = await following(stream)
        assert (left["type"], left["object"]["metadata"]["labels"]) == ("DELETED", {"sel": "on"})
        assert left["object"]["metadata"]["resourceVersion"] == off["metadata"]["resourceVersion"]
        await server.patch("p.m.a", {"spec": {"component": "router"}})
        await server.patch("p.m.a", {"metadata": {"labels": {"sel": "on"}}})
        back = await following(stream)
        assert (back["type"], back["object"]["spec"]["component"]) == ("ADDED", "router")


async def test_one_object_is_watched_by_its_name(server: ApiServer) -> None:
    other = await server.make(node("p.m.a"))
    query = since(other, fieldSelector="metadata.name=p.m.b")
    async with aclosing(server.watch(server.path(), query)) as stream:
        await server.patch("p.m.a", {"spec": {"component": "router"}})
        await server.make(node("p.m.b"))
        assert (await following(stream))["object"]["metadata"]["name"] == "p.m.b"


async def test_the_last_finalizer_ends_in_a_deletion(server: ApiServer) -> None:
    made = await server.make(node("p.m.a", finalizers=["x.io/hold"]))
    async with aclosing(server.watch(server.path(), since(made))) as stream:
        await server.call("DELETE", server.path(name="p.m.a"))
        marked = await following(stream)
        assert (marked["type"], "deletionTimestamp" in marked["object"]["metadata"]) == ("MODIFIED", True)
        await server.patch("p.m.a", {"metadata": {"finalizers": None}})
        gone = await following(stream)
        assert gone["type"] == "DELETED"
        assert int(gone["object"]["metadata"]["resourceVersion"]) > int(marked["object"]["metadata"]["resourceVersion"])


async def test_a_selection_that_is_deleted_together_is_an_event_for_each(server: ApiServer) -> None:
    for name in ("p.m.a", "p.m.b"):
        made = await server.make(node(name, labels={"a": "1"}))
    async with aclosing(server.watch(server.path(), since(made))) as stream:
        await server.call("DELETE", server.path(), {"labelSelector": "a=1"})
        events = [await following(stream) for _ in range(2)]
    assert {(event["type"], event["object"]["metadata"]["name"]) for event in events} == {
        ("DELETED", "p.m.a"),
        ("DELETED", "p.m.b"),
    }
    assert len({event["object"]["metadata"]["resourceVersion"] for event in events}) == 2


async def test_a_version_that_is_forgotten_is_expired(server: ApiServer) -> None:
    first = await server.make(node("p.m.a"))
    for number in range(3):
        await server.patch("p.m.a", {"status": {"status": str(number)}}, "status")
    await server.forget()
    async with aclosing(server.watch(server.path(), since(first, timeoutSeconds="5"))) as stream:
        events = [event async for event in stream]
    assert [(event["type"], event["object"]["code"], event["object"]["reason"]) for event in events] == [
        ("ERROR", 410, "Expired")
    ]


async def test_a_version_of_the_future_is_waited_for(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    future = str(int(made["metadata"]["resourceVersion"]) + 1_000)
    query = {"resourceVersion": future, "timeoutSeconds": "1"}
    async with aclosing(server.watch(server.path(), query)) as stream:
        assert [event async for event in stream] == []


async def test_a_bookmark_tells_how_far_a_quiet_watch_has_come(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    other = await server.make(node("p.m.b"))
    selected = {"fieldSelector": "metadata.name=p.m.a", "allowWatchBookmarks": "true", "timeoutSeconds": "4"}
    async with aclosing(server.watch(server.path(), since(made, **selected))) as stream:
        events = [event async for event in stream]
    assert {event["type"] for event in events} <= {"BOOKMARK"}
    if not events:
        assert server.kind == "real"  # which promises none, and sends them or not for hours
        return
    mark = events[-1]["object"]
    assert (mark["kind"], mark["apiVersion"]) == ("TinyNode", "operator.tinysystems.io/v1alpha1")
    assert int(mark["metadata"]["resourceVersion"]) >= int(other["metadata"]["resourceVersion"])


async def test_a_watch_ends_at_its_timeout(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    async with aclosing(server.watch(server.path(), {**WHATEVER, "timeoutSeconds": "1"})) as stream:
        assert [event["type"] async for event in stream] == ["ADDED"]


async def test_options_that_a_watch_does_not_take(server: ApiServer) -> None:
    query = {"watch": "true", "resourceVersion": "1", "resourceVersionMatch": "Exact"}
    assert (await server.call("GET", server.path(), query))[0] == 422
    assert (await server.call("GET", server.path(), {"watch": "true", "labelSelector": "!!"}))[0] == 400


WHOLE = {**WHATEVER, "sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
"""How informers ask since Kubernetes 1.32: the list comes by the watch."""


async def test_the_state_at_the_start_may_be_left_out(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    later = await server.make(node("p.m.b"))
    query = {**WHOLE, "sendInitialEvents": "false", **since(made)}
    async with aclosing(server.watch(server.path(), query)) as stream:
        event = await following(stream)
        while event["type"] == "BOOKMARK":
            event = await following(stream)
        assert event == {"type": "ADDED", "object": later}


@pytest.mark.parametrize(
    "query",
    [
        {"sendInitialEvents": "true"},
        {"resourceVersionMatch": "NotOlderThan"},
        {"sendInitialEvents": "true", "resourceVersionMatch": "Exact", "resourceVersion": "1"},
    ],
)
async def test_options_of_a_watch_that_do_not_go_together(query: dict[str, str], server: ApiServer) -> None:
    status, _ = await server.call("GET", server.path(), {**query, "watch": "true", "timeoutSeconds": "1"})
    assert status == 422
