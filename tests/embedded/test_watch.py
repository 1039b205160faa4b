"""Watches: order, selection, bookmarks, and readers that do not keep up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from tests.embedded.process import NODES, node
from weirflow.embedded import EmbeddedCluster, hub, watching
from weirflow.embedded.errors import ApiError
from weirflow.embedded.hub import Hub, Watcher
from weirflow.embedded.records import Change, Record
from weirflow.embedded.selectors import Selector

Events = AsyncIterator[dict[str, Any]]


async def following(stream: Events) -> dict[str, Any]:
    return await asyncio.wait_for(anext(stream), 5)


def labelled(name: str, **labels: str) -> dict[str, Any]:
    body = node(name)
    body["metadata"]["labels"] = labels
    return body


async def test_what_exists_comes_first_then_what_happens(cluster: EmbeddedCluster) -> None:
    await cluster.call("POST", NODES, None, node("p.m.a"))
    stream = cluster.watch(NODES)
    first = await following(stream)
    assert (first["type"], first["object"]["metadata"]["name"]) == ("ADDED", "p.m.a")
    _, patched = await cluster.call("PATCH", f"{NODES}/p.m.a/status", None, {"status": {"status": "OK"}})
    assert await following(stream) == {"type": "MODIFIED", "object": patched}
    await cluster.call("DELETE", f"{NODES}/p.m.a")
    gone = await following(stream)
    assert gone["type"] == "DELETED"
    assert int(gone["object"]["metadata"]["resourceVersion"]) > int(patched["metadata"]["resourceVersion"])


async def test_a_write_that_changes_nothing_is_not_an_event(cluster: EmbeddedCluster) -> None:
    _, made = await cluster.call("POST", NODES, None, labelled("p.m.a", tier="1"))
    stream = cluster.watch(NODES, {"resourceVersion": made["metadata"]["resourceVersion"]})
    _, same = await cluster.call("PATCH", f"{NODES}/p.m.a", None, {"metadata": {"labels": {"tier": "1"}}})
    assert same == made
    _, changed = await cluster.call("PATCH", f"{NODES}/p.m.a", None, {"metadata": {"labels": {"tier": "2"}}})
    assert await following(stream) == {"type": "MODIFIED", "object": changed}


async def test_leaving_a_selection_is_a_deletion_of_the_last_match(cluster: EmbeddedCluster) -> None:
    _, made = await cluster.call("POST", NODES, None, labelled("p.m.a", sel="on"))
    query = {"resourceVersion": made["metadata"]["resourceVersion"], "labelSelector": "sel=on"}
    stream = cluster.watch(NODES, query)
    _, off = await cluster.call("PATCH", f"{NODES}/p.m.a", None, {"metadata": {"labels": {"sel": "off"}}})
    left = await following(stream)
    assert (left["type"], left["object"]["metadata"]["labels"]) == ("DELETED", {"sel": "on"})
    assert left["object"]["metadata"]["resourceVersion"] == off["metadata"]["resourceVersion"]
    await cluster.call("PATCH", f"{NODES}/p.m.a", None, {"spec": {"component": "router"}})
    await cluster.call("PATCH", f"{NODES}/p.m.a", None, {"metadata": {"labels": {"sel": "on"}}})
    back = await following(stream)
    assert (back["type"], back["object"]["spec"]["component"]) == ("ADDED", "router")


async def test_one_object_is_watched_by_its_name(cluster: EmbeddedCluster) -> None:
    stream = cluster.watch(NODES, {"fieldSelector": "metadata.name=p.m.b"})
    started = asyncio.create_task(following(stream))
    await asyncio.sleep(0)
    await cluster.call("POST", NODES, None, node("p.m.a"))
    await cluster.call("POST", NODES, None, node("p.m.b"))
    assert (await started)["object"]["metadata"]["name"] == "p.m.b"


async def test_a_version_older_than_the_tail_is_expired(
    cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TAIL_CHANGES", 5)
    _, first = await cluster.call("POST", NODES, None, node("p.m.first"))
    for number in range(10):
        await cluster.call("POST", NODES, None, node(f"p.m.n-{number}"))
    old = {"resourceVersion": first["metadata"]["resourceVersion"]}
    events = [event async for event in cluster.watch(NODES, old)]
    assert [event["object"]["reason"] for event in events] == ["Expired"]
    status, answer = await cluster.call("GET", NODES, {**old, "resourceVersionMatch": "Exact"})
    assert (status, answer["reason"]) == (410, "Expired")


async def test_a_page_chain_shows_one_state_while_writes_go_on(cluster: EmbeddedCluster) -> None:
    for number in range(9):
        await cluster.call("POST", NODES, None, node(f"p.m.n-{number}"))
    _, page = await cluster.call("GET", NODES, {"limit": "4"})
    await cluster.call("DELETE", f"{NODES}/p.m.n-5")
    await cluster.call("POST", NODES, None, node("p.m.n-55"))
    names = [item["metadata"]["name"] for item in page["items"]]
    while token := page["metadata"].get("continue"):
        _, page = await cluster.call("GET", NODES, {"limit": "4", "continue": token})
        names += [item["metadata"]["name"] for item in page["items"]]
    assert names == [f"p.m.n-{number}" for number in range(9)]


async def test_a_chain_of_pages_expires_with_the_tail(
    cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TAIL_CHANGES", 2)
    for number in range(4):
        await cluster.call("POST", NODES, None, node(f"p.m.n-{number}"))
    _, page = await cluster.call("GET", NODES, {"limit": "2"})
    for number in range(4, 9):
        await cluster.call("POST", NODES, None, node(f"p.m.n-{number}"))
    status, answer = await cluster.call("GET", NODES, {"continue": page["metadata"]["continue"]})
    assert (status, answer["reason"]) == (410, "Expired")
    _, rest = await cluster.call("GET", NODES, {"continue": answer["metadata"]["continue"]})
    assert [item["metadata"]["name"] for item in rest["items"]] == [f"p.m.n-{number}" for number in range(2, 9)]


async def test_bookmarks_carry_the_newest_version(cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "BOOKMARK_SECONDS", 0.01)
    stream = cluster.watch(NODES, {"allowWatchBookmarks": "true"})
    mark = await following(stream)
    assert mark["type"] == "BOOKMARK"
    assert mark["object"]["kind"] == "TinyNode"
    assert mark["object"]["metadata"] == {"resourceVersion": str(cluster.store.version)}


async def test_a_watch_ends_at_its_timeout(cluster: EmbeddedCluster) -> None:
    await cluster.call("POST", NODES, None, node("p.m.a"))
    events = [event["type"] async for event in cluster.watch(NODES, {"timeoutSeconds": "1"})]
    assert events == ["ADDED"]


async def test_closing_the_cluster_ends_its_watches(cluster: EmbeddedCluster) -> None:
    stream = cluster.watch(NODES)
    waiting = asyncio.create_task(anext(stream, None))
    await asyncio.sleep(0)
    await cluster.close()
    assert await asyncio.wait_for(waiting, 5) is None


async def test_a_bad_selector_is_an_error_before_the_watch(cluster: EmbeddedCluster) -> None:
    with pytest.raises(ApiError, match="unable to parse"):
        await following(cluster.watch(NODES, {"labelSelector": "!!"}))


def change(version: int, size: int = 10) -> Change:
    raw = orjson.dumps({"metadata": {"name": "n"}, "pad": "x" * size})
    return Change(version, None, Record("things", "default", f"n-{version}", version, raw))


@pytest.mark.parametrize(("bound", "value"), [("QUEUE_EVENTS", 5), ("QUEUE_BYTES", 200)])
def test_a_reader_that_does_not_keep_up_is_cut_with_410(
    bound: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, bound, value)
    followed = Hub(0, 0)
    woken: list[bool] = []
    slow = Watcher("things", Selector(), None, lambda: woken.append(True))
    quick_lines: list[bytes] = []
    quick = Watcher("things", Selector(), None, lambda: quick_lines.extend(quick.take()))
    followed.add(slow, None, 0)
    followed.add(quick, None, 0)
    for version in range(1, 21):
        followed.publish([change(version)])
    assert len(quick_lines) == 20
    assert slow.cut
    (last,) = [orjson.loads(text) for text in slow.take()]
    assert (last["type"], last["object"]["code"]) == ("ERROR", 410)


def test_the_state_to_start_from_does_not_count_as_falling_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "QUEUE_EVENTS", 3)
    followed = Hub(0, 0)
    reader = Watcher("things", Selector(), None, lambda: None)
    existing = [record for version in range(10) if (record := change(version).new)]
    followed.add(reader, existing, 0)
    followed.publish([change(11)])
    assert not reader.cut
    assert len(reader.take()) == 11


def test_the_tail_is_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "TAIL_BYTES", 1_000)
    followed = Hub(0, 0)
    for version in range(1, 101):
        followed.publish([change(version, 100)])
    kept = list(followed.after(followed.oldest, "things"))
    assert 0 < sum(step.change.size for step in kept) <= 1_000
    assert followed.oldest == 100 - len(kept)
